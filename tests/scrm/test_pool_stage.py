"""In which stage a pool is, and why."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.mix import MixPlan, Pin, PoolRef, PoolStage, StageRow
from bot.scrm.pool_stage import Staged, stage_of
from bot.scrm.rules.condition import And, Compare, Condition, Const, Fact, Or, Value

DAY = 86_400
NOW = 1_000 * DAY
GROUP = PoolRef("群", "wr1", "会员群-静安 3")
AGE, MEMBERS, BUYERS, CLICKS, LOST = (
    Fact(name) for name in ("pool_age_days", "members", "buyers_pct", "clicks_pct_28d", "lost_pct_28d")
)


def over(fact: Fact, value: int) -> Compare:
    return Compare(">", fact, Const(value))


DECLINE = And((over(AGE, 90), Or((over(LOST, 5), Compare("<", CLICKS, Const(2))))))
PLAN = MixPlan(
    ratios={},
    stages=(
        StageRow("衰退", Condition(DECLINE, "pool_age_days > 90 && (lost_pct_28d > 5 || clicks_pct_28d < 2)")),
        StageRow("成熟", Condition(And((over(AGE, 90), over(BUYERS, 19))), "pool_age_days > 90 && buyers_pct > 19")),
        StageRow("成长", Condition(And((over(AGE, 30), over(MEMBERS, 49))), "pool_age_days > 30 && members > 49")),
        StageRow("冷启动"),
    ),
)
YOUNG: dict[Fact, Value] = {AGE: 5, MEMBERS: 12, BUYERS: 0.0, CLICKS: 9.5, LOST: 0.0}


def seen(**values: float) -> dict[Fact, Value]:
    return {**YOUNG, **{Fact(name): value for name, value in values.items()}}


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        (seen(), "冷启动"),
        (seen(pool_age_days=31, members=50), "成长"),
        (seen(pool_age_days=91, members=50, buyers_pct=20.5), "成熟"),
        (seen(pool_age_days=91, members=50, buyers_pct=20.5, lost_pct_28d=6), "衰退"),
        (seen(pool_age_days=91, members=50, clicks_pct_28d=1), "衰退"),
    ],
)
def test_the_first_row_that_holds_is_the_stage(facts: dict[Fact, Value], stage: PoolStage) -> None:
    """From the top."""
    assert stage_of(PLAN, facts, GROUP, None, NOW).stage == stage


def test_it_says_which_values_decided() -> None:
    """In the words of the file."""
    found = stage_of(PLAN, seen(pool_age_days=100, buyers_pct=25.5, members=200), GROUP, None, NOW)
    assert found.because == "成熟：buyers_pct 是 25.5、pool_age_days 是 100，符合 pool_age_days > 90 && buyers_pct > 19"
    assert (found.since_at, found.unknown) == (NOW, ())
    assert stage_of(PLAN, YOUNG, GROUP, None, NOW).because == "冷启动：前面各行都不符合"


def test_a_row_with_an_unknown_fact_does_not_hold_and_it_is_said() -> None:
    """No orders, no tracked links: the pool still grows, it is neither mature nor in decline."""
    facts: dict[Fact, Value] = {AGE: 200, MEMBERS: 90, LOST: 50.0}
    found = stage_of(PLAN, facts, GROUP, None, NOW)
    assert (found.stage, found.unknown) == ("成长", ("buyers_pct", "clicks_pct_28d"))
    assert found.because.endswith("；还不知道 buyers_pct、clicks_pct_28d，用到的行不算")


def test_a_fact_of_the_wrong_kind_holds_nowhere() -> None:
    """It is named like an unknown one."""
    found = stage_of(PLAN, seen(pool_age_days=91, members=60) | {BUYERS: "many"}, GROUP, None, NOW)
    assert found.stage == "成长" and found.unknown


def test_a_stage_stays_for_two_weeks() -> None:
    """And says what it would be by now."""
    first = stage_of(PLAN, seen(pool_age_days=31, members=50), GROUP, None, NOW)
    fewer = stage_of(PLAN, seen(pool_age_days=32, members=49), GROUP, first, NOW + 13 * DAY)
    assert (fewer.stage, fewer.since_at) == ("成长", NOW)
    assert fewer.because == "成长才 13 天，不到 14 天，先不变；现在量出来是冷启动：前面各行都不符合"
    after = stage_of(PLAN, seen(pool_age_days=45, members=49), GROUP, fewer, NOW + 14 * DAY)
    assert (after.stage, after.since_at) == ("冷启动", NOW + 14 * DAY)


@pytest.mark.parametrize(
    ("pool", "pinned"),
    [
        (GROUP, True),
        (PoolRef("群", "wr2", "会员群-徐汇 1"), False),
        (PoolRef("私聊", "guide-lin"), True),
        (PoolRef("朋友圈", "guide-lin"), True),
        (PoolRef("私聊", "guide-wu"), False),
    ],
)
def test_people_overrule_the_measure_until_a_day(pool: PoolRef, pinned: bool) -> None:
    """At once, and back at once: neither waits for the least stay."""
    pin = Pin(stage="成熟", groups=("会员群-静安*",), guides=("guide-lin",), until_at=NOW + 5 * DAY)
    plan = replace(PLAN, pins=(pin,))
    before = stage_of(PLAN, YOUNG, pool, None, NOW - DAY)
    found = stage_of(plan, YOUNG, pool, before, NOW)
    assert (found.stage == "成熟", found.pinned) == (pinned, pinned)
    if pinned:
        assert found.because == "成熟：mix.yaml 的 pins 指定"
        ended = stage_of(plan, YOUNG, pool, found, NOW + 5 * DAY)
        assert (ended.stage, ended.since_at, ended.pinned) == ("冷启动", NOW + 5 * DAY, False)


@given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 100), st.floats(0, 10)), max_size=60))
def test_no_pool_changes_its_stage_twice_in_two_weeks(days: list[tuple[int, int, float]]) -> None:
    """Whatever is measured, day by day."""
    stage: Staged | None = None
    changes = []
    for n, (age, members, lost) in enumerate(days):
        facts = seen(pool_age_days=age, members=members, lost_pct_28d=lost)
        after = stage_of(PLAN, facts, GROUP, stage, NOW + n * DAY)
        if stage and after.stage != stage.stage:
            changes.append(n)
        stage = after
    assert all(later - earlier >= 14 for earlier, later in pairwise(changes))
    assert not changes or changes[0] >= 14
