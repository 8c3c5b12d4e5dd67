"""The bot's own parts on a world without a network: time jumps from one moment at which something is due to the next.

    async with simulated(folders, config, seed=7, customers=10_000, start_at=…) as run:
        await run.until(end_at)

What the night adds is left out: nothing gets lost on the way here, so the pool is read once, at the beginning.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random

from sqlalchemy import Connection, func, select

from bot.app import App, build
from bot.clock import VirtualClock
from bot.config import Config
from bot.content.folders import Folders
from bot.content.live import LiveContent
from bot.content.snapshot import Content
from bot.flow.perform import HOW
from bot.flow.schedule import tell
from bot.scrm.events import ContentWentLive
from bot.scrm.events.sync import SyncDue
from bot.scrm.kind import Touchpoint
from bot.scrm.pool_stage import Staged
from bot.scrm.slots import slots
from bot.scrm.week import day_began_at
from bot.store import inbox, migrate, outbox
from bot.store.inbox import Arrival
from bot.store.outbox import Claimed
from bot.store.outbox import outbox as boxes
from bot.store.planning import planned, pool_stages, staged_of
from bot.store.sends import sends
from bot.store.sequences import runs
from handlers import router
from sandbox.world import World
from simulation import corp
from simulation.life import USUAL, Life, Rates
from simulation.memory import MemoryDatabase
from simulation.near import NearClient, installed

WARM_SECONDS = 3600
"""The evening before: the bot starts, makes its codes and tags, and reads everybody as history."""

HOUR, DAY = 3600, 86_400
NEVER = 2**62
AT_ONCE = 200
NOBODY_CAN = "还没有人会做这个动作"
Stages = dict[tuple[Touchpoint, str], Staged]


def nothing(day_began_at: int) -> None:
    """Nobody wants to know that a day began."""


@dataclass(slots=True)
class Run:
    """A bot and its world. `moments`: at which something was due. `changed`: (at, touchpoint, pool, stage before,
    stage) whenever a pool came into another one. `unknown`: actions that nobody can do yet, by name."""

    clock: VirtualClock
    world: World
    database: MemoryDatabase
    app: App
    life: Life
    timezone: str
    moments: list[int] = field(default_factory=list)
    changed: list[tuple[int, Touchpoint, str, Staged | None, Staged]] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    on_day: Callable[[int], None] = nothing
    _stages: Stages = field(default_factory=dict)
    _slots_at: list[int] = field(default_factory=list)
    _asks_at: int = 0
    _do_at: int = 0
    _to_do: bool = False

    @property
    def content(self) -> Content:
        return self.app.content.current

    async def until(self, end_at: int) -> None:
        """Let time pass up to `end_at` (epoch seconds, excluded)."""
        now, content = self.clock.now(), self.content
        self._slots_at = sorted({s.at for s in slots(content.calendars, content.days, now, end_at, self.timezone)})
        while now < end_at:
            await self._be_at(now)
            now = await self._next(end_at)
        await self.clock.leap(end_at)

    async def _be_at(self, at: int) -> None:
        """Jump to a moment, and let happen what is due."""
        day = day_began_at(at, self.timezone)
        if day not in self.life.planned:
            self.life.plan(day)
            self.on_day(day)
        self.moments.append(at)
        await self.clock.leap(at)
        await self._hear(self.life.due(at) + self.life.heard(self.world.later.due(at), at))
        await self.settle(any_due=at >= self._do_at)
        if at % HOUR == 0 or at in self._slots_at or at >= self._asks_at:
            await self.look()

    async def look(self) -> None:
        """Ask the schedule what is due."""
        await self.app.schedule.look()
        await self.settle()
        await self._note_stages()

    async def settle(self, *, any_due: bool = True) -> None:
        """Until nothing can go on without time passing. `any_due`: whether an action may be waiting already."""
        self._to_do = any_due
        while await self._decide() or await self._deliver():
            pass

    async def _hear(self, arrivals: list[Arrival]) -> None:
        if arrivals:
            await self.database.write(partial(inbox.put, arrivals=arrivals))

    async def _decide(self) -> bool:
        """Every event in its turn; a handler that fails ends the run."""
        rows = await self.database.read(partial(inbox.waiting, now=self.clock.now(), after=0, limit=AT_ONCE))
        for row in rows:
            self._to_do |= await self.app.decider.decide(row)
        return bool(rows)

    async def _deliver(self) -> bool:
        """What is due; nothing new is, unless a decision brought it."""
        if not self._to_do:
            return False
        self._to_do = done = False
        for urgent, lane in zip((True, False), self.app.lanes, strict=True):
            claim = partial(outbox.claim, urgent=urgent, limit=AT_ONCE, now=self.clock.now(), busy=())
            for claimed in await self.database.write(claim):
                done = self._to_do = True
                if type(claimed.action) in HOW:
                    await lane.deliver(claimed)
                else:
                    await self._leave(claimed)
        await self._hear(self.life.heard(self.world.kf.take_events(), self.clock.now()))
        return done

    async def _leave(self, claimed: Claimed) -> None:
        """Nobody can do this yet: count it."""
        self.unknown[type(claimed.action).__name__] += 1
        await self.database.write(
            partial(outbox.settle, outbox_id=claimed.id, state="dropped", at=self.clock.now(), reason=NOBODY_CAN)
        )

    async def _next(self, end_at: int) -> int:
        """The next moment at which something is due, a slot, a person or the hour; never now."""
        now = self.clock.now()
        found = [end_at, (now // HOUR + 1) * HOUR, *self._slots_at[bisect_right(self._slots_at, now) :][:1]]
        self._asks_at, self._do_at = await self.database.read(_instants)
        found += [self._asks_at, self._do_at, *self.world.later.instants()[:1], self.life.next_at or end_at]
        return min(max(at, now + 1) for at in found)

    async def _note_stages(self) -> None:
        now = await self.database.read(_stages)
        for key, staged in sorted(now.items()):
            before = self._stages.get(key)
            if before is None or before.stage != staged.stage:
                self.changed.append((self.clock.now(), *key, before, staged))
        self._stages = now


@asynccontextmanager
async def simulated(
    folders: Folders, config: Config, *, seed: int, customers: int, start_at: int, rates: Rates = USUAL
) -> AsyncIterator[Run]:
    """A brand with so many customers, read and at rest, at `start_at` (epoch seconds, the first second of a day)."""
    clock = VirtualClock(start_at - WARM_SECONDS)
    world = installed(World(config.corp.id, seed), config)
    database = MemoryDatabase(people_key=config.people_key)
    try:
        await migrate.prepare(database)
        run = put_together(folders, config, world, database, clock, seed, rates)
        await _begin(run, customers, start_at)
        yield run
    finally:
        await database.close()


def put_together(
    folders: Folders,
    config: Config,
    world: World,
    database: MemoryDatabase,
    clock: VirtualClock,
    seed: int = 0,
    rates: Rates = USUAL,
) -> Run:
    """A bot over a world and a database that are there already."""
    content = LiveContent(folders.content, folders.messages, clock.now, config.corp.timezone)
    client = NearClient(config, world, clock)
    app = build(config, router, folders, clock, content, database, client)
    return Run(clock, world, database, app, Life(world, content.current, seed, rates), config.corp.timezone)


async def _begin(run: Run, customers: int, start_at: int) -> None:
    for userid in corp.guides(run.content):
        run.world.add_member(userid, userid)
    now, dice = run.clock.now(), Random(f"{run.life.seed}/corp")
    live = ContentWentLive(created_at=now, version=run.content.version)
    await tell(run.database, live, "simulation")
    await run.app.schedule.look()
    await run.settle()
    corp.settle(run.world, run.content, customers, now, dice)
    for kind in ("customers", "groups"):
        await tell(run.database, SyncDue(created_at=now, kind=kind), "simulation")
        await run.settle()
    known = list(run.world.people.customers)
    await run.database.write(partial(corp.past, content=run.content, known=known, at=now, dice=dice))
    await run.clock.leap(start_at)
    run.life.begin()
    await run.look()  # pools have their stage before anything is foreseen


_INSTANTS = select(
    select(func.min(planned.c.retry_at)).where(planned.c.retry_at.is_not(None)).scalar_subquery(),
    select(func.min(runs.c.waits_at)).where(runs.c.waits_at.is_not(None)).scalar_subquery(),
    select(func.min(sends.c.look_at)).where(sends.c.look_at.is_not(None)).scalar_subquery(),
    select(func.min(boxes.c.not_before_at)).where(boxes.c.not_before_at.is_not(None)).scalar_subquery(),
)


def _instants(conn: Connection) -> tuple[int, int]:
    """When the schedule has to be asked next (a slot that waits, a step, a task), and when an action is due."""
    *asks, do_at = (at or NEVER for at in conn.execute(_INSTANTS).one())
    return min(asks), do_at


def _stages(conn: Connection) -> Stages:
    rows = conn.execute(select(pool_stages)).mappings()
    return {(row["touchpoint"], row["pool"]): staged_of(row) for row in rows}
