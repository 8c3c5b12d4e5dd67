"""WeCom's limit on mass sends per customer or group, as dated policies (content/quota.yaml; official page 92135)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.scrm.kind import Touchpoint
from bot.scrm.week import local_time

Span = Literal["月", "周", "天"]


@dataclass(frozen=True, slots=True)
class QuotaPolicy:
    """From this instant on: at most so many in a calendar month, week (from Monday) or day; None: the days of it."""

    from_at: int
    per: Span
    most: int | None


@dataclass(frozen=True, slots=True)
class Quota:
    """`reserve`: kept for members' own sends and urgent notices, by touchpoint."""

    policies: tuple[QuotaPolicy, ...]
    reserve: Mapping[Touchpoint, int]

    def policy(self, at: int) -> QuotaPolicy | None:
        """The policy in force at an instant; None before the first, when nothing is known to be limited."""
        return max((p for p in self.policies if p.from_at <= at), key=lambda p: p.from_at, default=None)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may be received between two instants: `start_at` (included) to `end_at` (excluded)."""

    start_at: int
    end_at: int
    most: int

    def left(self, uses: Iterable[int]) -> int:
        """How many more, after these (the instants of what was received, by the firm and by members)."""
        return self.most - sum(self.start_at <= at < self.end_at for at in uses)


def allowance(quota: Quota, at: int, timezone: str) -> Allowance | None:
    """The window of the policy in force at an instant, whole: what was received in it before the policy counts."""
    policy = quota.policy(at)
    if policy is None:
        return None
    start, end = _window(policy.per, local_time(at, timezone))
    most = (end - start).days if policy.most is None else policy.most
    return Allowance(int(start.timestamp()), int(end.timestamp()), most)


def left(quota: Quota, touchpoint: Touchpoint, uses: Iterable[int], at: int, timezone: str) -> int | None:
    """How many mass sends may still be planned at an instant, the reserve kept back; None: without limit."""
    window = allowance(quota, at, timezone)
    return None if window is None else window.left(uses) - quota.reserve.get(touchpoint, 0)


def _window(per: Span, local: datetime) -> tuple[datetime, datetime]:
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if per == "天":
        return day, day + timedelta(days=1)
    if per == "周":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


UNLIMITED = Quota((), {})
"""Where staff wrote none."""
