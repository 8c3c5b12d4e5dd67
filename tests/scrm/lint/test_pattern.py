"""A pattern taken apart finds what it finds whole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scrm.lint.pattern import branches, hints, matches_nothing, spelled_out
from bot.scrm.lint.shape import UnreadError, shape


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


SIGNS = "a b 好 (甲|乙b) ( (?: (?! (?= (?<!b) (?<=[a好]) ) | ? * + {0,4} {2} {1,3} {3,1} {2,12} { }"
SETS = r"[a好] [^,] [0-9] [b-a] [ ] ^ $ - \? \| \n \1 \d . … ……"


@pytest.mark.filterwarnings("ignore:Possible .* at position:FutureWarning")  # [a||] is read as it always was
@settings(max_examples=2000)
@given(
    st.lists(st.sampled_from(f"{SIGNS} {SETS}".split()), max_size=10).map("".join),
    st.text(alphabet="ab好0?\n", max_size=8),
)
def test_what_a_shape_says_is_so(pattern: str, text: str) -> None:
    """What it reads can be read; what it calls firm never finds nothing; what is found holds one of its words."""
    try:
        known = shape(spelled_out(pattern))
    except UnreadError:
        return
    found = re.compile(spelled_out(pattern)).search
    assert not (known.firm and found(""))
    assert not found(text) or all(any(word in text for word in words) for words in known.words)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(用|涂)(完|了)?[^,]{0,6}(两|三)(瓶|支)", ["用 涂", "两 三", "瓶 支"]),
        ("第[0-9]{1,2}(名|位)", ["第", "名 位"]),
        ("(关注|搜一下)(我们)?的?抖音号?", ["关注 搜一下", "抖音"]),
        ("(美|变)白(?!色)", ["美 变", "白"]),
        ("(甲(乙|丙)|丁戊)己", ["甲 丁戊", "己"]),
        ("(转发|分享)……(领|送)", ["转发 分享", "领 送"]),
        ("[0-9]{2}", []),
    ],
)
def test_the_words_without_which_it_finds_nothing(pattern: str, words: list[str]) -> None:
    """One of each set has to be there."""
    assert hints(pattern) == tuple(frozenset(some.split()) for some in words)


@pytest.mark.parametrize("pattern", ["(不|没)?", "[^,]{0,4}", "(?!甲)", "甲?|乙", "甲{0,2}"])
def test_what_may_find_nothing_is_found_out(pattern: str) -> None:
    """A shape that is not firm is compiled to see."""
    assert any(map(matches_nothing, branches(pattern)))
