"""Spans of time as people read them, and as files have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400

UNITS: Final[Mapping[str, int]] = {"天": DAY, "小时": HOUR, "分钟": MINUTE, "秒": 1}
"""Name → seconds, the longest first."""


def spelled(seconds: int) -> str:
    """A span of at least a second, to the second, in the longest unit of which it is a whole number: 60 天, 36 小时."""
    unit, size = next((unit, size) for unit, size in UNITS.items() if seconds % size == 0)
    return f"{seconds // size} {unit}"


def whole(seconds: int) -> int:
    """A span that was measured, cut as people tell it: days from two days on, hours from two hours, minutes from one.

    Never longer than it was: what rests on it as a bound holds for it.
    """
    size = next((size for size in (DAY, HOUR) if seconds >= 2 * size), MINUTE if seconds >= MINUTE else 1)
    return seconds - seconds % size
