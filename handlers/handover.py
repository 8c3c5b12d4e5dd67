"""A customer in 微信客服 wants a person, or asks what the bot has no answer to: it steps back, says so once, and those
who receive are told.

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
from bot.scrm.handover import NOT_MOVED, SOON, acquaintance, asks_for_a_person, later, rest_until, wants_nobody
from bot.scrm.kf import BOT_STATES, POOL, WINDOW_SECONDS, message_id, speak
from bot.scrm.kf_account import KfAccount
from bot.scrm.naming import name_of
from bot.scrm.records.kf import SaveKfState
from bot.scrm.survey.hearing import hear
from bot.scrm.survey.refusal import is_no
from bot.scrm.survey.values import says_nothing
from bot.scrm.words import Words

router = Router()


@router.on(KfMessageReceived)
async def asked(event: KfMessageReceived, facts: Facts) -> Decision:
    """Put the session where people take it from."""
    if event.history or event.menu_id or not asks_for_a_person(event.text):
        return Decision()
    asleep = (awake_at := _awake_at(facts)) > facts.now
    say = later(awake_at, facts.timezone) if asleep else SOON
    return await _hand_over(event, await _account(event, facts), say, "客户要人工", facts)


@router.on(KfMessageReceived)
async def asked_nobody(event: KfMessageReceived, facts: Facts) -> Decision:
    """Who says 不要人工 stays with the bot, and hears so."""
    if event.history or event.menu_id or not wants_nobody(event.text):
        return Decision()
    session = (await facts.kf.session(event.open_kfid, event.external_userid)).heard(event.created_at)
    return speak(session, f"nobody/{event.msgid}", NOT_MOVED, facts.now) + Decision(because=("客户说不要人工",))


@router.on(KfMessageReceived)
async def beyond_us(event: KfMessageReceived, facts: Facts) -> Decision:
    """What is no answer of a survey, no wish that we know and more than a courtesy, is for people to reply to."""
    if event.history or event.menu_id or _is_ours(event) or await hear(event, facts):
        return Decision()
    account = await _account(event, facts)
    if account is None:
        return Decision(because=("不是 kf.yaml 里的账号，没有人可以转",))
    asleep = (awake_at := _awake_at(facts)) > facts.now
    say = account.cannot_answer + (f"\n{rest_until(awake_at, facts.timezone)}" if asleep else "")
    return await _hand_over(event, account, say, "客户的话机器人答不了", facts)


def _is_ours(event: KfMessageReceived) -> bool:
    """Whether the words need no human, or call for one by themselves."""
    words = event.text
    if asks_for_a_person(words) or wants_nobody(words) or is_no(words):
        return True
    return event.msgtype == "text" and says_nothing(words)


async def _hand_over(event: KfMessageReceived, account: KfAccount | None, say: str, why: str, facts: Facts) -> Decision:
    """Whoever has the session keeps it. From the decision on it counts as waiting: what comes next is for people."""
    session = (await facts.kf.session(event.open_kfid, event.external_userid)).heard(event.created_at)
    if session.service_state not in BOT_STATES:
        return Decision(because=(f"{why}，已经在人工或排队中",))
    first = "" if _awake_at(facts) > facts.now or account is None else await _who_knows(event, account, facts)
    waits = SaveKfState(
        open_kfid=event.open_kfid, external_userid=event.external_userid, service_state=POOL, at=event.created_at
    )
    move = MoveKfSession(
        open_kfid=event.open_kfid,
        external_userid=event.external_userid,
        servicer_userid=first,
        say=say,
        msgid=message_id(event.open_kfid, event.external_userid, f"handover/{event.msgid}"),
        not_after_at=event.created_at + WINDOW_SECONDS,
    )
    because = f"{why}，先找认识他的 {first}" if first else why
    told = (first,) if first else account.guides if account else ()
    return Decision(records=(waits,), actions=(move,), because=(because,)) + await _tell(event, told, facts)


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
