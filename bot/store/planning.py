"""Decisions about slots, what pools are owed, people's word on content."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, func, select, update

from bot.scrm.calendar import Slot
from bot.scrm.gates.outcome import GOES
from bot.scrm.gates.verdict import Stop
from bot.scrm.kind import Touchpoint
from bot.scrm.mix import Choice, MixState
from bot.scrm.pool_stage import Staged
from bot.scrm.records import Record
from bot.scrm.records.planning import Approval, Decided, KeepDecisions, SeeItems, SetSwitch
from bot.scrm.switch import Switch
from bot.store.people import GuardFailedError
from bot.store.tables import Approvals, MixStates, Planned, PoolStages, SeenItems, Switches
from bot.store.upsert import columns, insert_new, save_all

planned, mix_states, pool_stages = columns(Planned), columns(MixStates), columns(PoolStages)
approvals, switches, seen_items = columns(Approvals), columns(Switches), columns(SeenItems)

_KEY = ["calendar", "entry", "at", "pool"]

WAITING_SECONDS = 7 * 86_400
"""No task waits longer for its guide: it ends with its slot."""

TOO_LATE = "一直没能放行，过了截止时间："
"""Before the reason for which it was held."""


def keep_decisions(conn: Connection, record: KeepDecisions) -> None:
    """What became of a slot, pool by pool, and what each pool is owed from now on.

    Raises:
        GuardFailedError: something went to a pool meanwhile, or it is owed something else than it was decided on.
    """
    if not record.pools:
        return
    _guard(conn, record)
    save_all(conn, Planned, _KEY, [_row(record, decided) for decided in record.pools])
    keep_mixes(conn, record.touchpoint, {decided.pool.id: decided.mix for decided in record.pools})


def _guard(conn: Connection, record: KeepDecisions) -> None:
    owed = mixes(conn, record.touchpoint, lock=True)
    posts = posts_lately(conn, record.touchpoint, record.slot, tried_too=record.shadow)
    for each in record.pools:
        if owed.get(each.pool.id) != each.before or posts.get(each.pool.id, 0) != each.posts:
            raise GuardFailedError


def keep_mixes(conn: Connection, touchpoint: Touchpoint, owed: Mapping[str, MixState]) -> None:
    """pool → what it is owed at a touchpoint from now on."""
    rows = [
        {
            "pool": pool,
            "touchpoint": touchpoint,
            "ratio": dict(state.ratio),
            "balance": dict(state.balance),
            "since_at": state.since_at,
        }
        for pool, state in owed.items()
    ]
    save_all(conn, MixStates, ["pool", "touchpoint"], rows)


def _row(record: KeepDecisions, decided: Decided) -> dict[str, Any]:
    slot, pool, decision = record.slot, decided.pool, decided.decision
    item = decision.item if decision.goes else None
    shown = decision.item if decision.goes or decision.outcome == "tried" else None
    return {
        "calendar": slot.calendar,
        "entry": slot.entry,
        "at": slot.at,
        "by_at": slot.by_at,
        "pool": pool.id,
        "userid": pool.userid,
        "touchpoint": record.touchpoint,
        "fixed": decision.mix.fixed,
        "by_hand": decided.by_hand,
        "outcome": decision.outcome,
        "because": decision.because,
        "kind": shown.kind if shown else None,
        "topic": shown.topic if shown else None,
        "item": decision.item.id if decision.item else None,
        "digest": item.digest if item else None,
        "weight": decided.weight if item else 0,
        "stops": [_stop(stop) for stop in decision.stops],
        "said": asdict(decision.mix),
        "retry_at": decision.retry_at,
        "settled_at": record.at if item and not decided.waits else None,
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


_POSTS = (
    select(planned.c.pool, func.count())
    .where(planned.c.touchpoint == bindparam("touchpoint"), planned.c.at > bindparam("since"))
    .where(planned.c.outcome.in_(bindparam("outcomes", expanding=True)))
    .group_by(planned.c.pool)
)


def posts_lately(conn: Connection, touchpoint: Touchpoint, slot: Slot, *, tried_too: bool = False) -> dict[str, int]:
    """pool → how many posts were let go to it at a touchpoint lately: who decided on fewer, decided too early. What is
    decided while a slot is can be no older than tasks wait, so the years before are not counted through. `tried_too`:
    also what would have been let go, which matters to what is only tried, too."""
    here = {"touchpoint": touchpoint, "since": slot.at - WAITING_SECONDS}
    went = {"outcomes": (*GOES, "tried") if tried_too else GOES}
    return {pool: count for pool, count in conn.execute(_POSTS, {**here, **went})}


@cache
def _mixes(among: bool, lock: bool) -> Select[Any]:
    query = select(mix_states).where(mix_states.c.touchpoint == bindparam("touchpoint")).order_by(mix_states.c.pool)
    if among:
        query = query.where(mix_states.c.pool.in_(bindparam("pools", expanding=True)))
    return query.with_for_update() if lock else query


def mixes(
    conn: Connection, touchpoint: Touchpoint, pools: Sequence[str] | None = None, *, lock: bool = False
) -> dict[str, MixState]:
    """pool → what it is owed at a touchpoint; of all, or of these. `lock`: nobody else charges them meanwhile."""
    among = {} if pools is None else {"pools": pools}
    rows = conn.execute(_mixes(bool(among), lock), {"touchpoint": touchpoint, **among}).mappings()
    return {row["pool"]: state_of(row) for row in rows}


def beside_mix() -> ColumnElement[bool]:
    """Whether a decision is for some of a pool, and so no matter of its mix: a step of a sequence, or taken over."""
    return planned.c.entry.contains("/") | (planned.c.outcome == "taken_over")


def in_shadow(stops: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a decision was only tried, by the gates that were shut."""
    return any(stop["gate"] == "试跑" for stop in stops)


