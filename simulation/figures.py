"""What a run came to, as one JSON object with a fixed order: the same seed, the same bytes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.content.snapshot import Content
from bot.scrm.gates.outcome import GOES
from bot.scrm.kind import TOUCHPOINTS, Touchpoint
from bot.scrm.mix import PoolRef
from bot.scrm.mix_report import report
from bot.scrm.quota import Allowance, Quota, allowance
from bot.scrm.week import local_time
from bot.store.audience import gate_counts
from bot.store.audience_facts import planned, touches
from bot.store.board import names
from bot.store.mix import charges
from bot.store.outbox import outbox
from bot.store.planning import mixes
from bot.store.sends import sends
from simulation.points import exposure
from simulation.run import Run
from simulation.stock import SEEN_BY_ALL, Gaps, in_order, met

REASONS = 3
Json = dict[str, Any]
Called = Mapping[Touchpoint, Mapping[str, str]]
"""What people call the pools of a touchpoint."""


async def figures(run: Run, start_at: int, expected: Gaps) -> Json:
    """Everything between `start_at` and now (epoch seconds). `expected`: to be missing, as foreseen at the start."""
    found = await run.database.read(lambda conn: _stored(conn, run.content, start_at, run.clock.now(), run.timezone))
    called = await run.database.read(lambda conn: {t: names(conn, t) for t in TOUCHPOINTS})
    lacked = await run.database.read(lambda conn: met(conn, start_at, run.timezone))
    return {
        **found,
        "stages": list(_stages(run, called)),
        "missing": list(_missing(expected, lacked, called, run.timezone)),
        "not_done": [{"kind": kind, "count": count} for kind, count in sorted(run.unknown.items())],
    }


def _stored(conn: Connection, content: Content, since_at: int, now: int, timezone: str) -> Json:
    budget = content.care.budget
    return {
        "days": _days(conn, since_at, timezone),
        "one_to_one": _one_to_one(conn, since_at, timezone),
        "mix": _mix(conn, content, now, timezone),
        "quota": list(_quota(conn, content.quota, since_at, now, timezone)),
        "points": {**asdict(exposure(conn, since_at, budget.per_seconds, budget.most)), "budget": budget.most * 100},
        "tasks": _tasks(conn, since_at),
        "actions": _actions(conn),
    }


def _days(conn: Connection, since_at: int, timezone: str) -> list[Json]:
    """Day by day and touchpoint: how many pools got something, and which gates kept it from the others."""
    which = (planned.c.at, planned.c.touchpoint, planned.c.outcome, planned.c.decided_at)
    query = select(*which, planned.c.stops, planned.c.because).where(planned.c.at >= since_at).order_by(planned.c.id)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    gates: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    said: dict[tuple[str, str, str], str] = {}
    for at, touchpoint, outcome, decided_at, stops, because in conn.execute(query):
        key = _day(at, timezone), touchpoint
        counts[key][outcome] += 1
        counts[key]["waited"] += outcome in GOES and decided_at > at
        if outcome not in GOES:
            gate = "没发出" if outcome == "lapsed" else (stops[0]["rule"] or stops[0]["gate"]) if stops else "配比"
            gates[key][gate] += 1
            said.setdefault((*key, gate), because)
    return [
        {
            "day": day,
            "touchpoint": touchpoint,
            **{
                name: counts[day, touchpoint][name]
                for name in ("sent", "swapped", "waited", "held", "lapsed", "skipped")
            },
            "reasons": [
                {"gate": gate, "count": count, "such_as": said[day, touchpoint, gate]}
                for gate, count in _most(gates[day, touchpoint])
            ],
        }
        for day, touchpoint in sorted(counts, key=lambda key: (key[0], TOUCHPOINTS.index(key[1])))
    ]


def _one_to_one(conn: Connection, since_at: int, timezone: str) -> list[Json]:
    """Of each slot whose audience was planned: how many customers it reaches, and what kept it from the others."""
    slot = (planned.c.at, planned.c.calendar, planned.c.entry, planned.c.item)
    counted = (planned.c.at >= since_at, planned.c.reached.is_not(None))
    reached = select(*slot, func.sum(planned.c.reached)).where(*counted).group_by(*slot)
    same = (gate_counts.c.at, gate_counts.c.calendar, gate_counts.c.entry, gate_counts.c.item)
    shut = select(*same, gate_counts.c.gate, gate_counts.c.because, func.sum(gate_counts.c.people))
    shut = shut.where(gate_counts.c.number > 0, gate_counts.c.people > 0)
    shut = shut.group_by(*same, gate_counts.c.gate, gate_counts.c.because)
    why: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for *key, gate, because, people in conn.execute(shut):
        why[tuple(key)][f"{gate}：{because}"] += people
    return [
        {
            "day": _day(row[0], timezone),
            "entry": f"{row[1]}/{row[2]}",
            "item": row[3],
            "reached": int(row[4]),
            "reasons": [{"because": because, "people": people} for because, people in _most(why[tuple(row[:4])])],
        }
        for row in sorted(conn.execute(reached), key=lambda row: tuple(map(str, row)))
    ]


def _mix(conn: Connection, content: Content, now: int, timezone: str) -> list[Json]:
    """The last window of each pool against its target, as `report mix` says it."""
    found = []
    for touchpoint in SEEN_BY_ALL:
        charged = charges(conn, touchpoint, now - 2 * content.mix.window_seconds)
        called = names(conn, touchpoint)
        for pool, state in sorted(mixes(conn, touchpoint).items(), key=lambda pair: called.get(pair[0], pair[0])):
            ref = PoolRef(touchpoint, pool, called.get(pool, pool))
            each = report(ref, content.mix, state, charged.get(pool, ()), now, timezone)
            kinds = [{**asdict(row), "causes": [cause.because for cause in row.causes]} for row in each.rows]
            found.append(
                {"touchpoint": touchpoint, "pool": ref.name, "sent": each.sent, "red": each.red, "kinds": kinds}
            )
    return found


def _quota(conn: Connection, quota: Quota, since_at: int, now: int, timezone: str) -> Iterator[Json]:
    """Of each window of WeCom's limit: the most that one group, and one customer, had of it."""
    went = (planned.c.outcome.in_(GOES), planned.c.by_hand.is_(False))
    groups = select(planned.c.pool, planned.c.at).where(planned.c.touchpoint == "群", *went)
    people = select(touches.c.person_id, planned.c.at).join(planned, planned.c.id == touches.c.planned_id)
    people = people.where(touches.c.state != "held_out", planned.c.by_hand.is_(False))
    for window in _windows(quota, since_at, now, timezone):
        for touchpoint, query in _of(groups, people):
            inside = query.where(planned.c.at >= window.start_at, planned.c.at < window.end_at).subquery()
            used = select(func.count()).select_from(inside).group_by(inside.c[0])
            most = max(conn.execute(used).scalars(), default=0)
            reserve = quota.reserve.get(touchpoint, 0)
            day = _day(window.start_at, timezone)
            yield {"from": day, "touchpoint": touchpoint, "most": most, "limit": window.most, "reserve": reserve}


