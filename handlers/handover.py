"""A customer in 微信客服 wants a person: the bot steps back, says so once, and those who receive are told."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.actions.kf import MoveKfSession
from bot.scrm.care import QUIET
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfMessageReceived
from bot.scrm.facts import Facts
from bot.scrm.handover import IN_THE_MORNING, SOON, asks_for_a_person
from bot.scrm.kf import BOT_STATES, POOL, message_id
from bot.scrm.week import seconds_left
from bot.scrm.words import Words

router = Router()


@router.on(KfMessageReceived)
async def asked(event: KfMessageReceived, facts: Facts) -> Decision:
    """Put the session where people take it from; whoever has it already keeps it."""
    if event.history or event.menu_id or not asks_for_a_person(event.text):
        return Decision()
    session = (await facts.kf.session(event.open_kfid, event.external_userid)).heard(event.created_at)
    if session.service_state not in BOT_STATES:
        return Decision(because=("客户要人工，已经在人工或排队中",))
    wait = seconds_left(QUIET, facts.now, facts.timezone)
    move = MoveKfSession(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        service_state=POOL,
        say=IN_THE_MORNING if wait else SOON,
        msgid=message_id(event.open_kfid, event.external_userid, f"handover/{event.msgid}"),
    )
    return Decision(actions=(move,), because=("客户要人工",)) + await _tell(event, wait, facts)


async def _tell(event: KfMessageReceived, wait: int, facts: Facts) -> Decision:
    account = facts.content.kf_accounts.get(await facts.kf.account_id(event.open_kfid) or "")
    person = await facts.people.by_external_userid(event.external_userid)
    values = {
        "customer": {"name": (person.name if person else None) or ""},
        "account": {"name": account.name if account else ""},
    }
    notices = (
        SendAppMessage(userid=userid, text=Words("guide/handover.txt", values), not_before_at=facts.now + wait)
        for userid in (account.guides if account else ())
    )
    return Decision(actions=tuple(notices))
