"""From the inbox to handlers: each line in order, lines side by side, deadlines past all.

    waiting row ─▶ event ─▶ handlers decide ─▶ records + outbox rows + closing of the row, one transaction

A failing event holds its line for at most PATIENCE_SECONDS; then it is parked, the line goes on marked, and
`LineBroken` has the truth read back from WeCom.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.flow.decide import Decider
from bot.flow.hand import Hand
from bot.flow.lines import Lines
from bot.flow.loops import Bell
from bot.flow.pressure import Pressure
from bot.metrics import Metrics
from bot.scrm.events import LineBroken
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Waiting

PATIENCE_SECONDS = 15 * 60
AT_ONCE = 8
SWEEP_SECONDS = 5
"""Backstop: rows that another process let wait again (a replay) are found this often."""

log = structlog.get_logger()


class Dispatcher:
    """Hands every waiting event to its handlers, and writes down what they decide."""

    def __init__(
        self,
        *,
        decider: Decider,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        pressure: Pressure,
        decided: Callable[[], None],
    ) -> None:
        self._decider = decider
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._pressure = pressure
        self._decided = decided
        self._bell = Bell(clock)
        self._lines: Lines[Waiting] = Lines()
        self._hand = Hand(database)
        self._swept_at = 0
        self._running: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something new is in the inbox."""
        self._bell.ring()

    async def run(self) -> None:
        """Dispatch until cancelled; what is under way then is left to the next start."""
        try:
            while True:
                await self._pressure.pause()
                self._bell.hush()
                await self._load()
                self._start()
                await self._bell.wait_until(self._next_look())
        except asyncio.CancelledError:
            await self._stop()
            raise

    @property
    def idle(self) -> bool:
        """Nothing is waiting or under way, as far as has been read."""
        return not len(self._hand)

    async def _load(self) -> None:
        """Read new rows, as many as there is room for."""
        now = self._clock.now()
        if now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = now
            self._hand.from_the_beginning()
        for row, passes in await self._hand.take(now):
            self._lines.add(row, passes=passes, held_until=row.retry_at)
        self._look_at_hand()

    def _look_at_hand(self) -> None:
        self._metrics.waiting.set(len(self._hand))
        self._pressure.late = self._hand.is_late(self._clock.now())

    def _start(self) -> None:
        at_once = 1 if self._pressure.high else AT_ONCE
        if len(self._running) >= at_once:
            return
        for row, passes in self._lines.ready(self._clock.now()):
            task = asyncio.create_task(self._handle(row, passes))
            self._running.add(task)
            task.add_done_callback(self._ended)
            if len(self._running) >= at_once:
                return

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            self._start()
        if self._hand.wants_more:
            self._bell.ring()

    def _next_look(self) -> int:
        sweep = self._swept_at + SWEEP_SECONDS
        held = self._lines.next_release()
        return sweep if held is None else min(sweep, held)

    async def _stop(self) -> None:
        """Cancel handlers until none has begun meanwhile: each one's end may start the next."""
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running)

    async def _handle(self, row: Waiting, passes: bool) -> None:
        await self._pressure.pause()
        try:
            if await self._decider.decide(row):
                self._decided()
        except inbox.AlreadyClosedError:  # read twice: a read that began before its first handling ended
            self._over(row, passes, "known")
        except Exception as error:
            await self._failed(row, passes, error)
        else:
            self._over(row, passes, "done")

    async def _failed(self, row: Waiting, passes: bool, error: Exception) -> None:
        now = self._clock.now()
        failed_at = row.failed_at or now
        reason = f"{type(error).__name__}: {error}"[:500]
        log.warning(
            "event_failed", event_id=row.id, event_name=row.name, attempts=row.attempts, error=type(error).__name__
        )
        if now - failed_at >= PATIENCE_SECONDS and await self._parked(row, reason, now):
            self._over(row, passes, "parked")
            self.wake()
            return
        retry_at = now + min(60, 2**row.attempts)
        await self._postpone(row, failed_at, retry_at, reason)
        self._metrics.events.labels(row.name, "failed").inc()
        self._lines.hold(replace(row, attempts=row.attempts + 1, failed_at=failed_at), retry_at, passes=passes)
        self.wake()

    async def _parked(self, row: Waiting, reason: str, now: int) -> bool:
        """Whether it could be put aside; when not, the line is held a little longer."""
        try:
            await self._database.write(partial(_park, row=row, reason=reason, now=now))
        except Exception:
            log.exception("event_not_parked", event_id=row.id)
            return False
        return True

    async def _postpone(self, row: Waiting, failed_at: int, retry_at: int, reason: str) -> None:
        """Write the failure down; when even that fails, the line is held all the same."""
        try:
            await self._database.write(
                partial(inbox.postpone, inbox_id=row.id, failed_at=failed_at, retry_at=retry_at, reason=reason)
            )
        except Exception:
            log.exception("event_not_postponed", event_id=row.id)

    def _over(self, row: Waiting, passes: bool, outcome: str) -> None:
        self._lines.done(row, passes=passes)
        self._hand.let_go(row)
        self._look_at_hand()
        self._metrics.events.labels(row.name, outcome).inc()


def _park(conn: Connection, *, row: Waiting, reason: str, now: int) -> None:
    inbox.park(conn, row.id, reason)
    if row.app != inbox.OWN:  # what we told ourselves is no news of WeCom's that a sync could bring back
        broken = LineBroken(created_at=now, broken_line=row.line, inbox_id=row.id)
        inbox.put(conn, [inbox.own_arrival(broken, cause=f"parked/{row.id}/{row.run}")])
