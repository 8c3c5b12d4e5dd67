"""Who asked to be forgotten: known again by a keyed hash, named by nothing.

The key is the deployment's (`open_database(…, key=…)`) and stands in no table.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, bindparam, delete, select

from bot.store.tables import PeopleKeys, Tombstones
from bot.store.upsert import columns, insert_new

tombstones, people_keys = columns(Tombstones), columns(PeopleKeys)

EXTERNAL_USERID = "external_userid"
PSEUDONYM = "erased-"

_ERASED_AMONG = select(tombstones.c.hash, tombstones.c.erased_at).where(
    tombstones.c.hash.in_(bindparam("hashes", expanding=True))
)
_ERASED_AT = select(tombstones.c.erased_at).where(tombstones.c.hash == bindparam("hashed"))


class ErasedError(Exception):
    """The person asked to be forgotten: nothing about them may be kept."""


class PeopleKeyChangedError(Exception):
    """The database was used with another key: those who were erased would not be known again."""


def know_key(conn: Connection) -> None:
    """Remember by which key people are hashed here, or see that it is still the same.

    Raises:
        PeopleKeyChangedError: it is another one.
    """
    ours = hashed(key_of(conn), "people_key", "")
    known = conn.execute(select(people_keys.c.fingerprint)).scalars().all()
    if known and ours not in known:
        raise PeopleKeyChangedError(KEY_CHANGED)
    if not known:
        conn.execute(insert_new(conn, PeopleKeys), {"fingerprint": ours})


KEY_CHANGED = (
    "people_key（没有写时是 signing_key，再没有是第一个应用的 EncodingAESKey）和这个数据库一直用的不是同一个："
    "删过的客户会认不出来，手机号也对不上订单。请换回原来的；"
    "只想换 signing_key，就把 people_key 写成原来的 signing_key。"
)


def key_of(conn: Connection) -> bytes:
    """The key that the database was opened with."""
    key: bytes = conn.get_execution_options()["people_key"]
    return key


def hashed(key: bytes, kind: str, value: str) -> str:
    """A keyed hash of one id; without the key it can be neither undone nor guessed."""
    return hmac.digest(key, f"{kind}/{value}".encode(), hashlib.sha256).hex()[:32]


def pseudonym(key: bytes, kind: str, value: str, at: int) -> str:
    """What stands where an erased id stood, so that rows stay apart and countable; another one for each erasure."""
    return PSEUDONYM + hashed(key, f"pseudonym/{at}/{kind}", value)[:20]


def bury(conn: Connection, ids: Iterable[tuple[str, str]], at: int) -> None:
    """Remember that these ids, (kind, value), must not come back."""
    rows = [{"hash": hashed(key_of(conn), kind, value), "erased_at": at} for kind, value in ids]
    if rows:
        conn.execute(delete(tombstones).where(tombstones.c.hash.in_([row["hash"] for row in rows])))
        conn.execute(insert_new(conn, Tombstones), rows)


def lift(conn: Connection, external_userid: str) -> None:
    """The person came anew of their own accord."""
    conn.execute(delete(tombstones).where(tombstones.c.hash == hashed(key_of(conn), EXTERNAL_USERID, external_userid)))


def erased_at(conn: Connection, external_userid: str) -> int | None:
    """When the person behind a customer id was erased, or None."""
    known = conn.execute(_ERASED_AT, {"hashed": hashed(key_of(conn), EXTERNAL_USERID, external_userid)})
    at: int | None = known.scalar_one_or_none()
    return at


def erased_among(conn: Connection, values: Collection[str], kind: str = EXTERNAL_USERID) -> dict[str, int]:
    """Those of many ids whose people asked to be forgotten, and when. For whoever saves people in bulk."""
    by_hash = {hashed(key_of(conn), kind, value): value for value in values}
    found = conn.execute(_ERASED_AMONG, {"hashes": list(by_hash)})
    return {by_hash[hash_]: at for hash_, at in found}
