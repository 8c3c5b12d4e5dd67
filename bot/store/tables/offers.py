"""One-use codes that were given."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index

from bot.store.tables.columns import Table, personal, plain


class GivenCodes(Table, table=True):
    """A code of an offer that somebody has. Its row outlives them: it is never given again.

    Not unique by person: two who turn out to be one keep both of theirs.
    """

    __tablename__ = "given_codes"
    __table_args__ = (Index("given_codes_of", "person_id", "offer"),)
    offer: str = plain(primary_key=True)
    code: str = plain(primary_key=True)
    person_id: int = plain(BigInteger)
    external_userid: str = personal()
    because: str = plain()
    given_at: int = plain(BigInteger)
