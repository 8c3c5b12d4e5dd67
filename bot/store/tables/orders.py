"""What people bought."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger

from bot.store.tables.columns import Table, personal, plain


class Orders(Table, table=True):
    """An order of a shop, and whose it is once we know. Money in fen."""

    __tablename__ = "orders"
    order_id: str = personal(primary_key=True)
    person_id: int | None = plain(BigInteger, default=None, index=True)
    how: str | None = plain(default=None)
    channel_id: str | None = plain(default=None, index=True)
    is_first: bool = plain(default=False)
    paid_at: int = plain(BigInteger, index=True)
    total_fen: int = plain(BigInteger)
    refunded_fen: int = plain(BigInteger)
    state: str = plain()
    shop_channel: str | None = plain(default=None)
    items: list[dict[str, Any]] = personal(JSON)
    saved_at: int = plain(BigInteger)


class OrderIds(Table, table=True):
    """The ids that an order came with, kept until we know whose it is. Phones are keyed hashes."""

    __tablename__ = "order_ids"
    order_id: str = personal(primary_key=True)
    kind: str = plain(primary_key=True)
    value: str = personal(index=True)


class Refunds(Table, table=True):
    """Money given back, once per refund."""

    __tablename__ = "refunds"
    order_id: str = personal(primary_key=True)
    refund_id: str = personal(primary_key=True, index=True)
    refunded_at: int = plain(BigInteger)
    amount_fen: int = plain(BigInteger)
