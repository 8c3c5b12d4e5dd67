"""Who sits at our pages."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, text

from bot.store.tables.columns import Table, partial_index, personal, plain

FIRST = text("first")


class PageSeats(Table, table=True):
    """A browser that began at a signed link; the first of each link sits there for the customer it was made for."""

    __tablename__ = "page_seats"
    __table_args__ = (
        partial_index("page_seats_first", "link", unique=True, where=FIRST),
        Index("page_seats_sat_at", "sat_at"),
    )
    link: str = personal(primary_key=True)
    browser: str = personal(primary_key=True)
    external_userid: str = personal(index=True)
    first: bool = plain()
    sat_at: int = plain(BigInteger)
