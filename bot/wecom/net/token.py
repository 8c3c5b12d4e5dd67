"""The access token of one app: one at a time, fetched once for all who wait, warm before it is needed.

Source: developer.work.weixin.qq.com/document/path/91039, reference section 2.1: it lives 7200 s, may be revoked
early, and repeated calls return the same one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.clock import Clock
from bot.wecom.errors import CallError

MARGIN: Final = 300
WARM: Final = 600
PAUSE_AFTER_FAILURE: Final = 10

Fetch = Callable[[], Awaitable[tuple[str, int]]]


class AccessToken:
    """fetch: asks WeCom for (token, seconds it lives); raises CallError."""

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._value = ""
        self._expires_at = 0
        self._not_before = 0
        self._flight: asyncio.Task[None] | None = None

    async def get(self, stale: str | None = None) -> str:
        """A token to call with. stale: one that WeCom has just refused. Raises CallError.

        A renewal ahead of time that fails does no harm: the old token goes on while it lives.
        """
        if not self._value or self._value == stale or self._left() <= 0:
            await self._renew()
        elif self._left() < MARGIN:
            await self._renew_ahead()
        return self._value

    async def keep_warm(self) -> None:
        """Renew when less than ten minutes are left, so that no call ever waits for a token. Never raises CallError."""
        if self._left() < WARM:
            await self._renew_ahead()

    def _left(self) -> int:
        return self._expires_at - self._clock.now()

    async def _renew_ahead(self) -> None:
        if self._clock.now() < self._not_before:
            return
        try:
            await self._renew()
        except CallError:
            self._not_before = self._clock.now() + PAUSE_AFTER_FAILURE

    async def _renew(self) -> None:
        """Join the fetch under way, or start one; all who wait share its outcome, a failure too."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._take())
            self._flight.add_done_callback(self._landed)
        await asyncio.shield(self._flight)

    async def _take(self) -> None:
        value, seconds = await self._fetch()
        self._value, self._expires_at = value, self._clock.now() + seconds

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # those who waited have it; nobody may be left waiting
