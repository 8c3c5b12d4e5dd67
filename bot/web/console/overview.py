"""What takes seconds to reckon, reckoned beside: the week to come and the mix of every pool, each page showing the
newest there is and how old it is. Nobody waits long for it, and it never holds up what arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from bot.clock import Clock
from bot.content.snapshot import Content
from bot.flow.outlook import SEEN_BY_ALL, TO_ALL_AND_EACH, Outlook, foresee
from bot.scrm.mix_report import MixReport
from bot.store.database import Database
from bot.store.mix import reports

DAYS: Final = 7
FRESH_SECONDS: Final = 300
PATIENCE_SECONDS: Final = 0.1
"""So long a page waits for one that has to be reckoned anew; then it shows the one before."""

FIRST_SECONDS: Final = 5.0
"""So long where there is none yet."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Overview:
    """Reckoned `at` (epoch seconds) on this edition of content."""

    at: int
    version: str
    outlook: Outlook
    mixes: tuple[MixReport, ...]

    @property
    def until_at(self) -> int:
        """How far it looks."""
        return self.at + DAYS * 86_400


class Overviews:
    """Keeps the newest one."""

    def __init__(self, database: Database, content: Callable[[], Content], clock: Clock, timezone: str) -> None:
        self._database, self._content, self._clock, self._timezone = database, content, clock, timezone
        self._newest: Overview | None = None
        self._task: asyncio.Task[None] | None = None
        self._stale = False

    def stale(self) -> None:
        """Something was changed on which it rests."""
        self._stale = True

    async def newest(self) -> Overview | None:
        """The newest there is; None while the first one takes long."""
        if self._task is None and not self._fresh():
            self._task = asyncio.create_task(self._reckon())
        if self._task is not None:
            patience = PATIENCE_SECONDS if self._newest else FIRST_SECONDS
            await asyncio.wait({self._task}, timeout=patience)
        return self._newest

    async def close(self) -> None:
        """Nobody needs it any more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _fresh(self) -> bool:
        one = self._newest
        if one is None or self._stale or one.version != self._content().version:
            return False
        return one.at <= self._clock.now() < one.at + FRESH_SECONDS

    async def _reckon(self) -> None:
        try:
            self._stale = False
            self._newest = await self._reckoned()
        except Exception:
            log.exception("overview_failed")
        finally:
            self._task = None

    async def _reckoned(self) -> Overview:
        content, now = self._content(), self._clock.now()
        outlook = await foresee(self._database, content, self._timezone, DAYS, now, TO_ALL_AND_EACH)
        mixes: list[MixReport] = []
        for touchpoint in SEEN_BY_ALL:
            of = partial(reports, touchpoint=touchpoint, plan=content.mix, now=now, timezone=self._timezone)
            mixes += await self._database.read(of, unhurried=True)
        return Overview(now, content.version, outlook, tuple(mixes))
