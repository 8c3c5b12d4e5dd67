"""Days, weeks and months in UTC+8, as WeCom counts them; statistics of a day are known from the next day on."""

from __future__ import annotations

import datetime
from calendar import monthrange
from typing import Literal

from sandbox.world.wire import Body, need

Period = Literal["day", "week", "month"]
STATISTIC_BACK_DAYS = 180
_DAY, _CHINA = 86400, 8 * 3600
_ZONE = datetime.timezone(datetime.timedelta(seconds=_CHINA))


def day_of(at: int) -> int:
    """The instant at which the day of `at` began."""
    return at - (at + _CHINA) % _DAY


def asked_days(body: Body, begin: str, end: str, now: int, at_most: int | None = None) -> list[int]:
    """Beginnings of the days asked for, today and later left out. Raises ApiError 40035.

    `end` may be missing: one day. `at_most`: days.
    """
    first, last = body.get(begin), body.get(end) or body.get(begin)
    need(isinstance(first, int) and isinstance(last, int), 40035, f"invalid parameter: {begin}")
    assert isinstance(first, int) and isinstance(last, int)
    first, last, today = day_of(first), day_of(last), day_of(now)
    need(first <= last, 40035, f"invalid parameter: {end} is before {begin}")
    need(first >= today - STATISTIC_BACK_DAYS * _DAY, 40035, f"only the last {STATISTIC_BACK_DAYS} days")
    need(at_most is None or last < first + at_most * _DAY, 40035, f"more than {at_most} days")
    return list(range(first, min(last + _DAY, today), _DAY))


def end_of(day: int) -> int:
    """The last second of a day."""
    return day + _DAY - 1


def began(period: Period, at: int) -> int:
    """The instant at which the calendar day, week (from Monday: not published) or month of `at` began."""
    day = datetime.datetime.fromtimestamp(day_of(at), _ZONE)
    back = {"day": 0, "week": day.weekday(), "month": day.day - 1}[period]
    return day_of(at) - back * _DAY


def days_of_month(at: int) -> int:
    """How many days the month of `at` has."""
    day = datetime.datetime.fromtimestamp(at, _ZONE)
    return monthrange(day.year, day.month)[1]
