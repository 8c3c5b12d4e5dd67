"""A new customer is greeted, or their guide is asked to: decisions over facts."""

from __future__ import annotations

import pytest

from bot.scrm.actions import MarkTags, SendAppMessage, SendWelcome, SyncCustomer, SyncMember
from bot.scrm.decision import Decision
from bot.scrm.events import MemberSynced, WelcomeSettled
from bot.scrm.links import verify
from bot.scrm.records import AddTask, NoteDelivery, NoteWelcome, StartFollow, TagPerson
from bot.wecom.events import CustomerAdded, CustomerHalfAdded, FollowUserDeleted
from demo.stage import OPENING
from handlers.welcome import NO_CODE
from tests.handlers.conftest import CONTENT, FakeWorld

GUIDE, CUSTOMER = "guide-chen", "wm-1"


def added(
    code: str | None = "CODE", *, state: str | None = "store", half: bool = False, at: int = OPENING
) -> CustomerAdded | CustomerHalfAdded:
    cls = CustomerHalfAdded if half else CustomerAdded
    return cls(created_at=at, userid=GUIDE, external_userid=CUSTOMER, state=state, welcome_code=code)


def settled(state: str, *, errcode: int | None = None, reason: str = "") -> WelcomeSettled:
    return WelcomeSettled(
        created_at=OPENING + 1,
        userid=GUIDE,
        external_userid=CUSTOMER,
        state=state,  # type: ignore[arg-type]
        reason=reason,
        errcode=errcode,
        ready_text="你好，我是静安店的陈默。",
    )


def only(decision: Decision, kind: type) -> list[object]:
    """The records and actions of one kind."""
    return [part for part in (*decision.records, *decision.actions) if type(part) is kind]


def words(decision: Decision) -> str:
    """The text of the one welcome."""
    [action] = only(decision, SendWelcome)
    assert isinstance(action, SendWelcome) and not isinstance(action.text, str)
    return CONTENT.render(action.text)


async def test_a_newcomer_is_greeted_within_twenty_seconds_of_the_add(world: FakeWorld) -> None:
    """The welcome of the channel, before anything else; the rest waits until WeCom's own data can be read."""
    decision = await world.happens(added(at=OPENING - 3))
    [welcome] = only(decision, SendWelcome)
    assert isinstance(welcome, SendWelcome)
    assert welcome.not_after_at == OPENING - 3 + 20
    assert welcome.not_before_at == 0
    assert "静安店" in words(decision)
    assert {type(a) for a in decision.actions} == {SendWelcome, MarkTags, SyncCustomer, SyncMember}
    assert all(a.not_before_at == OPENING + 2 for a in decision.actions if a is not welcome)
    assert only(decision, TagPerson)
    assert not only(decision, AddTask)


async def test_a_clock_that_is_ahead_does_not_lengthen_the_code(world: FakeWorld) -> None:
    """An event from the future is taken to be from now."""
    [welcome] = only(await world.happens(added(at=OPENING + 100)), SendWelcome)
    assert isinstance(welcome, SendWelcome) and welcome.not_after_at == OPENING + 20


async def test_the_guides_own_name_is_used_once_known(world: FakeWorld) -> None:
    """Until then, the name of the persona that speaks."""
    assert "陈默" not in words(await world.happens(added()))
    await world.happens(MemberSynced(created_at=OPENING, userid=GUIDE, name="陈默"))
    await world.happens(FollowUserDeleted(created_at=OPENING, userid=GUIDE, external_userid=CUSTOMER))
    decision = await world.happens(added())
    assert "陈默" in words(decision)
    assert not only(decision, SyncMember)


async def test_half_added_and_greeted_then_added_without_a_code_is_nothing_to_do(world: FakeWorld) -> None:
    """The usual pair of callbacks: one welcome and no task."""
    assert only(await world.happens(added(half=True)), SendWelcome)
    await world.happens(settled("sent"))
    decision = await world.happens(added(code=None), OPENING + 60)
    assert not only(decision, AddTask) and not only(decision, SendAppMessage) and not only(decision, SendWelcome)
    [start] = only(decision, StartFollow)
    assert isinstance(start, StartFollow) and start.status == "active"


async def test_added_then_half_added_does_not_step_back(world: FakeWorld) -> None:
    """Callbacks may come in the wrong order."""
    await world.happens(added())
    [start] = only(await world.happens(added(half=True, code=None)), StartFollow)
    assert isinstance(start, StartFollow) and start.status == "active"


async def test_no_code_is_a_task_with_its_reason_and_the_words_ready(world: FakeWorld) -> None:
    """The guide is asked at once."""
    decision = await world.happens(added(code=None))
    [task] = only(decision, AddTask)
    assert isinstance(task, AddTask)
    assert (task.kind, task.userid, task.reason) == ("welcome", GUIDE, NO_CODE)
    assert not isinstance(task.ready_text, str) and CONTENT.render(task.ready_text).strip()
    [notice] = only(decision, SendAppMessage)
    assert isinstance(notice, SendAppMessage) and not isinstance(notice.text, str)
    assert NO_CODE in CONTENT.render(notice.text)
    assert NO_CODE in decision.because


