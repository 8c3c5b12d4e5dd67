"""A new customer is greeted, or their guide is asked to."""

from __future__ import annotations

from msgspec.structs import replace

from bot.router import Router
from bot.scrm.actions import SendAppMessage, SyncCustomer, SyncMember
from bot.scrm.decision import Decision
from bot.scrm.events import WelcomeSettled
from bot.scrm.events.sync import CustomerFound
from bot.scrm.facts import Facts
from bot.scrm.naming import name_of
from bot.scrm.person import Follow, WelcomeState
from bot.scrm.reception import WELCOME_SECONDS, Newcomer, ask_guide, greet, ready_words, situation
from bot.scrm.records import NoteDelivery, NoteWelcome, StartFollow
from bot.scrm.tagging import CHANNEL, tag_customer
from bot.scrm.transfer import HANDED_OVER
from bot.scrm.welcome import choose
from bot.wecom.events import CustomerAdded, CustomerHalfAdded

router = Router()

Added = CustomerAdded | CustomerHalfAdded | CustomerFound

SETTLE_SECONDS = 2
"""WeCom may call back before its own data can be read (community answer, wecom-api notes on page 96361)."""

NO_CODE = "回调没有带欢迎码：后台可能给这位成员配了欢迎语，或对方已经聊过"
FOUND_LATE = "回调丢失，事后对账发现"


@router.on(CustomerAdded, CustomerHalfAdded)
async def receive(event: Added, facts: Facts) -> Decision:
    """Greet a new customer inside the 20 s that the welcome code lives; then tag and get to know them."""
    follow = await facts.follows.of(event.userid, event.external_userid)
    newcomer = await _newcomer(event, facts)
    decision = _know(event, follow, newcomer, facts.now)
    if event.welcome_code is None and await facts.transfers.waiting(event.userid, event.external_userid):
        decision += Decision(records=(_stand(newcomer, "history", HANDED_OVER, facts.now),), because=(HANDED_OVER,))
    elif follow is None or not follow.was_welcomed or _came_back(event, follow):
        decision += _reception(newcomer, follow, facts, FOUND_LATE if isinstance(event, CustomerFound) else NO_CODE)
    return decision + await _tags(newcomer, facts) + _look_up(newcomer, facts.now)


@router.on(CustomerFound)
async def found(event: CustomerFound, facts: Facts) -> Decision:
    """Somebody came and no callback told us: received as far as that still goes, in the morning."""
    follow = await facts.follows.of(event.userid, event.external_userid)
    if follow and follow.status != "ended" and follow.welcome:
        return Decision(because=("已经知道这段关系了",))
    if await facts.transfers.waiting(event.userid, event.external_userid):
        return Decision(because=("正在转接给这位导购，等转接结果",))
    decision = await receive(event, facts)
    awake_at = facts.content.care.awake_at("导购提醒", facts.now, facts.timezone)
    actions = (replace(a, not_before_at=awake_at) if isinstance(a, SendAppMessage) else a for a in decision.actions)
    return Decision(decision.records, tuple(actions), decision.because)


def _came_back(event: Added, follow: Follow) -> bool:
    """A new code for an old relation: the customer left meanwhile, and the news of that is still on its way."""
    return event.welcome_code is not None and event.created_at - follow.added_at > WELCOME_SECONDS


@router.on(WelcomeSettled)
async def settled(event: WelcomeSettled, facts: Facts) -> Decision:
    """Count the person as greeted, or say why not and hand the words to the guide."""
    note = _note(event)
    if event.state == "sent":
        reached = NoteDelivery(
            external_userid=event.external_userid, userid=event.userid, touchpoint="welcome", at=event.created_at
        )
        return Decision(records=(note, reached))
    if event.errcode == ANOTHER_APP_FIRST:
        return Decision(records=(note,), because=(event.reason,))
    person = await facts.people.by_external_userid(event.external_userid)
    return Decision(records=(note,)) + ask_guide(
        facts,
        userid=event.userid,
        external_userid=event.external_userid,
        customer_name=name_of(person),
        reason=event.reason,
        maybe_sent=event.state == "unknown",
        ready_text=event.ready_text,
    )


ANOTHER_APP_FIRST = 41051
"""Chat already started or another app's welcome was first: the customer is not left standing."""

