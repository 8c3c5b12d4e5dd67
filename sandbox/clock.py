"""The sandbox's only time. Any object with these three methods will do, a virtual clock included."""

from __future__ import annotations

import asyncio
import contextlib
import time
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how to wait for a later one."""

    def now(self) -> int:
        """UTC epoch seconds."""

    async def sleep_until(self, at: float) -> None:
        """Return once `now()` has reached `at` (epoch seconds)."""

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


async def pause(clock: Clock, seconds: float, since: int | None = None) -> None:
    """Wait `seconds` (from `since`, if given); kept to the second, as `now()` is, and exactly when at most one."""
    if seconds > 1:
        await clock.sleep_until((clock.now() if since is None else since) + seconds)
        return
    # now() is whole: a short pause measured from it would round away. A time-out that is never met does not.
    with contextlib.suppress(TimeoutError):
        async with clock.timeout(seconds):
            await asyncio.get_running_loop().create_future()
