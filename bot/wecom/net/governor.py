"""Keeps calls inside WeCom's limits, so that it never has to block us.

A block of 60 s would outlive every waiting welcome code (20 s), so part of the limit that all APIs share is for
send_welcome_msg alone. No I/O and no time of its own: instants come in as arguments.
Source: developer.work.weixin.qq.com/document/path/90454 and 90312, reference section 2.2.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Final

SEND_WELCOME: Final = "externalcontact/send_welcome_msg"
MINUTE: Final = 60
HOUR: Final = 3600
_NEARLY_FULL: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many calls may be made. Per member: messages of the app to one member; WeCom drops more without a word."""

    per_api_minute: int = 10_000
    per_api_hour: int = 150_000
    per_ip_minute: int = 20_000
    per_ip_hour: int = 600_000
    welcome_reserve_minute: int = 2_000
    per_member_minute: int = 30
    per_member_hour: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How much of its limits an API has used.

    name: the API, or `ip` for all together. blocked_until_at: epoch seconds, None if it is open.
    """

    name: str
    minute_used: int
    minute_limit: int
    hour_used: int
    hour_limit: int
    blocked_until_at: int | None = None


class Governor:
    """Counts every call of this process. Made for one corp behind one IP."""

    def __init__(self, limits: Limits | None = None) -> None:
        limits = self._limits = limits or Limits()
        self._ip = _Windows(limits.per_ip_minute, limits.per_ip_hour)
        self._apis = defaultdict[str, _Windows](lambda: _Windows(limits.per_api_minute, limits.per_api_hour))
        self._members = defaultdict[str, _Windows](lambda: _Windows(limits.per_member_minute, limits.per_member_hour))
        self._blocked_until: dict[str, int] = {}

    def admit(self, api: str, now: int, member: str | None = None) -> int | None:
        """None: the call is counted and may go. Else the epoch second at which to ask again.

        api: path after `/cgi-bin/`. member: the userid whom message/send is for.
        """
        own = [self._apis[api]] if member is None else [self._apis[api], self._members[member]]
        at = max(
            self._blocked_until.get(api, 0),
            self._ip.opens_at(now, self._kept_back(api)),
            *(windows.opens_at(now) for windows in own),
        )
        if at > now:
            return at
        for windows in (self._ip, *own):
            windows.count(now)
        return None

    def block(self, api: str, now: int) -> int:
        """WeCom answered 45009: park the API until its window ends, and return that second.

        It does not say which window was full. The hour's, if by our own count that is nearly so; else the minute's.
        """
        hour = self._apis[api].hour
        seconds = HOUR if hour.used(now) >= _NEARLY_FULL * hour.limit else MINUTE
        until = self._blocked_until[api] = max(self._blocked_until.get(api, 0), now + seconds)
        return until

    def standing(self, now: int) -> tuple[Standing, ...]:
        """Where every API stands, for display; all together first."""
        apis = (self._standing(api, windows, now) for api, windows in sorted(self._apis.items()))
        return (self._standing("ip", self._ip, now), *apis)

    def _kept_back(self, api: str) -> float:
        """The share of what all APIs have together that this one must leave to welcomes."""
        return 0.0 if api == SEND_WELCOME else self._limits.welcome_reserve_minute / self._limits.per_ip_minute

    def _standing(self, name: str, windows: _Windows, now: int) -> Standing:
        until = self._blocked_until.get(name, 0)
        return Standing(
            name=name,
            minute_used=windows.minute.used(now),
            minute_limit=windows.minute.limit,
            hour_used=windows.hour.used(now),
            hour_limit=windows.hour.limit,
            blocked_until_at=until if until > now else None,
        )


class _Windows:
    """The minute and the hour of one thing that is limited."""

    def __init__(self, per_minute: int, per_hour: int) -> None:
        self.minute = _Window(MINUTE, per_minute)
        self.hour = _Window(HOUR, per_hour)

    def opens_at(self, now: int, kept_back: float = 0.0) -> int:
        return max(self.minute.opens_at(now, kept_back), self.hour.opens_at(now, kept_back))

    def count(self, now: int) -> None:
        self.minute.count(now)
        self.hour.count(now)


@dataclass(slots=True)
class _Window:
    """A sliding window in whole seconds.

    A second stays until `seconds` have passed after its end: no real span of that length ever holds more than `limit`.
    """

    seconds: int
    limit: int
    _counts: deque[list[int]] = field(default_factory=deque)
    _total: int = 0

    def used(self, now: int) -> int:
        while self._counts and self._counts[0][0] + self.seconds < now:
            self._total -= self._counts.popleft()[1]
        return self._total

    def opens_at(self, now: int, kept_back: float = 0.0) -> int:
        """`now`, or the first second at which the window has room again."""
        room = self.limit - int(self.limit * kept_back)
        left = self.used(now)
        if left < room:
            return now
        for second, calls in self._counts:
            left -= calls
            if left < room:
                return second + self.seconds + 1
        return now + self.seconds

    def count(self, now: int) -> None:
        self._total += 1
        if self._counts and self._counts[-1][0] >= now:
            self._counts[-1][1] += 1
        else:
            self._counts.append([now, 1])
