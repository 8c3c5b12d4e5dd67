"""What one decision has asked of the database: each question once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.store.database import Database

T = TypeVar("T")


class Asked:
    """What one decision has asked: each question once, so that all its handlers see the same and none waits twice."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: dict[Hashable, Any] = {}

    async def look_up(self, job: Callable[[Connection], T]) -> T:
        """Run a job that reads a few rows by key. `job`: a function of the store, or a partial with keywords only."""
        return await self._once(job, self._database.look_up)

    async def read(self, job: Callable[[Connection], T]) -> T:
        """The same for a job that counts many rows: callbacks do not wait for it."""
        return await self._once(job, self._database.read)

    async def _once(
        self, job: Callable[[Connection], T], ask: Callable[[Callable[[Connection], T]], Awaitable[T]]
    ) -> T:
        question = (job.func, *sorted(job.keywords.items())) if isinstance(job, partial) else job
        if question not in self._answers:
            self._answers[question] = await ask(job)
        answer: T = self._answers[question]
        return answer
