"""Facts that remember in memory. The same suite runs over these and over the database, so that they cannot lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.scrm.facts import Plans
from bot.scrm.person import Follow, FollowInfo, Member, Person
from bot.scrm.records import (
    EndFollow,
    NoteWelcome,
    Record,
    SaveCustomer,
    SaveMedia,
    SaveMember,
    StartFollow,
)

MEDIA_SECONDS = 3 * 24 * 3600


@dataclass
class FakePeople:
    known: dict[str, Person] = field(default_factory=dict)

    async def by_external_userid(self, external_userid: str) -> Person | None:
        return self.known.get(external_userid)

    def ensure(self, external_userid: str) -> Person:
        return self.known.setdefault(external_userid, Person(len(self.known) + 1))


@dataclass
class FakeFollows:
    known: dict[tuple[str, str], Follow] = field(default_factory=dict)

    async def of(self, userid: str, external_userid: str) -> Follow | None:
        return self.known.get((userid, external_userid))

    async def count(self, external_userid: str) -> int:
        return sum(who == external_userid for _, who in self.known)


@dataclass
class FakeMembers:
    known: dict[str, Member] = field(default_factory=dict)

    async def get(self, userid: str) -> Member | None:
        return self.known.get(userid)


@dataclass
class FakeMedia:
    known: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def usable(self, until_at: int) -> Mapping[str, str]:
        return {path: sha for path, (sha, at) in self.known.items() if at + MEDIA_SECONDS > until_at}


@dataclass
class FakeFacts:
    """What a handler may ask, and the records that it has been told since."""

    content: Plans
    now: int = 0
    timezone: str = "Asia/Shanghai"
    people: FakePeople = field(default_factory=FakePeople)
    follows: FakeFollows = field(default_factory=FakeFollows)
    members: FakeMembers = field(default_factory=FakeMembers)
    media: FakeMedia = field(default_factory=FakeMedia)

    def at(self, now: int) -> FakeFacts:
        """The same memory at another moment."""
        return replace(self, now=now)

    def remember(self, record: Record) -> None:
        """What the store would remember of it, as far as facts show it."""
        match record:
            case StartFollow():
                self._start(record)
            case EndFollow():
                self._change(record.userid, record.external_userid, status="ended", ended_at=record.ended_at)
            case NoteWelcome():
                key = (record.userid, record.external_userid)
                if key in self.follows.known:
                    self.follows.known[key] = replace(self.follows.known[key], welcome=record.state)
            case SaveMember():
                known = self.members.known.get(record.userid)
                name = record.name or (known.name if known else None)
                self.members.known[record.userid] = Member(record.userid, name)
            case SaveCustomer():
                self._customer(record)
            case SaveMedia():
                self.media.known[record.path] = (record.sha256, record.uploaded_at)

    def _start(self, record: StartFollow) -> None:
        key = (record.userid, record.external_userid)
        known = self.follows.known.get(key)
        assert (known.version if known else None) == record.expected_version
        self.follows.known[key] = Follow(
            person_id=self.people.ensure(record.external_userid).person_id,
            userid=record.userid,
            external_userid=record.external_userid,
            status=record.status,
            state=record.state,
            added_at=record.added_at,
            welcome=known.welcome if known else None,
            version=known.version + 1 if known else 1,
        )

    def _change(self, userid: str, external_userid: str, **changes: object) -> None:
        known = self.follows.known[userid, external_userid]
        changed = replace(known, version=known.version + 1, **changes)  # type: ignore[arg-type]
        self.follows.known[userid, external_userid] = changed

    def _customer(self, record: SaveCustomer) -> None:
        person = replace(self.people.ensure(record.external_userid), name=record.profile.name)
        self.people.known[record.external_userid] = person
        for info in record.follows:
            self._follow_info(person, record.external_userid, info)

    def _follow_info(self, person: Person, external_userid: str, info: FollowInfo) -> None:
        key = (info.userid, external_userid)
        fresh = Follow(
            person_id=person.person_id,
            userid=info.userid,
            external_userid=external_userid,
            status="active",
            added_at=info.added_at,
            version=1,
        )
        self.follows.known[key] = replace(self.follows.known.get(key, fresh), state=info.state)
