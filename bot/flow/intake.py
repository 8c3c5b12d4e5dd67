"""Many callbacks, one commit: whoever arrives while a commit is under way shares the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from bot.flow.pressure import Pressure
from bot.metrics import Metrics
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Arrival

MOST_WAITING = 5_000
"""Beyond this many unanswered callbacks new ones are refused: WeCom sends them again, memory does not grow."""


class OverloadedError(Exception):
    """More callbacks wait than the disk can take."""


class Intake:
    """The one way into the inbox for callbacks."""

    def __init__(self, database: Database, metrics: Metrics, pressure: Pressure, arrived: Callable[[], None]) -> None:
        self._database = database
        self._metrics = metrics
        self._pressure = pressure
        self._arrived = arrived
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def put(self, arrival: Arrival) -> None:
        """Return once the arrival is on disk.

        Raises:
            OverloadedError: too many wait already.
            Exception: the database refused; nothing was kept.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise OverloadedError
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        await kept

    async def _flush(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._commit(batch)
        finally:
            self._flushing = None

    async def _commit(self, batch: list[tuple[Arrival, asyncio.Future[None]]]) -> None:
        try:
            await self._database.write(partial(inbox.put, arrivals=[a for a, _ in batch]), urgent=True)
        except Exception as error:
            _settle(batch, error)
            return
        self._metrics.commit_rows.observe(len(batch))
        self._pressure.note(len(batch))
        _settle(batch, None)
        self._arrived()


def _settle(batch: list[tuple[Arrival, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, kept in batch:
        if kept.done():
            continue
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)
