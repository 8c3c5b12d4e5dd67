"""Slots that a look at the clock found, each once, and when we last looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from bot.scrm.calendar import Slot
from bot.scrm.records import Record
from bot.scrm.records.slots import DecideSlot
from bot.scrm.slots import Found, SlotState
from bot.store.people import GuardFailedError
from bot.store.tables import Looks, Slots
from bot.store.upsert import columns, insert, save

table, looks = columns(Slots), columns(Looks)

LOOK = "slots"
_KEY = ["calendar", "entry", "at"]


_LOOKED = select(looks.c.looked_at).where(looks.c.what == LOOK)
_LOCK = _LOOKED.with_for_update()


def looked_at(conn: Connection) -> int | None:
    """When we last looked; None: never."""
    at: int | None = conn.scalar(_LOOKED)
    return at


def lock(conn: Connection) -> None:
    """Nobody else looks until this transaction is over."""
    conn.execute(_LOCK)


def note_look(conn: Connection, now: int) -> None:
    """We looked."""
    save(conn, Looks, ["what"], {"what": LOOK, "looked_at": now})


def last_at(conn: Connection, calendar: str, entry: str) -> int | None:
    """When an entry last came round; None: never."""
    at: int | None = conn.scalar(
        select(func.max(table.c.at)).where(table.c.calendar == calendar, table.c.entry == entry)
    )
    return at


_BETWEEN = select(table.c.at, table.c.calendar, table.c.entry, table.c.by_at, table.c.state).where(
    table.c.at.between(bindparam("since"), bindparam("until"))
)


def known(conn: Connection, since_at: int, until_at: int) -> dict[Slot, SlotState]:
    """The slots between two instants (both included) that were found before."""
    rows = conn.execute(_BETWEEN, {"since": since_at, "until": until_at})
    return {Slot(*row[:4]): row.state for row in rows}


def keep(conn: Connection, found: Sequence[Found], version: str, now: int) -> list[Slot]:
    """Keep what a look found; the slots that are due by this, each told once. One that lapsed may become due."""
    return [each.slot for each in found if _keep(conn, each, version, now) and each.state == "due"]


def _keep(conn: Connection, found: Found, version: str, now: int) -> bool:
    slot = found.slot
    row = {"calendar": slot.calendar, "entry": slot.entry, "at": slot.at}
    told = {
        "by_at": slot.by_at,
        "state": found.state,
        "because": found.because,
        "version": version,
        "found_at": now,
        "decided_at": None if found.state == "due" else now,
    }
    revived = (table.c.state == "lapsed") & (found.state == "due")
    statement = insert(conn, Slots).values(**row, **told)
    return bool(conn.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=told, where=revived)).rowcount)


def decide(conn: Connection, record: DecideSlot) -> None:
    """A slot went its way.

    Raises:
        GuardFailedError: it is not due, or was decided before.
    """
    slot = record.slot
    mine = (table.c.calendar == slot.calendar, table.c.entry == slot.entry, table.c.at == slot.at)
    decided = {"state": "decided", "because": record.because, "decided_at": record.at}
    if conn.execute(update(table).where(*mine, table.c.state == "due").values(**decided)).rowcount != 1:
        raise GuardFailedError("/".join(map(str, slot.key)))


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    DecideSlot: lambda conn, _, record: decide(conn, record),
}
