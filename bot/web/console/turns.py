"""Who may have the processor: checking all of content/ takes a quarter of a second of it, and people type quickly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Turns:
    """One check at a time, whoever wants it, in a thread beside the loop."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._newest: dict[str, object] = {}

    async def turn(self, job: Callable[[], Awaitable[T]]) -> T:
        """Wait for one's turn."""
        async with self._one:
            return await job()

    async def newest(self, who: str, job: Callable[[], Awaitable[T]]) -> T | None:
        """The same, for what somebody asks again and again: None where they asked anew while it waited."""
        mine = self._newest[who] = object()
        async with self._one:
            return await job() if self._newest[who] is mine else None
