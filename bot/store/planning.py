"""Decisions about slots, what pools are owed and which stage they are in, people's word on content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from bot.scrm.gates.situation import Switch
from bot.scrm.gates.verdict import Stop
from bot.scrm.kind import Touchpoint
from bot.scrm.mix import MixState
from bot.scrm.pool_stage import Staged
from bot.scrm.records import Record
from bot.scrm.records.planning import Approval, KeepDecision, KeepMix, KeepStage, SeeItems, SetSwitch
from bot.store.people import GuardFailedError
from bot.store.tables import Approvals, MixStates, Planned, PoolStages, SeenItems, Switches
from bot.store.upsert import columns, insert, insert_new, save

planned, mix_states, pool_stages = columns(Planned), columns(MixStates), columns(PoolStages)
approvals, switches, seen_items = columns(Approvals), columns(Switches), columns(SeenItems)

GOES = ("sent", "swapped")
"""Outcomes that reach people."""

_KEY = ("calendar", "entry", "at", "pool")


def keep_decision(conn: Connection, record: KeepDecision) -> None:
    """What became of a slot for a pool; a decision that let it go is final.

    Raises:
        GuardFailedError: it was let go meanwhile.
    """
    statement = insert(conn, Planned).values(_row(record))
    changes = {name: statement.excluded[name] for name in _row(record) if name not in _KEY}
    kept = statement.on_conflict_do_update(index_elements=_KEY, set_=changes, where=planned.c.outcome.not_in(GOES))
    if conn.execute(kept).rowcount != 1:
        raise GuardFailedError


def _row(record: KeepDecision) -> dict[str, Any]:
    slot, pool, decision = record.slot, record.pool, record.decision
    item = decision.item if decision.goes else None
    return {
        "calendar": slot.calendar,
        "entry": slot.entry,
        "at": slot.at,
        "by_at": slot.by_at,
        "pool": pool.id,
        "userid": pool.userid,
        "touchpoint": record.touchpoint,
        "fixed": decision.mix.fixed,
        "outcome": decision.outcome,
        "because": decision.because,
        "kind": item.kind if item else None,
        "topic": item.topic if item else None,
        "item": decision.item.id if decision.item else None,
        "digest": item.digest if item else None,
        "weight": record.weight if item else 0,
        "stops": [_stop(stop) for stop in decision.stops],
        "said": asdict(decision.mix),
        "retry_at": decision.retry_at,
        "version": record.version,
        "decided_at": record.at,
    }


def _stop(stop: Stop) -> dict[str, Any]:
    """A shut gate as people will read it; what would open it is asked again when they do."""
    return {
        "gate": stop.gate,
        "because": stop.because,
        "until_at": stop.until_at,
        "rule": stop.rule.id if stop.rule else None,
        "failed": stop.failed,
        "source": stop.source,
    }


def mix_state(conn: Connection, pool: str, touchpoint: Touchpoint) -> MixState | None:
    """What a pool is owed at a touchpoint."""
    query = select(mix_states).where(mix_states.c.pool == pool, mix_states.c.touchpoint == touchpoint)
    row = conn.execute(query).mappings().one_or_none()
    return state_of(row) if row else None


def state_of(row: Any) -> MixState:
    """The state that a row holds."""
    return MixState(MappingProxyType(row["ratio"]), row["since_at"], MappingProxyType(row["balance"]))


def keep_mix(conn: Connection, record: KeepMix) -> None:
    """What a pool is owed from now on.

    Raises:
        GuardFailedError: it is owed something else than the decision was made on.
    """
    if mix_state(conn, record.pool, record.touchpoint) != record.before:
        raise GuardFailedError
    state = record.state
    values = {"ratio": dict(state.ratio), "balance": dict(state.balance), "since_at": state.since_at}
    keys = {"pool": record.pool, "touchpoint": record.touchpoint}
    save(conn, MixStates, list(keys), {**keys, **values})


def keep_stage(conn: Connection, record: KeepStage) -> None:
    """The stage of a pool, since when and why."""
    staged = record.staged
    keys = {"pool": record.pool, "touchpoint": record.touchpoint}
    values = {"stage": staged.stage, "since_at": staged.since_at, "because": staged.because, "pinned": staged.pinned}
    measured = {"facts": dict(record.facts), "measured_at": record.at}
    save(conn, PoolStages, list(keys), {**keys, **values, **measured})


def staged_of(row: Any) -> Staged:
    """The stage that a row holds."""
    return Staged(row["stage"], row["since_at"], row["because"], (), row["pinned"])


def approve(conn: Connection, record: Approval) -> None:
    """A person's word on an item as it is worded; the first one stands."""
    row = {
        "digest": record.digest,
        "role": record.role,
        "item": record.item,
        "by": record.by,
        "approved_at": record.at,
    }
    conn.execute(insert_new(conn, Approvals), [row])


def approved(conn: Connection) -> frozenset[str]:
    """Everything approved: digests, and digest@role where a rule wanted somebody's word."""
    rows = conn.execute(select(approvals.c.digest, approvals.c.role))
    return frozenset(f"{digest}@{role}" if role else digest for digest, role in rows)


def set_switch(conn: Connection, record: SetSwitch) -> None:
    """Stop something, or let it go on."""
    scope, name = record.switch.scope, record.switch.name
    if record.on:
        conn.execute(delete(switches).where(switches.c.scope == scope, switches.c.name == name))
        return
    row = {"scope": scope, "name": name, "by": record.by, "because": record.because, "stopped_at": record.at}
    conn.execute(insert_new(conn, Switches), [row])


def stopped(conn: Connection) -> frozenset[Switch]:
    """Everything that a person has stopped."""
    return frozenset(Switch(*row) for row in conn.execute(select(switches.c.scope, switches.c.name)))


def see_items(conn: Connection, record: SeeItems) -> None:
    """These items are live."""
    if record.items:
        rows = [{"item": item, "first_seen_at": record.at} for item in record.items]
        conn.execute(insert_new(conn, SeenItems), rows)


def first_seen(conn: Connection) -> dict[str, int]:
    """item → when it first went live."""
    return {item: at for item, at in conn.execute(select(seen_items.c.item, seen_items.c.first_seen_at))}


def held(conn: Connection, now: int, limit: int = 200) -> list[tuple[str, str, int, int, int]]:
    """Slots with a held pool whose time to be asked again has come: (calendar, entry, at, by_at, retry_at)."""
    which = (planned.c.calendar, planned.c.entry, planned.c.at, planned.c.by_at)
    query = select(*which, func.min(planned.c.retry_at)).where(planned.c.retry_at <= now).group_by(*which)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in conn.execute(query.limit(limit))]


def lapse(conn: Connection, now: int) -> int:
    """What was held and can leave no more is skipped, with the reason it was held for. Returns how many."""
    over = update(planned).where(planned.c.retry_at.is_not(None), planned.c.by_at < now)
    because = "一直没能放行，过了截止时间：" + planned.c.because
    return conn.execute(over.values(outcome="skipped", retry_at=None, because=because)).rowcount


def _of(store: Callable[[Connection, Any], None]) -> Callable[[Connection, int, Any], None]:
    return lambda conn, _, record: store(conn, record)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    KeepDecision: _of(keep_decision),
    KeepMix: _of(keep_mix),
    KeepStage: _of(keep_stage),
    Approval: _of(approve),
    SetSwitch: _of(set_switch),
    SeeItems: _of(see_items),
}

