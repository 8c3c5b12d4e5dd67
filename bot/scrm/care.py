"""Our manners, until staff write them in content/care.yaml."""

from __future__ import annotations

from typing import Final

from bot.scrm.week import Hours, seconds_left

QUIET: Final = Hours(21 * 60, 9 * 60)
"""Nobody is reminded then, customer or guide."""


def awake_at(now: int, timezone: str) -> int:
    """`now`, or when that is in the quiet hours, their end: when a guide can be expected to read something."""
    return now + seconds_left(QUIET, now, timezone)
