"""BEHAVIOUR, one file a subject. This is the whole list: what is not here does not happen."""

from __future__ import annotations

from bot.router import Router
from handlers import agent, content, corp_tag, customer, sync, welcome

router = Router().include(
    welcome.router,
    customer.router,
    corp_tag.router,
    agent.router,
    sync.router,
    content.router,
)
