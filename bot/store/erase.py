"""Forgetting a person, row by row. What was counted stays counted; whose it was is no longer told.

First the tombstones, so that nothing new is kept; last the ids, so that a killed erasure can go on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, Text, case, cast, delete, func, select, update

from bot.store import inbox, tombstones
from bot.store.belongings import PLANS, Who, belongs, mentions, personal, who
from bot.store.tables import Erasures, metadata
from bot.store.upsert import columns, save

BURIED = ("external_userid", "unionid", "phone_hash", "member_id", "openid", "order_id")
"""The kinds of ids that must not come back."""

SHORT, LONG = 4, 24
"""Bytes of UTF-8. A shorter name names nobody; a shorter text, such as a greeting, may be anybody's."""

erasures = columns(Erasures)


def begin(conn: Connection, person_id: int, at: int) -> Who:
    """Who it is about, with all that would give them away; from now on nothing new of them is kept."""
    known = who(conn, person_id)
    tombstones.bury(conn, [(kind, value) for kind, value in known.ids if kind in BURIED], at)
    names = _names(conn, known)
    return replace(known, names=tuple(names), words=tuple(names | _words(conn, known)))


def boxes(conn: Connection, known: Who) -> dict[str, list[int]]:
    """inbox and outbox: the rows that name the person. Only reads, however long it takes."""
    found = {}
    for name in ("inbox", "outbox"):
        found[name] = [row["id"] for row in mentions(conn, metadata.tables[name], known)]
    return found


def scrub_inbox(conn: Connection, known: Who, ids: Sequence[int], at: int, *, all_states: bool) -> int:
    """Blank events. One that waits in the person's own line is closed; in another's it is left to be handled first,
    unless `all_states`. Returns how many were blanked."""
    table = metadata.tables["inbox"]
    theirs = table.c.line.in_(known.lines) | (table.c.state != "waiting")
    condition = table.c.id.in_(ids) if all_states else table.c.id.in_(ids) & theirs
    blank = {"body": "", "welcome_code": None, "line": _numbered(table), "reason": inbox.ERASED, "state": "done"}
    done = func.coalesce(table.c.done_at, at)
    return conn.execute(update(table).where(condition).values(**blank, done_at=done)).rowcount


def scrub_outbox(conn: Connection, ids: Sequence[int], at: int, *, all_states: bool) -> int:
    """Blank actions, and drop what has not gone out; what is under way is left for now, unless `all_states`."""
    table = metadata.tables["outbox"]
    condition = table.c.id.in_(ids) if all_states else table.c.id.in_(ids) & (table.c.state != "sending")
    waits = table.c.not_before_at.is_not(None)
    blank = {"payload": {}, "key": _numbered(table), "line": None, "reason": inbox.ERASED, "not_before_at": None}
    dropped = case((waits, "dropped"), else_=table.c.state)
    settled = case((waits, at), else_=table.c.settled_at)
    return conn.execute(update(table).where(condition).values(**blank, state=dropped, settled_at=settled)).rowcount


def tables(conn: Connection, known: Who, at: int) -> dict[str, int]:
    """Delete or blank the person's rows in every other table: few enough for one transaction. table → rows."""
    return {name: _erase(conn, metadata.tables[name], known, at) for name, plan in PLANS.items() if not plan.mentioned}


def save_receipt(conn: Connection, receipt: Mapping[str, Any]) -> None:
    """That it was done."""
    save(conn, Erasures, ["person_id"], dict(receipt))


def receipt_of(conn: Connection, person_id: int) -> dict[str, Any] | None:
    """What is left to say of an erased person."""
    row = conn.execute(select(erasures).where(erasures.c.person_id == person_id)).mappings().one_or_none()
    return dict(row) if row else None


