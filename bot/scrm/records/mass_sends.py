"""What is remembered of mass sends."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.calendar import Slot
from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepMassSend(Record):
    """A mass send is about to be made for a slot. Whom: as in `CreateMassSend`. `people`: groups or persons."""

    key: str
    slot: Slot
    userid: str
    item: str
    people: int
    chat_ids: tuple[str, ...] = ()
    planned_id: int | None = None
    after: int = 0
    upto: int = 0
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMassSend(Record):
    """The guide has it. `failed`: external_userids that WeCom cannot reach. `look_at`: when to look at it."""

    key: str
    msgid: str
    failed: tuple[str, ...]
    look_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain(Record):
    """Nothing is decided yet; `at`: when to look next."""

    key: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleMassSend(Record):
    """It is over. `state`: sent, lapsed (the guide did not press in time), failed, unknown; `reason`: for staff.

    What was reserved for whom it did not reach is free again, and only what was sent is charged to the mix. Unknown:
    it may yet be pressed, so all stays as if it had been.
    """

    key: str
    state: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAudience(Record):
    """Whom a slot was planned for does not get it: what was reserved is free again. `planned_ids`: of its guides."""

    planned_ids: tuple[int, ...]
    because: str
    at: int


RECORDS = (KeepMassSend, StartMassSend, LookAgain, SettleMassSend, ReleaseAudience)
