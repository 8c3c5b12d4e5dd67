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
from typing import Protocol

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.flow.hand import Hand
from bot.flow.lines import Lines
from bot.flow.loops import Bell
from bot.flow.pressure import Pressure
from bot.flow.render import rendered
from bot.metrics import Metrics
from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.events import LineBroken, OwnEvent
from bot.scrm.events.kf import KfEntered, KfMessageReceived
from bot.scrm.facts import Plans
from bot.scrm.links import Links
from bot.scrm.settings import AS_ASSUMED, Settings
from bot.scrm.words import Words
from bot.store import inbox, outbox, records, tombstones
from bot.store.codec import own_event
from bot.store.database import Database
from bot.store.facts import stored_facts
from bot.store.inbox import Waiting
from bot.store.people import GuardFailedError
from bot.store.tombstones import ErasedError
from bot.wecom.events import CustomerAdded, CustomerHalfAdded, Event, parse

PATIENCE_SECONDS = 15 * 60
HANDLER_SECONDS = 10
"""A decision only reads facts; one that takes longer is stuck."""

AT_ONCE = 8
SWEEP_SECONDS = 5
"""Backstop: rows that another process let wait again (a replay) are found this often."""

GUARD_TRIES = 5

COMES_ANEW = (CustomerAdded, CustomerHalfAdded, KfEntered, KfMessageReceived)
"""What a customer does of their own accord."""

log = structlog.get_logger()


class Edition(Plans, Protocol):
    """What a dispatcher needs of content: plans to decide by, and words to render."""

    def render(self, words: Words) -> str: ...


class Dispatcher:
    """Hands every waiting event to its handlers, and writes down what they decide."""

    def __init__(
        self,
        *,
        database: Database,
        router: Router,
        content: Callable[[], Edition],
        timezone: str,
        links: Callable[[int], Links],
        settings: Settings = AS_ASSUMED,
        clock: Clock,
        metrics: Metrics,
        pressure: Pressure,
        decided: Callable[[], None],
    ) -> None:
        self._database = database
        self._router = router
        self._content = content
        self._timezone = timezone
        self._links = links
        self._settings = settings
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
            await self._decide(row)
        except inbox.AlreadyClosedError:  # read twice: a read that began before its first handling ended
            self._over(row, passes, "known")
        except Exception as error:
            await self._failed(row, passes, error)
        else:
            self._over(row, passes, "done")

    async def _decide(self, row: Waiting) -> None:
        event = own_event(row.name, row.body) if row.app == inbox.OWN else parse(row.body, row.welcome_code)
        if event is None:
            raise LookupError(f"no own event is called {row.name}")
        if await self._is_of_the_erased(row, event):
            return await self._scrub(row)
        for _ in range(GUARD_TRIES):
            try:
                return await self._decide_once(row, event)
            except GuardFailedError:
                continue
            except ErasedError:
                return await self._scrub(row)
        raise GuardFailedError

    async def _is_of_the_erased(self, row: Waiting, event: Event | OwnEvent) -> bool:
        """Whether its customer asked to be forgotten; one who comes anew of their own accord is a new person."""
        kind, _, external_userid = row.line.partition("/")
        if kind != "customer":
            return False
        at = await self._database.look_up(partial(tombstones.erased_at, external_userid=external_userid))
        if at is None:
            return False
        if isinstance(event, COMES_ANEW) and event.created_at > at:
            await self._database.write(partial(tombstones.lift, external_userid=external_userid))
            return False
        return True

    async def _scrub(self, row: Waiting) -> None:
        line = tombstones.PSEUDONYM + str(row.id)
        await self._database.write(partial(inbox.scrub, inbox_id=row.id, line=line, at=self._clock.now()))

    async def _decide_once(self, row: Waiting, event: Event | OwnEvent) -> None:
        now, content = self._clock.now(), self._content()
        facts = stored_facts(self._database, content, self._timezone, now, self._links(now), self._settings)
        async with self._clock.timeout(HANDLER_SECONDS):
            decision = await self._router.decide(event, facts)
        decision = Decision(
            tuple(rendered(r, content.render) for r in decision.records),
            tuple(rendered(a, content.render) for a in decision.actions),
            decision.because,
        )
        await self._database.write(partial(write_down, row=row, decision=decision, now=now))
        if decision.actions:
            self._decided()

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


def write_down(conn: Connection, *, row: Waiting, decision: Decision, now: int) -> None:
    """Records, actions and the closing of the event: all of it, or none."""
    for record in decision.records:
        records.apply(conn, row.id, record)
    outbox.put(conn, row.id, row.run, decision.actions, now)
    inbox.close(conn, row.id, decision.because, now)


def _park(conn: Connection, *, row: Waiting, reason: str, now: int) -> None:
    inbox.park(conn, row.id, reason)
    if row.app != inbox.OWN:  # what we told ourselves is no news of WeCom's that a sync could bring back
        broken = LineBroken(created_at=now, broken_line=row.line, inbox_id=row.id)
        inbox.put(conn, [inbox.own_arrival(broken, cause=f"parked/{row.id}/{row.run}")])
