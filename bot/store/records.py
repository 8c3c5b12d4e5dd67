"""One store function for each record: how a decision is remembered. Each module of the store lists its own in STORE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from bot.scrm.records import Record
from bot.store import (
    clicks,
    codes,
    groups,
    kf,
    kf_accounts,
    library,
    orders,
    owners,
    passing,
    people,
    planning,
    pool_facts,
    privacy,
    sends,
    sequences,
    slots,
    surveys,
    syncs,
    tags,
    tasks,
    transfers,
)

STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    **people.STORE,
    **tasks.STORE,
    **surveys.STORE,
    **library.STORE,
    **syncs.STORE,
    **groups.STORE,
    **transfers.STORE,
    **orders.STORE,
    **privacy.STORE,
    **owners.STORE,
    **tags.STORE,
    **kf.STORE,
    **kf_accounts.STORE,
    **slots.STORE,
    **sequences.STORE,
    **planning.STORE,
    **sends.STORE,
    **passing.STORE,
    **clicks.STORE,
    **pool_facts.STORE,
    **codes.STORE,
}


def apply(conn: Connection, cause: int, record: Record) -> None:
    """Remember one record. `cause`: the inbox row it was decided on.

    Raises:
        GuardFailedError: the facts it was decided on no longer hold.
    """
    STORE[type(record)](conn, cause, record)
