"""Facts as the database has them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.scrm.board import Board
from bot.scrm.calendar import Slot
from bot.scrm.channel import KeptWay
from bot.scrm.consent import Preferences
from bot.scrm.facts import Plans
from bot.scrm.group import Group
from bot.scrm.kf import KfSession
from bot.scrm.kind import Touchpoint
from bot.scrm.links import Links
from bot.scrm.mode import Pool
from bot.scrm.owner import Owner
from bot.scrm.person import Follow, Member, Person
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.sequence import SequenceRun
from bot.scrm.settings import AS_ASSUMED, Settings
from bot.scrm.survey.run import Known, Survey, SurveyRun
from bot.scrm.switch import Switch
from bot.scrm.sync import SyncJob, SyncKind
from bot.scrm.tagging import CarriedTag
from bot.store import (
    board,
    groups,
    kf,
    kf_accounts,
    library,
    owners,
    people,
    planning,
    pool,
    pool_facts,
    privacy,
    relations,
    sequences,
    surveys,
    syncs,
    tags,
    transfers,
)
from bot.store.database import Database

T = TypeVar("T")


class Asked:
    """What one decision has asked: each question once, so that all its handlers see the same and none waits twice."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._answers: dict[Hashable, Any] = {}

    async def look_up(self, job: Callable[[Connection], T]) -> T:
        """Run a job that reads a few rows by key. `job`: a function of the store, or a partial with keywords only."""
        question = (job.func, *sorted(job.keywords.items())) if isinstance(job, partial) else job
        if question not in self._answers:
            self._answers[question] = await self._database.look_up(job)
        answer: T = self._answers[question]
        return answer


@dataclass(frozen=True, slots=True)
class StoredPeople:
    database: Asked

    async def by_external_userid(self, external_userid: str) -> Person | None:
        return await self.database.look_up(partial(people.person, external_userid=external_userid))

    async def owner(self, external_userid: str) -> Owner | None:
        return await self.database.look_up(partial(owners.owner, external_userid=external_userid))


@dataclass(frozen=True, slots=True)
class StoredFollows:
    database: Asked

    async def of(self, userid: str, external_userid: str) -> Follow | None:
        return await self.database.look_up(partial(people.follow, userid=userid, external_userid=external_userid))

    async def count(self, external_userid: str) -> int:
        return await self.database.look_up(partial(people.follow_count, external_userid=external_userid))

    async def is_guide(self, userid: str) -> bool:
        return await self.database.look_up(partial(relations.is_guide, userid=userid))

    async def active(self, external_userid: str) -> Sequence[tuple[int, str]]:
        return await self.database.look_up(partial(relations.active, external_userid=external_userid))


@dataclass(frozen=True, slots=True)
class StoredMembers:
    database: Asked

    async def get(self, userid: str) -> Member | None:
        return await self.database.look_up(partial(people.member, userid=userid))


@dataclass(frozen=True, slots=True)
class StoredTags:
    database: Asked

    async def carried(self, external_userid: str) -> Sequence[CarriedTag]:
        return await self.database.look_up(partial(tags.carried, external_userid=external_userid))

    async def withdrawn(self, external_userid: str) -> Sequence[tuple[str, str]]:
        return await self.database.look_up(partial(tags.withdrawn, external_userid=external_userid))


@dataclass(frozen=True, slots=True)
class StoredChannels:
    database: Asked

    async def groups(self) -> Sequence[tuple[str, str]]:
        return await self.database.look_up(library.active_groups)

    async def kept(self) -> Mapping[str, KeptWay]:
        return await self.database.look_up(library.kept_ways)

    async def added_since(self, since_at: int) -> Mapping[str, Mapping[str, int]]:
        return await self.database.look_up(partial(relations.added_since, since_at=since_at))


@dataclass(frozen=True, slots=True)
class StoredMedia:
    database: Asked

    async def usable(self, until_at: int) -> Mapping[str, str]:
        return await self.database.look_up(partial(library.usable_media, until_at=until_at))


@dataclass(frozen=True, slots=True)
class StoredConsent:
    database: Asked

    async def preferences(self, external_userid: str) -> Preferences:
        return await self.database.look_up(partial(privacy.preferences_of, external_userid=external_userid))

    async def opted_out(self, external_userid: str, topic: str) -> bool:
        return (await self.preferences(external_userid)).opted_out(topic)


@dataclass(frozen=True, slots=True)
class StoredSurveys:
    database: Asked

    async def run(self, run_id: str) -> SurveyRun | None:
        return await self.database.look_up(partial(surveys.run, run_id=run_id))

    async def runs_of(self, external_userid: str) -> Sequence[SurveyRun]:
        return await self.database.look_up(partial(surveys.runs_of, external_userid=external_userid))

    async def worded(self, run: SurveyRun) -> Survey | None:
        found = partial(surveys.survey, survey_id=run.survey_id, version=run.version)
        return await self.database.look_up(found)

    async def known(self, external_userid: str) -> Known:
        return await self.database.look_up(partial(surveys.known, external_userid=external_userid))


@dataclass(frozen=True, slots=True)
class StoredKf:
    database: Asked

    async def session(self, open_kfid: str, external_userid: str) -> KfSession:
        return await self.database.look_up(partial(kf.session, open_kfid=open_kfid, external_userid=external_userid))

    async def account_id(self, open_kfid: str) -> str | None:
        account = await self.database.look_up(partial(kf_accounts.account, open_kfid=open_kfid))
        return account.account_id if account else None


@dataclass(frozen=True, slots=True)
class StoredSequences:
    database: Asked

    async def runs_of(self, external_userid: str) -> Sequence[SequenceRun]:
        return await self.database.look_up(partial(sequences.runs_of, external_userid=external_userid))

    async def since_at(self, calendar: str, sequence: str) -> int | None:
        return await self.database.look_up(partial(sequences.since_at, calendar=calendar, sequence=sequence))

    async def ordered_at(self, external_userid: str) -> int | None:
        return await self.database.look_up(partial(sequences.ordered_at, external_userid=external_userid))


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

    async def board(self, touchpoint: Touchpoint, slot: Slot, day: tuple[int, int]) -> Board:
        return await self.database.read(partial(board.board, touchpoint=touchpoint, slot=slot, day=day))

    async def switched_off(self) -> Collection[Switch]:
        return await self.database.read(planning.stopped)

    async def measured(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        return await self.database.read(partial(pool_facts.measured, touchpoint=touchpoint, now=self.moment))

    async def measured_before(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        return await self.database.read(partial(pool_facts.kept, touchpoint=touchpoint))


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
        settings=settings,
        sequences=StoredSequences(asked),
        planning=StoredPlanning(database, now),
        syncs=StoredSyncs(asked),
        groups=StoredGroups(asked),
        pool=StoredPools(asked, settings.guide_capacity),
        transfers=StoredTransfers(asked),
    )
