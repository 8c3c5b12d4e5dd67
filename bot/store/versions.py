"""Content files as people saved them in the console, each with what it was before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, insert, or_, select

from bot.store.audit import Change, Doer, note
from bot.store.tables import ContentVersions
from bot.store.upsert import columns

table = columns(ContentVersions)
went, came = table.alias("went"), table.alias("came")
"""The two of a rename: the old name is taken out, the new one is there."""

APART: Final = 100
"""Numbers between the two at most: they are kept at once, but others keep theirs meanwhile."""


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was saved, and its name then. `before`, `text`: as it was, and as it is since; empty: not there."""

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


@dataclass(frozen=True, slots=True)
class Saved:
    """That a version was saved, without what it says."""

    id: int
    name: str
    at: int
    who: str
    because: str


def keep(conn: Connection, by: Doer, name: str, before: str, text: str, because: str) -> None:
    """Somebody saves a file, or takes it out (`text` is empty then)."""
    row = {"name": name, "at": by.at, "who": by.who, "because": because, "before": before, "text": text}
    number = conn.execute(insert(table).values(**row).returning(table.c.id)).scalar_one()
    what = "改文件" if text else "删文件"
    note(conn, Change(by=by, what=what, target=name, after={"version": number}, because=because))


def rename(conn: Connection, by: Doer, name: str, to: str, text: str, because: str) -> None:
    """Somebody gives a file another name, under which its versions are from now on."""
    keep(conn, by, name, text, "", because)
    keep(conn, by, to, "", text, because)


def versions(conn: Connection, name: str, offset: int, limit: int) -> list[Saved]:
    """Of a file, also under the names it had before, the newest first."""
    query = select(*(table.c[each] for each in Saved.__slots__)).where(_of(conn, name))
    return [Saved(*row) for row in conn.execute(query.order_by(table.c.id.desc()).offset(offset).limit(limit))]


def version(conn: Connection, name: str, number: int) -> Version | None:
    """One of them."""
    row = conn.execute(_versions(table).where(table.c.id == number, _of(conn, name))).one_or_none()
    return Version(*row) if row else None


def newest(conn: Connection, name: str) -> Version | None:
    """The last one of a name."""
    query = _versions(table).where(table.c.name == name)
    row = conn.execute(query.order_by(table.c.id.desc()).limit(1)).one_or_none()
    return Version(*row) if row else None


def removed(conn: Connection, there: Collection[str], offset: int, limit: int) -> list[Version]:
    """The last version of every file that was taken out and is not `there`, the newest first. What has another name
    since is to be found there."""
    last = select(func.max(table.c.id)).group_by(table.c.name)
    elsewhere = select(came.c.id).where(_is_rename()).exists()
    query = _versions(went).where(went.c.id.in_(last), went.c.text == "", went.c.name.not_in(there), ~elsewhere)
    return [Version(*row) for row in conn.execute(query.order_by(went.c.id.desc()).offset(offset).limit(limit))]


def _of(conn: Connection, name: str) -> ColumnElement[bool]:
    """Whether a version is one of the file that has this name now: under it, since another file left it; and what the
    file that came to it was before."""
    mine: list[ColumnElement[bool]] = []
    until: int | None = None
    while True:
        left = conn.scalar(select(func.max(went.c.id)).join(came, _is_rename()).where(_upto(went, name, until))) or 0
        mine.append(and_(_upto(table, name, until), table.c.id > left))
        arrived = select(went.c.name, went.c.id).join(came, _is_rename())
        newest = arrived.where(_upto(came, name, until), came.c.id > left).order_by(came.c.id.desc()).limit(1)
        if (row := conn.execute(newest).one_or_none()) is None:
            return or_(*mine)
        name, until = row


def _upto(which: FromClause, name: str, until: int | None) -> ColumnElement[bool]:
    """Of a name, before a version; None: to the last."""
    here: ColumnElement[bool] = which.c.name == name
    return here if until is None else and_(here, which.c.id < until)


def _is_rename() -> ColumnElement[bool]:
    """Whether these two are the two of a rename: the same words, by one person, at one time, for one reason."""
    near = (came.c.id.between(went.c.id + 1, went.c.id + APART), went.c.id.between(came.c.id - APART, came.c.id - 1))
    same = (came.c.at == went.c.at, came.c.who == went.c.who, came.c.because == went.c.because)
    return and_(*near, *same, went.c.text == "", came.c.before == "", came.c.text == went.c.before)


def _versions(which: FromClause) -> Select[Any]:
    return select(*(which.c[each] for each in Version.__slots__))
