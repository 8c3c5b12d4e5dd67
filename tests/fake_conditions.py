"""Conditions and people drawn at random, for the laws that hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from bot.scrm.rules.condition import (
    Among,
    And,
    Compare,
    Const,
    Fact,
    Has,
    Matches,
    Node,
    Not,
    Op,
    Or,
    Truth,
    Value,
)

DAY = 86_400
KIND, CHANNEL, GROUP, TAGS, WORKDAY = (Fact(name) for name in ("kind", "channel", "group", "tags", "is_workday"))
ORDERS, HOURS, LOST = Fact("orders"), Fact("hours_since_add"), Fact("lost_pct_28d")
SELLS = Fact("sent", 28 * DAY, None, "导购")
NUMBERS = (ORDERS, HOURS, SELLS)
TEXTS = (KIND, CHANNEL)
FACTS = (*NUMBERS, *TEXTS, LOST, GROUP, TAGS, WORKDAY)

WORDS = ("导购", "科普", "", "a'b", "A")
PATHS = ("肤质/敏感肌", "会员/付费会员", "服务/售后中")
NAMES = ("会员群-1", "会员群", "新客群.1", "VIP [1]", "会员群\n2")
PATTERNS = ("会员群*", "*1", "*", "会员群", "新客群.*", "VIP [1]", "*群*2", "会员群?1")
OPS: tuple[Op, ...] = ("==", "!=", "<", "<=", ">", ">=")

_numbers = st.integers(-2, 4)
_words = st.sampled_from(WORDS)


def rows() -> st.SearchStrategy[dict[Fact, Value]]:
    """What is known of somebody: each fact may be missing, tags never are."""
    optional: dict[Fact, Any] = dict.fromkeys(NUMBERS, _numbers) | dict.fromkeys(TEXTS, _words)
    optional |= {LOST: _numbers | st.sampled_from((0.5, 2.5)), GROUP: st.sampled_from(NAMES), WORKDAY: st.booleans()}
    return st.fixed_dictionaries({TAGS: st.frozensets(st.sampled_from(PATHS))}, optional=optional)


def _numeric() -> st.SearchStrategy[Node]:
    sides = st.sampled_from((*NUMBERS, LOST)) | st.builds(Const, _numbers)
    return st.builds(Compare, st.sampled_from(OPS), st.sampled_from(NUMBERS), sides) | st.builds(
        Compare, st.sampled_from(OPS), sides, st.sampled_from(NUMBERS)
    )


def leaves() -> st.SearchStrategy[Node]:
    """Conditions without a connective."""
    texts = st.sampled_from(TEXTS)
    return st.one_of(
        _numeric(),
        st.builds(Compare, st.sampled_from(("==", "!=")), texts, texts | st.builds(Const, _words)),
        st.builds(Among, texts, st.lists(_words, min_size=1, max_size=3).map(tuple)),
        st.builds(Among, st.sampled_from(NUMBERS), st.lists(_numbers, min_size=1, max_size=3).map(tuple)),
        st.builds(Has, st.just(TAGS), st.sampled_from(PATHS)),
        st.builds(Matches, st.just(GROUP), st.sampled_from(PATTERNS)),
        st.builds(Truth, st.just(WORKDAY)),
        st.builds(Const, st.booleans()),
    )


def trees() -> st.SearchStrategy[Node]:
    """Whole conditions, a few levels deep."""

    def joined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        parts = st.lists(inner, max_size=3).map(tuple)
        return st.builds(And, parts) | st.builds(Or, parts) | st.builds(Not, inner)

    return st.recursive(leaves(), joined, max_leaves=6)
