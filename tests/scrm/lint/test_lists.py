"""The lists of the sample brand: what they must find, in every disguise, and what they must leave alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.lint_folder import read_linter, read_voices
from bot.scrm.lint.normal import blanked
from tests.scrm.lint.labelled import Line, read

ROOT = Path(__file__).parent.parent.parent.parent
LINTER = read_linter(ROOT / "content")
VOICES = read_voices(ROOT / "content")
BRAND = VOICES["brand"]
LINES = read(ROOT / "tests/data/lint/examples.tsv")
PLAIN = ("最有效", "国家级", "药妆", "根治", "消炎", "转发有礼", "手慢无", "躺赚", "美白", "亲测", "开光", "食品级")


def hits(text: str) -> list[str]:
    return [hit.found for hit in LINTER.hits(blanked(text), BRAND)]


@pytest.mark.parametrize("line", [line for line in LINES if line.is_hit], ids=lambda line: line.text)
def test_what_must_not_be_said_is_found(line: Line) -> None:
    """With an article and a rewrite."""
    found = LINTER.hits(line.text, BRAND)
    assert found
    assert all(hit.article and hit.rewrite for hit in found)


@pytest.mark.parametrize("line", [line for line in LINES if not line.is_hit], ids=lambda line: line.text)
def test_what_only_looks_like_it_is_left_alone(line: Line) -> None:
    """Ordinals, advice, denials, questions, doctors."""
    assert hits(line.text) == []


@given(
    st.sampled_from(PLAIN), st.lists(st.sampled_from(["", " ", "\u200b", ".", "·", "✨", "-", "\u3000"]), min_size=9)
)
def test_a_refused_word_stays_refused_in_disguise(word: str, between: list[str]) -> None:
    """Blanks, zero-width characters, dots and emoji put between its characters."""
    written = "".join(a + b for a, b in zip(word, between, strict=False))
    assert hits(f"我们{written}了")


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("国家级", "國家級"),
        ("药妆", "藥妝"),
        ("100%有效", "１００％有效"),
        ("转发有礼", "轉發有禮"),
        ("加vx领", "加ＶＸ领"),
        ("加vx领", "加𝐕𝐗领"),
    ],
)
def test_other_scripts_are_no_way_round(plain: str, written: str) -> None:
    """Traditional characters, full width, mathematical letters."""
    assert hits(plain) and hits(written)


@given(st.text(max_size=60))
def test_any_text_can_be_looked_at(text: str) -> None:
    """A hit is always a piece of the text."""
    for hit in LINTER.hits(text, BRAND):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.found == text[hit.start : hit.end]


def test_a_real_person_may_tell_their_own_story() -> None:
    """Where the persona says so."""
    text = "我自己用了三个月"
    assert hits(text)
    assert LINTER.hits(text, replace(BRAND, experience="仅本人真实体验")) == ()


def test_there_are_three_voices() -> None:
    """The brand, the adviser, the editor; every effect they may speak of is proven."""
    assert set(VOICES) == {"acheng", "brand", "xiaohe"}
    assert all(LINTER.claims[name].proof for voice in VOICES.values() for name in voice.may_claim)