async def test_a_guide_is_asked_once_however_the_adds_come(world: FakeWorld) -> None:
    """Half-added without a code, then added without a code: one task, not two."""
    assert only(await world.happens(added(half=True, code=None)), AddTask)
    assert not only(await world.happens(added(code=None), OPENING + 5), AddTask)


async def test_one_that_could_not_be_greeted_is_greeted_by_a_later_code(world: FakeWorld) -> None:
    """The half-add came too late; the add brings a code of its own."""
    await world.happens(added(half=True))
    await world.happens(settled("expired", reason="超过 20 秒时限，没有发出"))
    assert only(await world.happens(added(code="ANOTHER"), OPENING + 60), SendWelcome)


async def test_somebody_who_comes_back_is_greeted_as_one_we_know(world: FakeWorld) -> None:
    """Other words, and a welcome again."""
    await world.happens(added())
    await world.happens(settled("sent"))
    await world.happens(FollowUserDeleted(created_at=OPENING, userid=GUIDE, external_userid=CUSTOMER))
    assert "又见面" in words(await world.happens(added()))


async def test_an_unknown_state_is_greeted_with_the_default(world: FakeWorld) -> None:
    """Somebody else's code, or an old one: no channel, no tags, but words."""
    decision = await world.happens(added(state="printed-in-2019"))
    assert "护肤的事都可以问" in words(decision)
    assert not only(decision, MarkTags) and not only(decision, TagPerson)
    [start] = only(decision, StartFollow)
    assert isinstance(start, StartFollow) and (start.state, start.channel_id) == ("printed-in-2019", None)


async def test_the_default_welcome_leads_to_a_survey_of_this_very_customer(world: FakeWorld) -> None:
    """The link is signed for customer, guide and survey; welcomes that name no survey carry none."""
    said = words(await world.happens(added(state=None)))
    token = said.partition("https://scrm.example/s/")[2].split()[0]
    assert verify(b"k" * 32, "survey", token, OPENING) == (CUSTOMER, GUIDE, "newcomer")
    assert "/s/" not in words(await world.happens(added(state="store", at=OPENING + 60)))


async def test_the_same_add_from_another_app_is_greeted_once(world: FakeWorld) -> None:
    """Two apps, two events, one relation."""
    assert only(await world.happens(added()), SendWelcome)
    again = await world.happens(added(code="OTHER-APP"))
    assert not only(again, SendWelcome) and not only(again, AddTask)


async def test_a_picture_that_is_not_uploaded_yet_is_left_out(world: FakeWorld) -> None:
    """Words in time are worth more than a picture too late, and the decision says so."""
    decision = await world.happens(added(state="parcel"))
    [welcome] = only(decision, SendWelcome)
    assert isinstance(welcome, SendWelcome) and welcome.attached == ()
    assert any("素材" in why for why in decision.because)


async def test_a_sent_welcome_is_counted(world: FakeWorld) -> None:
    """The relation says so, and the person has been reached."""
    await world.happens(added())
    decision = await world.happens(settled("sent"))
    assert len(only(decision, NoteDelivery)) == 1
    follow = await world.facts(OPENING).follows.of(GUIDE, CUSTOMER)
    assert follow and follow.welcome == "sent"
    assert not decision.actions


@pytest.mark.parametrize(
    ("state", "noted"), [("expired", "withheld"), ("refused", "refused"), ("failed", "refused"), ("unknown", "unknown")]
)
async def test_a_welcome_that_did_not_leave_becomes_a_task(world: FakeWorld, state: str, noted: str) -> None:
    """With the reason, and the words as they would have been sent."""
    await world.happens(added())
    decision = await world.happens(settled(state, errcode=41050, reason="为什么"))
    [task] = only(decision, AddTask)
    assert isinstance(task, AddTask)
    assert (task.reason, task.ready_text) == ("为什么", "你好，我是静安店的陈默。")
    assert not only(decision, NoteDelivery)
    [note] = only(decision, NoteWelcome)
    assert isinstance(note, NoteWelcome) and (note.state, note.reason) == (noted, "为什么")
    follow = await world.facts(OPENING).follows.of(GUIDE, CUSTOMER)
    assert follow and follow.welcome == noted


async def test_another_app_that_was_first_is_noted_and_no_task(world: FakeWorld) -> None:
    """41051: the customer is not left standing."""
    await world.happens(added())
    decision = await world.happens(settled("refused", errcode=41051, reason="别的应用先发了"))
    assert not only(decision, AddTask) and not decision.actions
    assert decision.because == ("别的应用先发了",)
