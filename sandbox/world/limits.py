"""How often and how many at once: WeCom's frequency and concurrency limits (official pages 90454, 90312)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.world.wire import ApiError, Body

PER_API_MINUTE, PER_API_HOUR = 10_000, 150_000
PER_IP_MINUTE, PER_IP_HOUR = 20_000, 600_000
MINUTE, HOUR = 60, 3600


@dataclass(slots=True)
class Window:
    """So many calls in so many seconds; over it, a block as long as the window.

    A window opens with its first call. Whether WeCom's slide is not published.
    """

    quota: int
    seconds: int
    opened_at: int = -1
    count: int = 0
    blocked_until: int = 0

    def blocked(self, at: int) -> bool:
        return at < self.blocked_until

    def draw(self, at: int) -> None:
        """Count one call. Raises ApiError 45009 when it is one too many."""
        if self.opened_at < 0 or at >= self.opened_at + self.seconds:
            self.opened_at, self.count = at, 0
        if self.count >= self.quota:
            self.blocked_until = at + self.seconds
            raise ApiError(45009, f"api freq out of limit: {self.quota} in {self.seconds} s")
        self.count += 1


@dataclass(slots=True)
class Limits:
    """Calls per corp and API, and per IP over all APIs."""

    per_api_minute: int = PER_API_MINUTE
    per_api_hour: int = PER_API_HOUR
    per_ip_minute: int = PER_IP_MINUTE
    per_ip_hour: int = PER_IP_HOUR
    _windows: dict[str, tuple[Window, Window]] = field(default_factory=dict)

    def draw(self, api: str, ip: str, at: int) -> None:
        """Count one call of this API from this IP. Raises ApiError 45009."""
        by_api = self._of(api, self.per_api_minute, self.per_api_hour)
        windows = by_api + self._of(f"ip {ip}", self.per_ip_minute, self.per_ip_hour)
        if any(window.blocked(at) for window in windows):
            raise ApiError(45009, "api freq out of limit, still blocked")
        for window in windows:
            window.draw(at)

    def set(self, per_minute: int | None = None, per_hour: int | None = None) -> None:
        """Other quotas per API, counted anew (a test cannot wait for 10,000 calls)."""
        self.per_api_minute = per_minute or PER_API_MINUTE
        self.per_api_hour = per_hour or PER_API_HOUR
        self._windows.clear()

    def _of(self, key: str, minute: int, hour: int) -> tuple[Window, Window]:
        if key not in self._windows:
            self._windows[key] = (Window(minute, MINUTE), Window(hour, HOUR))
        return self._windows[key]


@dataclass(slots=True)
class Traffic:
    """Calls that have arrived and are not yet answered."""

    # The ceiling behind 45033 is not published, so there is none until it is set.
    ceiling: int | None = None
    _open: Counter[str] = field(default_factory=Counter)
    _held: dict[tuple[object, ...], list[str]] = field(default_factory=dict)

    @contextmanager
    def enter(self, api: str, body: Body, token: str) -> Iterator[None]:
        """Hold the call's place. Raises ApiError 45033 (too many at once), 45035 or 41096 (same object)."""
        if self.ceiling is not None and self._open[api] >= self.ceiling:
            raise ApiError(45033, "api concurrent out of limit")
        key = _object_of(api, body)
        holders = self._held.setdefault(key, []) if key else []
        _refuse_conflict(api, holders, token)
        holders.append(token)
        self._open[api] += 1
        try:
            yield
        finally:
            self._open[api] -= 1
            holders.remove(token)
            if key and not holders:
                self._held.pop(key, None)


def _object_of(api: str, body: Mapping[str, object]) -> tuple[object, ...] | None:
    """What two calls may not work on at the same time."""
    if api == "externalcontact/mark_tag":
        return (api, str(body.get("userid")), str(body.get("external_userid")))
    if api == "externalcontact/send_welcome_msg":
        return (api, str(body.get("welcome_code")))
    return None


def _refuse_conflict(api: str, holders: list[str], token: str) -> None:
    if holders and api == "externalcontact/mark_tag":
        raise ApiError(45035, "concurrent operation on the same customer")
    if any(holder != token for holder in holders):
        raise ApiError(41096, "another app is sending this welcome message")
