"""What a text says when it is read otherwise than written, and where that stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.lint.normal import normal
from bot.scrm.lint.readings import readings


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("zhuan发有礼", ["转发有礼"]),
        ("抗shuai老", ["抗衰老"]),
        ("未chengnian", ["未成年"]),
        ("真的zuihao", ["真的最好"]),
        ("手 man 无", ["手慢无"]),
        ("百分之jiu十", ["百分之九十"]),
        ("消、炎、杀、菌", ["消炎杀菌"]),
        ("消\n炎\n药", ["消炎药"]),
        ("加wifi，用spf50", []),
        ("这款vc精华", []),
        ("hello 你好", []),
        ("红、黄", []),
        ("红色、黄色、蓝色", []),
    ],
)
def test_a_second_reading(written: str, read: list[str]) -> None:
    """Only where a run is made of known syllables, or three characters stand apart."""
    first, *others = readings(normal(written))
    assert first == normal(written)
    assert [one.text for one in others] == read


@given(st.text(alphabet="转发好zhuanmai、，1 消炎", max_size=40))
def test_readings_keep_their_places(text: str) -> None:
    """Each character has its own stretch of the text, in order."""
    for one in readings(normal(text)):
        assert len(one.text) == len(one.positions) == len(one.ends)
        assert all(0 <= start < end <= len(text) for start, end in zip(one.positions, one.ends, strict=True))
        assert list(one.positions) == sorted(one.positions)
