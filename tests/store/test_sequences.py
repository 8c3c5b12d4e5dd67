"""Sequences over many people: who may begin, whose step is due, each told once. Both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from msgspec import structs
from sqlalchemy import Connection

from bot.flow.sequences_due import due_sequences
from bot.scrm.calendar import Calendar, Sequence, Step
from bot.scrm.order import Order
from bot.scrm.records import EndFollow, Record, StartFollow, TagPerson
from bot.scrm.records.orders import SaveOrder
from bot.scrm.records.sequences import NoteSequences, SaveSequenceRun
from bot.scrm.sequence import SequenceRun, advanced, begin, passed, stopped
from bot.store import inbox, records, sequences
from bot.store.database import Database, open_database
from bot.store.joining import know_as
from bot.store.people import GuardFailedError, person
from tests.fakes import FakePlans

SHANGHAI, HOUR, DAY, NOW = "Asia/Shanghai", 3600, 86_400, 1_796_090_400
WHO, OTHER, GUIDE = "wm-1", "wm-2", "guide-lin"
STEP = Step(id="d1", day=1, touchpoint="私聊", minute=605, pick=("科普",))
SUN = Sequence(id="sun", start_tag="意向/防晒", steps=(STEP, replace(STEP, id="d3", day=3)))
BOUGHT = Sequence(id="bought", start="首单", steps=(STEP,))
ALL = Sequence(id="all", start="加好友", existing="纳入", steps=(STEP,))


async def remember(database: Database, *said: Record) -> None:
    def job(conn: Connection) -> None:
        for record in said:
            records.apply(conn, 1, record)

    await database.write(job)


def added(who: str, at: int = NOW) -> StartFollow:
    return StartFollow(userid=GUIDE, external_userid=who, status="active", added_at=at, expected_version=None)


def tagged(who: str, at: int, tag: str = "意向/防晒") -> TagPerson:
    return TagPerson(userid=GUIDE, external_userid=who, tag=tag, source="survey/s/q", at=at)


def ordered(who: str, order_id: str, at: int) -> SaveOrder:
    order = Order(order_id=order_id, paid_at=at, total_fen=100, state="paid", items=(), ids=(("external_userid", who),))
    return SaveOrder(order=order, at=at)


LIVE = NoteSequences(of=(("dec", "sun"), ("dec", "bought"), ("dec", "all")), at=NOW)


async def may_begin(database: Database, sequence: Sequence) -> list[str]:
    return await database.read(lambda conn: sequences.may_begin(conn, "dec", sequence))


async def test_a_tag_set_since_the_sequence_is_live_begins_it(database: Database) -> None:
    """Once; not an old tag, unless those who were there are taken in; not for somebody who is gone."""
    await remember(database, added(WHO), added(OTHER), tagged(WHO, NOW + 5), tagged(OTHER, NOW - 5))
    assert await may_begin(database, SUN) == []
    await remember(database, LIVE)
    assert await may_begin(database, SUN) == [WHO]
    assert await may_begin(database, replace(SUN, existing="纳入")) == [WHO, OTHER]
    await remember(database, SaveSequenceRun(run=passed("dec", SUN, WHO, "不在 who 圈的人里", NOW)))
    assert await may_begin(database, SUN) == []
    gone = EndFollow(userid=GUIDE, external_userid=OTHER, ended_by="customer", ended_at=NOW, expected_version=1)
    await remember(database, gone)
    assert await may_begin(database, replace(SUN, existing="纳入")) == []


async def test_a_first_order_begins_its_sequence_when_its_person_is_known(database: Database) -> None:
    """A second order does not; whose first was before the sequence is live does not."""
    await remember(
        database, LIVE, added(WHO), added(OTHER), ordered(WHO, "o-1", NOW + 5), ordered(OTHER, "o-2", NOW - 5)
    )
    await remember(database, ordered(OTHER, "o-3", NOW + 5))
    assert await may_begin(database, BOUGHT) == [WHO]
    assert await database.read(lambda conn: sequences.ordered_at(conn, OTHER)) == NOW + 5
    assert await database.read(lambda conn: sequences.ordered_at(conn, "nobody")) is None


async def test_who_is_in_a_sequence_waits_for_the_next(database: Database) -> None:
    """And comes into it when the first one is over."""
    await remember(database, LIVE, added(WHO), tagged(WHO, NOW + 5))
    run = begin("dec", ALL, WHO, NOW, SHANGHAI)
    await remember(database, SaveSequenceRun(run=run))
    assert await may_begin(database, SUN) == await may_begin(database, ALL) == []
    with pytest.raises(GuardFailedError):
        await remember(database, SaveSequenceRun(run=begin("dec", SUN, WHO, NOW, SHANGHAI)))
    await remember(database, SaveSequenceRun(run=stopped(replace(run, revision=1), "客户说不再接收", NOW)))
    assert await may_begin(database, SUN) == [WHO]


async def test_who_buys_or_gets_a_tag_is_let_go(database: Database) -> None:
    """By what came after the beginning, and only where the sequence says so."""
    stops = replace(SUN, stop=("下单", "打上标签 服务/售后中"))
    await remember(database, added(WHO), added(OTHER), ordered(WHO, "o-1", NOW))
    await remember(database, *(SaveSequenceRun(run=begin("dec", SUN, who, NOW, SHANGHAI)) for who in (WHO, OTHER)))

    async def may_stop(sequence: Sequence) -> list[str]:
        found = await database.read(lambda conn: sequences.may_stop(conn, "dec", sequence))
        return [run.external_userid for run in found]

    assert await may_stop(stops) == []
    await remember(database, ordered(WHO, "o-2", NOW + 5), tagged(OTHER, NOW + 5, "服务/售后中"))
    assert await may_stop(stops) == [WHO, OTHER]
    assert await may_stop(replace(SUN, stop=("下单",))) == [WHO]
    assert await may_stop(SUN) == await may_stop(BOUGHT) == []


async def test_a_run_is_read_as_it_was_kept(database: Database) -> None:
    """By any customer id of its person; a change on old facts is refused."""
    await remember(database, added(WHO), added(OTHER))
    run = begin("dec", SUN, WHO, NOW, SHANGHAI)
    await remember(database, SaveSequenceRun(run=run))
    later = advanced(SUN, replace(run, revision=1), NOW + DAY, SHANGHAI)
    await remember(database, SaveSequenceRun(run=later))
    with pytest.raises(GuardFailedError):
        await remember(database, SaveSequenceRun(run=later))

    def one_human(conn: Connection) -> None:
        for who in (WHO, OTHER):
            known = person(conn, who)
            assert known
            know_as(conn, known.person_id, "unionid", "u-1", "test", NOW)

    await database.write(one_human)
    for who in (WHO, OTHER):
        assert await database.read(lambda conn, who=who: sequences.runs_of(conn, who)) == [replace(later, revision=2)]


async def test_when_a_sequence_went_live_is_kept(database: Database) -> None:
    """The first time counts."""
    await remember(database, LIVE, structs.replace(LIVE, at=NOW + DAY))
    assert await database.read(lambda conn: sequences.since_at(conn, "dec", "sun")) == NOW
    assert await database.read(lambda conn: sequences.since_at(conn, "dec", "none")) is None


def plans() -> FakePlans:
    return FakePlans(calendars=(Calendar(id="dec", title="历", sequences=(SUN, BOUGHT)),))


async def told(database: Database) -> list[tuple[str, str]]:
    waiting = await database.read(lambda conn: inbox.waiting(conn, now=9**10, after=0, limit=1000))
    return [(event.name, event.line) for event in waiting]


async def test_steps_and_beginnings_are_told_once(database: Database, database_url: str) -> None:
    """By whomever, in chunks, on the customer's line."""
    crowd = [f"wm-{n:03}" for n in range(sequences.CHUNK + 5)]
    at = begin("dec", SUN, WHO, NOW, SHANGHAI).waits_at or 0
    await remember(database, *(SaveSequenceRun(run=begin("dec", SUN, who, NOW, SHANGHAI)) for who in crowd))
    await remember(database, LIVE, added("wm-new"), tagged("wm-new", NOW + 5))
    assert await due_sequences(database, FakePlans(), at - 1) is False
    other = open_database(database_url)
    await asyncio.gather(*(due_sequences(each, plans(), at) for each in (database, other, database)))
    await other.close()
    found = await told(database)
    assert sorted(line for name, line in found if name == "SequenceStepDue") == [f"customer/{who}" for who in crowd]
    assert [line for name, line in found if name == "SequenceStartDue"] == ["customer/wm-new"]
    assert await database.read(lambda conn: sequences.due(conn, at)) == []


async def test_a_step_whose_event_was_told_is_still_the_next(database: Database) -> None:
    """Only what is decided on it moves the run on."""
    run = begin("dec", SUN, WHO, NOW, SHANGHAI)
    await remember(database, SaveSequenceRun(run=run))
    await due_sequences(database, plans(), run.waits_at or 0)
    [known] = await database.read(lambda conn: sequences.runs_of(conn, WHO))
    assert known == replace(run, revision=1, waits_at=None)
    assert isinstance(known, SequenceRun) and known.step == "d1"
