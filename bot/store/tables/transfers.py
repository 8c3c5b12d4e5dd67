"""Customers who are handed from one guide to another."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index

from bot.store.tables.columns import Table, personal, plain


class Transfers(Table, table=True):
    """One customer on the way from one guide to another; the newest attempt of the three."""

    __tablename__ = "transfers"
    __table_args__ = (Index("transfers_state", "state", "handover"),)
    handover: str = personal(primary_key=True)
    takeover: str = personal(primary_key=True)
    external_userid: str = personal(primary_key=True, index=True)
    resigned: bool = plain()
    state: str = plain()
    errcode: int | None = plain(default=None)
    asked_at: int = plain(BigInteger)
    settled_at: int | None = plain(BigInteger, default=None)