def uncompacted(conn: Connection, now: int) -> list[dict[str, Any]]:
    """The receipts of those whose gaps are still in the file, and may go now."""
    waiting = select(erasures).where(erasures.c.compacted_at.is_(None), erasures.c.compact_after_at <= now)
    return [dict(row) for row in conn.execute(waiting).mappings()]


def receipt(
    person_id: int,
    asked_at: int,
    erased_at: int,
    counts: Mapping[str, int],
    files: Mapping[str, int],
    compact_after_at: int | None = None,
    compaction: str = "",
) -> dict[str, Any]:
    """When, where, how many. Nothing personal. `compact_after_at`: when the gaps in the file may go; None: they are.
    `compaction`: what that means for the disk, for people."""
    said = {
        "person_id": person_id,
        "asked_at": asked_at,
        "erased_at": erased_at,
        "rows": {name: count for name, count in sorted(counts.items()) if count},
        "files": {name: count for name, count in sorted(files.items()) if count},
        "compacted_at": None if compact_after_at else erased_at,
        "compact_after_at": compact_after_at,
        "compaction": compaction,
    }
    return sealed(said)


COMPACTION = {
    "sqlite": "数据库文件整个重写：写完以后，文件里没有被删的内容",
    "postgresql": "VACUUM：被删内容占的地方可以再用，新内容写上去之前仍在磁盘上；要马上不在，请管理员执行 VACUUM FULL",
}
"""What closing the gaps means on each database (postgresql.org/docs/current/sql-vacuum.html)."""


def compaction(conn: Connection) -> str:
    """What closing the gaps means here, for the receipt."""
    return COMPACTION[conn.dialect.name]


def sealed(said: Mapping[str, Any]) -> dict[str, Any]:
    """A receipt with a hash over all that it says, so that a paper can be held against the row."""
    said = {name: value for name, value in said.items() if name != "sha256"}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return {**said, "sha256": digest}


def _names(conn: Connection, known: Who) -> set[str]:
    people, follows = metadata.tables["people"], metadata.tables["follows"]
    said = [*conn.scalars(select(people.c.name).where(belongs(people, known)))]
    said += conn.scalars(select(follows.c.remark).where(belongs(follows, known)))
    return {name for name in said if name and len(name.encode()) >= SHORT}


def _words(conn: Connection, known: Who) -> set[str]:
    """The longer texts that erasing will blank: where they turn up in a file, they are of this person."""
    found: set[str] = set()
    for name, plan in PLANS.items():
        table = metadata.tables[name]
        told = _blanked(table)
        if told and not plan.mentioned and plan.then == "blank":
            held = conn.execute(select(*told).where(belongs(table, known)))
            found |= {value for row in held for value in row if isinstance(value, str)}
    return {word for word in found if len(word.encode()) >= LONG}


def _erase(conn: Connection, table: Table, known: Who, at: int) -> int:
    plan = PLANS[table.name]
    mine = belongs(table, known)
    if plan.then == "delete":
        return conn.execute(delete(table).where(mine)).rowcount
    count = int(conn.execute(select(func.count()).select_from(table).where(mine)).scalar_one())
    blanks = {column.name: _blank(column) for column in _blanked(table)}
    if blanks:
        conn.execute(update(table).where(mine).values(blanks))
    key = tombstones.key_of(conn)
    for name, kind in plan.ids.items():
        for value in known.of(kind):
            instead = tombstones.pseudonym(key, kind, value, at)
            conn.execute(update(table).where(table.c[name] == value).values({name: instead}))
    return count


def _blanked(table: Table) -> list[Column[Any]]:
    plan = PLANS[table.name]
    return [c for c in personal(table) if c.name not in plan.ids and c.name not in plan.kept]


def _blank(column: Column[Any]) -> object:
    if column.nullable:
        return None
    return [] if isinstance(column.type, JSON) else ""


def _numbered(table: Table) -> Any:
    """A name for a row that tells nothing and is nobody else's."""
    return tombstones.PSEUDONYM + cast(table.c.id, Text)
