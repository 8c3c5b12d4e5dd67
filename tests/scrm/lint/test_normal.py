"""What is disguised is seen through, and nothing is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.lint.normal import blanked, normal, quotations, spelled


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("最 好", "最好"),
        ("最.好", "最好"),
        ("最\u200b好", "最好"),
        ("最✨好", "最好"),
        ("【最】【好】", "最好"),
        ("最-_*好", "最好"),
        ("絕對最佳", "绝对最佳"),
        ("１００％", "100%"),
        ("加ＶＸ", "加vx"),
        ("加ѵх", "加ѵx"),
        ("𝐕𝐗", "vx"),
        ("￥１９９", "¥199"),
        ("9.9元", "9.9元"),
        ("1 9 8 块", "198块"),
        ("加 v x 聊", "加vx聊"),
        ("13 5 ml", "13 5 ml"),
        ("12 30", "12 30"),
        ("闲🐟", "闲鱼"),
        ("8₤AbC₤", "8₤abc₤"),
        ("yuhe.example", "yuhe.example"),
        ("最，好。最\n好", "最,好\n最\n好"),
        ("详聊+VX，面霜＋精华", "详聊+vx,面霜精华"),
        ("精华➕wx，💰88", "精华+wx,¥88"),
        ("1️⃣先洁面", "1先洁面"),
        ("冇效唔使畀錢", "没效不使给钱"),
    ],
)
def test_a_word_has_one_spelling(written: str, plain: str) -> None:
    """Decoration goes; what parts clauses, and dots between digits and letters, stays."""
    assert normal(written).text == plain


@given(st.text(alphabet="最好國家級①ab １🔪。 ", max_size=12))
def test_a_word_of_a_list_is_spelled_as_texts_are(word: str) -> None:
    """The quick way comes to the same."""
    assert spelled(word) == normal(word).text


@given(st.text(max_size=80))
def test_positions_are_never_lost(text: str) -> None:
    """One for each character, in order, inside the text."""
    plain = normal(text)
    assert len(plain.positions) == len(plain.text)
    assert list(plain.positions) == sorted(plain.positions)
    assert all(0 <= i < end <= len(text) for i, end in zip(plain.positions, plain.ends, strict=True))


@given(st.text(max_size=80))
def test_once_is_enough(text: str) -> None:
    """A normal text is its own, but for what loses its neighbours."""
    plain = normal(text).text
    assert normal(normal(plain).text).text == normal(plain).text


@given(st.text(alphabet='甲 乙“”「」"。\n', max_size=40))
def test_quotations_stand_where_they_stood(text: str) -> None:
    """In the original between their marks, in the normal text without them."""
    plain = normal(text)
    for start, end in quotations(text):
        assert (text[start], text[end - 1]) in {("“", "”"), ("「", "」"), ('"', '"')}
        first, last = plain.place(start, end)
        assert plain.text[first:last] == normal(text[start:end]).text


@given(st.text(alphabet="甲乙 {}%", max_size=30))
def test_blanking_moves_nothing(text: str) -> None:
    """So that a hit in a template is shown where it stands."""
    assert len(blanked(text)) == len(text)
    assert all(a == b or b == "\ufffc" for a, b in zip(text, blanked(text), strict=True))


def test_what_is_filled_in_is_no_word() -> None:
    """Neither the name of a value nor what it parts."""
    assert blanked("送{{ offer.price }}！") == "送" + "\ufffc" * 17 + "！"
