"""From the outbox to WeCom: deadline first, then priority, then age; every try leaves a known state.

Two lanes: what has a deadline never waits behind what has none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.flow.loops import Bell
from bot.flow.outcome import MAYBE_SENT, Failure, outcome, too_late, why
from bot.flow.perform import Post, Withheld, is_looked_for, look_back, perform
from bot.flow.pressure import Pressure
from bot.metrics import Metrics
from bot.scrm.actions import Action, SendWelcome
from bot.scrm.events import OwnEvent
from bot.scrm.reception import WELCOME_SECONDS
from bot.scrm.retry import GiveUp, RetryAt, next_attempt
from bot.store import inbox, outbox
from bot.store.inbox import Arrival
from bot.store.outbox import Claimed
from bot.wecom.errors import AnswerLost, NotReached, WeComError

SWEEP_SECONDS = 5
"""Backstop: rows that another process let go again (a retry) are found this often."""

FEW = 4
"""Under way at once, of what has no deadline, while customers wait to be greeted."""

log = structlog.get_logger()


class Lane:
    """Claims and performs the actions with a deadline, or those without."""

    def __init__(
        self,
        *,
        urgent: bool,
        slots: int,
        post: Post,
        metrics: Metrics,
        pressure: Pressure,
    ) -> None:
        self._urgent = urgent
        self._slots = slots
        self._post = post
        self._database, self._clock, self._happened = post.database, post.clock, post.happened
        self._metrics = metrics
        self._pressure = pressure
        self._bell = Bell(post.clock)
        self._busy: set[str] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._claiming = False

    def wake(self) -> None:
        """Something new is in the outbox."""
        self._bell.ring()

    @property
    def idle(self) -> bool:
        """Nothing is under way, nor just being taken."""
        return not (self._running or self._claiming)

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is left to `recover`."""
        try:
            while True:
                await self._look()
        except asyncio.CancelledError:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
            raise

    async def _look(self) -> None:
        await self._pressure.pause(1 if self._urgent else 4)
        self._bell.hush()
        looked_at = self._clock.now()
        self._claiming = True
        try:
            for claimed in await self._claim(looked_at):
                self._start(claimed)
        finally:
            self._claiming = False
        if not self._bell.rung:
            await self._bell.wait_until(await self._next_look(looked_at))

    async def _claim(self, now: int) -> list[Claimed]:
        room = self._at_once() - len(self._running)
        if room <= 0:
            return []
        claim = partial(outbox.claim, urgent=self._urgent, limit=room, now=now, busy=tuple(self._busy))
        return await self._database.write(claim)

    def _at_once(self) -> int:
        if self._pressure.high:
            return 1  # each keeps the core for a millisecond, and callbacks would wait for all of them
        return FEW if self._pressure.late and not self._urgent else self._slots

    def _start(self, claimed: Claimed) -> None:
        line = claimed.action.line
        if line:
            self._busy.add(line)
        task = asyncio.create_task(self.deliver(claimed))
        self._running.add(task)
        task.add_done_callback(partial(self._ended, line))

    def _ended(self, line: str | None, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if line:
            self._busy.discard(line)
        if not task.cancelled() and task.exception():
            log.error("delivery_broke", exc_info=task.exception())
        self.wake()

    async def _next_look(self, now: int) -> int:
        """`now`: the second of the look before. What was due then and not taken is held by somebody else."""
        if len(self._running) >= self._slots:
            return now + SWEEP_SECONDS
        due = await self._database.read(partial(outbox.next_due_at, urgent=self._urgent, busy=tuple(self._busy)))
        return now + SWEEP_SECONDS if due is None else min(now + SWEEP_SECONDS, max(due, now + 1))

    async def deliver(self, claimed: Claimed) -> None:
        """Do one action that was claimed, and note what came of it."""
        try:
            claimed, events = await look_back(self._post, claimed)
            if events is None:
                if self._is_late(claimed.action):
                    return await self._settle(claimed, *too_late(claimed))
                events = await perform(self._post, claimed)
        except (WeComError, AnswerLost, NotReached) as error:
            await self._failed(claimed, error)
        except Withheld as held:
            state, reason = ("unknown", MAYBE_SENT) if claimed.in_doubt else ("refused", held.reason)
            await self._settle(claimed, state, reason, events=held.events)
        except Exception as error:
            log.exception("action_broke", action_id=claimed.id, kind=type(claimed.action).__name__)
            await self._settle(claimed, "failed", f"{type(error).__name__}: {error}"[:300])
        else:
            await self._settle(claimed, "sent", "", events=events)

    def _is_late(self, action: Action) -> bool:
        return action.not_after_at is not None and self._clock.now() >= action.not_after_at

    async def _failed(self, claimed: Claimed, error: Failure) -> None:
        now = self._clock.now()
        until_at = None if is_looked_for(claimed) else claimed.action.not_after_at
        verdict = next_attempt(error, claimed.attempts + 1, now, until_at)
        errcode = error.errcode if isinstance(error, WeComError) else None
        log.warning("action_failed", action_id=claimed.id, kind=type(claimed.action).__name__, error=str(error))
        if isinstance(verdict, GiveUp):
            # A refusal answers this try only: one before it may have arrived.
            state = "unknown" if claimed.in_doubt else verdict.state
            reason = MAYBE_SENT if state == "unknown" else verdict.reason
            await self._settle(claimed, state, reason, errcode=errcode)
        else:
            await self._postpone(claimed, verdict, errcode, why(error), isinstance(error, AnswerLost))

    async def _postpone(
        self, claimed: Claimed, verdict: RetryAt, errcode: int | None, reason: str, in_doubt: bool
    ) -> None:
        self._metrics.actions.labels(type(claimed.action).__name__, "retried").inc()
        await self._write(
            partial(
                outbox.postpone,
                outbox_id=claimed.id,
                at=verdict.at,
                in_doubt=in_doubt or claimed.in_doubt,
                errcode=errcode,
                reason=reason,
            )
        )

    async def _settle(
        self, claimed: Claimed, state: str, reason: str, *, errcode: int | None = None, events: Iterable[OwnEvent] = ()
    ) -> None:
        now = self._clock.now()
        told = [*events, *outcome(claimed.action, state, reason, errcode, now)]
        try:
            # With the second: an action that a person lets be tried anew counts its tries from 0 again.
            cause = f"outbox/{claimed.id}/{claimed.attempts}/{now}"
            arrivals = [inbox.own_arrival(event, cause=cause) for event in told]
        except ValueError:  # WeCom answered with what is no text, such as half an emoji
            state, reason, arrivals = "failed", "回答里有无法保存的内容", []
        await self._write(
            partial(_settle, claimed=claimed, state=state, reason=reason, errcode=errcode, arrivals=arrivals, now=now)
        )
        self._count(claimed.action, state, now)
        if arrivals:
            self._happened()

    def _count(self, action: Action, state: str, now: int) -> None:
        self._metrics.actions.labels(type(action).__name__, state).inc()
        if isinstance(action, SendWelcome) and state == "sent" and action.not_after_at is not None:
            self._metrics.welcome_seconds.observe(max(0, now - (action.not_after_at - WELCOME_SECONDS)))

    async def _write(self, job: Callable[[Connection], None]) -> None:
        """What happened out there cannot be taken back: note it as soon as the database can."""
        while not await self._written(job):
            await self._clock.sleep_until(self._clock.now() + 1)

    async def _written(self, job: Callable[[Connection], None]) -> bool:
        try:
            await self._database.write(job)
        except Exception:  # a database that is away says so in many ways
            log.exception("outcome_not_noted_yet")
            return False
        return True


def _settle(
    conn: Connection,
    *,
    claimed: Claimed,
    state: str,
    reason: str,
    errcode: int | None,
    arrivals: list[Arrival],
    now: int,
) -> None:
    outbox.settle(conn, claimed.id, state, at=now, errcode=errcode, reason=reason)
    if arrivals:
        inbox.put(conn, arrivals)
