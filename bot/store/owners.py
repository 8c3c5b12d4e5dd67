"""Whose customer somebody is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.scrm.owner import Owner, decide_owner
from bot.scrm.records import Record
from bot.scrm.records.owners import SaveOwner
from bot.store import relations
from bot.store.people import ensure_person
from bot.store.tables import Identities, PersonOwner
from bot.store.tombstones import EXTERNAL_USERID
from bot.store.upsert import columns, save

owners, identities = columns(PersonOwner), columns(Identities)

_OWNER = (
    select(*(owners.c[name] for name in Owner.__slots__))
    .join(identities, identities.c.person_id == owners.c.person_id)
    .where(identities.c.kind == EXTERNAL_USERID, identities.c.value == bindparam("customer"))
)


def owner(conn: Connection, external_userid: str) -> Owner | None:
    """Whose customer this is. Of those who were here before us nothing was decided yet: the rule speaks for them."""
    row = conn.execute(_OWNER, {"customer": external_userid}).mappings().one_or_none()
    if row:
        return Owner(**row)
    active = relations.active(conn, external_userid)
    return decide_owner(None, active, active[0][0]) if active else None


def _save_owner(conn: Connection, cause: int, record: SaveOwner) -> None:
    person_id = ensure_person(conn, record.external_userid, record.owner.since_at)
    values = {name: getattr(record.owner, name) for name in Owner.__slots__}
    save(conn, PersonOwner, ["person_id"], {"person_id": person_id, **values})


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {SaveOwner: _save_owner}
