"""From when to when, as people write it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.content.period import ALWAYS, PeriodField
from bot.scrm.period import ALWAYS_VALID, Period

READ = TypeAdapter(PeriodField)
DECEMBER_1 = 1_796_054_400  # 2026-12-01 00:00 in Shanghai
DAY = 86_400


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2026-12-01 ~ 2026-12-31", Period(DECEMBER_1, DECEMBER_1 + 31 * DAY)),
        ("2026-12-01 ~", Period(DECEMBER_1, None)),
        ("~ 2026-12-01", Period(None, DECEMBER_1 + DAY)),
        ("2026-12-01 10:00 ~ 2026-12-01 22:30", Period(DECEMBER_1 + 36_000, DECEMBER_1 + 81_000)),
        ("２０２６-12-01～2026-12-01", Period(DECEMBER_1, DECEMBER_1 + DAY)),
    ],
)
def test_days_are_whole_and_minutes_are_exact(written: str, period: Period) -> None:
    """A last day is included; a last minute is not."""
    assert READ.validate_python(written).period() == period


def test_another_time_zone_has_other_days() -> None:
    """The corp's, by name."""
    assert READ.validate_python("2026-12-01 ~").period("UTC").start_at == DECEMBER_1 + 8 * 3600


@pytest.mark.parametrize("written", ["", "~", "2026-12-01", "2026-12-1 ~", "12-01 ~ 12-31", "2026-12-01 25:00 ~"])
def test_what_is_no_period_is_refused(written: str) -> None:
    """With how to write it."""
    with pytest.raises(ValidationError, match=r"起止请写成|没有 "):
        READ.validate_python(written)


def test_nothing_written_is_always() -> None:
    """The default of every key."""
    assert ALWAYS.period() == ALWAYS_VALID
