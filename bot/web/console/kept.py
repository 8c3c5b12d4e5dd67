"""What takes long to reckon is reckoned beside, and kept a while: a page shows the newest there is and its age."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, Generic, TypeVar

import structlog

from bot.scrm.span import MINUTE, spelled, whole

PATIENCE_SECONDS: Final = 0.1
"""So long who just changed something waits to see what it comes to; then they see what was before."""

FIRST_SECONDS: Final = 5.0
"""So long where there is nothing yet."""

RECKONING: Final = "正在推算，过几秒刷新这一页。"
FAILED: Final = "推算出错了，请管理员看日志里的 reckoning_failed。"
AGAIN: Final = "正在重新算，过几秒刷新"
FAILED_SINCE: Final = "之后重算出错了，请管理员看日志里的 reckoning_failed"

T = TypeVar("T")
log = structlog.get_logger()


class Kept(Generic[T]):
    """One such thing. `reckon` makes it, `fresh` says whether it will do still."""

    def __init__(self, reckon: Callable[[], Awaitable[T]], fresh: Callable[[T], bool]) -> None:
        self._reckon, self._fresh = reckon, fresh
        self._newest: T | None = None
        self._task: asyncio.Task[None] | None = None
        self._stale = False
        self._failed = False
        self.why_none = RECKONING
        """What to tell people while there is none."""

    def stale(self) -> None:
        """Something was changed on which it rests."""
        self._stale = True

    async def newest(self) -> T | None:
        """The newest there is; None while the first one takes long."""
        changed = self._stale
        if self._task is None and (self._newest is None or changed or not self._fresh(self._newest)):
            self._task = asyncio.create_task(self._make())
        if self._task is not None and (changed or self._newest is None):
            await asyncio.wait({self._task}, timeout=PATIENCE_SECONDS if self._newest else FIRST_SECONDS)
        return self._newest

    def aged(self, at: int, now: int) -> str:
        """How old what was made `at` (epoch seconds) is, and whether a newer one is to come."""
        more = FAILED_SINCE if self._failed else AGAIN if self._stale or self._task else ""
        return "，".join(filter(None, (aged(at, now), more)))

    async def close(self) -> None:
        """Nobody needs it any more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _make(self) -> None:
        changed, self._stale = self._stale, False
        try:
            self._newest = await self._reckon()
            self._failed = False
        except Exception:
            log.exception("reckoning_failed")
            self.why_none, self._failed = FAILED, True
            self._stale |= changed
        finally:
            self._task = None


def aged(at: int, now: int) -> str:
    """How old a number is."""
    return f"{spelled(whole(now - at))}前算的" if now - at >= MINUTE else "刚刚算的"
