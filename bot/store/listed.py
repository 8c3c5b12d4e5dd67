"""The people of one page of customers, all at once: who is new is made, whose profile changed is brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, delete, select, update

from bot.scrm.sync import Listed
from bot.store.joining import know_as
from bot.store.people import identities, people
from bot.store.tables import Identities
from bot.store.tombstones import EXTERNAL_USERID
from bot.store.upsert import insert_new

HOW = "batch/get_by_user"
PROFILE = ("name", "avatar", "type", "gender", "corp_name")

_UPDATE_PERSON = (
    update(people)
    .where(people.c.person_id == bindparam("who"))
    .values({name: bindparam(name) for name in (*PROFILE, "synced_at")})
)
_KNOWN = (
    select(identities.c.value, people.c.person_id, *(people.c[name] for name in PROFILE))
    .join(people, people.c.person_id == identities.c.person_id)
    .where(identities.c.kind == EXTERNAL_USERID, identities.c.value.in_(bindparam("ids", expanding=True)))
)
_MAKE = people.insert().returning(people.c.person_id, sort_by_parameter_order=True)
_MADE: BindParameter[list[int]] = bindparam("made", expanding=True)
_UNMAKE = delete(people).where(
    people.c.person_id.in_(_MADE),
    people.c.person_id.not_in(select(identities.c.person_id).where(identities.c.person_id.in_(_MADE))),
)


def ids_of(listed: Iterable[Listed]) -> list[str]:
    """Their external_userids."""
    return [customer.external_userid for customer in listed]


def persons(conn: Connection, listed: Sequence[Listed], now: int) -> dict[str, int]:
    """external_userid → person, made now where nobody knew them; profiles brought up to date."""
    known = _known(conn, listed)
    missing = [customer for customer in listed if customer.external_userid not in known]
    _update_profiles(conn, listed, known, now)
    _make(conn, missing, now)
    known |= _known(conn, missing)
    if _know_unionids(conn, listed, known, now):
        known = _known(conn, listed)
    return {external_userid: row["person_id"] for external_userid, row in known.items()}


def _update_profiles(conn: Connection, listed: Sequence[Listed], known: Mapping[str, RowMapping], now: int) -> None:
    changed = [
        {"who": known[c.external_userid]["person_id"], **_profile(c), "synced_at": now}
        for c in listed
        if c.external_userid in known and any(known[c.external_userid][k] != v for k, v in _profile(c).items())
    ]
    if changed:
        conn.execute(_UPDATE_PERSON, changed)


def _know_unionids(conn: Connection, listed: Sequence[Listed], known: Mapping[str, RowMapping], now: int) -> bool:
    """Who is known by their unionid already, by kf or an order, is one person with the customer: whether any was."""
    told = {c.profile.unionid: known[c.external_userid]["person_id"] for c in listed if c.profile.unionid}
    if not told:
        return False
    query = select(identities.c.value, identities.c.person_id).where(identities.c.kind == "unionid")
    whose = {value: who for value, who in conn.execute(query.where(identities.c.value.in_(told)))}
    new = [_identity("unionid", unionid, who, now) for unionid, who in told.items() if unionid not in whose]
    if new:
        conn.execute(insert_new(conn, Identities), new)
    joined = [(unionid, who) for unionid, who in told.items() if whose.get(unionid, who) != who]
    for unionid, who in joined:
        know_as(conn, who, "unionid", unionid, HOW, now)
    return bool(joined)


def _known(conn: Connection, listed: Sequence[Listed]) -> dict[str, RowMapping]:
    if not listed:
        return {}
    return {row["value"]: row for row in conn.execute(_KNOWN, {"ids": ids_of(listed)}).mappings()}


def _make(conn: Connection, listed: Sequence[Listed], now: int) -> None:
    if not listed:
        return
    rows = [{**_profile(c), "created_at": now, "synced_at": now} for c in listed]
    person_ids = conn.execute(_MAKE, rows).scalars().all()
    ids = [_identity(EXTERNAL_USERID, c.external_userid, p, now) for c, p in zip(listed, person_ids, strict=True)]
    conn.execute(insert_new(conn, Identities), ids)
    # Another transaction may have made one of them meanwhile (PostgreSQL): theirs it is, ours never was.
    conn.execute(_UNMAKE, {"made": person_ids})


def _identity(kind: str, value: str, person_id: int, now: int) -> dict[str, object]:
    return {"kind": kind, "value": value, "person_id": person_id, "how": HOW, "known_at": now}


def _profile(customer: Listed) -> dict[str, object]:
    profile = asdict(customer.profile)
    return {name: profile[name] for name in PROFILE}
