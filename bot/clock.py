"""The only time there is. Everything that waits or asks the hour does it through a Clock.

Instants are integer UTC epoch seconds. A virtual clock lets a story, a test or a simulation
play hours in milliseconds with the very same code.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how to wait for a later one."""

    def now(self) -> int:
        """UTC epoch seconds."""

    async def sleep_until(self, at: float) -> None:
        """Return once `now()` has reached `at` (epoch seconds); at once if it already has."""

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Raise TimeoutError in the block if it is still running after `seconds`."""


class SystemClock:
    """The wall clock."""

    def now(self) -> int:
        return int(time.time())

    async def sleep_until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - time.time()))

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return asyncio.timeout(seconds)


class VirtualClock:
    """A clock that stands still until somebody calls `advance`."""

    def __init__(self, start_at: int) -> None:
        self._now: float = start_at
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> int:
        return int(self._now)

    async def sleep_until(self, at: float) -> None:
        if at <= self._now:
            await asyncio.sleep(0)
            return
        await self._wake_at(at)

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        async with asyncio.timeout(None) as limit:
            wake = self._wake_at(self._now + seconds)
            wake.add_done_callback(
                lambda f: None if f.cancelled() else limit.reschedule(asyncio.get_running_loop().time())
            )
            try:
                yield
            finally:
                wake.cancel()

    async def advance(self, seconds: float) -> None:
        """Move time on, waking every sleeper at its own instant and letting it run before the next."""
        target = self._now + seconds
        while self._sleepers and self._sleepers[0][0] <= target:
            at, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._now = max(self._now, at)
            future.set_result(None)
            for _ in range(5):
                await asyncio.sleep(0)
        self._now = target
        await asyncio.sleep(0)

    async def leap(self, to: float) -> None:
        """Be at a later moment at once: everybody whose hour has passed meanwhile wakes there, and wakes once."""
        self._now = max(self._now, to)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
        await asyncio.sleep(0)

    def _wake_at(self, at: float) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (at, next(self._order), future))
        return future
