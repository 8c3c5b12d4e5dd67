"""Plain fields and CEL end in the same trees."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.rules.condition import ALWAYS, Among, And, Compare, Condition, Const, Fact, Not, Or, Value
from bot.scrm.rules.rule import EVERYTHING, What
from bot.scrm.rules.selectors import touchpoints_of, what_condition, who_condition
from bot.scrm.who import EVERYONE, Who
from tests.fake_conditions import PATHS

paths = st.lists(st.sampled_from(PATHS), max_size=2).map(tuple)
TOUCHPOINT = Fact("touchpoint")


@given(paths, paths, paths, st.frozensets(st.sampled_from(PATHS)))
def test_who_means_the_same_as_a_selector_and_as_a_condition(
    some: tuple[str, ...], every: tuple[str, ...], none: tuple[str, ...], tags: frozenset[str]
) -> None:
    who = Who(tags_any=some, tags_all=every, tags_none=none, channels=("parcel",), guides=("guide-lin",))
    for channel in ("parcel", "store"):
        values: dict[Fact, Value] = {Fact("tags"): tags, Fact("channel"): channel, Fact("guide"): "guide-lin"}
        assert who_condition(who).holds(values) == who.holds(tags, channel, "guide-lin")


def test_lines_are_joined_and_said_in_the_words_of_the_file() -> None:
    what = What(kinds=("导购", "活动"), topics=("新品",), touchpoints=("私聊",), items=("dg-cream",))
    assert what_condition(what).text == "(kind: 导购 活动) && (topic: 新品) && (touchpoint: 私聊) && (items: dg-cream)"
    who = Who(tags_none=("服务/售后中",), groups=("会员群*",), when=Condition(Const(value=True), "orders > 2"))
    assert who_condition(who).text == "(tags_none: 服务/售后中) && (groups: 会员群*) && (orders > 2)"


@pytest.mark.parametrize(("item", "fits"), [("dg-cream", True), ("dg-soap", False)])
def test_what_names_items(item: str, fits: bool) -> None:
    values: dict[Fact, Value] = {Fact("kind"): "导购", Fact("item"): item}
    assert what_condition(What(kinds=("导购",), items=("dg-cream",))).holds(values) is fits


def test_groups_go_by_their_names() -> None:
    condition = who_condition(Who(groups=("会员群*", "新客群")))
    named = {name: condition.holds({Fact("group"): name}) for name in ("会员群-静安", "新客群", "新客群2")}
    assert named == {"会员群-静安": True, "新客群": True, "新客群2": False}


def test_nothing_said_means_everything() -> None:
    assert what_condition(EVERYTHING) == who_condition(EVERYONE) == ALWAYS


@pytest.mark.parametrize(
    ("tree", "left"),
    [
        (Const(value=True), ("私聊", "群", "朋友圈")),
        (Compare("==", TOUCHPOINT, Const("群")), ("群",)),
        (And((Const(value=True), And((Among(TOUCHPOINT, ("群", "私聊")),)))), ("群", "私聊")),
        (And((Among(TOUCHPOINT, ("群", "私聊")), Compare("!=", TOUCHPOINT, Const("群")))), ("私聊",)),
        (Or((Compare("==", TOUCHPOINT, Const("群")), Const(value=True))), ("私聊", "群", "朋友圈")),
        (Not(Compare("==", TOUCHPOINT, Const("群"))), ("私聊", "群", "朋友圈")),
    ],
)
def test_touchpoints_that_a_condition_names_by_itself(tree: Condition, left: Sequence[str]) -> None:
    assert touchpoints_of(Condition(tree)) == set(left)  # type: ignore[arg-type]
