"""An audience of any size, planned in the database: one statement says of each person which gate is shut.

A run goes from person to person in chunks. Judging one only reads, so nobody waits for it; then a short transaction
keeps its touches, its counts and how far it came. So it may be killed anywhere and goes on exactly where it was.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.schema import CreateTable

from bot.scrm.events.planning import Batch
from bot.scrm.gates.audience import Audience, numbered
from bot.scrm.rules.written import said
from bot.store.audience_facts import EXPOSURES, FILLED, POOLS, exposure_rows, follows, planned, touches
from bot.store.batches import AS_PLANNED, reserved
from bot.store.tables import AudienceRuns, GateCounts, People
from bot.store.upsert import columns, insert_json, insert_new
from bot.store.verdicts import Statement, by_gate

NOBODY = "没有客户要收"
"""Why a guide of whom nobody is reached sends nothing."""

BATCH = 10_000
"""Customers of one mass send at most (add_msg_template, official page 92135)."""

runs, gate_counts, persons = columns(AudienceRuns), columns(GateCounts), columns(People)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run about to go on: what every chunk needs again. `key`: in audience_runs.

    `judge`: the statement that judges a range of people. `planned`: planned id → userid; `exposures`: JSON rows;
    `number`: another for every run of any process, since a pooler may hand its connections on.
    """

    key: str
    audience: Audience
    judge: Statement
    planned: Mapping[int, str]
    exposures: str
    number: int = field(default_factory=partial(secrets.randbits, 62))

    @property
    def pools(self) -> str:
        """The rows of POOLS, as JSON."""
        return json.dumps([[userid, id_] for id_, userid in self.planned.items()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Up to which person a run has come. `gates`: number → people stopped, 0: who get it; `reached`: by planned id."""

    after: int
    gates: Mapping[int, int]
    reached: Mapping[int, int]
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a chunk of people came to. `gates`: number → people; `kept`: number → JSON [[person_id, planned_id], …].

    `known`: how many people there were; when two turn out to be one it is one less.
    """

    after: int
    upto: int
    known: int
    gates: Mapping[int, int]
    kept: Mapping[int, str]


class OvertakenError(Exception):
    """Somebody else has gone on with this run, or people of the chunk are not who they were."""


def prepare(conn: Connection, key: str, audience: Audience) -> Run:
    """What the chunks of a run need. Only reads."""
    slot = audience.slot
    which = select(planned.c.pool, planned.c.id).where(
        planned.c.calendar == slot.calendar,
        planned.c.entry == slot.entry,
        planned.c.at == slot.at,
        planned.c.pool.in_(audience.userids),
    )
    pools = {id_: pool for pool, id_ in conn.execute(which)}
    exposures = conn.execute(exposure_rows(audience)).all() if audience.point_facts else []
    rows = json.dumps([[pool, number, int(points)] for pool, number, points in exposures])
    statement = Statement(conn, by_gate(audience))
    return Run(key=key, audience=audience, judge=statement, planned=pools, exposures=rows)


_AHEAD = (
    select(follows.c.person_id)
    .where(follows.c.person_id > bindparam("after"))
    .order_by(follows.c.person_id)
    .limit(bindparam("size"))
)
_LAST = select(func.max(_AHEAD.subquery().c.person_id))


def last_of(conn: Connection, after: int, size: int) -> int | None:
    """The last person of a chunk of so many relations; None: nobody is left."""
    last: int | None = conn.scalar(_LAST, {"after": after, "size": size})
    return last


def judge(conn: Connection, run: Run, after: int, upto: int) -> Judged:
    """At which gate each person of a range stops. Reads only, but for lists of its own connection."""
    _fill(conn, run)
    rows = run.judge.rows(conn, after=after, upto=upto)
    kept = {gate: f"[{pairs}]" for gate, _, pairs in rows if pairs}
    gates = {gate: number for gate, number, _ in rows}
    return Judged(after=after, upto=upto, known=_known(conn, after, upto), gates=gates, kept=kept)


_RUN = runs.c.key == bindparam("run")
_GO_ON = update(runs).where(_RUN, runs.c.after == bindparam("known_after"), runs.c.done_at.is_(None))
"""Whatever else it is given is set."""


def keep(conn: Connection, run: Run, judged: Judged) -> Progress:
    """The touches of a chunk, its counts and how far the run came.

    Raises:
        OvertakenError: the run is over, or not where the chunk begins, or two of its people turned out to be one.
    """
    whom, now = run.audience, _added(progress(conn, run.key), judged)
    counts = {"gates": _by_text(now.gates), "reached": _by_text(now.reached)}
    here = {"run": run.key, "known_after": judged.after}
    if conn.execute(_GO_ON, {**here, "after": now.after, "counts": counts}).rowcount != 1:
        raise OvertakenError(run.key)
    if _known(conn, judged.after, judged.upto) != judged.known:
        raise OvertakenError(run.key)
    for gate, kept in judged.kept.items():
        values = {"at": whom.slot.by_at, "state": "held_out" if gate else "reserved"}
        values |= {"kind": whom.kind, "item": whom.item, "weight": whom.weight}
        conn.execute(insert_json(conn, touches, *values), {"rows": kept, **values})
    return now


_BY_KEY = select(runs).where(_RUN)


def progress(conn: Connection, key: str) -> Progress:
    """Where a run is."""
    row = conn.execute(_BY_KEY, {"run": key}).mappings().one_or_none()
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
    reached = [{"planned_id": id_, "people": done.reached.get(id_, 0)} for id_ in run.planned]
    if reached:
        by_pool = update(planned).where(planned.c.id == bindparam("planned_id"))
        conn.execute(by_pool.values(reached=bindparam("people")), reached)
        nobody = [{"planned_id": row["planned_id"]} for row in reached if not row["people"]]
        if nobody:
            conn.execute(by_pool.values(outcome="lapsed", because=NOBODY, settled_at=now), nobody)
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
    reached = sorted((userid, id_, done.reached[id_]) for id_, userid in run.planned.items() if done.reached.get(id_))
    return tuple(batch for place, pool in enumerate(reached) for batch in _batches(conn, *pool, done.after, place))


def _batches(conn: Connection, userid: str, planned_id: int, people: int, end: int, place: int) -> Iterator[Batch]:
    """`end`: the last person of the run, so that only where one batch ends and another begins has to be looked for."""
    after = 0
    for number, first in enumerate(range(0, people, BATCH), 1):
        size = min(BATCH, people - first)
        more = first + size < people
        nth = reserved(AS_PLANNED, planned_id, after).offset(size - 1).limit(1)
        upto = (conn.scalar(nth) if more else None) or end
        yield Batch(planned_id, userid, number, after, upto, size, place)
        after = upto


_CREATE = [CreateTable(table, if_not_exists=True) for table in (POOLS, EXPOSURES, FILLED)]
_EMPTY = [delete(table) for table in (POOLS, EXPOSURES, FILLED)]


def _fill(conn: Connection, run: Run) -> None:
    """The lists of a run stand in the connection, for all chunks that are judged there."""
    for create in _CREATE:
        conn.execute(create)
    if conn.scalar(select(FILLED.c.run)) == run.number:
        return
    for empty in _EMPTY:
        conn.execute(empty)
    for table, rows in ((POOLS, run.pools), (EXPOSURES, run.exposures)):
        conn.execute(insert_json(conn, table), {"rows": rows})
    conn.execute(insert(FILLED), {"run": run.number})


_KNOWN = (
    select(func.count())
    .select_from(persons)
    .where(persons.c.person_id > bindparam("after"), persons.c.person_id <= bindparam("upto"))
)


def _known(conn: Connection, after: int, upto: int) -> int:
    return conn.execute(_KNOWN, {"after": after, "upto": upto}).scalar_one()


def _added(before: Progress, judged: Judged) -> Progress:
    gates, reached = Counter(before.gates), Counter(before.reached)
    gates.update(judged.gates)
    reached.update(planned_id for _, planned_id in json.loads(judged.kept.get(0, "[]")))
    return Progress(after=judged.upto, gates=gates, reached=reached, done=False)


def _by_text(counts: Mapping[int, int]) -> dict[str, int]:
    return {str(key): people for key, people in counts.items()}
