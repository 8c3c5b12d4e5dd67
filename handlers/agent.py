"""Members and the app itself."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SendAppMessage, SyncMember
from bot.scrm.decision import Decision
from bot.scrm.events.customers import StaffEntered
from bot.scrm.facts import Facts
from bot.scrm.records import SaveMember
from bot.scrm.words import Words
from bot.wecom.events import AgentEntered

router = Router()


@router.on(AgentEntered)
async def entered(event: AgentEntered, facts: Facts) -> Decision:
    """A member opened the app: known from now on, by name too, and given the way to their customers."""
    member = await facts.members.get(event.from_user)
    decision = Decision(records=(SaveMember(userid=event.from_user, at=event.created_at),))
    if not (member and member.name):
        decision += Decision(actions=(SyncMember(userid=event.from_user),))
    if not await facts.follows.is_guide(event.from_user):
        return decision
    words = Words("guide/entered.txt", {"page": facts.links.member(event.from_user)})
    return decision + Decision(actions=(SendAppMessage(userid=event.from_user, text=words),))


@router.on(StaffEntered)
async def came_in(event: StaffEntered, facts: Facts) -> Decision:
    """A member came into the console: their name is read once, to call them by it."""
    member = await facts.members.get(event.userid)
    return Decision() if member and member.name else Decision(actions=(SyncMember(userid=event.userid),))
