"""Where each reading of the pool stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, select, update

from bot.scrm.records import Record
from bot.scrm.records.sync import AdvanceSync, PlanParts, StartSync
from bot.scrm.sync import Place, SyncJob, SyncKind
from bot.store.people import GuardFailedError
from bot.store.tables.sync import SyncJobs, SyncParts
from bot.store.upsert import columns, insert_new

jobs, parts = columns(SyncJobs), columns(SyncParts)

COUNTED = ("read", "history", "changed", "found", "gone")


def job(conn: Connection, job_id: str) -> SyncJob | None:
    """One reading."""
    row = conn.execute(select(jobs).where(jobs.c.id == job_id)).mappings().one_or_none()
    return None if row is None else _value(conn, row)


def latest(conn: Connection) -> dict[SyncKind, SyncJob]:
    """The newest reading of each kind."""
    newest = select(jobs.c.kind, func.max(jobs.c.started_at).label("at")).group_by(jobs.c.kind).subquery()
    query = select(jobs).join(newest, (jobs.c.kind == newest.c.kind) & (jobs.c.started_at == newest.c.at))
    return {row["kind"]: _value(conn, row) for row in conn.execute(query).mappings()}


_BEFORE = select(func.max(jobs.c.started_at)).where(
    jobs.c.kind == bindparam("kind"), jobs.c.started_at < bindparam("until")
)


def before(conn: Connection, kind: SyncKind, at: int) -> int | None:
    """When the last reading began that began before `at`."""
    began: int | None = conn.scalar(_BEFORE, {"kind": kind, "until": at})
    return began


def unfinished(conn: Connection, kind: SyncKind) -> SyncJob | None:
    """The reading of a kind that is under way."""
    query = select(jobs).where(jobs.c.kind == kind, jobs.c.state != "done").order_by(jobs.c.started_at.desc()).limit(1)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else _value(conn, row)


def next_part(conn: Connection, job_id: str, after: str) -> str | None:
    """The part that comes after this one."""
    query = select(func.min(parts.c.part)).where(parts.c.job == job_id, parts.c.part > after)
    part: str | None = conn.execute(query).scalar()
    return part


def start(conn: Connection, record: StartSync) -> None:
    """A reading begins; only when none of its kind is under way."""
    fresh = {"id": record.job, "kind": record.kind, "state": "planning", "part": "", "cursor": ""}
    conn.execute(insert_new(conn, SyncJobs), {**fresh, "started_at": record.at, "touched_at": record.at})


def plan(conn: Connection, record: PlanParts) -> None:
    """What it has to read."""
    if record.parts:
        conn.execute(insert_new(conn, SyncParts), [{"job": record.job, "part": part} for part in record.parts])
    planned = update(jobs).where(jobs.c.id == record.job, jobs.c.state == "planning")
    _stand(conn, planned.values(total=len(record.parts)), record.to, record.at)


def advance(conn: Connection, record: AdvanceSync) -> None:
    """A page is behind us.

    Raises:
        GuardFailedError: it was behind us already.
    """
    page = record.page
    here = (jobs.c.id == page.job, jobs.c.part == page.place.part, jobs.c.cursor == page.place.cursor)
    counts = {name: jobs.c[name] + getattr(page, name) for name in COUNTED}
    skipped = jobs.c.skipped + (1 if page.refused else 0)
    moved = update(jobs).where(*here, jobs.c.state == "running").values(**counts, skipped=skipped)
    _stand(conn, moved, record.to, record.at)
    if record.to is None or record.to.part != page.place.part:
        conn.execute(delete(parts).where(parts.c.job == page.job, parts.c.part == page.place.part))


def _stand(conn: Connection, moved: Any, to: Place | None, at: int) -> None:
    here = {"state": "running", "part": to.part, "cursor": to.cursor} if to else {"state": "done", "finished_at": at}
    if conn.execute(moved.values(**here, touched_at=at)).rowcount != 1:
        raise GuardFailedError


def _value(conn: Connection, row: RowMapping) -> SyncJob:
    left = conn.execute(select(func.count()).select_from(parts).where(parts.c.job == row["id"])).scalar_one()
    plain = {name: value for name, value in row.items() if name not in ("part", "cursor")}
    return SyncJob(**plain, left=left, place=Place(row["part"], row["cursor"]))


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    StartSync: lambda conn, _, record: start(conn, record),
    PlanParts: lambda conn, _, record: plan(conn, record),
    AdvanceSync: lambda conn, _, record: advance(conn, record),
}
