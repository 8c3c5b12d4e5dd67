"""企业群发 at WeCom."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Index, Text, text
from sqlmodel import SQLModel

from bot.store.tables.columns import personal, plain

OPEN = text("look_at IS NOT NULL")


class MassSends(SQLModel, table=True):
    """A task of a guide: to groups (`chat_ids`), or to the touches of `planned_id` above `after`, up to `upto`.

    `state`: making, waiting (for the guide), sent, lapsed (not pressed in time), failed, unknown (nobody can say
    whether it was made). `people`: receivers, groups or persons; of these `sent`, `not_friends`, `over_quota`.
    `look_at`: when to look at it next; None: it is not there yet, or over.
    """

    __tablename__ = "mass_sends"
    __table_args__ = (
        Index("mass_sends_slot", "calendar", "entry", "at"),
        Index("mass_sends_due", "look_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("mass_sends_planned", "planned_id"),
    )
    key: str = personal(primary_key=True)
    calendar: str = plain()
    entry: str = plain()
    at: int = plain(BigInteger)
    by_at: int = plain(BigInteger)
    userid: str = personal()
    item: str = plain()
    people: int = plain()
    chat_ids: list[str] = personal(JSON)
    planned_id: int | None = plain(BigInteger, default=None)
    after: int = plain(BigInteger, begins="0")
    upto: int = plain(BigInteger, begins="0")
    msgid: str | None = plain(default=None)
    state: str = plain()
    reason: str = plain(Text, begins="''")
    made_at: int = plain(BigInteger)
    look_at: int | None = plain(BigInteger, default=None)
    ended_at: int | None = plain(BigInteger, default=None)
    sent: int = plain(begins="0")
    not_friends: int = plain(begins="0")
    over_quota: int = plain(begins="0")
