"""Facts that remember in memory. The same suite runs over these and over the database, so that they cannot lie."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.scrm.calendar import Calendar
from bot.scrm.channel import KeptWay
from bot.scrm.consent import Preferences
from bot.scrm.daybook import PLAIN_DAYS, DayBook
from bot.scrm.gift import first_for
from bot.scrm.kind import Touchpoint
from bot.scrm.links import Links
from bot.scrm.mode import Pool, pool_of
from bot.scrm.owner import Owner, decide_owner
from bot.scrm.person import Follow, FollowInfo, Member, Person
from bot.scrm.plans import Plans
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.records import (
    EndFollow,
    NoteWelcome,
    Record,
    SaveCustomer,
    SaveMedia,
    SaveMember,
    StartFollow,
    TagPerson,
)
from bot.scrm.records.offers import GiveCode
from bot.scrm.records.owners import SaveOwner
from bot.scrm.records.privacy import SavePreference
from bot.scrm.records.sequences import NoteSequences, SaveSequenceRun
from bot.scrm.records.tags import UntagPerson
from bot.scrm.sequence import SequenceRun
from bot.scrm.settings import AS_ASSUMED, Settings
from bot.scrm.tagging import WECOM, CarriedTag
from tests.fake_surveys import FakeSurveys
from tests.fakes_kf import FakeKf

MEDIA_SECONDS = 3 * 24 * 3600
UNSETTLED_SECONDS = 600


def links_at(now: int) -> Links:
    """Links of a deployment that exists nowhere."""
    return Links("https://scrm.example", b"k" * 32, now)


@dataclass
class FakePeople:
    known: dict[str, Person] = field(default_factory=dict)
    owners: dict[str, Owner] = field(default_factory=dict)
    follows: FakeFollows = field(default_factory=lambda: FakeFollows())

    async def by_external_userid(self, external_userid: str) -> Person | None:
        return self.known.get(external_userid)

    def ensure(self, external_userid: str) -> Person:
        return self.known.setdefault(external_userid, Person(len(self.known) + 1))

    async def owner(self, external_userid: str) -> Owner | None:
        if external_userid in self.owners:
            return self.owners[external_userid]
        active = await self.follows.active(external_userid)
        return decide_owner(None, active, active[0][0]) if active else None


@dataclass
class FakeTags:
    """(userid, external_userid, tag) → (source, set_at), and the same of what was taken off lately."""

    known: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)
    gone: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)
    ours: set[tuple[str, str, str]] = field(default_factory=set)

    async def carried(self, external_userid: str) -> Sequence[CarriedTag]:
        found = ((key, value) for key, value in self.known.items() if key[1] == external_userid)
        rows = [CarriedTag(userid=k[0], tag=k[2], source=v[0], set_at=v[1]) for k, v in found]
        return sorted(rows, key=lambda held: held.tag)

    async def withdrawn(self, external_userid: str) -> Sequence[tuple[str, str]]:
        return [(userid, tag) for userid, who, tag in self.gone if who == external_userid]

    def put(self, record: TagPerson) -> None:
        key = (record.userid, record.external_userid, record.tag)
        source, set_at = self.known.get(key, (record.source, record.at))
        self.known[key] = (source, max(set_at, record.at))
        if not record.shown:
            self.ours.add(key)
        self.gone.pop(key, None)

    def take(self, record: UntagPerson) -> None:
        key = (record.userid, record.external_userid, record.tag)
        source, _ = self.known.pop(key, ("", 0))
        if source and key not in self.ours and record.userid:
            self.gone[key] = (source, record.at)

    def read_back(self, external_userid: str, info: FollowInfo, at: int) -> None:
        shown = {(info.userid, external_userid, path) for _, path in info.tags}
        settling = {key for key, (_, gone_at) in self.gone.items() if gone_at >= at - UNSETTLED_SECONDS}
        for key in shown - settling:
            self.known.setdefault(key, (self.gone.get(key, (WECOM, 0))[0], at))
        mine = [key for key in self.gone if key[:2] == (info.userid, external_userid)]
        for key in mine:
            if key not in settling or key not in shown:
                del self.gone[key]
        for key in [k for k in self.known if k[:2] == (info.userid, external_userid) and k not in shown | self.ours]:
            if self.known[key][1] < at - UNSETTLED_SECONDS:
                del self.known[key]


@dataclass
class FakeChannels:
    """Nothing was kept yet, nobody came today."""

    async def kept(self) -> Mapping[str, KeptWay]:
        return {}

    async def added_since(self, since_at: int) -> Mapping[str, Mapping[str, int]]:
        return {}

    async def groups(self) -> Sequence[tuple[str, str]]:
        return ()

    async def left(self) -> Collection[str]:
        return ()


@dataclass
class FakeFollows:
    known: dict[tuple[str, str], Follow] = field(default_factory=dict)

    async def of(self, userid: str, external_userid: str) -> Follow | None:
        return self.known.get((userid, external_userid))

    async def count(self, external_userid: str) -> int:
        return sum(who == external_userid for _, who in self.known)

    async def is_guide(self, userid: str) -> bool:
        return any(f.userid == userid and f.status != "ended" for f in self.known.values())

    async def active(self, external_userid: str) -> Sequence[tuple[int, str]]:
        mine = (f for (_, who), f in self.known.items() if who == external_userid and f.status != "ended")
        return sorted((follow.added_at, follow.userid) for follow in mine)


@dataclass
class FakeTransfers:
    """Nobody is handed over."""

    async def waiting(self, takeover: str, external_userid: str) -> bool:
        return False

    async def overdue(self, handover: str, takeover: str, asked_before: int) -> Sequence[str]:
        return ()


@dataclass
class FakePools:
    """A pool in which every guide knows everybody."""

    async def now(self) -> Pool:
        return pool_of(customers=100, guides=4)


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
class FakeConsent:
    """external_userid → what is not wanted any more."""

    said: dict[str, Preferences] = field(default_factory=dict)

    async def preferences(self, external_userid: str) -> Preferences:
        return self.said.get(external_userid, Preferences())

    async def opted_out(self, external_userid: str, topic: str) -> bool:
        return (await self.preferences(external_userid)).opted_out(topic)

    def remember(self, record: SavePreference) -> None:
        before = self.said.get(record.external_userid, Preferences())
        self.said[record.external_userid] = before.after(record.topic, wanted=record.wanted, by=record.by)


@dataclass
class FakeCodes:
    """(offer, customer) → code."""

    theirs: dict[tuple[str, str], str] = field(default_factory=dict)

    async def given(self, offer: str, external_userid: str) -> str | None:
        return self.theirs.get((offer, external_userid))

    async def free(self, offer: str, codes: Sequence[str], external_userid: str) -> str | None:
        first = first_for(external_userid, offer, len(codes))
        taken = {code for (of, _), code in self.theirs.items() if of == offer}
        return next((code for code in (*codes[first:], *codes[:first]) if code not in taken), None)

    def give(self, record: GiveCode) -> None:
        self.theirs.setdefault((record.offer, record.external_userid), record.code)


@dataclass(frozen=True)
class FakePlans:
    """What staff wrote, calendars alone."""

    version: str = "v1"
    calendars: tuple[Calendar, ...] = ()
    days: DayBook = PLAIN_DAYS


@dataclass
class FakeSequences:
    """Runs by (calendar, sequence, external_userid), and since when each sequence is live."""

    known: dict[tuple[str, str, str], SequenceRun] = field(default_factory=dict)
    live: dict[tuple[str, str], int] = field(default_factory=dict)

    async def runs_of(self, external_userid: str) -> Sequence[SequenceRun]:
        mine = (run for run in self.known.values() if run.external_userid == external_userid)
        return sorted(mine, key=lambda run: (-run.started_at, run.of))

    async def since_at(self, calendar: str, sequence: str) -> int | None:
        return self.live.get((calendar, sequence))

    async def ordered_at(self, external_userid: str) -> int | None:
        return None

    def save(self, run: SequenceRun) -> None:
        key = (*run.of, run.external_userid)
        known = self.known.get(key)
        assert (known.revision if known else 0) == run.revision
        self.known[key] = replace(run, revision=run.revision + 1)


@dataclass
class FakePlanning:
    """No pool was ever measured."""

    async def measured(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        return ()

    async def measured_before(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        return ()


@dataclass
class FakeFacts:
    """What a handler may ask, and the records that it has been told since."""

    content: Plans
    now: int = 0
    timezone: str = "Asia/Shanghai"
    people: FakePeople = field(default_factory=FakePeople)
    follows: FakeFollows = field(default_factory=FakeFollows)
    tags: FakeTags = field(default_factory=FakeTags)
    channels: FakeChannels = field(default_factory=FakeChannels)
    members: FakeMembers = field(default_factory=FakeMembers)
    media: FakeMedia = field(default_factory=FakeMedia)
    consent: FakeConsent = field(default_factory=FakeConsent)
    kf: FakeKf = field(default_factory=FakeKf)
    settings: Settings = AS_ASSUMED
    transfers: FakeTransfers = field(default_factory=FakeTransfers)
    pool: FakePools = field(default_factory=FakePools)

    planning: FakePlanning = field(default_factory=FakePlanning)
    sequences: FakeSequences = field(default_factory=FakeSequences)
    surveys: FakeSurveys = field(default_factory=FakeSurveys)
    codes: FakeCodes = field(default_factory=FakeCodes)

    @property
    def links(self) -> Links:
        return links_at(self.now)

    def __post_init__(self) -> None:
        self.people.follows = self.follows
        self.surveys.tags = self.tags

    def at(self, now: int) -> FakeFacts:
        """The same memory at another moment."""
        return replace(self, now=now)

    def remember(self, record: Record) -> None:
        """What the store would remember of it, as far as facts show it."""
        self.kf.remember(record)
        self.surveys.remember(record)
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
            case TagPerson():
                self.tags.put(record)
            case UntagPerson():
                self.tags.take(record)
            case SaveOwner():
                self.people.owners[record.external_userid] = record.owner
            case SaveSequenceRun():
                self.sequences.save(record.run)
            case NoteSequences():
                self.sequences.live = dict.fromkeys(record.of, record.at) | self.sequences.live
            case SavePreference():
                self.consent.remember(record)
            case GiveCode():
                self.codes.give(record)
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
            self.tags.read_back(record.external_userid, info, record.at)

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
