"""Members and the app itself."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SyncMember
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.scrm.records import SaveMember
from bot.wecom.events import AgentEntered

router = Router()


@router.on(AgentEntered)
async def entered(event: AgentEntered, facts: Facts) -> Decision:
    """A member opened the app: we know them from now on, by name as soon as WeCom tells it."""
    member = await facts.members.get(event.from_user)
    seen = SaveMember(userid=event.from_user, at=event.created_at)
    if member and member.name:
        return Decision(records=(seen,))
    return Decision(records=(seen,), actions=(SyncMember(userid=event.from_user),))
