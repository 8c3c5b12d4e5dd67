"""Dates and periods as staff write them; they become instants in the corp's time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import PlainValidator, WithJsonSchema

from bot.scrm.period import Period

_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９：～", "0123456789:~")
_MOMENT: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?: +(\d{1,2}):(\d\d))?")
_LOOSE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a minute of it, on the corp's wall clock."""

    local: datetime
    timed: bool

    def at(self, timezone: str) -> int:
        """Its first second, epoch seconds."""
        return int(self.local.replace(tzinfo=ZoneInfo(timezone)).timestamp())

    def end_at(self, timezone: str) -> int:
        """The first second after it: a day ends with the day, a minute of the day is the end itself."""
        after = self if self.timed else Moment(self.local + timedelta(days=1), timed=False)
        return after.at(timezone)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to a moment, either of them open."""

    start: Moment | None = None
    end: Moment | None = None

    def value(self, timezone: str) -> Period:
        """As instants: days count to their end."""
        start_at = self.start.at(timezone) if self.start else None
        return Period(start_at, self.end.end_at(timezone) if self.end else None)


def moment(value: object) -> Moment:
    """ "2026-12-01" or "2026-12-10 10:00"."""
    text = str(value).translate(_HALF_WIDTH).strip()
    found = _MOMENT.fullmatch(text)
    if not found:
        near = _LOOSE.fullmatch(text)
        day = f"{near[1]}-{int(near[2]):02}-{int(near[3]):02}" if near else "2026-12-01"
        raise ValueError(f"日期请写 {day}，要写几点就写 {day} 10:00")
    try:
        local = datetime(*(int(part) for part in found.groups() if part is not None))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise ValueError(f"没有 {text} 这一天或这个时间") from None
    return Moment(local, timed=found[4] is not None)


def span(value: object) -> Span:
    """ "2026-12-01 ~ 2026-12-31", "2026-12-01 ~", "~ 2026-12-31"; days are included on both sides."""
    start, tilde, end = str(value).translate(_HALF_WIDTH).partition("~")
    if not tilde:
        raise ValueError("期间请写 2026-12-01 ~ 2026-12-31，一边可以空着")
    found = Span(moment(start) if start.strip() else None, moment(end) if end.strip() else None)
    if found.start and found.end and found.end.end_at("UTC") <= found.start.at("UTC"):
        raise ValueError("结束不能早于开始")
    return found


MomentField = Annotated[
    Moment, PlainValidator(moment), WithJsonSchema({"type": "string", "examples": ["2026-12-01", "2026-12-01 10:00"]})
]
SpanField = Annotated[
    Span,
    PlainValidator(span),
    WithJsonSchema({"type": "string", "examples": ["2026-12-01 ~ 2026-12-31", "2026-12-01 ~"]}),
]
