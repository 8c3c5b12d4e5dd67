"""Callbacks come first: while they pour in, everything behind them goes slowly.

WeCom waits 5 s for an answer and lets a corp greet at most 167 people a second (10,000 calls a minute, official
page 90454). More callbacks than PRESSED_PER_SECOND are a storm of redeliveries or worse: what counts then is that
each is on disk. The work behind the door nearly stands still, and goes on in full, deadlines first, when the rush is
over.
"""

from __future__ import annotations

import asyncio

PRESSED_PER_SECOND = 400
WINDOW_SECONDS = 0.02
HOLD_SECONDS = 0.2
"""A rush is over when none of this length was one."""

PAUSE_SECONDS = 10.0
"""Who gives way goes on when the rush is over, and now and then while it lasts: an event keeps the core for some 10 ms,
in pieces that some twenty callbacks wait for."""


class Pressure:
    """How fast callbacks arrive, by the event loop's clock (it paces work, it decides nothing)."""

    def __init__(self) -> None:
        self._began = 0.0
        self._count = 0
        self._high_until = 0.0
        self.late = False
        """Customers wait to be greeted: what has no deadline goes a few at a time, so that they need not."""

    def note(self, arrivals: int) -> None:
        """So many callbacks were just kept."""
        now = asyncio.get_running_loop().time()
        if now - self._began > 2 * WINDOW_SECONDS:  # a pause before this one: begin to count anew
            self._began, self._count = now, 0
        self._count += arrivals
        if now - self._began > WINDOW_SECONDS:
            if self._count / (now - self._began) > PRESSED_PER_SECOND:
                self._high_until = now + HOLD_SECONDS
            self._began, self._count = now, 0

    @property
    def high(self) -> bool:
        """Whether the rush is on."""
        return asyncio.get_running_loop().time() < self._high_until

    async def pause(self, share: int = 1) -> None:
        """Give way while the rush is on; `share`: at most so many pauses' length."""
        loop = asyncio.get_running_loop()
        until = loop.time() + share * PAUSE_SECONDS
        while self.high and loop.time() < until:  # noqa: ASYNC110  a rush ends by nothing happening: who would ring?
            await asyncio.sleep(min(HOLD_SECONDS, until - loop.time()))
