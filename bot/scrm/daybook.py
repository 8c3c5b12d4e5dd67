"""What kind of day a date is: workday (with make-up days), holiday, solar term, festival. Pure; filled outside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from bot.scrm.calendar import Every, OnDay
from bot.scrm.week import WEEKDAYS

ONE_DAY: Final = timedelta(days=1)
MONTH_DAY: Final = re.compile(r"每月([1-9]|[12]\d|3[01])日")
MONTH_END: Final = "每月末日"


@dataclass(frozen=True, slots=True)
class DayBook:
    """Holiday breaks with their weekends (`off`), weekend days that are worked (`make_up`), and named days.

    Where nothing was entered, Monday to Friday are worked and no name is known.
    """

    off: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()
    names: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    """Name → the days that it falls on, one a year."""

    def is_workday(self, day: date) -> bool:
        """Monday to Friday but for holidays, and make-up days."""
        return day in self.make_up or (day.weekday() < 5 and day not in self.off)

    def is_holiday(self, day: date) -> bool:
        """Part of a public holiday's break; a plain weekend is not."""
        return day in self.off

    def knows(self, name: str) -> bool:
        """Whether a day goes by this name: a date, a holiday, a solar term, a festival."""
        return name in self.names or _date(name) is not None

    def matches(self, when: OnDay | Every, day: date) -> bool:
        """Whether an entry's `on` or `every` means this day."""
        if isinstance(when, Every):
            return any(self._is(word, day) for word in when.words)
        return day - timedelta(days=when.shift_days) in self.days_of(when.name)

    def days_of(self, name: str) -> tuple[date, ...]:
        """The days that a name or a date stands for; none when it is unknown."""
        dated = _date(name)
        return (dated,) if dated else self.names.get(name, ())

    def _is(self, word: str, day: date) -> bool:
        if word in WEEKDAYS:
            return WEEKDAYS[day.weekday()] == word
        if found := MONTH_DAY.fullmatch(word):
            return day.day == int(found[1])
        match word:
            case "每天":
                return True
            case "工作日":
                return self.is_workday(day)
            case "休息日":
                return not self.is_workday(day)
            case _:
                return word == MONTH_END and (day + ONE_DAY).day == 1


PLAIN_DAYS: Final = DayBook()
"""Knows nothing but the week."""


def day_book(holidays: Collection[date], make_up: Collection[date], names: Mapping[str, tuple[date, ...]]) -> DayBook:
    """The book of these holidays. A break reaches over the weekend days that touch it, unless these are worked."""
    worked = frozenset(make_up) - frozenset(holidays)
    off = frozenset(day for holiday in holidays for day in _break(holiday, holidays, worked))
    return DayBook(off, worked, MappingProxyType(dict(names)))


def _break(holiday: date, holidays: Collection[date], worked: Collection[date]) -> Iterator[date]:
    yield holiday
    for step in (ONE_DAY, -ONE_DAY):
        day = holiday + step
        while day.weekday() >= 5 and day not in worked and day not in holidays:
            yield day
            day += step


def _date(name: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
