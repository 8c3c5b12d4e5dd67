"""Spans in sentences: no span is told as none, and each in the unit that it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.content import fields
from bot.scrm.care import BeforeSelling, Cap, Cooling, FatigueBudget
from bot.scrm.gates.people import Ahead, person_gates
from bot.scrm.gates.pool import rested
from bot.scrm.gates.said import said
from bot.scrm.gates.situation import Met
from bot.scrm.gift import CodeStock
from bot.scrm.mix import MixPlan, PoolRef, StageRow
from bot.scrm.pool_stage import Staged, stage_of
from bot.scrm.quota import UNLIMITED
from bot.scrm.rules.condition import Compare, Condition, Const, Fact
from bot.scrm.rules.written import said as condition_said
from bot.scrm.span import UNITS, spelled, whole
from bot.web.console.kept import aged
from tests.scrm.gates.plain import EASY, entry, item, situation
from tests.scrm.gates.worlds import NOON, SHANGHAI

DAY = 86_400
SECONDS = st.integers(1, 400 * DAY)
SPELLED = re.compile(r"([1-9]\d*) (天|小时|分钟|秒)")
NONE = re.compile(r"(?<![\d.])0 ?(天|小时|分钟|秒)")
FILE = TypeAdapter[int](fields.Span)


@given(SECONDS)
def test_a_span_is_told_to_the_second(seconds: int) -> None:
    """Read back, it is what it was; and no longer unit would do."""
    found = SPELLED.fullmatch(spelled(seconds))
    assert found and int(found[1]) * UNITS[found[2]] == seconds
    assert not any(seconds % size == 0 for size in UNITS.values() if size > UNITS[found[2]])


@given(SECONDS)
def test_what_was_measured_is_cut_and_not_by_half(seconds: int) -> None:
    """Never longer than it was, and as files can have it from a minute on."""
    told = whole(seconds)
    assert 0 < told <= seconds < told * 2
    assert seconds < 60 or FILE.validate_python(spelled(told)) == told


def test_spans_as_people_say_them() -> None:
    assert [spelled(n) for n in (60 * DAY, 36 * 3_600, 48 * 3_600, 90 * 60, 90)] == [
        "60 天", "36 小时", "2 天", "90 分钟", "90 秒"
    ]  # fmt: skip
    assert [spelled(whole(n)) for n in (13 * DAY + 7_321, DAY + 5_000, 7_199, 61, 59)] == [
        "13 天", "25 小时", "119 分钟", "1 分钟", "59 秒"
    ]  # fmt: skip


def sentences(seconds: int) -> Iterator[str]:
    """What staff may read in which a span of a file, or one that was measured, stands."""
    one = item("a", "导购", repeat_after_seconds=seconds)
    care = replace(
        EASY,
        caps=(Cap(touchpoint="私聊", per_seconds=seconds, most=1),),
        budget=FatigueBudget(weights={"私聊": 300}, most=14, per_seconds=seconds),
        before_selling=BeforeSelling(after_add_seconds=seconds),
        cooling=(Cooling("删除任一导购", seconds),),
    )
    ahead = Ahead(item=one, entry=entry(item="a"), care=care, at=NOON, timezone=SHANGHAI, quota=UNLIMITED)
    yield from (gate.because for gate in person_gates(ahead))
    met = Met(at=NOON - seconds + 1, kind="导购", item="a", topic="护肤知识", entry="e")
    s = situation(one, entry=entry(item="a"), met=(met,))
    for stop in rested(s, one):
        yield stop.because
        yield from (said(change, s) for change in stop.changes)
    plan = MixPlan(ratios={}, stages=(StageRow("成长"),), min_stay_seconds=seconds + 1)
    yield stage_of(plan, {}, PoolRef("群", "wr", "群"), Staged("冷启动", NOON - seconds, ""), NOON).because
    yield aged(NOON - seconds, NOON)
    yield CodeStock(offer="a", title="a", total=9, left=1, lately=max(1, 7 * DAY // seconds)).said


@given(SECONDS)
def test_no_sentence_tells_a_span_as_none(seconds: int) -> None:
    for sentence in sentences(seconds):
        assert not NONE.search(sentence), sentence


def test_a_count_over_less_than_a_day_is_not_written_as_over_none() -> None:
    def written(seconds: int) -> str:
        return condition_said(Condition(Compare(">=", Fact("sent", seconds, "私聊"), Const(1))))

    assert [written(n) for n in (7 * DAY, 3_600)] == ["sent_私聊_7d >= 1", "sent_私聊_3600s >= 1"]
