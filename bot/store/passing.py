"""Customers of a send that was taken back: who else knows them, and whose task they go with from now on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, case, func, select, update

from bot.scrm.calendar import Slot
from bot.scrm.records import Record
from bot.scrm.records.sends import KeepSend, PassOn
from bot.scrm.send import LeftBehind
from bot.store.audience_facts import erased, follows, touches
from bot.store.batches import batch_of
from bot.store.people import left_the_corp
from bot.store.planning import planned
from bot.store.sends import keep, sends


def left_behind(conn: Connection, key: str) -> LeftBehind | None:
    """A one-to-one send that is not over, and who else knows whom it has not reached; None: there is no such."""
    query = select(sends, planned.c.digest).join_from(sends, planned, planned.c.id == sends.c.planned_id)
    row = conn.execute(query.where(sends.c.key == key, sends.c.ended_at.is_(None))).mappings().one_or_none()
    if row is None:
        return None
    others = _theirs(row, follows.c.userid).where(follows.c.userid.not_in([row["userid"], *left_the_corp(conn)]))
    most_first = (func.count(touches.c.person_id.distinct()).desc(), follows.c.userid)
    known_to = conn.scalars(others.group_by(follows.c.userid).order_by(*most_first))
    slot = Slot(row["at"], row["calendar"], row["entry"], row["by_at"])
    about = {name: row[name] for name in ("key", "userid", "item", "digest")}
    return LeftBehind(slot=slot, known_to=tuple(known_to), **about)


def shares(conn: Connection, key: str, heirs: Sequence[str]) -> dict[str, int]:
    """heir → how many of whom a send has not reached know them and none of the heirs before them."""
    row = conn.execute(select(sends).where(sends.c.key == key)).mappings().one()
    place = func.min(case({userid: n for n, userid in enumerate(heirs)}, value=follows.c.userid)).label("place")
    first = _theirs(row, place).where(follows.c.userid.in_(heirs)).group_by(touches.c.person_id).subquery()
    return {heirs[n]: people for n, people in conn.execute(select(first.c.place, func.count()).group_by(first.c.place))}


def pass_on(conn: Connection, record: PassOn) -> None:
    """Whom a send has not reached goes with the heirs' sends: the same touch, so nothing is reserved twice."""
    row = conn.execute(select(sends).where(sends.c.key == record.key)).mappings().one()
    for key, userid in record.heirs:
        slot = record.slot
        its = (planned.c.calendar == slot.calendar, planned.c.entry == slot.entry, planned.c.at == slot.at)
        planned_id = conn.scalars(select(planned.c.id).where(*its, planned.c.pool == userid)).one()
        whom = select(follows.c.person_id).where(follows.c.userid == userid, *_connected())
        mine = (*batch_of(row), touches.c.state == "reserved", touches.c.person_id.in_(whom))
        people = conn.execute(update(touches).where(*mine).values(planned_id=planned_id)).rowcount
        conn.execute(update(planned).where(planned.c.id == planned_id).values(reached=people))
        of = {"touchpoint": row["touchpoint"], "item": row["item"], "after": row["after"], "upto": row["upto"]}
        keep(
            conn, KeepSend(key=key, slot=slot, userid=userid, people=people, planned_id=planned_id, at=record.at, **of)
        )


def _theirs(row: Any, *what: Any) -> Select[Any]:
    """Something of the relations of whom a send has not reached."""
    query = select(*what).join_from(touches, follows, follows.c.person_id == touches.c.person_id)
    return query.where(*batch_of(row), touches.c.state == "reserved", *_connected())


def _connected() -> tuple[Any, ...]:
    return follows.c.status == "active", ~erased(follows)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    PassOn: lambda conn, _, record: pass_on(conn, record),
}
