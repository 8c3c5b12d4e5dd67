"""Waits for what the world has set for later (a transfer takes a day), and lets it happen."""

from __future__ import annotations

import asyncio

from sandbox.clock import Clock
from sandbox.handles.base import Happened
from sandbox.world.later import Later


class Agenda:
    """One background task for each instant."""

    def __init__(self, later: Later, clock: Clock, happened: Happened) -> None:
        self._later, self._clock, self._happened = later, clock, happened
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._later.on_set = self._wait_for
        for at in self._later.instants():
            self._wait_for(at)

    async def stop(self) -> None:
        self._later.on_set = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _wait_for(self, at: int) -> None:
        task = asyncio.create_task(self._wait(at))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wait(self, at: int) -> None:
        await self._clock.sleep_until(at)
        self._happened("time_passes", self._later.due(self._clock.now()))
