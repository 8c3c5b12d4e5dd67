"""One event and its handlers: what they decide on the facts of now is rendered and written down, all of it or none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from bot.clock import Clock
from bot.flow.render import rendered
from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.events import OwnEvent
from bot.scrm.events.kf import KfEntered, KfMessageReceived
from bot.scrm.links import Links
from bot.scrm.plans import Plans
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

HANDLER_SECONDS = 10
"""A decision only reads facts; one that takes longer is stuck."""

GUARD_TRIES = 5

COMES_ANEW = (CustomerAdded, CustomerHalfAdded, KfEntered, KfMessageReceived)
"""What a customer does of their own accord."""


class Edition(Plans, Protocol):
    """What a decision needs of content: plans to decide by, and words to render."""

    def render(self, words: Words) -> str: ...


class Decider:
    """Turns a waiting event into what was decided. Who calls it sees to order and to failures."""

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
    ) -> None:
        self._database = database
        self._router = router
        self._content = content
        self._timezone = timezone
        self._links = links
        self._settings = settings
        self._clock = clock

    async def decide(self, row: Waiting) -> bool:
        """Whether there is something to be done now. Raises whatever a handler does, and AlreadyClosedError."""
        event = own_event(row.name, row.body) if row.app == inbox.OWN else parse(row.body, row.welcome_code)
        if event is None:
            raise LookupError(f"no own event is called {row.name}")
        if await self._is_of_the_erased(row, event):
            await self._scrub(row)
            return False
        for _ in range(GUARD_TRIES):
            try:
                return await self._decide_once(row, event)
            except GuardFailedError:
                continue
            except ErasedError:
                await self._scrub(row)
                return False
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

    async def _decide_once(self, row: Waiting, event: Event | OwnEvent) -> bool:
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
        return bool(decision.actions)


def write_down(conn: Connection, *, row: Waiting, decision: Decision, now: int) -> None:
    """Records, actions and the closing of the event: all of it, or none."""
    for record in decision.records:
        records.apply(conn, row.id, record)
    outbox.put(conn, row.id, row.run, decision.actions, now)
    inbox.close(conn, row.id, decision.because, now)
