"""BEHAVIOUR, one file a subject. This is the whole list: what is not here does not happen."""

from __future__ import annotations

from bot.router import Router
from handlers import (
    agent,
    calendar,
    channel,
    content,
    corp_tag,
    customer,
    group_chat,
    handover,
    kf,
    order,
    owner,
    pool,
    privacy,
    reconcile,
    sequence,
    survey,
    survey_due,
    sync,
    tag,
    transfer,
    unclaimed_tag,
    welcome,
)

router = Router().include(
    welcome.router,
    customer.router,
    corp_tag.router,
    agent.router,
    kf.router,
    handover.router,
    survey.router,
    survey_due.router,
    sync.router,
    tag.router,
    unclaimed_tag.router,
    owner.router,
    channel.router,
    content.router,
    reconcile.router,
    group_chat.router,
    transfer.router,
    order.router,
    privacy.router,
    sequence.router,
    calendar.router,
    pool.router,
)
