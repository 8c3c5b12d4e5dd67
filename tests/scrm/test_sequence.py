"""Going through a sequence: when steps are due, who is let in, what ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scrm.calendar import Calendar, Sequence, Step
from bot.scrm.period import Period
from bot.scrm.sequence import (
    AT_LEAST_SECONDS,
    SequenceRun,
    Standing,
    advanced,
    begin,
    due,
    find,
    not_let_in,
    sequences,
    stopped,
    stopped_by,
)
from bot.scrm.slots import instant
from bot.scrm.week import local_time
from bot.scrm.who import Who

SHANGHAI, HOUR, DAY = "Asia/Shanghai", 3600, 86_400
NINE = instant(date(2026, 12, 1), 540, SHANGHAI)


def step(id_: str, day: int, minute: int = 605, by_seconds: int = 2 * HOUR) -> Step:
    return Step(id=id_, day=day, touchpoint="私聊", minute=minute, by_seconds=by_seconds, pick=("科普",))


WEEK = Sequence(id="week", start="加好友", steps=(step("d5", 5), step("d1", 1)))
KNOWN = Standing(relations=((NINE, "parcel", "guide-lin"),))


def walk(sequence: Sequence, run: SequenceRun) -> list[tuple[str, int]]:
    """(step, when) of a run whose every step is handled in time."""
    found = []
    while run.state == "running" and run.step and run.waits_at:
        found.append((run.step, run.waits_at))
        run = advanced(sequence, run, run.waits_at, SHANGHAI)
    assert (run.state, run.waits_at) == ("done", None)
    return found


def test_steps_come_in_the_order_of_days() -> None:
    """However they were written."""
    run = begin("dec", WEEK, "wm-1", NINE, SHANGHAI)
    assert walk(WEEK, run) == [("d1", NINE + DAY + 65 * 60), ("d5", NINE + 5 * DAY + 65 * 60)]


def test_day_0_comes_two_hours_later_or_not_at_all() -> None:
    """An hour after the add is too soon; at eleven at night the day is over."""
    same = replace(WEEK, steps=(step("d0", 0, 600), step("d1", 1)))
    assert begin("dec", same, "wm-1", NINE, SHANGHAI).waits_at == NINE + AT_LEAST_SECONDS
    night = NINE + 14 * HOUR
    assert begin("dec", same, "wm-1", night, SHANGHAI).step == "d1"
    alone = begin("dec", replace(same, steps=same.steps[:1]), "wm-1", night, SHANGHAI)
    assert (alone.state, alone.step) == ("done", None)


STEPS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1439), st.integers(1, 12)), min_size=1, max_size=6).map(
    lambda rows: tuple(step(f"s{i}", day, minute, hours * HOUR) for i, (day, minute, hours) in enumerate(rows))
)


@given(STEPS, STEPS, st.integers(0, DAY), st.lists(st.integers(0, 30 * HOUR), max_size=12))
@settings(max_examples=80, deadline=None)
def test_no_step_comes_twice_early_or_too_late(
    before: tuple[Step, ...], after: tuple[Step, ...], start: int, delays: list[int]
) -> None:
    """However late each is handled, and though staff change the steps on the way."""
    sequence = replace(WEEK, steps=before)
    run, now = begin("dec", sequence, "wm-1", NINE + start, SHANGHAI), NINE + start
    seen: list[str] = []
    for n, delay in enumerate([*delays, *([0] * 20)]):
        if run.state != "running":
            break
        assert run.step and run.waits_at is not None
        [coming] = [step for step in sequence.steps if step.id == run.step]
        assert run.waits_at == due(run, coming, SHANGHAI) and now <= run.waits_at + coming.by_seconds
        assert run.waits_at >= run.started_at + AT_LEAST_SECONDS
        since = local_time(run.waits_at, SHANGHAI).date() - local_time(run.started_at, SHANGHAI).date()
        assert since.days == coming.day
        seen.append(run.step)
        now = max(now, run.waits_at) + delay
        sequence = replace(sequence, steps=after if n == 1 else sequence.steps)
        run = advanced(sequence, run, now, SHANGHAI)
    assert run.state == "done" and len(seen) == len(set(seen)) == len(run.done)


@pytest.mark.parametrize(
    ("sequence", "standing", "because"),
    [
        (WEEK, KNOWN, None),
        (WEEK, Standing(), "没有导购加着这位客户"),
        (WEEK, replace(KNOWN, opted_out=True), "客户说过不再接收"),
        (WEEK, replace(KNOWN, history=True), "序列上线前就在的客户，跳过"),
        (
            WEEK,
            replace(KNOWN, relations=((NINE - 9 * HOUR, None, "a"), *KNOWN.relations)),
            "序列上线前就在的客户，跳过",
        ),
        (replace(WEEK, existing="纳入"), replace(KNOWN, history=True), None),
        (replace(WEEK, who=Who(channels=("parcel",))), KNOWN, None),
        (replace(WEEK, who=Who(channels=("store",))), KNOWN, "不在 who 圈的人里"),
        (replace(WEEK, who=Who(tags_any=("肤质/干性",))), replace(KNOWN, tags=frozenset({"肤质/干性"})), None),
        (
            replace(WEEK, stop=("打上标签 服务/售后中",)),
            replace(KNOWN, tags=frozenset({"服务/售后中"})),
            "有标签 服务/售后中",
        ),
        (replace(WEEK, start="首单", stop=("下单",)), replace(KNOWN, ordered_at=NINE), None),
    ],
)
def test_who_is_let_in(sequence: Sequence, standing: Standing, because: str | None) -> None:
    """Live since an hour before nine; the order that starts a sequence does not stop it."""
    assert not_let_in(sequence, standing, NINE - HOUR, NINE) == because


def test_a_sequence_of_which_we_do_not_know_yet_is_live_since_just_now() -> None:
    """Not since 1970: who was there a day before is no newcomer; who comes this very second is."""
    because = "序列上线前就在的客户，跳过"
    assert not_let_in(WEEK, KNOWN, None, NINE + DAY) == because
    assert not_let_in(WEEK, KNOWN, None, NINE) is None
    assert not_let_in(replace(WEEK, existing="纳入"), KNOWN, None, NINE + DAY) is None


@pytest.mark.parametrize(
    ("standing", "because"),
    [
        (KNOWN, None),
        (replace(KNOWN, ordered_at=NINE), None),
        (replace(KNOWN, ordered_at=NINE + 1), "已经下单"),
        (replace(KNOWN, tags=frozenset({"服务/售后中"})), "有标签 服务/售后中"),
        (replace(KNOWN, opted_out=True), "客户说过不再接收"),
        (Standing(), "没有导购加着这位客户了"),
    ],
)
def test_what_ends_a_run(standing: Standing, because: str | None) -> None:
    """An order after its beginning, a tag, a refusal, nobody there."""
    sequence = replace(WEEK, stop=("下单", "打上标签 服务/售后中"))
    assert stopped_by(sequence, standing, NINE) == because
    run = stopped(begin("dec", sequence, "wm-1", NINE, SHANGHAI), "为什么", NINE + 5)
    assert (run.state, run.because, run.step, run.waits_at, run.ended_at) == ("stopped", "为什么", None, None, NINE + 5)


def test_drafts_and_calendars_that_are_over_take_nobody_in() -> None:
    """Who is under way goes on while the file has the sequence."""
    calendar = Calendar(id="dec", title="历", valid=Period(NINE, NINE + DAY), sequences=(WEEK,))
    run = begin("dec", WEEK, "wm-1", NINE, SHANGHAI)
    assert [s.id for _, s in sequences([calendar], NINE)] == ["week"]
    assert list(sequences([calendar], NINE + DAY)) == [] and find([calendar], run) == WEEK
    for held in (replace(calendar, draft=True), replace(calendar, sequences=(replace(WEEK, draft=True),))):
        assert list(sequences([held], NINE)) == [] and find([held], run) is None
