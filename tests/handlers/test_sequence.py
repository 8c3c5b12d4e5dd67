"""Customers enter sequences, go on and are let go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from msgspec import structs

from bot.scrm.calendar import Calendar, Sequence, Step
from bot.scrm.consent import EVERYTHING
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive
from bot.scrm.events.kf import KfServicerSpoke
from bot.scrm.events.privacy import PreferenceSet
from bot.scrm.events.sequences import SequenceStartDue, SequenceStepDue, SequenceStopDue
from bot.scrm.facts import Facts
from bot.scrm.records import StartFollow, TagPerson
from bot.scrm.sequence import SequenceRun
from bot.scrm.who import Who
from bot.store.facts import stored_facts
from bot.wecom.events import CustomerAdded, CustomerDeleted, FollowUserDeleted
from demo.stage import OPENING
from tests.fakes import FakeFacts, links_at
from tests.handlers.conftest import CONTENT, FakeWorld, StoredWorld, stored_world

WHO, GUIDE, HOUR, DAY = "wm-1", "guide-lin", 3600, 86_400


def step(id_: str, day: int) -> Step:
    return Step(id=id_, day=day, touchpoint="私聊", minute=605, pick=("科普",))


PARCEL = Sequence(
    id="parcel",
    start="加好友",
    who=Who(channels=("parcel",)),
    stop=("下单", "打上标签 服务/售后中"),
    steps=(step("d1", 1), step("d3", 3)),
)
ANYBODY = Sequence(id="anybody", start="加好友", steps=(step("d1", 1),))
SUN = Sequence(id="sun", start_tag="意向/防晒", steps=(step("d1", 1),))
CALENDAR = Calendar(id="dec", title="历", sequences=(PARCEL, ANYBODY, SUN))
PLANS = replace(CONTENT, calendars=(CALENDAR,))


class FakePlanned(FakeWorld):
    def __init__(self) -> None:
        self._facts = FakeFacts(PLANS)


class StoredPlanned(StoredWorld):
    def facts(self, now: int) -> Facts:
        return stored_facts(self._database, PLANS, "Asia/Shanghai", now, links_at(now))


@pytest.fixture(params=["fake", "stored"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FakeWorld]:
    """The sample brand with three sequences, in memory and in a database."""
    if request.param == "fake":
        yield FakePlanned()
        return
    async with stored_world(tmp_path) as stored:
        stored.__class__ = StoredPlanned
        yield stored


async def went_live(world: FakeWorld, at: int = OPENING) -> None:
    await world.happens(ContentWentLive(created_at=at, version="v1"), at)


async def added(world: FakeWorld, state: str = "parcel", userid: str = GUIDE, at: int = OPENING) -> None:
    event = CustomerAdded(created_at=at, userid=userid, external_userid=WHO, state=state, welcome_code=None)
    await world.happens(event, at)


async def runs(world: FakeWorld, at: int = OPENING) -> dict[str, SequenceRun]:
    return {run.sequence: run for run in await world.facts(at).sequences.runs_of(WHO)}


async def test_a_newcomer_enters_the_first_sequence_that_fits(world: FakeWorld) -> None:
    """By channel; one at a time."""
    await went_live(world)
    await added(world)
    known = await runs(world)
    assert list(known) == ["parcel"]
    assert (known["parcel"].state, known["parcel"].step) == ("running", "d1")
    await added(world, "store", "guide-chen", OPENING + HOUR)
    assert list(await runs(world)) == ["parcel"]


async def test_somebody_from_elsewhere_enters_another(world: FakeWorld) -> None:
    await went_live(world)
    await added(world, "store")
    assert list(await runs(world)) == ["anybody"]


async def test_who_was_there_before_a_sequence_is_not_put_into_it(world: FakeWorld) -> None:
    """A second guide is no new beginning, nor is a tag; and it is said why."""
    await added(world, "store", "guide-chen")
    for wanted in (False, True):
        said = PreferenceSet(created_at=OPENING, external_userid=WHO, topic=EVERYTHING, wanted=wanted, by="客户")
        await world.happens(said)
    assert (await runs(world))["anybody"].state == "stopped"
    await went_live(world, OPENING + DAY)
    await added(world, "parcel", GUIDE, OPENING + 2 * DAY)
    assert list(await runs(world)) == ["anybody"]
    start = SequenceStartDue(created_at=OPENING, calendar="dec", sequence="sun", external_userid=WHO)
    await world.happens(start, OPENING + 2 * DAY)
    sun = (await runs(world))["sun"]
    assert (sun.state, sun.because) == ("passed", "序列上线前就在的客户，跳过")


async def test_who_was_there_is_not_let_in_by_the_next_guide_before_the_content_was_announced(
    world: FakeWorld,
) -> None:
    """The first start: the callback of a second guide is handled before the event that says what is live."""
    joined = StartFollow(userid="guide-chen", external_userid=WHO, status="active", added_at=OPENING - 90 * DAY)
    await world.remember(Decision(records=(joined,)))
    await added(world)
    assert not await runs(world)


def due(run: SequenceRun) -> SequenceStepDue:
    return SequenceStepDue(
        created_at=run.waits_at or 0,
        calendar=run.calendar,
        sequence=run.sequence,
        external_userid=WHO,
        step=run.step or "",
        at=run.waits_at or 0,
    )


async def test_a_run_goes_on_step_by_step_and_is_done(world: FakeWorld) -> None:
    """An event that comes again changes nothing."""
    await went_live(world)
    await added(world)
    first = (await runs(world))["parcel"]
    for _ in range(2):
        await world.happens(due(first), first.waits_at or 0)
    second = (await runs(world))["parcel"]
    assert (second.step, second.done) == ("d3", ("d1",))
    await world.happens(due(second), second.waits_at or 0)
    last = (await runs(world))["parcel"]
    assert (last.state, last.done, last.waits_at) == ("done", ("d1", "d3"), None)


async def test_a_tag_lets_go_before_the_next_step(world: FakeWorld) -> None:
    """And while nothing of the kind happened, being asked changes nothing."""
    await went_live(world)
    await added(world)
    ask = SequenceStopDue(created_at=OPENING, calendar="dec", sequence="parcel", external_userid=WHO)
    await world.happens(ask)
    assert (await runs(world))["parcel"].state == "running"
    tag = TagPerson(userid=GUIDE, external_userid=WHO, tag="服务/售后中", source="guide/lin", at=OPENING)
    await world.remember(Decision(records=(tag,)))
    await world.happens(ask)
    assert (await runs(world))["parcel"].because == "有标签 服务/售后中"


STOPS = {
    "客户删除了导购": FollowUserDeleted(created_at=OPENING + HOUR, userid=GUIDE, external_userid=WHO),
    "没有导购加着这位客户了": CustomerDeleted(created_at=OPENING + HOUR, userid=GUIDE, external_userid=WHO),
    "客户说不再接收": PreferenceSet(
        created_at=OPENING + HOUR, external_userid=WHO, topic=EVERYTHING, wanted=False, by="客户"
    ),
    "人工接待": KfServicerSpoke(
        created_at=OPENING + HOUR, open_kfid="wk", external_userid=WHO, msgid="m", servicer_userid="g", msgtype="text"
    ),
}


@pytest.mark.parametrize("because", STOPS)
async def test_what_always_stops_a_sequence(world: FakeWorld, because: str) -> None:
    """At once, not at the next step."""
    await went_live(world)
    await added(world)
    await world.happens(STOPS[because], OPENING + HOUR)
    run = (await runs(world))["parcel"]
    assert (run.state, run.because, run.waits_at) == ("stopped", because, None)


async def test_a_refused_topic_or_an_old_message_stops_nothing(world: FakeWorld) -> None:
    """What a step would send asks for its topic by itself."""
    await went_live(world)
    await added(world)
    topic = PreferenceSet(created_at=OPENING, external_userid=WHO, topic="活动", wanted=False, by="客户")
    await world.happens(topic)
    spoke = STOPS["人工接待"]
    assert isinstance(spoke, KfServicerSpoke)
    await world.happens(structs.replace(spoke, history=True))
    assert (await runs(world))["parcel"].state == "running"


async def test_a_sequence_that_staff_took_out_ends(world: FakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is sent any more."""
    await went_live(world)
    await added(world)
    run = (await runs(world))["parcel"]
    without = replace(PLANS, calendars=())
    facts = partial(world.facts)
    monkeypatch.setattr(world, "facts", lambda now: replace(facts(now), content=without))
    await world.happens(due(run), run.waits_at or 0)
    assert (await runs(world))["parcel"].because == "日历里已经没有这个序列"
