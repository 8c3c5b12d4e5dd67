"""What a decision may know: read-only, split by noun. `bot.store.facts` reads it from the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.scrm.channel import Channel
from bot.scrm.person import Follow, Member, Person
from bot.scrm.persona import Persona
from bot.scrm.taxonomy import Taxonomy
from bot.scrm.welcome import Welcome


class People(Protocol):
    async def by_external_userid(self, external_userid: str) -> Person | None:
        """The person behind a customer id, or None when nobody knows them."""
        ...


class Follows(Protocol):
    async def of(self, userid: str, external_userid: str) -> Follow | None:
        """The relation of one guide and one customer, ended ones included."""
        ...

    async def count(self, external_userid: str) -> int:
        """How many guides have or had this customer."""
        ...


class Members(Protocol):
    async def get(self, userid: str) -> Member | None: ...


class Media(Protocol):
    async def usable(self, until_at: int) -> Mapping[str, str]:
        """path → sha256 of every file whose media_id lives beyond `until_at`."""
        ...


class Plans(Protocol):
    """What staff wrote, as one immutable snapshot (`bot.content.snapshot.Content`)."""

    @property
    def version(self) -> str: ...
    @property
    def channels(self) -> Mapping[str, Channel]: ...
    @property
    def welcomes(self) -> Sequence[Welcome]: ...
    @property
    def taxonomy(self) -> Taxonomy: ...
    @property
    def media(self) -> Mapping[str, str]:
        """path → sha256 of every file that content refers to."""
        ...

    def channel(self, state: str | None) -> Channel | None: ...
    def persona_of(self, userid: str) -> Persona:
        """The persona that speaks for a guide."""
        ...


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
    def media(self) -> Media: ...
