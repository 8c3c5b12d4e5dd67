"""Facts as the database has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.scrm.calendar import Slot
from bot.scrm.channel import KeptWay
from bot.scrm.gates.board import Board
from bot.scrm.group import Group
from bot.scrm.kind import Touchpoint
from bot.scrm.links import Links
from bot.scrm.mode import Pool
from bot.scrm.plans import Plans
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.send import LeftBehind
from bot.scrm.settings import AS_ASSUMED, Settings
from bot.scrm.switch import Switch
from bot.scrm.sync import SyncJob, SyncKind
from bot.store import (
    board,
    groups,
    library,
    passing,
    people,
    planning,
    pool,
    pool_facts,
    relations,
    syncs,
    transfers,
)
from bot.store.asked import Asked
from bot.store.database import Database
from bot.store.person_facts import (
    StoredCodes,
    StoredConsent,
    StoredFollows,
    StoredKf,
    StoredMembers,
    StoredPeople,
    StoredSequences,
    StoredSurveys,
    StoredTags,
)


@dataclass(frozen=True, slots=True)
class StoredChannels:
    database: Asked

    async def groups(self) -> Sequence[tuple[str, str]]:
        return await self.database.look_up(library.active_groups)

    async def kept(self) -> Mapping[str, KeptWay]:
        return await self.database.look_up(library.kept_ways)

    async def added_since(self, since_at: int) -> Mapping[str, Mapping[str, int]]:
        return await self.database.read(partial(relations.added_since, since_at=since_at))

    async def left(self) -> Collection[str]:
        return await self.database.look_up(people.left_the_corp)


@dataclass(frozen=True, slots=True)
class StoredMedia:
    database: Asked

    async def usable(self, until_at: int) -> Mapping[str, str]:
        return await self.database.look_up(partial(library.usable_media, until_at=until_at))


@dataclass(frozen=True, slots=True)
class StoredSyncs:
    database: Asked

    async def job(self, job_id: str) -> SyncJob | None:
        return await self.database.look_up(partial(syncs.job, job_id=job_id))

    async def unfinished(self, kind: SyncKind) -> SyncJob | None:
        return await self.database.look_up(partial(syncs.unfinished, kind=kind))

    async def next_part(self, job_id: str, after: str) -> str | None:
        return await self.database.look_up(partial(syncs.next_part, job_id=job_id, after=after))


@dataclass(frozen=True, slots=True)
class StoredGroups:
    database: Asked

    async def get(self, chat_id: str) -> Group | None:
        return await self.database.look_up(partial(groups.group, chat_id=chat_id))

    async def of(self, external_userid: str) -> Collection[str]:
        return await self.database.look_up(partial(groups.joined_by, external_userid=external_userid))


@dataclass(frozen=True, slots=True)
class StoredPools:
    database: Asked
    capacity: int

    async def now(self) -> Pool:
        return await self.database.look_up(partial(pool.pool, capacity=self.capacity))


@dataclass(frozen=True, slots=True)
class StoredTransfers:
    database: Asked

    async def waiting(self, takeover: str, external_userid: str) -> bool:
        found = partial(transfers.is_waiting, takeover=takeover, external_userid=external_userid)
        return await self.database.look_up(found)

    async def overdue(self, handover: str, takeover: str, asked_before: int) -> Sequence[str]:
        late = partial(transfers.overdue, handover=handover, takeover=takeover, asked_before=asked_before)
        return await self.database.look_up(late)


@dataclass(frozen=True, slots=True)
class StoredPlanning:
    database: Database
    moment: int

    async def board(
        self, touchpoint: Touchpoint, slot: Slot, day: tuple[int, int], tried: Collection[str] = ()
    ) -> Board:
        return await self.database.read(partial(board.board, touchpoint=touchpoint, slot=slot, day=day, tried=tried))

    async def approved(self) -> Collection[str]:
        return await self.database.read(planning.approved)

    async def switched_off(self) -> Collection[Switch]:
        return await self.database.read(planning.stopped)

    async def measured(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        whole = partial(pool_facts.measured, touchpoint=touchpoint, now=self.moment)
        return await self.database.read(whole, unhurried=True)

    async def measured_before(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        return await self.database.read(partial(pool_facts.kept, touchpoint=touchpoint))

    async def left_behind(self, key: str) -> LeftBehind | None:
        return await self.database.read(partial(passing.left_behind, key=key))

    async def shares(self, key: str, heirs: Sequence[str]) -> Mapping[str, int]:
        return await self.database.read(partial(passing.shares, key=key, heirs=heirs))


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What a handler may ask, at one moment, under one edition of the content."""

    now: int
    timezone: str
    content: Plans
    people: StoredPeople
    follows: StoredFollows
    members: StoredMembers
    tags: StoredTags
    channels: StoredChannels
    media: StoredMedia
    kf: StoredKf
    links: Links
    consent: StoredConsent
    surveys: StoredSurveys
    codes: StoredCodes
    settings: Settings
    sequences: StoredSequences
    planning: StoredPlanning
    syncs: StoredSyncs
    groups: StoredGroups
    pool: StoredPools
    transfers: StoredTransfers


def stored_facts(
    database: Database, content: Plans, timezone: str, now: int, links: Links, settings: Settings = AS_ASSUMED
) -> StoredFacts:
    """The facts of this moment, for one decision."""
    asked = Asked(database)
    return StoredFacts(
        now=now,
        timezone=timezone,
        content=content,
        people=StoredPeople(asked),
        follows=StoredFollows(asked),
        members=StoredMembers(asked),
        tags=StoredTags(asked),
        channels=StoredChannels(asked),
        media=StoredMedia(asked),
        kf=StoredKf(asked),
        links=links,
        consent=StoredConsent(asked),
        surveys=StoredSurveys(asked),
        codes=StoredCodes(asked),
        settings=settings,
        sequences=StoredSequences(asked),
        planning=StoredPlanning(database, now),
        syncs=StoredSyncs(asked),
        groups=StoredGroups(asked),
        pool=StoredPools(asked, settings.guide_capacity),
        transfers=StoredTransfers(asked),
    )
