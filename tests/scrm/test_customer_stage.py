"""Who is active, cooling or silent; and who is unknown, which is not the same as silent."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.customer_stage import CHANCES, TRACES, CustomerStage, Evidence, Trace, customer_stage

DAY = 86_400
NOW = 1_000 * DAY

evidence = st.builds(Evidence, st.sampled_from(TRACES), st.integers(NOW - 400 * DAY, NOW))


def ago(trace: Trace, *days: float) -> list[Evidence]:
    return [Evidence(trace, NOW - int(day * DAY)) for day in days]


@pytest.mark.parametrize(
    ("seen", "stage"),
    [
        ([], "未知"),
        (ago("没点链接", 3, 6, 9), "未知"),
        (ago("下单", 10), "活跃"),
        (ago("点击链接", 2), "活跃"),
        (ago("客服消息", 100), "转冷"),
        (ago("下单", 90) + ago("没点链接", *range(3, 60, 3)), "沉默"),
        (ago("没点链接", *range(2, 62, 4)), "沉默"),
        (ago("没点链接", *range(2, 62, 4)) + ago("朋友圈点赞", 1), "转冷"),
        (ago("删除导购", 5), "沉默"),
        (ago("删除导购", 20) + ago("下单", 1), "活跃"),
        (ago("删除导购", 5) + ago("下单", 6), "转冷"),
    ],
)
def test_what_was_seen_decides(seen: list[Evidence], stage: CustomerStage) -> None:
    """Newest and strongest first of all."""
    judged = customer_stage(seen, NOW)
    assert judged.stage == stage, judged
    assert judged.because.startswith(stage)
    assert sum(judged.used.values()) == len(seen)


@given(st.lists(evidence, max_size=30), st.none() | st.floats(0, 100))
def test_nobody_is_silent_without_evidence_of_silence(seen: list[Evidence], reply_pct: float | None) -> None:
    """Chances not taken, or a deletion; whatever the guide's figures say."""
    judged = customer_stage(seen, NOW, reply_pct)
    against = sum(e.trace == "没点链接" for e in seen)
    if judged.stage == "沉默":
        assert against >= CHANCES or any(e.trace == "删除导购" for e in seen)
    if not seen:
        assert judged.stage == "未知"


@given(st.lists(evidence, max_size=20), st.sampled_from(["下单", "点击链接", "客服消息"]))
def test_a_sign_of_life_never_makes_anybody_less_lively(seen: list[Evidence], trace: Trace) -> None:
    """And a person who has just done something is not silent."""
    after = customer_stage([*seen, Evidence(trace, NOW)], NOW)
    assert after.lively >= customer_stage(seen, NOW).lively
    assert after.stage in ("活跃", "转冷")


def test_the_guides_figures_move_little() -> None:
    """They are about the guide; alone they say nothing of the person."""
    assert customer_stage([], NOW, 1).stage == customer_stage([], NOW, 99).stage == "未知"
    low, high = customer_stage(ago("点击链接", 40), NOW, 1).lively, customer_stage(ago("点击链接", 40), NOW, 99).lively
    assert low < high < low + 0.25


def test_of_those_called_silent_four_in_five_are_and_of_the_silent_three_in_five_are_found() -> None:
    """A pool of 4,000 with known truth: people of very different habits, a third of whom fell silent some time ago."""
    dice = random.Random(1)
    called = right = silent = 0
    for _ in range(4_000):
        is_silent, seen = _somebody(dice)
        stage = customer_stage(seen, NOW).stage
        called += stage == "沉默"
        right += stage == "沉默" and is_silent
        silent += is_silent
        assert seen or stage == "未知"
    assert right / called >= 0.8
    assert right / silent >= 0.6


def _somebody(dice: random.Random) -> tuple[bool, list[Evidence]]:
    """Half a year of one person: habits drawn from wide distributions, and messages as our caps allow.

    The silent stopped 30 to 150 days ago; some of them delete a guide, hardly any clicks by mistake.
    """
    is_silent = dice.random() < 1 / 3
    stopped = dice.uniform(30, 150) if is_silent else 0.0
    clicks, acts = dice.betavariate(2, 7), dice.gammavariate(1.2, 0.6) / 30
    seen: list[Evidence] = []
    for day in range(180, 0, -1):
        lives = day > stopped
        if dice.random() < 1.5 / 7 and dice.random() < 0.9:
            clicked = dice.random() < (clicks if lives else 0.005)
            seen += ago("点击链接" if clicked else "没点链接", day)
        if lives and dice.random() < acts:
            seen += ago(dice.choice(("下单", "客服消息", "朋友圈点赞", "朋友圈评论", "调研回答")), day)
    if is_silent and dice.random() < 0.15:
        seen += ago("删除导购", dice.uniform(0, stopped))
    return is_silent, seen if dice.random() < 0.9 else []
