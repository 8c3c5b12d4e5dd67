"""What is remembered of a reading of the pool."""

from __future__ import annotations

from bot.scrm.events.sync import PageRead
from bot.scrm.records.base import Record
from bot.scrm.sync import Place, SyncKind


class StartSync(Record, frozen=True, kw_only=True):
    """A reading begins."""

    job: str
    kind: SyncKind
    at: int


class PlanParts(Record, frozen=True, kw_only=True):
    """What a reading has to read, and where it begins; without a place it is over."""

    job: str
    parts: tuple[str, ...]
    to: Place | None
    at: int


class AdvanceSync(Record, frozen=True, kw_only=True):
    """A page is behind us; the next one is at `to`, or the reading is over. Guarded: it still stands at this page."""

    page: PageRead
    to: Place | None
    at: int
