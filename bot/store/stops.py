"""Why a send that was made is not to be sent any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from bot.scrm.switch import Switch, switches_by_name
from bot.store.planning import switches
from bot.store.tables import Members
from bot.store.upsert import columns

members = columns(Members)

_OFF = select(switches, func.coalesce(members.c.name, switches.c.by).label("who")).outerjoin(
    members, members.c.userid == switches.c.by
)


def switched_off(conn: Connection) -> dict[Switch, Any]:
    """Every switch that is off, with who did it, as people call them, and why."""
    return {Switch(row.scope, row.name): row for row in conn.execute(_OFF)}


def stop_of(row: Any, off: Mapping[Switch, Any]) -> Any:
    """By which a send was stopped; None: by nothing."""
    names = switches_by_name(row["touchpoint"], row["calendar"], row["entry"])
    return next((off[each] for each in names if each in off), None)


def withdrawn(row: Any, off: Mapping[Switch, Any]) -> str:
    """Why an open send is not to be sent any more, as people read it; empty: it is."""
    return said(stop) if (stop := stop_of(row, off)) else row["reason"]


def said(stop: Any) -> str:
    """By whom and why, as people read it."""
    return f"{stop.who}停掉了" + (f"：{stop.because}" if stop.because else "")