def _of(groups: Select[Any], people: Select[Any]) -> tuple[tuple[Touchpoint, Select[Any]], ...]:
    return ("群", groups), ("私聊", people)


def _windows(quota: Quota, since_at: int, now: int, timezone: str) -> Iterator[Allowance]:
    at = since_at
    while at < now and (window := allowance(quota, at, timezone)):
        yield window
        at = window.end_at


def _tasks(conn: Connection, since_at: int) -> list[Json]:
    """Tasks of guides at WeCom: how many there were, for how many receivers (of Moments: guides), how many got it."""
    sums = [func.sum(column) for column in (sends.c.people, sends.c.sent, sends.c.not_friends, sends.c.over_quota)]
    query = select(sends.c.touchpoint, sends.c.state, func.count(), *sums).where(sends.c.at >= since_at)
    found = sorted(tuple(row) for row in conn.execute(query.group_by(sends.c.touchpoint, sends.c.state)))
    names = ("touchpoint", "state", "tasks", "receivers", "sent", "not_friends", "over_quota")
    return [dict(zip(names, (touchpoint, state, *map(int, rest)), strict=True)) for touchpoint, state, *rest in found]


def _actions(conn: Connection) -> list[Json]:
    rows = conn.execute(select(outbox.c.kind, outbox.c.state, func.count()).group_by(outbox.c.kind, outbox.c.state))
    return [{"kind": kind, "state": state, "count": count} for kind, state, count in sorted(tuple(r) for r in rows)]


def _stages(run: Run, called: Called) -> Iterator[Json]:
    for at, touchpoint, pool, before, staged in run.changed:
        yield {
            "day": _day(at, run.timezone),
            "touchpoint": touchpoint,
            "pool": called[touchpoint].get(pool, pool),
            "from": before.stage if before else None,
            "to": staged.stage,
            "because": staged.because,
        }


def _missing(expected: Gaps, lacked: Gaps, called: Called, timezone: str) -> Iterator[Json]:
    for gap in sorted(expected | lacked, key=in_order):
        week_at, touchpoint, pool, kind = gap
        where = {"touchpoint": touchpoint, "pool": called[touchpoint].get(pool, pool), "kind": kind}
        yield {"week": _day(week_at, timezone), **where, "foreseen": expected[gap], "met": lacked[gap]}


def _day(at: int, timezone: str) -> str:
    return f"{local_time(at, timezone):%Y-%m-%d}"


def _most(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    """The most frequent; of equals, in the order of their names."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:REASONS]
