"""What guides were asked to send at WeCom, and what came of it: mass sends and Moments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from bot.scrm.events.sends import SendDue
from bot.scrm.gates.decide import GOES
from bot.scrm.mix import charged
from bot.scrm.records import Record
from bot.scrm.records.sends import KeepSend, LookAgain, ReleaseAudience, SettleSend, StartSend
from bot.scrm.switch import Switch, switches_by_name
from bot.store.audience import reserved
from bot.store.audience_facts import erased, follows, touches
from bot.store.planning import choice_of, keep_mixes, mixes, of_step, planned, switches
from bot.store.tables import Sends
from bot.store.upsert import columns, insert_new

sends = columns(Sends)

CHUNK = 500
"""Names in one statement."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What WeCom says of one receiver: an external_userid, a chat_id, or of a Moment a userid. `status`: 0 to 3, page
    93338; a guide who posted a Moment has SENT."""

    who: str
    status: int
    sent_at: int


SENT, NOT_A_FRIEND, OVER_QUOTA = 1, 2, 3
_SLOT = ("calendar", "entry", "at", "by_at")


def keep(conn: Connection, record: KeepSend) -> None:
    """A send is about to be made."""
    slot = record.slot
    own = ("key", "touchpoint", "userid", "item", "people", "planned_id", "after", "upto")
    row = {name: getattr(record, name) for name in own} | {name: getattr(slot, name) for name in _SLOT}
    row |= {"pools": list(record.pools), "state": "making", "made_at": record.at}
    conn.execute(insert_new(conn, Sends), [row])


def start(conn: Connection, record: StartSend) -> None:
    """The guide has it, or soon will. Whom WeCom cannot reach has nothing reserved any more."""
    found = {"task_id": record.task_id, "job_id": record.job_id, "state": "waiting", "look_at": record.look_at}
    conn.execute(update(sends).where(sends.c.key == record.key).values(found))
    note(conn, record.key, [Reading(who, NOT_A_FRIEND, 0) for who in record.failed])


def name(conn: Connection, key: str, task_id: str) -> None:
    """What the job of a Moment has made."""
    conn.execute(update(sends).where(sends.c.key == key).values(task_id=task_id))


def look_again(conn: Connection, record: LookAgain) -> None:
    """When to look next."""
    conn.execute(update(sends).where(sends.c.key == record.key).values(look_at=record.at))


def settle(conn: Connection, record: SettleSend) -> None:
    """It is over: what was not sent is free again, and what was is charged."""
    row = conn.execute(select(sends).where(sends.c.key == record.key)).mappings().one()
    if row["ended_at"] is not None:
        return
    ended = {"state": record.state, "reason": record.reason, "look_at": None, "ended_at": record.at}
    conn.execute(update(sends).where(sends.c.key == record.key).values(ended))
    if record.state == "unknown":
        return
    if row["planned_id"] is None:
        _end_posts(conn, _posts(row), record.reason, record.at)
        return
    conn.execute(delete(touches).where(*_batch(row), touches.c.state == "reserved"))
    _end_plan(conn, row["planned_id"], record)


def release(conn: Connection, record: ReleaseAudience) -> None:
    """Whom a slot was planned for does not get it."""
    for id_ in record.planned_ids:
        conn.execute(delete(touches).where(touches.c.planned_id == id_, _customers(id_), touches.c.state == "reserved"))
    _end_posts(conn, planned.c.id.in_(record.planned_ids), record.because, record.at)


def note(conn: Connection, key: str, read: Sequence[Reading]) -> None:
    """What was read of receivers: who has it, and who never will. Noting it twice changes nothing."""
    row = conn.execute(select(sends).where(sends.c.key == key)).mappings().one()
    told = [each for each in read if each.status]
    for first in range(0, len(told), CHUNK):
        part = told[first : first + CHUNK]
        counts = _note_pools(conn, row, part) if row["planned_id"] is None else _note_people(conn, row, part)
        more = {name: sends.c[name] + count for name, count in counts.items()}
        conn.execute(update(sends).where(sends.c.key == key).values(more))


def _note_pools(conn: Connection, row: Any, read: Iterable[Reading]) -> dict[str, int]:
    by_status: dict[int, list[Reading]] = {}
    for each in read:
        by_status.setdefault(each.status, []).append(each)
    counts = {"sent": 0, "not_friends": 0, "over_quota": 0}
    for status, some in by_status.items():
        mine = (_posts(row), planned.c.pool.in_([each.who for each in some]), planned.c.settled_at.is_(None))
        ids = list(conn.scalars(select(planned.c.id).where(*mine, planned.c.outcome.in_(GOES))))
        counts[_NAMES[status]] = len(ids)
        if status == SENT:
            conn.execute(update(planned).where(planned.c.id.in_(ids)).values(settled_at=some[0].sent_at))
            _charge(conn, planned.c.id.in_(ids))
        else:
            _end_posts(conn, planned.c.id.in_(ids), _WHY[status], some[0].sent_at)
    return counts


def _note_people(conn: Connection, row: Any, read: Sequence[Reading]) -> dict[str, int]:
    names = {each.who: each for each in read}
    who = select(follows.c.person_id, follows.c.external_userid).where(
        follows.c.userid == row["userid"], follows.c.external_userid.in_(list(names))
    )
    counts = {"sent": 0, "not_friends": 0, "over_quota": 0}
    for person_id, name in conn.execute(who).all():
        mine = (
            touches.c.person_id == person_id,
            touches.c.planned_id == row["planned_id"],
            touches.c.state == "reserved",
        )
        each = names[name]
        if each.status == SENT:
            done = conn.execute(update(touches).where(*mine).values(state="sent", at=each.sent_at))
        else:
            done = conn.execute(delete(touches).where(*mine))
        counts[_NAMES[each.status]] += done.rowcount
    return counts


_NAMES: Mapping[int, str] = {SENT: "sent", NOT_A_FRIEND: "not_friends", OVER_QUOTA: "over_quota"}
_WHY: Mapping[int, str] = {NOT_A_FRIEND: "企业微信说发不到这里", OVER_QUOTA: "企业微信说这里收到的群发已到上限"}


def _posts(row: Any) -> ColumnElement[bool]:
    """The decisions that a send to groups, or a Moment, carries out."""
    slot = ((planned.c[name] == row[name]) for name in ("calendar", "entry", "at"))
    return and_(*slot, planned.c.pool.in_(row["pools"]))


def _end_posts(conn: Connection, which: ColumnElement[bool], because: str, at: int) -> None:
    """What was let go and did not leave: it counts for nothing."""
    waiting = (which, planned.c.settled_at.is_(None), planned.c.outcome.in_(GOES))
    conn.execute(update(planned).where(*waiting).values(outcome="lapsed", because=because, settled_at=at))


def _end_plan(conn: Connection, planned_id: int, record: SettleSend) -> None:
    """A guide's plan is over with the last of its mass sends: it left if any of them did."""
    siblings = sends.c.planned_id == planned_id
    if conn.execute(select(sends.c.key).where(siblings, sends.c.ended_at.is_(None)).limit(1)).first():
        return
    mine = planned.c.id == planned_id
    if conn.scalar(select(func.max(sends.c.sent)).where(siblings)):
        conn.execute(update(planned).where(mine).values(settled_at=record.at))
        _charge(conn, mine)
    else:
        _end_posts(conn, mine, record.reason, record.at)


