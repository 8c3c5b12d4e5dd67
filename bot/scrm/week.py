"""Hours and days as staff write them: when in the week something holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
DAY_SECONDS = 60 * DAY_MINUTES
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Hours:
    """From `start` (included) to `end` (excluded), minutes of the day; past midnight when `end` <= `start`.

    `end` may be 1440 (24:00). Equal values mean the whole day round.
    """

    start: int
    end: int

    @property
    def past_midnight(self) -> bool:
        """Whether they end on the next day."""
        return self.end <= self.start


ALL_DAY = Hours(0, DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class Window:
    """These hours on these weekdays (0 = Monday).

    Hours that pass midnight belong to the day on which they begin: 周五 21:00 ~ 9:00 ends on Saturday morning.
    """

    days: frozenset[int] = EVERY_DAY
    hours: Hours = ALL_DAY

    def holds(self, weekday: int, minute: int) -> bool:
        """Whether a moment of the week lies inside."""
        today, yesterday = weekday in self.days, (weekday - 1) % 7 in self.days
        if not self.hours.past_midnight:
            return today and self.hours.start <= minute < self.hours.end
        return (today and minute >= self.hours.start) or (yesterday and minute < self.hours.end)

    def includes(self, other: Window) -> bool:
        """Whether every moment of `other` lies inside this one."""
        edges = _edges((self, other))
        return all(self.holds(d, m) or not other.holds(d, m) for d in range(7) for m in edges)


ALWAYS = Window()


def gaps(windows: Iterable[Window]) -> Iterator[tuple[int, Hours]]:
    """The parts of the week that no window covers, day by day: (weekday, hours)."""
    rows = tuple(windows)
    for weekday in range(7):
        open_since: int | None = None
        for minute in [*_edges(rows), DAY_MINUTES]:
            covered = minute == DAY_MINUTES or any(w.holds(weekday, minute) for w in rows)
            if not covered and open_since is None:
                open_since = minute
            elif covered and open_since is not None:
                yield weekday, Hours(open_since, minute)
                open_since = None


def local_time(at: int, timezone: str) -> datetime:
    """The corp's wall clock at an instant (epoch seconds). `timezone`: IANA name."""
    return datetime.fromtimestamp(at, ZoneInfo(timezone))


def day_began_at(at: int, timezone: str) -> int:
    """The corp's midnight before an instant."""
    return int(local_time(at, timezone).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def day_of(at: int, timezone: str) -> tuple[int, int]:
    """When the corp's day around an instant begins and ends."""
    began_at = day_began_at(at, timezone)
    return began_at, began_at + DAY_SECONDS


def week_began_at(at: int, timezone: str) -> int:
    """The corp's midnight before the Monday of an instant's week."""
    local = local_time(at, timezone)
    monday = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=local.weekday())
    return int(monday.timestamp())


def week_minute(at: int, timezone: str) -> tuple[int, int]:
    """Weekday (0 = Monday) and minute of the day at an instant."""
    local = local_time(at, timezone)
    return local.weekday(), local.hour * 60 + local.minute


def seconds_left(hours: Hours, at: int, timezone: str) -> int:
    """How long these hours of every day still last at an instant; 0 outside them."""
    weekday, minute = week_minute(at, timezone)
    return _seconds_to(hours.end, minute, at) if Window(hours=hours).holds(weekday, minute) else 0


def seconds_until(hours: Hours, at: int, timezone: str) -> int:
    """How long until these hours of every day begin anew."""
    return _seconds_to(hours.start, week_minute(at, timezone)[1], at)


def _seconds_to(minute: int, now_minute: int, at: int) -> int:
    return (minute - now_minute) % DAY_MINUTES * 60 - at % 60


def clock_text(minute: int) -> str:
    """A minute of the day as people write it: 9:05, 24:00."""
    return f"{minute // 60}:{minute % 60:02}"


def spoken(at: int, timezone: str) -> str:
    """An instant as people read it: 12 月 14 日 10:05."""
    local = local_time(at, timezone)
    return f"{local.month} 月 {local.day} 日 {local:%H:%M}"


def _edges(windows: Iterable[Window]) -> list[int]:
    """The minutes at which coverage can change, midnight first."""
    return sorted({0, *(m for w in windows for m in (w.hours.start, w.hours.end) if m < DAY_MINUTES)})
