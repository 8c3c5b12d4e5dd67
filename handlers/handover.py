"""A customer in 微信客服 wants a person: the bot steps back, says so once, and those who receive are told.

Who knows the customer is asked first; only when that one receives nobody now does the session go to all of them.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.actions.kf import MoveKfSession
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfEvent, KfMessageReceived, KfSessionRead
from bot.scrm.facts import Facts
from bot.scrm.handover import SOON, acquaintance, asks_for_a_person, later
from bot.scrm.kf import BOT_STATES, WINDOW_SECONDS, message_id
from bot.scrm.kf_account import KfAccount
from bot.scrm.naming import name_of
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
    account = await _account(event, facts)
    awake_at = _awake_at(facts)
    asleep = awake_at > facts.now
    first = "" if asleep or account is None else await _who_knows(event, account, facts)
    move = MoveKfSession(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        servicer_userid=first,
        say=later(awake_at, facts.timezone) if asleep else SOON,
        msgid=message_id(event.open_kfid, event.external_userid, f"handover/{event.msgid}"),
        not_after_at=event.created_at + WINDOW_SECONDS,
    )
    because = f"客户要人工，先找认识他的 {first}" if first else "客户要人工"
    told = (first,) if first else account.guides if account else ()
    return Decision(actions=(move,), because=(because,)) + await _tell(event, told, facts)


@router.on(KfSessionRead)
async def passed_over(event: KfSessionRead, facts: Facts) -> Decision:
    """Who knows the customer does not receive now: the others hear of it."""
    account = await _account(event, facts)
    if not event.passed_over or account is None:
        return Decision()
    others = tuple(userid for userid in account.guides if userid != event.passed_over)
    return Decision(because=(f"{event.passed_over} 现在不接待，放进待接入",)) + await _tell(event, others, facts)


async def _account(event: KfEvent, facts: Facts) -> KfAccount | None:
    return facts.content.kf_accounts.get(await facts.kf.account_id(event.open_kfid) or "")


async def _who_knows(event: KfEvent, account: KfAccount, facts: Facts) -> str:
    """Whose customer it is, else who is connected, the first one first."""
    owner = await facts.people.owner(event.external_userid)
    connected = [userid for _, userid in await facts.follows.active(event.external_userid)]
    return acquaintance(account.guides, [*([owner.userid] if owner else ()), *connected])


async def _tell(event: KfEvent, guides: Collection[str], facts: Facts) -> Decision:
    """At once, or when the quiet hours are over."""
    account, person = await _account(event, facts), await facts.people.by_external_userid(event.external_userid)
    values = {
        "customer": {"name": name_of(person)},
        "account": {"name": account.name if account else ""},
    }
    words = Words("guide/handover.txt", values)
    notices = (SendAppMessage(userid=userid, text=words, not_before_at=_awake_at(facts)) for userid in guides)
    return Decision(actions=tuple(notices))


def _awake_at(facts: Facts) -> int:
    return facts.content.care.awake_at("导购提醒", facts.now, facts.timezone)
