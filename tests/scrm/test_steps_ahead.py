"""Steps that are still to come: when, for whom, and who goes together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.calendar import Calendar, Sequence, Step
from bot.scrm.period import ALWAYS_VALID
from bot.scrm.sequence import SequenceRun, advanced, begin, stopped
from bot.scrm.steps_ahead import GATHER_SECONDS, StepAhead, gathered, steps_ahead

SHANGHAI, DAY = "Asia/Shanghai", 86_400
NOON = int(datetime(2026, 12, 1, 12, tzinfo=ZoneInfo(SHANGHAI)).timestamp())
STEPS = (
    Step(id="d0", day=0, minute=20 * 60, by_seconds=3600, touchpoint="私聊", item="a"),
    Step(id="d1", day=1, minute=10 * 60, by_seconds=3600, touchpoint="私聊", item="b"),
    Step(id="d5", day=5, minute=10 * 60, by_seconds=3600, touchpoint="私聊", pick=("科普",)),
)
WEEK = Sequence(id="week", start="加好友", steps=STEPS)
CALENDARS = [Calendar(id="c", title="", valid=ALWAYS_VALID, entries=(), sequences=(WEEK,))]


def run(who: str = "wm-1", at: int = NOON) -> SequenceRun:
    return begin("c", WEEK, who, at, SHANGHAI)


def ahead(*runs: SequenceRun, now: int = NOON, days: int = 30) -> list[StepAhead]:
    pairs = [(each, "lin") for each in runs]
    return sorted(steps_ahead(CALENDARS, pairs, now, now + days * DAY, SHANGHAI))


def test_every_step_comes_in_its_time() -> None:
    """Until the end of what is looked at; what is behind is behind."""
    evening, morning = NOON + 8 * 3600, NOON + DAY - 2 * 3600
    assert [(step.step, step.at) for step in ahead(run())] == [
        ("d0", evening),
        ("d1", morning),
        ("d5", morning + 4 * DAY),
    ]
    assert [step.step for step in ahead(run(), days=1)] == ["d0", "d1"]
    later = advanced(WEEK, run(), evening, SHANGHAI)
    assert [step.step for step in ahead(later, now=evening)] == ["d0", "d1", "d5"]  # the first waits for its slot
    assert [step.step for step in ahead(replace(later, slot_at=evening), now=evening)] == ["d1", "d5"]


def test_who_is_in_no_sequence_any_more_comes_to_nothing() -> None:
    """Stopped, or the sequence was taken out."""
    assert ahead(stopped(run(), "删除", NOON)) == []
    assert list(steps_ahead([], [(run(), "lin")], NOON, NOON + DAY, SHANGHAI)) == []


arrivals = st.lists(st.integers(0, 3 * GATHER_SECONDS), min_size=1, max_size=12)


@given(arrivals)
def test_who_goes_together_is_as_the_tick_would_have_it(seconds: list[int]) -> None:
    """Second by second: who has come goes, unless a slot of the step came within half an hour."""
    coming = [StepAhead(NOON + at, "c", "week", "d1", f"wm-{n}", "lin") for n, at in enumerate(seconds)]
    found = [(each.slot.at, {step.external_userid for step in each.steps}) for each in gathered(CALENDARS, coming)]
    last_at, waiting, ticked = None, set[str](), []
    for now in range(NOON, NOON + 5 * GATHER_SECONDS):
        waiting |= {step.external_userid for step in coming if step.at == now}
        if waiting and (last_at is None or now - last_at >= GATHER_SECONDS):
            ticked.append((now, waiting))
            last_at, waiting = now, set()
    assert found == ticked
