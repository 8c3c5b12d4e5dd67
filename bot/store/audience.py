"""An audience of any size, planned in the database: one statement says of each person which gate is shut.

A run goes from person to person in chunks, each a transaction that keeps its touches, its counts and how far it came.
So it may be killed anywhere and goes on exactly where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.schema import CreateTable

from bot.scrm.audience import Audience, numbered
from bot.scrm.events.planning import Batch
from bot.scrm.gates.people import PersonGate
from bot.scrm.rules.written import said
from bot.store.audience_facts import EXPOSURES, POOLS, erased, exposure_rows, follows, joined, planned, rows_of, touches
from bot.store.condition_sql import predicate, tag_of
from bot.store.tables import AudienceRuns, GateCounts
from bot.store.upsert import columns, insert_new

BATCH = 10_000
"""Customers of one mass send at most (add_msg_template, official page 92135)."""

runs, gate_counts = columns(AudienceRuns), columns(GateCounts)

JUDGED = Table(
    "audience_judged",
    MetaData(),
    Column("person_id", BigInteger, primary_key=True),
    Column("external_userid", Text, nullable=False),
    Column("planned_id", BigInteger, nullable=False),
    Column("gate", Integer, nullable=False),
    prefixes=["TEMPORARY"],
)
"""The people of one chunk; `gate`: the number of the first that is shut, 0 for those who get it."""

FILLED = Table("audience_filled", MetaData(), Column("run", Text, primary_key=True), prefixes=["TEMPORARY"])
"""For which run POOLS and EXPOSURES stand in this connection."""

_TEMPORARY = (POOLS, EXPOSURES, JUDGED, FILLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run about to go on: what every chunk needs again. `key`: in audience_runs; `id`: of this going on with it."""

    id: str
    key: str
    audience: Audience
    judge: Any
    pools: Sequence[Mapping[str, Any]]
    exposures: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Up to which person a run has come. `gates`: number → people stopped, 0: who get it; `reached`: by planned id."""

    after: int
    gates: Mapping[int, int]
    reached: Mapping[int, int]
    done: bool


def gate_number(
    gates: Sequence[tuple[int, PersonGate]], ask: Any, after: Sequence[tuple[int, PersonGate]] = ()
) -> ColumnElement[int]:
    """The number of the first gate that is shut, 0 for none. `ask`: a condition as SQL."""
    cases = []
    for at, (number, gate) in enumerate(gates):
        holds = ask(gate.condition)
        then: Any = number
        if gate.passes:
            then = gate_number([(n, later) for n, later in gates[at + 1 :] if not later.is_rule], ask)
        cases.append((not_(holds) if gate.unless else holds, then))
    return case(*cases, else_=0) if cases else literal(0)


def judged(audience: Audience) -> Any:
    """Everybody of a range of people, (person_id, external_userid, planned_id, gate)."""
    whom, source, asked = joined(audience)
    known = {fact: value for fact, value in audience.known.items() if fact not in asked}
    has_tag = tag_of(whom.c.person_id)

    def ask(condition: Any) -> ColumnElement[bool]:
        return predicate(condition, known=known, asked=asked, has_tag=has_tag)

    number = gate_number(list(numbered(audience.gates)), ask)
    return select(whom.c.person_id, whom.c.external_userid, whom.c.planned_id, number).select_from(source)


def prepare(conn: Connection, key: str, audience: Audience) -> Run:
    """What the chunks of a run need. Only reads."""
    slot = audience.slot
    which = select(planned.c.pool, planned.c.id).where(
        planned.c.calendar == slot.calendar,
        planned.c.entry == slot.entry,
        planned.c.at == slot.at,
        planned.c.pool.in_(audience.userids),
    )
    pools = [{"userid": pool, "planned_id": id_} for pool, id_ in conn.execute(which)]
    exposures = rows_of(conn.execute(exposure_rows(audience)).all()) if audience.point_facts else []
    judge = insert_new(conn, _Judged).from_select(list(JUDGED.c.keys()), judged(audience))
    return Run(id=uuid4().hex, key=key, audience=audience, judge=judge, pools=pools, exposures=exposures)


def advance(conn: Connection, run: Run, size: int) -> Progress | None:
    """Plan the next `size` relations at most, and keep all that came of it; None: nobody is left."""
    before = progress(conn, run.key)
    ahead = select(follows.c.person_id).where(follows.c.person_id > before.after).order_by(follows.c.person_id)
    upto = conn.scalar(select(func.max(ahead.limit(size).subquery().c.person_id)))
    if upto is None or before.done:
        return None
    _fill(conn, run)
    conn.execute(run.judge, {"after": before.after, "upto": upto})
    _reserve(conn, run.audience)
    now = _counted(conn, before, upto)
    conn.execute(delete(JUDGED))
    _keep(conn, run.key, now)
    return now


def progress(conn: Connection, key: str) -> Progress:
    """Where a run is."""
    row = conn.execute(select(runs).where(runs.c.key == key)).mappings().one_or_none()
    if row is None:
        conn.execute(insert_new(conn, AudienceRuns), [{"key": key, "after": 0, "counts": {}}])
        return Progress(after=0, gates={}, reached={}, done=False)
    counts = row["counts"]
    return Progress(
        after=row["after"],
        gates={int(n): people for n, people in counts.get("gates", {}).items()},
        reached={int(id_): people for id_, people in counts.get("reached", {}).items()},
        done=row["done_at"] is not None,
    )


def finish(conn: Connection, run: Run, now: int) -> Progress:
    """Nobody is left: how many each pool reaches, and how many each gate kept from it. Once."""
    done, slot = progress(conn, run.key), run.audience.slot
    if done.done:
        return done
    reached = [
        {"planned_id": pool["planned_id"], "people": done.reached.get(pool["planned_id"], 0)} for pool in run.pools
    ]
    if reached:
        by_pool = update(planned).where(planned.c.id == bindparam("planned_id")).values(reached=bindparam("people"))
        conn.execute(by_pool, reached)
    rows = [
        {
            "run": run.key, "number": number, "calendar": slot.calendar, "entry": slot.entry, "at": slot.at,
            "item": run.audience.item, "gate": gate.name, "source": gate.source, "because": gate.because,
            "condition": said(gate.condition), "people": done.gates.get(number, 0),
        }
        for number, gate in numbered(run.audience.gates)
    ]  # fmt: skip
    if rows:
        conn.execute(insert(gate_counts), rows)
    conn.execute(update(runs).where(runs.c.key == run.key).values(done_at=now))
    return done


def batches(conn: Connection, run: Run, done: Progress) -> tuple[Batch, ...]:
    """Whom each guide writes to, BATCH people at most in a mass send."""
    return tuple(batch for pool in run.pools for batch in _batches(conn, pool, done.reached.get(pool["planned_id"], 0)))


def _batches(conn: Connection, pool: Mapping[str, Any], people: int) -> Iterator[Batch]:
    after = 0
    for number, first in enumerate(range(0, people, BATCH), 1):
        size = min(BATCH, people - first)
        upto = conn.scalar(_reserved(touches.c.person_id, pool["planned_id"], after).offset(size - 1).limit(1))
        yield Batch(pool["planned_id"], pool["userid"], number, after, upto or after, size)
        after = upto or after


def recipients(conn: Connection, planned_id: int, after: int, upto: int) -> list[str]:
    """The external_userids of a batch; who was forgotten meanwhile is not among them."""
    query = _reserved(touches.c.external_userid, planned_id, after)
    return list(conn.scalars(query.where(touches.c.person_id <= upto, ~erased(touches))))


def _reserved(column: Any, planned_id: int, after: int) -> Select[Any]:
    whose = select(planned.c.pool).where(planned.c.id == planned_id).scalar_subquery()
    theirs = select(follows.c.person_id).where(follows.c.userid == whose)
    mine = (touches.c.planned_id == planned_id, touches.c.state == "reserved", touches.c.person_id > after)
    return select(column).where(touches.c.person_id.in_(theirs), *mine).order_by(touches.c.person_id)


def _fill(conn: Connection, run: Run) -> None:
    """Once in a connection for each run: with SQLite all chunks have the same one."""
    for table in _TEMPORARY:
        conn.execute(CreateTable(table, if_not_exists=True))
    if conn.scalar(select(FILLED.c.run)) == run.id:
        return
    for table, rows in ((POOLS, run.pools), (EXPOSURES, run.exposures), (FILLED, [{"run": run.id}])):
        conn.execute(delete(table))
        if rows:
            conn.execute(insert(table), list(rows))


def _reserve(conn: Connection, audience: Audience) -> None:
    """The touches of those who get it, and of those kept without it to measure by."""
    gates = (0, *audience.held_out)
    state = case((JUDGED.c.gate == 0, "reserved"), else_="held_out")
    kept = select(
        JUDGED.c.person_id,
        JUDGED.c.planned_id,
        JUDGED.c.external_userid,
        literal(audience.slot.by_at, BigInteger),
        state,
    )
    names = ["person_id", "planned_id", "external_userid", "at", "state"]
    conn.execute(insert(touches).from_select(names, kept.where(JUDGED.c.gate.in_(gates)).order_by(JUDGED.c.person_id)))


def _counted(conn: Connection, before: Progress, upto: int) -> Progress:
    gates, reached = Counter(before.gates), Counter(before.reached)
    many = func.count()
    for gate, people in conn.execute(select(JUDGED.c.gate, many).group_by(JUDGED.c.gate)):
        gates[gate] += people
    got = select(JUDGED.c.planned_id, many).where(JUDGED.c.gate == 0).group_by(JUDGED.c.planned_id)
    for planned_id, people in conn.execute(got):
        reached[planned_id] += people
    return Progress(after=upto, gates=gates, reached=reached, done=False)


def _keep(conn: Connection, key: str, now: Progress) -> None:
    counts = {
        "gates": {str(n): people for n, people in now.gates.items()},
        "reached": {str(id_): people for id_, people in now.reached.items()},
    }
    conn.execute(update(runs).where(runs.c.key == key).values(after=now.after, counts=counts))


class _Judged:
    """JUDGED as `insert_new` wants it."""

    __table__ = JUDGED
