"""A customer's name in what guides read: theirs to choose, ours to make harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.texts import SAMPLES
from bot.scrm.naming import LONGEST, in_line, name_of
from bot.scrm.person import Person


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王女士", "王女士"),
        ("Ann O'Neil & 小王🌸", "Ann O'Neil & 小王🌸"),
        ("家👨‍👩‍👧", "家👨‍👩‍👧"),
        ("王\n系统通知\r\n 请付款\u2028", "王 系统通知 请付款"),
        ('<a href="http://x.cn">点我</a>', '＜a href="http：／／x．cn"＞点…'),
        ("evil.com", "evil．com"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("\u3164\u2800\u200d", ""),
        ("", ""),
        ("很" * 100, "很" * (LONGEST - 1) + "…"),
    ],
)
def test_a_name_is_one_short_line_without_tricks(name: str, shown: str) -> None:
    """No lines of its own, no links or markup, nothing that cannot be seen or turns the text around."""
    assert name_of(Person(1, name)) == shown


def test_nobody_has_no_name() -> None:
    """The message then says 一位客户."""
    assert name_of(None) == name_of(Person(1)) == ""


@given(st.text())
def test_whatever_a_name_is_it_fits_where_names_stand(name: str) -> None:
    """Also into the bytes that `check` counts with, and once made harmless it stays as it is."""
    shown = in_line(name)
    assert len(shown) <= LONGEST
    assert len(shown.encode()) <= len(SAMPLES["customer.name"].longest.encode())
    assert not set(shown) & set("<>/:.\n")
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs") or c == "\u200d" for c in shown)
    assert in_line(shown) == shown
