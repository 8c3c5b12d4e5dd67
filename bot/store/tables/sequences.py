"""Customers going through sequences."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, text

from bot.store.tables.columns import Table, partial_index, personal, plain

RUNNING, WAITING = text("state = 'running'"), text("waits_at IS NOT NULL")
WENT = text("went IS NOT NULL AND slot_at IS NULL")


class LiveSequences(Table, table=True):
    """Since when a sequence has been live: who was there before is not put into it."""

    __tablename__ = "live_sequences"
    calendar: str = plain(primary_key=True)
    sequence: str = plain(primary_key=True)
    since_at: int = plain(BigInteger)


class SequenceRuns(Table, table=True):
    """A customer going through a sequence, or not let in and why; one under way at most.

    `step`: the next one. `waits_at`: when it is due; none once its event is on its way. `done`: steps that are over.
    `went`: the last of them that is to be sent; `slot_at`: the slot that it goes with, none while it waits for one.
    """

    __tablename__ = "sequence_runs"
    __table_args__ = (
        partial_index(
            "sequence_runs_running",
            "external_userid",
            unique=True,
            where=RUNNING,
        ),
        partial_index(
            "sequence_runs_of",
            "calendar",
            "sequence",
            "external_userid",
            where=RUNNING,
        ),
        partial_index("sequence_runs_waiting", "waits_at", where=WAITING),
        partial_index("sequence_runs_went", "calendar", "sequence", "went", where=WENT),
    )
    calendar: str = plain(primary_key=True)
    sequence: str = plain(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    person_id: int = plain(BigInteger, index=True)
    state: str = plain()
    because: str = personal(default="")
    started_at: int = plain(BigInteger)
    step: str | None = plain(default=None)
    done: list[str] = plain(JSON)
    waits_at: int | None = plain(BigInteger, default=None)
    ended_at: int | None = plain(BigInteger, default=None)
    revision: int = plain(default=1)
    went: str | None = plain(default=None)
    slot_at: int | None = plain(BigInteger, default=None)
