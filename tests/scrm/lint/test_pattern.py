"""A pattern taken apart finds what it finds whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.lint.pattern import branches


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("最好", ("最好",)),
        ("甲|乙", ("甲", "乙")),
        ("(甲|乙)丙|丁", ("(甲|乙)丙", "丁")),
        ("[|(]甲|乙", ("[|(]甲", "乙")),
        ("[]|]甲|[^]|]乙", ("[]|]甲", "[^]|]乙")),
        (r"\|甲|\(乙", (r"\|甲", r"\(乙")),
        ("(甲|乙", ("(甲|乙",)),
    ],
)
def test_only_bars_outside_brackets_part(pattern: str, parts: tuple[str, ...]) -> None:
    """A pattern that cannot be read stays whole, so that the fault is shown."""
    assert branches(pattern) == parts


@given(st.text(alphabet="ab|()[]^", max_size=12), st.text(alphabet="ab", max_size=8))
def test_apart_or_whole_is_the_same(pattern: str, text: str) -> None:
    """Whether anything is found does not change."""
    try:
        whole = re.compile(pattern)
    except (re.error, FutureWarning):
        return
    assert bool(whole.search(text)) == any(re.search(part, text) for part in branches(pattern))
