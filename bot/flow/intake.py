"""Many callbacks, one commit: whoever arrives while a commit is under way shares the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Literal

import structlog

from bot.flow.pressure import Pressure
from bot.metrics import Metrics
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Arrival

MOST_WAITING = 5_000
"""Beyond this many unanswered callbacks new ones are refused: WeCom sends them again, memory does not grow."""

Fate = Literal["kept", "not_kept", "overloaded"]
Answer = Callable[[Fate], None]

log = structlog.get_logger()


class Intake:
    """The one way into the inbox for callbacks."""

    def __init__(self, database: Database, metrics: Metrics, pressure: Pressure, arrived: Callable[[], None]) -> None:
        self._database = database
        self._metrics = metrics
        self._pressure = pressure
        self._arrived = arrived
        self._waiting: list[tuple[Arrival, Answer]] = []
        self._flushing: asyncio.Task[None] | None = None

    def put(self, arrival: Arrival, answer: Answer) -> None:
        """Keep an arrival; `answer` hears "kept" once it is on disk, or why nothing of it was kept."""
        if len(self._waiting) >= MOST_WAITING:
            return answer("overloaded")
        self._waiting.append((arrival, answer))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        return None

    async def _flush(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                fate = await self._commit([arrival for arrival, _ in batch])
                for _, answer in batch:
                    _tell(answer, fate)
        finally:
            self._flushing = None

    async def _commit(self, arrivals: list[Arrival]) -> Fate:
        try:
            await self._database.write(partial(inbox.put, arrivals=arrivals), urgent=True)
        except Exception:
            log.exception("callback_not_kept", apps=sorted({a.app for a in arrivals}), count=len(arrivals))
            return "not_kept"
        self._metrics.commit_rows.observe(len(arrivals))
        self._pressure.note(len(arrivals))
        self._arrived()
        return "kept"


def _tell(answer: Answer, fate: Fate) -> None:
    """One that cannot be answered is no reason to leave the others of its commit without an answer."""
    try:
        answer(fate)
    except Exception:
        log.exception("callback_not_answered", fate=fate)
