"""Facts as the database has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.scrm.facts import Plans
from bot.scrm.person import Follow, Member, Person
from bot.store import library, people
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class StoredPeople:
    database: Database

    async def by_external_userid(self, external_userid: str) -> Person | None:
        return await self.database.look_up(partial(people.person, external_userid=external_userid))


@dataclass(frozen=True, slots=True)
class StoredFollows:
    database: Database

    async def of(self, userid: str, external_userid: str) -> Follow | None:
        return await self.database.look_up(partial(people.follow, userid=userid, external_userid=external_userid))

    async def count(self, external_userid: str) -> int:
        return await self.database.look_up(partial(people.follow_count, external_userid=external_userid))


@dataclass(frozen=True, slots=True)
class StoredMembers:
    database: Database

    async def get(self, userid: str) -> Member | None:
        return await self.database.look_up(partial(people.member, userid=userid))


@dataclass(frozen=True, slots=True)
class StoredMedia:
    database: Database

    async def usable(self, until_at: int) -> Mapping[str, str]:
        return await self.database.look_up(partial(library.usable_media, until_at=until_at))


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """What a handler may ask, at one moment, under one edition of the content."""

    now: int
    timezone: str
    content: Plans
    people: StoredPeople
    follows: StoredFollows
    members: StoredMembers
    media: StoredMedia


def stored_facts(database: Database, content: Plans, timezone: str, now: int) -> StoredFacts:
    """The facts of this moment."""
    return StoredFacts(
        now=now,
        timezone=timezone,
        content=content,
        people=StoredPeople(database),
        follows=StoredFollows(database),
        members=StoredMembers(database),
        media=StoredMedia(database),
    )
