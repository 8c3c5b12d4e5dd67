"""Sequences: since when each is live, who may begin one, whose step is due, and where everybody stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)

from bot.scrm.calendar import Sequence
from bot.scrm.records import Record
from bot.scrm.records.sequences import NoteSequences, SaveSequenceRun
from bot.scrm.sequence import SequenceRun
from bot.store.people import GuardFailedError, ensure_person
from bot.store.tables import Follows, Identities, LiveSequences, Orders, PersonOwner, PersonTags, SequenceRuns
from bot.store.tombstones import EXTERNAL_USERID
from bot.store.upsert import columns, insert_new

runs, live = columns(SequenceRuns), columns(LiveSequences)
follows, identities = columns(Follows), columns(Identities)
orders, person_tags, owners = columns(Orders), columns(PersonTags), columns(PersonOwner)

CHUNK = 200
"""People told in one transaction."""

_RUN = tuple(f.name for f in fields(SequenceRun))
_KEY = ("calendar", "sequence", "external_userid")
_OF = (runs.c.calendar == bindparam("calendar"), runs.c.sequence == bindparam("sequence"))
_KEYS = tuple(runs.c[name] for name in _KEY)
_RUNS: Select[Any] = select(*(runs.c[name] for name in _RUN))
_SINCE_AT = select(live.c.since_at).where(
    live.c.calendar == bindparam("calendar"), live.c.sequence == bindparam("sequence")
)
_LIVE = select(live.c.calendar, live.c.sequence)
_PERSON = select(identities.c.person_id).where(
    identities.c.kind == EXTERNAL_USERID, identities.c.value == bindparam("customer")
)
_NEWEST_FIRST = _RUNS.order_by(runs.c.started_at.desc(), *_KEYS)
_BY_CUSTOMER = _NEWEST_FIRST.where(runs.c.person_id.in_(_PERSON))
_BY_PERSON = _NEWEST_FIRST.where(runs.c.person_id == bindparam("person"))
_ORDERED_AT = select(func.max(orders.c.paid_at)).where(orders.c.person_id.in_(_PERSON))


def runs_of(conn: Connection, external_userid: str) -> list[SequenceRun]:
    """Every run of the person behind a customer id, the newest first."""
    return [_run(row) for row in conn.execute(_BY_CUSTOMER, {"customer": external_userid}).mappings()]


def of_person(conn: Connection, person_id: int) -> list[SequenceRun]:
    """Every run of a person, the newest first."""
    return [_run(row) for row in conn.execute(_BY_PERSON, {"person": person_id}).mappings()]


def since_at(conn: Connection, calendar: str, sequence: str) -> int | None:
    """When a sequence went live."""
    at: int | None = conn.scalar(_SINCE_AT, {"calendar": calendar, "sequence": sequence})
    return at


def unannounced(conn: Connection, of: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Those of these sequences (calendar, sequence) of which it is not known since when they are live."""
    known = {(calendar, sequence) for calendar, sequence in conn.execute(_LIVE)}
    return tuple(each for each in of if each not in known)


def ordered_at(conn: Connection, external_userid: str) -> int | None:
    """When the person behind a customer id paid last."""
    at: int | None = conn.scalar(_ORDERED_AT, {"customer": external_userid})
    return at


def may_begin(conn: Connection, calendar: str, sequence: Sequence, limit: int = CHUNK) -> list[str]:
    """Customers to whom happened what starts a sequence, who were not asked about it and are in no other.

    Whom it takes in (`existing`, `who`) is decided one by one; without 纳入 only what happened since it is live counts.
    """
    live_at = since_at(conn, calendar, sequence.id)
    query = _beginning(sequence.start, sequence.start_tag, sequence.existing)
    if live_at is None or query is None:
        return []
    of = {"calendar": calendar, "sequence": sequence.id}
    return list(conn.scalars(query, {**of, "from_at": 0 if sequence.existing == "纳入" else live_at, "most": limit}))


def under_way(conn: Connection) -> list[tuple[SequenceRun, str]]:
    """Runs of which a step is to come or waits for its slot, each with the guide whose customer it is: who owns them,
    else who had them first."""
    rows = (dict(row) for row in conn.execute(_under_way()).mappings())
    found = [(_run(row), userid) for row in rows if (userid := row.pop("userid"))]
    return sorted(found, key=lambda each: tuple(getattr(each[0], name) for name in _KEY))


@cache
def _under_way() -> CompoundSelect[Any]:
    mine = (follows.c.person_id == runs.c.person_id, follows.c.status == "active")
    first = select(follows.c.userid).where(*mine).order_by(follows.c.added_at, follows.c.userid).limit(1)
    owned = select(owners.c.userid).where(owners.c.person_id == runs.c.person_id)
    guide = func.coalesce(owned.scalar_subquery(), first.scalar_subquery()).label("userid")
    # Two looks and not one with OR: so each goes by its index, and the runs that are over cost nothing.
    running, waits = runs.c.state == literal_column("'running'"), runs.c.went.is_not(None) & runs.c.slot_at.is_(None)
    each = _RUNS.add_columns(guide)
    return union_all(each.where(running), each.where(waits, runs.c.state != literal_column("'running'")))


def may_stop(conn: Connection, calendar: str, sequence: Sequence, limit: int = CHUNK) -> list[SequenceRun]:
    """Runs to whose customers happened what stops the sequence: an order since they began, a tag."""
    query = _stopping(sequence.stops_on_order, sequence.stop_tags)
    if query is None:
        return []
    of = {"calendar": calendar, "sequence": sequence.id}
    return [_run(row) for row in conn.execute(query, {**of, "most": limit}).mappings()]


# Every look asks for every sequence: composing the statements would take longer than they do.


