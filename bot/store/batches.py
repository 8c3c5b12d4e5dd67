"""Whom each mass send of a guide's plan writes to: a range of the touches that it reserved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select

from bot.store.audience_facts import erased, follows, planned, touches
from bot.store.tables import Sends
from bot.store.upsert import columns

sends = columns(Sends)

AS_PLANNED = func.coalesce(touches.c.planned_as, touches.c.person_id)
"""Of a touch: the person_id by which its mass send was cut."""


def reserved(column: Any, planned_id: int, after: int) -> Select[Any]:
    """Something of each whom a guide's plan reaches, asked through the guide's customers."""
    whose = select(planned.c.pool).where(planned.c.id == planned_id).scalar_subquery()
    mine = (touches.c.planned_id == planned_id, touches.c.state == "reserved", after < AS_PLANNED)
    query = select(column).join_from(follows, touches, touches.c.person_id == follows.c.person_id)
    return query.where(follows.c.userid == whose, *mine).group_by(AS_PLANNED).order_by(AS_PLANNED)


def batch_of(row: Any) -> tuple[ColumnElement[bool], ...]:
    """The touches of a mass send to customers."""
    ours = (touches.c.planned_id == row["planned_id"], customers_of(row["planned_id"]))
    return (*ours, row["after"] < AS_PLANNED, row["upto"] >= AS_PLANNED)


def customers_of(planned_id: int) -> ColumnElement[bool]:
    """Among the customers of the guide of a plan, since no index leads from it to them."""
    whose = select(planned.c.pool).where(planned.c.id == planned_id).scalar_subquery()
    return touches.c.person_id.in_(select(follows.c.person_id).where(follows.c.userid == whose))


def recipients(conn: Connection, planned_id: int, after: int, upto: int, *, left_too: bool = False) -> list[str]:
    """The external_userids of a batch; who left the guide or was forgotten meanwhile is not among them, but for
    `left_too`."""
    query = reserved(func.min(follows.c.external_userid), planned_id, after).where(upto >= AS_PLANNED)
    here = () if left_too else (follows.c.status == "active", ~erased(follows))
    return list(conn.scalars(query.where(*here)))


_BATCH = select(sends.c.planned_id, sends.c.after, sends.c.upto).where(sends.c.key == bindparam("send"))


def recipients_of(conn: Connection, key: str, *, left_too: bool = False) -> list[str]:
    """The same, of a send."""
    planned_id, after, upto = conn.execute(_BATCH, {"send": key}).one()
    return recipients(conn, planned_id, after, upto, left_too=left_too)
