"""The content in use: a valid edit goes live without a restart, an invalid one never does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from watchfiles import awatch

from bot.content.load import load
from bot.content.period import TIMEZONE
from bot.content.snapshot import Content
from bot.scrm.week import day_began_at
from bot.yamlfile import Problem, Problems

log = structlog.get_logger(__name__)

QUIET_MILLISECONDS = 300
"""Editors write a file in several steps, and people save several files at once: wait for a pause this long."""

LOOK_MILLISECONDS = 60_000
"""How often it is looked whether a day began."""


async def _nobody(content: Content) -> None:
    """Nobody wants to know."""


class LiveContent:
    """Holds the newest valid snapshot. Raises Problems when the first load finds none.

    `now`: the clock, in epoch seconds, for what is valid for a time. `timezone`: IANA name of the corp's days.
    `problems`: why the files on disk are not what is in use; empty when they are.
    """

    def __init__(
        self, content_dir: Path, templates_dir: Path, now: Callable[[], int] | None = None, timezone: str = TIMEZONE
    ) -> None:
        self._folders = (content_dir, templates_dir)
        self._now, self._timezone = now, timezone
        self._read = self._seen()
        self.current: Content = self._load()
        self.problems: tuple[Problem, ...] = ()
        self._announced = self.current.version

    def _load(self) -> Content:
        return load(*self._folders, at=self._now() if self._now else None, timezone=self._timezone)

    def _seen(self) -> object:
        """What differs when there is something to read: a file, or the corp's day, since offers and proofs end."""
        day = day_began_at(self._now(), self._timezone) if self._now else None
        return day, fingerprint(*self._folders)

    def reload(self) -> bool:
        """Read everything anew and swap it whole if it is valid; else keep the old. Whether an edition went live."""
        before, self._read = self._read, self._seen()
        if self._read == before:
            return False
        try:
            content = self._load()
        except Problems as found:
            self.problems = found.problems
            for problem in found.problems:
                log.warning("content_refused", problem=str(problem))
            return False
        changed = content.version != self.current.version
        self.current, self.problems = content, ()
        if changed:
            log.info("content_live", version=content.version, warnings=len(content.warnings))
        return changed

    async def watch(self, stop: asyncio.Event, went_live: Callable[[Content], Awaitable[None]] = _nobody) -> None:
        """Reload whenever a file changes or a day begins, until `stop` is set.

        `went_live` hears of each edition that went live.
        """
        await self._refresh(went_live)  # what was saved since the first load
        saved = awatch(
            *self._folders,
            stop_event=stop,
            debounce=QUIET_MILLISECONDS,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,
        )
        async for _ in saved:
            await self._refresh(went_live)

    async def _refresh(self, went_live: Callable[[Content], Awaitable[None]]) -> None:
        await asyncio.to_thread(self.reload)
        content = self.current
        if content.version != self._announced:  # an announcement that failed is repeated at the next look
            await went_live(content)
            self._announced = content.version


def fingerprint(*folders: Path) -> frozenset[tuple[Path, int, int]]:
    """What differs when a file was written, added or removed: all files with the time and size of each."""
    files = (file for folder in folders for file in folder.rglob("*"))
    return frozenset((file, stat.st_mtime_ns, stat.st_size) for file in files if (stat := _stat(file)))


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:  # gone meanwhile, or a link to nowhere
        return None