@cache
def _beginning(start: str | None, start_tag: str | None, existing: str) -> Select[Any] | None:
    happened = _happened(start, start_tag, existing)
    if happened is None:
        return None
    busy = exists(select(1).where(runs.c.person_id == follows.c.person_id, and_(*_OF) | (runs.c.state == "running")))
    query = select(follows.c.external_userid).distinct().where(follows.c.status == "active", happened, ~busy)
    return query.order_by(follows.c.external_userid).limit(bindparam("most"))


def _happened(start: str | None, start_tag: str | None, existing: str) -> ColumnElement[bool] | None:
    """That a follow's customer did what starts the sequence. An add is an event; only with 纳入 is it looked for."""
    from_at: BindParameter[int] = bindparam("from_at")
    if start_tag:
        tagged = (person_tags.c.tag == start_tag, person_tags.c.set_at >= from_at)
        return follows.c.external_userid.in_(select(person_tags.c.external_userid).where(*tagged))
    if start == "首单":
        first = (orders.c.is_first, orders.c.paid_at >= from_at, orders.c.person_id.is_not(None))
        return follows.c.person_id.in_(select(orders.c.person_id).where(*first))
    return true() if existing == "纳入" else None


@cache
def _stopping(on_order: bool, tags: tuple[str, ...]) -> Select[Any] | None:
    bought = exists(select(1).where(orders.c.person_id == runs.c.person_id, orders.c.paid_at > runs.c.started_at))
    carried = (person_tags.c.external_userid == runs.c.external_userid, person_tags.c.tag.in_(tags))
    reasons = ([bought] if on_order else []) + ([exists(select(1).where(*carried))] if tags else [])
    if not reasons:
        return None
    running = runs.c.state == literal_column("'running'")  # spelt out, for only so it fits its index
    query = _RUNS.where(running, *_OF, or_(*reasons))
    return query.order_by(*_KEYS).limit(bindparam("most"))


_DUE = (
    _RUNS.where(runs.c.waits_at.is_not(None), runs.c.waits_at <= bindparam("now"))
    .order_by(runs.c.waits_at, *_KEYS)
    .limit(bindparam("most"))
)


def due(conn: Connection, now: int, limit: int = CHUNK) -> list[SequenceRun]:
    """Runs whose next step has come, the longest waiting first."""
    return [_run(row) for row in conn.execute(_DUE, {"now": now, "most": limit}).mappings()]


_TOLD = (
    update(runs)
    .where(tuple_(*_KEYS).in_(bindparam("keys", expanding=True)), runs.c.waits_at.is_not(None))
    .values(waits_at=None)
    .returning(*_KEYS)
)


def told(conn: Connection, due: Iterable[SequenceRun]) -> list[SequenceRun]:
    """Note that the events of these runs' steps are on their way; those of which nobody did so before."""
    runs_of_key = {tuple(getattr(run, name) for name in _KEY): run for run in due}
    if not runs_of_key:
        return []
    return [runs_of_key[tuple(row)] for row in conn.execute(_TOLD, {"keys": list(runs_of_key)})]


_WENT = (
    select(runs.c.calendar, runs.c.sequence, runs.c.went)
    .where(runs.c.went.is_not(None), runs.c.slot_at.is_(None))
    .distinct()
)


def went(conn: Connection) -> list[tuple[str, str, str]]:
    """Steps that customers have come to and that wait for a slot: (calendar, sequence, step)."""
    return [(calendar, sequence, step) for calendar, sequence, step in conn.execute(_WENT)]


_JOIN_SLOT = (
    update(runs)
    .where(runs.c.calendar == bindparam("of_calendar"), runs.c.sequence == bindparam("of_sequence"))
    .where(runs.c.went == bindparam("waits_at_step"), runs.c.slot_at.is_(None))
    .values(slot_at=bindparam("goes_at"))
)


def join_slot(conn: Connection, calendar: str, sequence: str, step: str, at: int) -> None:
    """Whoever waits at a step goes with this slot."""
    who = {"of_calendar": calendar, "of_sequence": sequence, "waits_at_step": step}
    conn.execute(_JOIN_SLOT, {**who, "goes_at": at})


_SAVE_RUN = update(runs).where(*(runs.c[name] == bindparam(f"known_{name}") for name in (*_KEY, "revision")))
"""Whatever else it is given is set."""


def save_run(conn: Connection, record: SaveSequenceRun) -> None:
    """Where a run stands.

    Raises:
        GuardFailedError: it is not the run that the decision was made on, or the customer is in another sequence.
    """
    run = record.run
    values = {name: getattr(run, name) for name in _RUN} | {"done": list(run.done), "revision": run.revision + 1}
    if run.revision == 0:
        values["person_id"] = ensure_person(conn, run.external_userid, run.started_at)
        written = conn.execute(insert_new(conn, SequenceRuns), values).rowcount
    else:
        known = {f"known_{name}": getattr(run, name) for name in (*_KEY, "revision")}
        changes = {name: value for name, value in values.items() if name not in (*_KEY, "started_at")}
        written = conn.execute(_SAVE_RUN, known | changes).rowcount
    if written != 1:
        raise GuardFailedError("/".join(run.of))


def note_sequences(conn: Connection, record: NoteSequences) -> None:
    """What is live from now on."""
    rows = [{"calendar": calendar, "sequence": sequence, "since_at": record.at} for calendar, sequence in record.of]
    if rows:
        conn.execute(insert_new(conn, LiveSequences), rows)


def _run(row: Any) -> SequenceRun:
    return SequenceRun(**{**row, "done": tuple(row["done"])})


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    SaveSequenceRun: lambda conn, _, record: save_run(conn, record),
    NoteSequences: lambda conn, _, record: note_sequences(conn, record),
}
