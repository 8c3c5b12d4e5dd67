"""Content files as people saved them in the console, each with what it was before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from bot.store.audit import Change, Doer, note
from bot.store.tables import ContentVersions
from bot.store.upsert import columns

table = columns(ContentVersions)


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was saved. `before`, `text`: as it was, and as it is since."""

    id: int
    at: int
    who: str
    because: str
    before: str
    text: str


def keep(conn: Connection, by: Doer, name: str, before: str, text: str, because: str) -> None:
    """Somebody saves a file."""
    row = {"name": name, "at": by.at, "who": by.who, "because": because, "before": before, "text": text}
    number = conn.execute(insert(table).values(**row).returning(table.c.id)).scalar_one()
    note(conn, Change(by=by, what="改文件", target=name, after={"version": number}, because=because))


def versions(conn: Connection, name: str, offset: int, limit: int) -> list[tuple[int, int, str, str]]:
    """(number, when, who, why) of a file, the newest first."""
    query = select(table.c.id, table.c.at, table.c.who, table.c.because).where(table.c.name == name)
    rows = conn.execute(query.order_by(table.c.id.desc()).offset(offset).limit(limit))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def version(conn: Connection, name: str, number: int) -> Version | None:
    """One of them."""
    query = select(*(table.c[each] for each in Version.__slots__)).where(table.c.name == name, table.c.id == number)
    row = conn.execute(query).one_or_none()
    return Version(*row) if row else None
