"""Who may let an item go hears that somebody waits for their word."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.approval import lacking
from bot.scrm.decision import Decision
from bot.scrm.events.planning import ApprovalAsked
from bot.scrm.facts import Facts
from bot.scrm.naming import in_line
from bot.scrm.words import Words

router = Router()


@router.on(ApprovalAsked)
async def asked(event: ApprovalAsked, facts: Facts) -> Decision:
    """One message, when they can be expected to read it; of words that were edited or approved since, none."""
    item = facts.content.library.get(event.item)
    if item is None or item.digest != event.digest:
        return Decision(because=(f"“{item.title if item else event.item}”刚刚改过，没有叫人来批",))
    if not lacking(item, event.roles, await facts.planning.approved()):
        return Decision(because=(f"“{item.title}”已经批过了，没有再叫 {event.approver} 来批",))
    asker = await facts.members.get(event.userid)
    by = in_line((asker.name if asker else None) or event.userid)
    role = "、".join(filter(None, event.roles))
    values = {"approval": {"title": item.title, "by": by, "role": role}, "page": facts.links.approval(item.id)}
    awake_at = facts.content.care.awake_at("导购提醒", facts.now, facts.timezone)
    text = Words("staff/approval.txt", values)
    message = SendAppMessage(userid=event.approver, text=text, not_before_at=awake_at)
    return Decision(actions=(message,), because=(f"{by} 请 {event.approver} 审批“{item.title}”",))