NOTED: dict[str, WelcomeState] = {
    "sent": "sent",
    "expired": "withheld",
    "refused": "refused",
    "failed": "refused",
    "unknown": "unknown",
}


def _note(event: WelcomeSettled) -> NoteWelcome:
    return NoteWelcome(
        userid=event.userid,
        external_userid=event.external_userid,
        state=NOTED[event.state],
        at=event.created_at,
        reason=event.reason,
    )


async def _newcomer(event: Added, facts: Facts) -> Newcomer:
    person = await facts.people.by_external_userid(event.external_userid)
    member = await facts.members.get(event.userid)
    persona = facts.content.persona_of(event.userid)
    return Newcomer(
        userid=event.userid,
        external_userid=event.external_userid,
        welcome_code=event.welcome_code,
        created_at=event.created_at,
        channel=facts.content.channel(event.state),
        returning=person is not None and await facts.follows.count(event.external_userid) > 0,
        member_known=member is not None,
        guide_name=(member.name if member else None) or persona.name,
        persona=persona,
        usable_media=await facts.media.usable(facts.now),
        links=facts.links,
    )


def _know(event: Added, follow: Follow | None, newcomer: Newcomer, now: int) -> Decision:
    half = isinstance(event, CustomerHalfAdded) and (follow is None or follow.status != "active")
    return Decision(
        records=(
            StartFollow(
                userid=event.userid,
                external_userid=event.external_userid,
                status="half" if half else "active",
                added_at=event.added_at if isinstance(event, CustomerFound) else min(event.created_at, now),
                state=event.state,
                channel_id=newcomer.channel.id if newcomer.channel else None,
                source="reconcile" if isinstance(event, CustomerFound) else "callback",
                expected_version=follow.version if follow else None,
            ),
        )
    )


def _reception(newcomer: Newcomer, follow: Follow | None, facts: Facts, no_code: str) -> Decision:
    welcome = choose(facts.content.welcomes, situation(newcomer, facts.now, facts.timezone))
    if newcomer.welcome_code:
        return Decision(records=(_stand(newcomer, "waiting", "", facts.now),)) + greet(newcomer, welcome, facts.now)
    if follow and follow.status != "ended" and follow.welcome in ("withheld", "refused", "history"):
        return Decision(because=("没有新的欢迎码，导购已经知道",))
    return Decision(records=(_stand(newcomer, "withheld", no_code, facts.now),)) + ask_guide(
        facts,
        userid=newcomer.userid,
        external_userid=newcomer.external_userid,
        customer_name="",
        reason=no_code,
        ready_text=ready_words(newcomer, welcome),
    )


def _stand(newcomer: Newcomer, state: WelcomeState, reason: str, now: int) -> NoteWelcome:
    return NoteWelcome(
        userid=newcomer.userid, external_userid=newcomer.external_userid, state=state, reason=reason, at=now
    )


async def _tags(newcomer: Newcomer, facts: Facts) -> Decision:
    """The channel's tags, with the channel as their source, for every guide; and for this one what we know already."""
    channel = newcomer.channel
    current = await facts.tags.carried(newcomer.external_userid)
    if not current and not (channel and channel.tags):
        return Decision()
    others = [userid for _, userid in await facts.follows.active(newcomer.external_userid)]
    tagged = tag_customer(
        facts.content.taxonomy,
        external_userid=newcomer.external_userid,
        userids=(newcomer.userid, *others),
        current=current,
        wanted=channel.tags if channel else (),
        source=f"{CHANNEL}{channel.id}" if channel else "",
        at=facts.now,
        fresh=newcomer.userid,
        not_before_at=facts.now + SETTLE_SECONDS,
    )
    return tagged + Decision(because=(f"渠道 {channel.id} 的标签",) if channel and channel.tags else ())


def _look_up(newcomer: Newcomer, now: int) -> Decision:
    """Fetch the profile, and the guide's name when it is unknown; never before the welcome."""
    later = now + SETTLE_SECONDS
    sync = SyncCustomer(external_userid=newcomer.external_userid, not_before_at=later)
    if newcomer.member_known:
        return Decision(actions=(sync,))
    return Decision(actions=(sync, SyncMember(userid=newcomer.userid, not_before_at=later)))
