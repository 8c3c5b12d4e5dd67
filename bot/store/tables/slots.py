"""Slots of calendars that came round, and when we last looked."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index

from bot.store.tables.columns import Table, plain


class Slots(Table, table=True):
    """A moment of a calendar's entry that a look at the clock found; never found again. `version`: the edition."""

    __tablename__ = "slots"
    __table_args__ = (Index("slots_at", "at"),)
    calendar: str = plain(primary_key=True)
    entry: str = plain(primary_key=True)
    at: int = plain(BigInteger, primary_key=True)
    by_at: int = plain(BigInteger)
    state: str = plain()
    because: str = plain(default="")
    version: str = plain()
    found_at: int = plain(BigInteger)
    decided_at: int | None = plain(BigInteger, default=None)


class Looks(Table, table=True):
    """When something was last looked at."""

    __tablename__ = "looks"
    what: str = plain(primary_key=True)
    looked_at: int = plain(BigInteger)