def choice_of(said: Mapping[str, Any]) -> Choice:
    """What the mix said of a slot, from its row."""
    return Choice(order=tuple(said["order"]), due=said["due"], missing=said["missing"], fixed=said["fixed"])


def state_of(row: Any) -> MixState:
    """The state that a row holds."""
    return MixState(MappingProxyType(row["ratio"]), row["since_at"], MappingProxyType(row["balance"]))


def staged_of(row: Any) -> Staged:
    """The stage that a row holds."""
    return Staged(row["stage"], row["since_at"], row["because"], (), row["pinned"])


def approve(conn: Connection, *given: Approval) -> None:
    """A person's word on items as they are worded; the first one stands."""
    rows = [{"digest": g.digest, "role": g.role, "item": g.item, "by": g.by, "approved_at": g.at} for g in given]
    if rows:
        conn.execute(insert_new(conn, Approvals), rows)


_APPROVED = select(approvals.c.digest, approvals.c.role)


def approved(conn: Connection) -> frozenset[str]:
    """Everything approved: digests, and digest@role where a rule wanted somebody's word."""
    rows = conn.execute(_APPROVED)
    return frozenset(f"{digest}@{role}" if role else digest for digest, role in rows)


def set_switch(conn: Connection, record: SetSwitch) -> None:
    """Stop something, or let it go on."""
    scope, name = record.switch.scope, record.switch.name
    if record.on:
        conn.execute(delete(switches).where(switches.c.scope == scope, switches.c.name == name))
        return
    row = {"scope": scope, "name": name, "by": record.by, "because": record.because, "stopped_at": record.at}
    conn.execute(insert_new(conn, Switches), [row])


_STOPPED = select(switches.c.scope, switches.c.name)


def stopped(conn: Connection) -> frozenset[Switch]:
    """Everything that a person has stopped."""
    return frozenset(Switch(*row) for row in conn.execute(_STOPPED))


def see_items(conn: Connection, record: SeeItems) -> None:
    """These items are live."""
    if record.items:
        rows = [{"item": item, "first_seen_at": record.at} for item in record.items]
        conn.execute(insert_new(conn, SeenItems), rows)


_FIRST_SEEN = select(seen_items.c.item, seen_items.c.first_seen_at)


def first_seen(conn: Connection) -> dict[str, int]:
    """item → when it first went live."""
    return {item: at for item, at in conn.execute(_FIRST_SEEN)}


_SLOT = (planned.c.at, planned.c.calendar, planned.c.entry, planned.c.by_at)
_DUE = (planned.c.retry_at.is_not(None), planned.c.retry_at <= bindparam("now"))
_HELD = select(*_SLOT).where(*_DUE).distinct().limit(bindparam("most"))
_OF_SLOT = tuple(planned.c[name] == bindparam(f"of_{name}") for name in ("calendar", "entry", "at"))
_PUT_OFF = update(planned).where(*_DUE, *_OF_SLOT).values(retry_at=bindparam("until_at"))


def held(conn: Connection, now: int, limit: int = 200) -> list[Slot]:
    """Slots with a held pool whose time to be asked again has come."""
    return [Slot(*row) for row in conn.execute(_HELD, {"now": now, "most": limit})]


def put_off(conn: Connection, due: Sequence[Slot], now: int, until_at: int) -> None:
    """What these slots are held back from by now is not due before `until_at`, unless it is decided anew."""
    keys = ({"of_calendar": slot.calendar, "of_entry": slot.entry, "of_at": slot.at} for slot in due)
    if rows := [{**key, "now": now, "until_at": until_at} for key in keys]:
        conn.execute(_PUT_OFF, rows)


def out(conn: Connection, calendar: str, entry: str, now: int) -> tuple[int, int]:
    """Of an entry's slots that are not over: how many pools wait for their guide to press, and how many have it."""
    here = (planned.c.calendar == calendar, planned.c.entry == entry, planned.c.by_at >= now)
    counts = select(func.count() - func.count(planned.c.settled_at), func.count(planned.c.settled_at))
    waiting, left = conn.execute(counts.where(*here, planned.c.outcome.in_(GOES))).one()
    return waiting, left


def lapse(conn: Connection, now: int) -> int:
    """What was held and can leave no more is skipped, with the reason it was held for. Returns how many."""
    over = update(planned).where(planned.c.retry_at.is_not(None), planned.c.by_at < now)
    because = TOO_LATE + planned.c.because
    return conn.execute(over.values(outcome="skipped", retry_at=None, because=because)).rowcount


def _of(store: Callable[[Connection, Any], None]) -> Callable[[Connection, int, Any], None]:
    return lambda conn, _, record: store(conn, record)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    KeepDecisions: _of(keep_decisions),
    Approval: _of(approve),
    SetSwitch: _of(set_switch),
    SeeItems: _of(see_items),
}
