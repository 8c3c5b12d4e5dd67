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

_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９：～－", "0123456789:~-")
_MOMENT: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: +(\d{1,2}):(\d\d))?")
_LOOSE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_HOW: Final = "起止请写成 2026-12-01 ~ 2026-12-31，或带上几点 2026-12-10 10:00 ~ 2026-12-12 22:00；一边可以不写"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a minute of it, on the corp's wall clock."""

    local: datetime
    timed: bool

    @property
    def end(self) -> datetime:
        """The wall clock when it is over: a day lasts to its end, a minute of the day is the end itself."""
        return self.local if self.timed else self.local + timedelta(days=1)

    def at(self, timezone: str = TIMEZONE) -> int:
        """Its first second, epoch seconds."""
        return _instant(self.local, timezone)

    def end_at(self, timezone: str = TIMEZONE) -> int:
        """The first second after it."""
        return _instant(self.end, timezone)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment to a moment, both included; None: open on that side."""

    start: Moment | None = None
    end: Moment | None = None

    def period(self, timezone: str = TIMEZONE) -> Period:
        """The instants in a time zone (IANA name)."""
        if not self.start and not self.end:
            return ALWAYS_VALID
        start_at = self.start.at(timezone) if self.start else None
        return Period(start_at, self.end.end_at(timezone) if self.end else None)


ALWAYS: Final = Stretch()


def _instant(local: datetime, timezone: str) -> int:
    return int(local.replace(tzinfo=ZoneInfo(timezone)).timestamp())


def _moment(value: object) -> Moment:
    text = str(value).translate(_HALF_WIDTH).strip()
    found = _MOMENT.fullmatch(text)
    if not found:
        near = _LOOSE.fullmatch(text)
        day = f"{near[1]}-{int(near[2]):02}-{int(near[3]):02}" if near else "2026-12-01"
        raise ValueError(f"日期请写 {day}，要写几点就写 {day} 10:00")
    try:
        local = datetime(*(int(part) for part in found.groups() if part is not None))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise ValueError(f"没有 {int(found[2])}月{int(found[3])}日 这一天，或没有这个钟点") from None
    return Moment(local, timed=found[4] is not None)


def _stretch(value: object) -> Stretch:
    start, tilde, end = (part.strip() for part in str(value).translate(_HALF_WIDTH).partition("~"))
    if not tilde or not (start or end):
        raise ValueError(_HOW)
    found = Stretch(_moment(start) if start else None, _moment(end) if end else None)
    if found.start and found.end and found.end.end <= found.start.local:
        raise ValueError("前后写反了，开始要早于结束")
    return found


MomentField = Annotated[
    Moment, PlainValidator(_moment), WithJsonSchema({"type": "string", "examples": ["2026-12-01", "2026-12-01 10:00"]})
]
PeriodField = Annotated[
    Stretch,
    PlainValidator(_stretch),
    WithJsonSchema({"type": "string", "examples": ["2026-12-01 ~ 2026-12-31", "2026-12-10 10:00 ~ 2026-12-12 22:00"]}),
]
