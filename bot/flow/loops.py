"""How the loops wait: for a bell, or for an hour, whichever comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.clock import Clock

log = structlog.get_logger()


class Bell:
    """A loop's alarm. Rings while the loop works are not lost: `hush` before looking, `wait_until` after."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There is something to look at."""
        self._rung.set()

    def hush(self) -> None:
        """I am about to look."""
        self._rung.clear()

    @property
    def rung(self) -> bool:
        """There is something to look at already."""
        return self._rung.is_set()

    async def wait_until(self, at: float) -> None:
        """Return at the next ring, or at `at` (epoch seconds)."""
        if self._rung.is_set():
            return
        ring = asyncio.ensure_future(self._rung.wait())
        hour = asyncio.ensure_future(self._clock.sleep_until(at))
        try:
            await asyncio.wait((ring, hour), return_when=asyncio.FIRST_COMPLETED)
        finally:
            ring.cancel()
            hour.cancel()


async def forever(name: str, run: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Keep a loop going until cancelled; one that breaks is logged and begins anew a second later."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("loop_broke", loop=name)
        await clock.sleep_until(clock.now() + 1)
