"""Facts about one person, or one member, as the database has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.scrm.consent import Preferences
from bot.scrm.kf import KfSession
from bot.scrm.owner import Owner
from bot.scrm.person import Follow, Member, Person
from bot.scrm.sequence import SequenceRun
from bot.scrm.survey.run import Known, Survey, SurveyRun
from bot.scrm.tagging import CarriedTag
from bot.store import (
    codes,
    kf,
    kf_accounts,
    owners,
    people,
    privacy,
    relations,
    sequences,
    surveys,
    tags,
)
from bot.store.asked import Asked
from bot.store.codes import free


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
class StoredConsent:
    database: Asked

    async def preferences(self, external_userid: str) -> Preferences:
        return await self.database.look_up(partial(privacy.preferences_of, external_userid=external_userid))

    async def opted_out(self, external_userid: str, topic: str) -> bool:
        return (await self.preferences(external_userid)).opted_out(topic)


@dataclass(frozen=True, slots=True)
class StoredCodes:
    database: Asked

    async def given(self, offer: str, external_userid: str) -> str | None:
        return await self.database.look_up(partial(codes.given, offer=offer, external_userid=external_userid))

    async def free(self, offer: str, codes: Sequence[str], external_userid: str) -> str | None:
        return await self.database.look_up(partial(free, offer=offer, codes=codes, external_userid=external_userid))


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
