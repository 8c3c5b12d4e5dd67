"""Own events of reading a pool back: what is due, what a page brought, and the differences that it showed."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.scrm.sync import Place, SyncKind
from bot.wecom.events.base import customer_line


class SyncDue(OwnEvent, frozen=True, kw_only=True):
    """A reading of this kind begins, or one that stands goes on."""

    kind: SyncKind

    @property
    def line(self) -> str:
        return f"sync/{self.kind}"


class SyncPlanned(OwnEvent, frozen=True, kw_only=True):
    """What a reading has to read: the members with 客户联系 rights (official page 92571)."""

    job: str
    kind: SyncKind
    parts: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"sync/{self.kind}"


class PageRead(OwnEvent, frozen=True, kw_only=True):
    """One page was read and kept. `to_cursor` empty: the part is over. `refused`: why it could not be read.

    It carries counts, not people: a pool of 300,000 would else lie in the inbox once more every night.
    """

    job: str
    kind: SyncKind
    place: Place
    to_cursor: str = ""
    read: int = 0
    history: int = 0
    changed: int = 0
    found: int = 0
    gone: int = 0
    chat_ids: tuple[str, ...] = ()
    refused: str = ""

    @property
    def line(self) -> str:
        return f"sync/{self.kind}"


class CustomerFound(OwnEvent, frozen=True, kw_only=True):
    """WeCom has a relation, begun at `added_at` after the first sync, that no callback told us of."""

    userid: str
    external_userid: str
    added_at: int
    state: str | None = None

    welcome_code = None
    """It went with the callback."""

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


class CustomerGone(OwnEvent, frozen=True, kw_only=True):
    """We have a relation that WeCom has no more; nobody told us who left."""

    userid: str
    external_userid: str

    @property
    def line(self) -> str:
        return customer_line(self.external_userid)


EVENTS = (SyncDue, SyncPlanned, PageRead, CustomerFound, CustomerGone)
