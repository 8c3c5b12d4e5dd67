"""A wall clock that began at another hour: for a demo on a day on which something is planned."""

from __future__ import annotations

import time

from bot.clock import SystemClock


class ClockFrom(SystemClock):
    """It was `began` (epoch seconds) when it was made, and goes as fast as every clock."""

    def __init__(self, began: float) -> None:
        self._ahead = began - time.time()

    def now(self) -> int:
        return int(time.time() + self._ahead)

    async def sleep_until(self, at: float) -> None:
        await super().sleep_until(at - self._ahead)
