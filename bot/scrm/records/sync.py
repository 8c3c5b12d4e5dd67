"""What is remembered of a reading of the pool."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.events.sync import PageRead
from bot.scrm.records.base import Record
from bot.scrm.sync import Place, SyncKind


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSync(Record):
    """A reading begins."""

    job: str
    kind: SyncKind
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanParts(Record):
    """What a reading has to read, and where it begins; without a place it is over."""

    job: str
    parts: tuple[str, ...]
    to: Place | None
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceSync(Record):
    """A page is behind us; the next one is at `to`, or the reading is over. Guarded: it still stands at this page."""

    page: PageRead
    to: Place | None
    at: int
