"""Content files as people saved them in the console, each with what it was before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from bot.store.audit import Change, Doer, note
from bot.store.tables import ContentVersions
from bot.store.upsert import columns

table = columns(ContentVersions)


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was saved. `before`, `text`: as it was, and as it is since; empty: not there."""

    id: int
    name: str
    at: int
    who: str
    because: str
    before: str
    text: str

    @property
    def last(self) -> str:
        """What it says; of one that was taken out, what it said last."""
        return self.text or self.before


def keep(conn: Connection, by: Doer, name: str, before: str, text: str, because: str) -> None:
    """Somebody saves a file, or takes it out (`text` is empty then)."""
    row = {"name": name, "at": by.at, "who": by.who, "because": because, "before": before, "text": text}
    number = conn.execute(insert(table).values(**row).returning(table.c.id)).scalar_one()
    what = "改文件" if text else "删文件"
    note(conn, Change(by=by, what=what, target=name, after={"version": number}, because=because))


def versions(conn: Connection, name: str, offset: int, limit: int) -> list[tuple[int, int, str, str]]:
    """(number, when, who, why) of a file, the newest first."""
    query = select(table.c.id, table.c.at, table.c.who, table.c.because).where(table.c.name == name)
    rows = conn.execute(query.order_by(table.c.id.desc()).offset(offset).limit(limit))
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def version(conn: Connection, name: str, number: int) -> Version | None:
    """One of them."""
    row = conn.execute(_versions().where(table.c.name == name, table.c.id == number)).one_or_none()
    return Version(*row) if row else None


def newest(conn: Connection, name: str) -> Version | None:
    """The last one of a file."""
    row = conn.execute(_versions().where(table.c.name == name).order_by(table.c.id.desc()).limit(1)).one_or_none()
    return Version(*row) if row else None


def gone(conn: Connection, there: Collection[str], offset: int, limit: int) -> list[Version]:
    """The last version of every file that was taken out and is not `there`, the newest first."""
    last = select(func.max(table.c.id)).group_by(table.c.name)
    query = _versions().where(table.c.id.in_(last), table.c.text == "", table.c.name.not_in(there))
    return [Version(*row) for row in conn.execute(query.order_by(table.c.id.desc()).offset(offset).limit(limit))]


def _versions() -> Select[Any]:
    return select(*(table.c[each] for each in Version.__slots__))
