"""What a decision may know: read-only, split by noun. `bot.store.facts` reads it from the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.scrm.calendar import Slot
from bot.scrm.channel import KeptWay
from bot.scrm.consent import Preferences
from bot.scrm.gates.board import Board
from bot.scrm.group import Group
from bot.scrm.kf import KfSession
from bot.scrm.kind import Touchpoint
from bot.scrm.links import Links
from bot.scrm.mode import Pool
from bot.scrm.owner import Owner
from bot.scrm.person import Follow, Member, Person
from bot.scrm.plans import Plans
from bot.scrm.pool_facts import MeasuredPool
from bot.scrm.send import LeftBehind
from bot.scrm.sequence import SequenceRun
from bot.scrm.settings import Settings
from bot.scrm.survey.run import Known, Survey, SurveyRun
from bot.scrm.switch import Switch
from bot.scrm.sync import SyncJob, SyncKind
from bot.scrm.tagging import CarriedTag


class People(Protocol):
    """Who customers are, whatever ids WeCom knows them by."""

    async def by_external_userid(self, external_userid: str) -> Person | None:
        """The person behind a customer id, or None when nobody knows them."""

    async def owner(self, external_userid: str) -> Owner | None:
        """The one guide whose customer this is."""


class Follows(Protocol):
    """Who is whose contact (WeCom: follow_user)."""

    async def of(self, userid: str, external_userid: str) -> Follow | None:
        """The relation of one guide and one customer, ended ones included."""

    async def count(self, external_userid: str) -> int:
        """How many guides have or had this customer."""

    async def is_guide(self, userid: str) -> bool:
        """Whether this member is connected with any customer."""

    async def active(self, external_userid: str) -> Sequence[tuple[int, str]]:
        """(added_at, userid) of the guides who are connected with this customer, the first one first."""


class Members(Protocol):
    """Employees, as far as the app may see them."""

    async def get(self, userid: str) -> Member | None:
        """One member; None before they were first read from WeCom."""


class Tags(Protocol):
    """Tags as we keep them; WeCom shows the same once it was told."""

    async def carried(self, external_userid: str) -> Sequence[CarriedTag]:
        """The tags that a customer carries, with every guide."""

    async def withdrawn(self, external_userid: str) -> Sequence[tuple[str, str]]:
        """(userid, tag) of what we took off lately and WeCom may still show."""


class Channels(Protocol):
    """What channels have at WeCom, and who came by them."""

    async def groups(self) -> Sequence[tuple[str, str]]:
        """(chat_id, name) of the customer groups, the newest first."""

    async def kept(self) -> Mapping[str, KeptWay]:
        """channel id → what it has at WeCom."""

    async def added_since(self, since_at: int) -> Mapping[str, Mapping[str, int]]:
        """channel id → userid → how many customers were added since then."""

    async def left(self) -> Collection[str]:
        """Members who have left the corp: they receive nowhere."""


class Media(Protocol):
    """Files of content/media that WeCom has. A media_id lives three days (official page 90253)."""

    async def usable(self, until_at: int) -> Mapping[str, str]:
        """path → sha256 of every file whose media_id lives beyond `until_at`."""


class Consent(Protocol):
    """What people refused."""

    async def preferences(self, external_userid: str) -> Preferences:
        """What the person behind a customer id does not want to hear of."""

    async def opted_out(self, external_userid: str, topic: str) -> bool:
        """Whether nothing about this topic may be sent to them."""


class Codes(Protocol):
    """One-use codes of offers."""

    async def given(self, offer: str, external_userid: str) -> str | None:
        """The code of an offer that somebody has."""

    async def free(self, offer: str, codes: Sequence[str], external_userid: str) -> str | None:
        """One of these codes that nobody has, for somebody; None: all are given."""


class Surveys(Protocol):
    """How far people are with surveys, and what is known of them besides."""

    async def run(self, run_id: str) -> SurveyRun | None:
        """One run, whoever goes through it; None when nobody has begun it."""

    async def runs_of(self, external_userid: str) -> Sequence[SurveyRun]:
        """Every run of a person, the newest first."""

    async def worded(self, run: SurveyRun) -> Survey | None:
        """The survey in the wording that this run began with."""

    async def known(self, external_userid: str) -> Known:
        """The tags and profile fields of a person."""


class Kf(Protocol):
    """Conversations in 微信客服."""

    async def session(self, open_kfid: str, external_userid: str) -> KfSession:
        """A customer at a 微信客服 account; a fresh session when nothing was ever said."""

    async def account_id(self, open_kfid: str) -> str | None:
        """Which account of content/kf.yaml this is; None: none of them."""


class Sequences(Protocol):
    """How far people are with sequences, and what stops them."""

    async def runs_of(self, external_userid: str) -> Sequence[SequenceRun]:
        """Every sequence that a person entered or was not let into, the newest first."""

    async def since_at(self, calendar: str, sequence: str) -> int | None:
        """When a sequence went live; None: it is not known yet."""

    async def ordered_at(self, external_userid: str) -> int | None:
        """When a person paid for an order last."""


class Syncs(Protocol):
    """Readings of the whole pool, a member at a time."""

    async def job(self, job_id: str) -> SyncJob | None:
        """One reading; None when it was never begun."""

    async def unfinished(self, kind: SyncKind) -> SyncJob | None:
        """The reading of this kind that is under way."""

    async def next_part(self, job_id: str, after: str) -> str | None:
        """The member whom a reading comes to after this one."""


class Groups(Protocol):
    """Customer groups, as they were read last."""

    async def get(self, chat_id: str) -> Group | None:
        """One group; None before it was first read."""

    async def of(self, external_userid: str) -> Collection[str]:
        """The names and chat_ids of the groups that a customer is in."""


class Pools(Protocol):
    """The size of the whole pool."""

    async def now(self) -> Pool:
        """How many customers and guides there are by the last reading, and the mode that suits them."""


class Transfers(Protocol):
    """Customers on their way from one guide to another."""

    async def waiting(self, takeover: str, external_userid: str) -> bool:
        """Whether this customer is being handed over to this guide."""

    async def overdue(self, handover: str, takeover: str, asked_before: int) -> Sequence[str]:
        """The customers on their way between two guides since before an instant."""


class Planning(Protocol):
    """What gates need to know of the pools that a slot is for."""

    async def board(
        self, touchpoint: Touchpoint, slot: Slot, day: tuple[int, int], tried: Collection[str] = ()
    ) -> Board:
        """Every pool of a touchpoint when a slot comes round. `day`: when the slot's local day begins and ends.
        `tried`: calendars of which it is to be seen what was only tried."""

    async def approved(self) -> Collection[str]:
        """Everything that people approved: digests, and digest@role."""

    async def switched_off(self) -> Collection[Switch]:
        """Everything that a person has stopped."""

    async def measured(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        """Every pool of a touchpoint as it is now, with the stage that it had."""

    async def measured_before(self, touchpoint: Touchpoint) -> Sequence[MeasuredPool]:
        """The pools of a touchpoint as they were measured last."""

    async def left_behind(self, key: str) -> LeftBehind | None:
        """A one-to-one send that is not over, and who else knows whom it has not reached; None: there is no such."""

    async def shares(self, key: str, heirs: Sequence[str]) -> Mapping[str, int]:
        """heir → how many of whom a send has not reached know them and none of the heirs before them."""


class Facts(Protocol):
    """Everything a handler may ask. `now`: epoch seconds; `timezone`: IANA name of the corp's day."""

    @property
    def now(self) -> int: ...
    @property
    def timezone(self) -> str: ...
    @property
    def content(self) -> Plans: ...
    @property
    def people(self) -> People: ...
    @property
    def follows(self) -> Follows: ...
    @property
    def members(self) -> Members: ...
    @property
    def tags(self) -> Tags: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def media(self) -> Media: ...
    @property
    def kf(self) -> Kf: ...
    @property
    def consent(self) -> Consent: ...
    @property
    def surveys(self) -> Surveys: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def sequences(self) -> Sequences: ...
    @property
    def syncs(self) -> Syncs: ...
    @property
    def groups(self) -> Groups: ...
    @property
    def pool(self) -> Pools: ...
    @property
    def transfers(self) -> Transfers: ...
    @property
    def planning(self) -> Planning: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def links(self) -> Links:
        """The addresses of our pages."""
