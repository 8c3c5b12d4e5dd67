"""From when to when, as people write it: 2026-12-01 ~ 2026-12-31, or to the minute, or open on one side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import PlainValidator, WithJsonSchema

from bot.scrm.period import ALWAYS_VALID, Period

TIMEZONE: Final = "Asia/Shanghai"
"""Of the days that staff write, unless the deployment says otherwise."""

_HALF_WIDTH = str.maketrans("０１２３４５６７８９：～－", "0123456789:~-")
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: +(\d{1,2}):(\d\d))?")
_HOW = "起止请写成 2026-12-01 ~ 2026-12-31，或带上几点 2026-12-10 10:00 ~ 2026-12-12 22:00；一边可以不写"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Wall-clock times, `end` excluded; None: open on that side."""

    start: datetime | None = None
    end: datetime | None = None

    def period(self, timezone: str = TIMEZONE) -> Period:
        """The instants in a time zone (IANA name)."""
        if not self.start and not self.end:
            return ALWAYS_VALID
        zone = ZoneInfo(timezone)
        start, end = (int(t.replace(tzinfo=zone).timestamp()) if t else None for t in (self.start, self.end))
        return Period(start, end)


ALWAYS: Final = Stretch()


def _stretch(value: object) -> Stretch:
    start, tilde, end = (part.strip() for part in str(value).translate(_HALF_WIDTH).partition("~"))
    if not tilde or not (start or end):
        raise ValueError(_HOW)
    first, last = (_moment(part) if part else None for part in (start, end))
    if last and len(end) <= len("2026-12-31"):
        last += timedelta(days=1)
    if first and last and last <= first:
        raise ValueError("前后写反了，开始要早于结束")
    return Stretch(first, last)


def _moment(text: str) -> datetime:
    found = _MOMENT.fullmatch(text)
    if not found:
        raise ValueError(_HOW)
    try:
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError:
        raise ValueError(f"没有 {int(found[2])}月{int(found[3])}日 这一天，或没有这个钟点") from None


PeriodField = Annotated[
    Stretch,
    PlainValidator(_stretch),
    WithJsonSchema({"type": "string", "examples": ["2026-12-01 ~ 2026-12-31", "2026-12-10 10:00 ~ 2026-12-12 22:00"]}),
]