def _charge(conn: Connection, which: ColumnElement[bool]) -> None:
    """What left is charged to the mix of its pool."""
    which = which & ~of_step()
    columns_ = (planned.c.pool, planned.c.touchpoint, planned.c.said, planned.c.kind)
    for pool, touchpoint, said, kind in conn.execute(select(*columns_).where(which)).all():
        owed = mixes(conn, touchpoint).get(pool)
        if owed is not None:
            keep_mixes(conn, touchpoint, {pool: charged(owed, choice_of(said), kind)})


def _batch(row: Any) -> tuple[ColumnElement[bool], ...]:
    """The touches of a mass send to customers."""
    here = touches.c.person_id.in_(select(follows.c.person_id).where(follows.c.userid == row["userid"]))
    return (
        touches.c.planned_id == row["planned_id"],
        touches.c.person_id > row["after"],
        touches.c.person_id <= row["upto"],
        here,
    )


def _customers(planned_id: int) -> ColumnElement[bool]:
    """Among the customers of the guide of a plan, since no index leads from it to them."""
    whose = select(planned.c.pool).where(planned.c.id == planned_id).scalar_subquery()
    return touches.c.person_id.in_(select(follows.c.person_id).where(follows.c.userid == whose))


def recipients(conn: Connection, planned_id: int, after: int, upto: int) -> list[str]:
    """The external_userids of a batch; who left the guide or was forgotten meanwhile is not among them."""
    query = reserved(func.min(follows.c.external_userid), planned_id, after).where(touches.c.person_id <= upto)
    return list(conn.scalars(query.where(follows.c.status == "active", ~erased(follows))))


def known(conn: Connection, task_ids: Sequence[str]) -> set[str]:
    """Which of WeCom's mass sends and Moments are known as ours already."""
    return set(conn.scalars(select(sends.c.task_id).where(sends.c.task_id.in_(task_ids))))


def made_at(conn: Connection, key: str) -> int:
    """When a send was first to be made."""
    return int(conn.execute(select(sends.c.made_at).where(sends.c.key == key)).scalar_one())


def due(conn: Connection, now: int, limit: int = 200) -> list[tuple[SendDue, str]]:
    """Sends that are to be looked at, each with its cause."""
    rows = conn.execute(select(sends).where(sends.c.look_at <= now).order_by(sends.c.look_at).limit(limit))
    return [(_due(row, now), f"send/{row.look_at}") for row in rows]


def stopped(conn: Connection, now: int) -> list[tuple[SendDue, str]]:
    """Sends that guides have in hand and that somebody has stopped meanwhile, each with its cause."""
    off = {Switch(row.scope, row.name): row for row in conn.execute(select(switches))}
    found = []
    for row in conn.execute(select(sends).where(sends.c.look_at > 0)) if off else ():
        by = switches_by_name(row.touchpoint, row.calendar, row.entry)
        if stop := next((off[each] for each in by if each in off), None):
            because = f"{stop.by}停掉了" + (f"：{stop.because}" if stop.because else "")
            found.append((_due(row, now, because), f"stop/{stop.scope}/{stop.name}/{stop.stopped_at}"))
    return found


def _due(row: Any, now: int, because: str = "") -> SendDue:
    return SendDue(
        created_at=now,
        key=row.key,
        userid=row.userid,
        by_at=row.by_at,
        item=row.item,
        guides=(row.userid,) if row.userid else tuple(row.pools),
        task_id=row.task_id,
        job_id=row.job_id,
        stopped=because,
    )


def _of(store: Callable[[Connection, Any], None]) -> Callable[[Connection, int, Any], None]:
    return lambda conn, _, record: store(conn, record)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    KeepSend: _of(keep),
    StartSend: _of(start),
    LookAgain: _of(look_again),
    SettleSend: _of(settle),
    ReleaseAudience: _of(release),
}
