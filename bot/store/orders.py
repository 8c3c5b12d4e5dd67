"""Orders: kept once, matched to people, and traced to the channel that brought them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import BindParameter, Connection, Subquery, bindparam, case, delete, select, union_all, update

from bot.scrm.order import ID_KINDS, Order, mobile
from bot.scrm.records import Record
from bot.scrm.records.orders import SaveOrder
from bot.store import tombstones
from bot.store.tables import (
    FollowLog,
    Follows,
    Identities,
    KfSessions,
    OrderIds,
    Orders,
    People,
    ProfileFields,
    Refunds,
)
from bot.store.tombstones import ErasedError
from bot.store.upsert import columns, insert, insert_new, save

orders, order_ids, refunds = columns(Orders), columns(OrderIds), columns(Refunds)
people, identities, follows = columns(People), columns(Identities), columns(Follows)
follow_log, kf_sessions, fields = columns(FollowLog), columns(KfSessions), columns(ProfileFields)

CHUNK = 200

RANK = {"paid": 0, "partially_refunded": 1, "refunded": 2}
"""A state never goes back."""

LEARNT = ("unionid", "member_id", "openid")
"""What an order that we can match teaches us of its person: accounts. Neither a phone, nor by a phone: people buy for
each other."""

_SUREST = case({kind: i for i, kind in enumerate(ID_KINDS)}, value=identities.c.kind)


_BY_ID = select(orders).where(orders.c.order_id == bindparam("order"))
_TOTAL = select(orders.c.total_fen).where(orders.c.order_id == bindparam("order"))


def save_order(conn: Connection, record: SaveOrder) -> None:
    """An order and its refunds, each once; what tells less than we know changes nothing.

    Raises:
        ErasedError: it belongs to somebody who asked to be forgotten.
    """
    order = record.order
    _refuse_erased(conn, order)
    _save_refunds(conn, order)
    refunded_fen = _refunded(conn, order.order_id)
    known = conn.execute(_BY_ID, {"order": order.order_id}).mappings().one_or_none()
    if known is None or (RANK[order.state], order.paid_at) >= (RANK[known["state"]], known["paid_at"]):
        save(conn, Orders, ["order_id"], _row(order, record.at))
    total_fen = conn.execute(_TOTAL, {"order": order.order_id}).scalar_one()
    _update(conn, order.order_id, refunded_fen=refunded_fen, state=_state(total_fen, refunded_fen))
    if known is None or known["person_id"] is None:
        _match(conn, order)
    else:
        attribute(conn, known["person_id"])


_KNOWN_BY_NOW = (
    select(order_ids.c.order_id, identities.c.person_id, identities.c.kind)
    .join(identities, (identities.c.kind == order_ids.c.kind) & (identities.c.value == order_ids.c.value))
    .order_by(_SUREST, order_ids.c.order_id)
    .limit(bindparam("most"))
)


def match_waiting(conn: Connection, limit: int = CHUNK) -> list[tuple[str, int, str]]:
    """Orders that belonged to nobody and whose person is known by now: (order_id, person_id, kind of id)."""
    first: dict[str, tuple[str, int, str]] = {}
    for order_id, person_id, kind in conn.execute(_KNOWN_BY_NOW, {"most": limit}):
        first.setdefault(order_id, (order_id, person_id, kind))
    return list(first.values())


_PHONES_TOLD = select(fields.c.person_id, fields.c.value, fields.c.set_at).where(
    fields.c.set_at >= bindparam("since"), fields.c.value.like("1__________")
)


def phones_told(conn: Connection, since_at: int) -> list[tuple[int, str, int]]:
    """Phones that people told us since then, in a survey and for a reason they read: (person_id, keyed hash, when)."""
    said = conn.execute(_PHONES_TOLD, {"since": since_at})
    hashes = ((who, phone_hash(tombstones.key_of(conn), value), at) for who, value, at in said)
    return [(who, hashed, at) for who, hashed, at in hashes if hashed]


def know_phones(conn: Connection, told: Sequence[tuple[int, str, int]]) -> None:
    """They are ids of theirs from now on; who told first keeps it."""
    rows = [
        {"kind": "phone_hash", "value": hashed, "person_id": who, "how": "survey", "known_at": at}
        for who, hashed, at in told
    ]
    if rows:
        conn.execute(insert_new(conn, Identities), rows)


def forget_phones(conn: Connection, person_id: int, said: Iterable[str]) -> None:
    """A person took back what they said: the mobile numbers in it are no ids of theirs any more."""
    hashes = [hashed for value in said if mobile(value) and (hashed := phone_hash(tombstones.key_of(conn), value))]
    if hashes:
        told = (identities.c.person_id == person_id, identities.c.kind == "phone_hash", identities.c.how == "survey")
        conn.execute(delete(identities).where(*told, identities.c.value.in_(hashes)))


def phone_hash(people_key: bytes, phone: str) -> str | None:
    """What is kept of a phone: a keyed hash, to find the same one again. None when it is no mobile number."""
    digits = mobile(phone)
    return tombstones.hashed(people_key, "phone", digits) if digits else None


def give(conn: Connection, matches: Sequence[tuple[str, int, str]]) -> None:
    """Orders find their people."""
    for order_id, person_id, kind in matches:
        _give(conn, order_id, person_id, kind)


def _began() -> Subquery:
    """When one person's relations began, and by which channel: with guides (each time anew), and at 微信客服."""
    who: BindParameter[int] = bindparam("who")
    return union_all(
        select(follow_log.c.at.label("at"), follow_log.c.channel_id).where(
            follow_log.c.person_id == who, follow_log.c.what == "added"
        ),
        select(follows.c.added_at, follows.c.channel_id).where(follows.c.person_id == who),
        select(kf_sessions.c.entered_at, kf_sessions.c.channel_id).where(
            kf_sessions.c.person_id == who, kf_sessions.c.entered_at.is_not(None)
        ),
    ).subquery("began")


_BEGAN = _began()
_LOCK = select(people.c.person_id).where(people.c.person_id == bindparam("who")).with_for_update()
_FIRST = (
    select(orders.c.order_id)
    .where(orders.c.person_id == bindparam("who"))
    .order_by(orders.c.paid_at, orders.c.order_id)
    .limit(1)
)
_CHANNEL = select(_BEGAN.c.channel_id).where(_BEGAN.c.at <= orders.c.paid_at).order_by(_BEGAN.c.at).limit(1)
_ATTRIBUTE = (
    update(orders)
    .where(orders.c.person_id == bindparam("who"))
    .values(is_first=orders.c.order_id == bindparam("first"), channel_id=_CHANNEL.scalar_subquery())
)


def attribute(conn: Connection, person_id: int) -> None:
    """Of one person's orders: which is the first, and which channel each is owed to.

    That is the channel by which the first relation began, if it began before the order was paid.
    """
    who = {"who": person_id}
    conn.execute(_LOCK, who)
    conn.execute(_ATTRIBUTE, {**who, "first": conn.scalar(_FIRST, who)})


def _refuse_erased(conn: Connection, order: Order) -> None:
    """The surest id that says anything says whose it is: a known person's order may name an erased one's phone."""
    for kind, value in (("order_id", order.order_id), *order.ids):
        if _named(conn, kind, value) is not None:
            return
        if tombstones.erased_among(conn, [value], kind):
            raise ErasedError


def _row(order: Order, at: int) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "paid_at": order.paid_at,
        "total_fen": order.total_fen,
        "refunded_fen": 0,
        "state": order.state,
        "shop_channel": order.channel,
        "items": [asdict(item) for item in order.items],
        "saved_at": at,
        "is_first": False,
    }


def _save_refunds(conn: Connection, order: Order) -> None:
    """Each once, with the most that was said of it."""
    rows = [
        {"order_id": order.order_id, "refund_id": r.refund_id, "refunded_at": r.at, "amount_fen": r.amount_fen}
        for r in order.refunds
    ]
    if rows:
        statement = insert(conn, Refunds).values(rows)
        told = {"amount_fen": statement.excluded.amount_fen, "refunded_at": statement.excluded.refunded_at}
        more = refunds.c.amount_fen < statement.excluded.amount_fen
        conn.execute(statement.on_conflict_do_update(index_elements=["order_id", "refund_id"], set_=told, where=more))


_REFUNDS = select(refunds.c.refund_id, refunds.c.amount_fen).where(refunds.c.order_id == bindparam("order"))


def _refunded(conn: Connection, order_id: str) -> int:
    """All refunds. One under the number of its order (a table tells no other) is the whole so far, as a table knows."""
    rows = conn.execute(_REFUNDS, {"order": order_id})
    told: dict[str, int] = {refund_id: amount for refund_id, amount in rows}
    so_far = told.pop(order_id, 0)
    return max(so_far, sum(told.values()))


def _state(total_fen: int, refunded_fen: int) -> str:
    """What the refunds add up to; an order of nothing is paid."""
    if not refunded_fen:
        return "paid"
    return "refunded" if refunded_fen >= total_fen else "partially_refunded"


_UPDATE = update(orders).where(orders.c.order_id == bindparam("order"))
"""Whatever else it is given is set."""


def _update(conn: Connection, order_id: str, **values: object) -> None:
    conn.execute(_UPDATE, {"order": order_id, **values})


def _match(conn: Connection, order: Order) -> None:
    """Give an order to the person that its surest known id names; or keep its ids until somebody is known by one."""
    rows = [{"order_id": order.order_id, "kind": kind, "value": value} for kind, value in order.ids]
    if rows:
        conn.execute(insert_new(conn, OrderIds), rows)
    for kind, value in order.ids:
        person_id = _named(conn, kind, value)
        if person_id is not None:
            return _give(conn, order.order_id, person_id, kind)
    return None


_NAMED = select(identities.c.person_id).where(
    identities.c.kind == bindparam("kind"), identities.c.value == bindparam("value")
)


def _named(conn: Connection, kind: str, value: str) -> int | None:
    """The person that an id names."""
    person_id: int | None = conn.scalar(_NAMED, {"kind": kind, "value": value})
    return person_id


_ITS_IDS = order_ids.c.order_id == bindparam("order")
_LEARNT = select(order_ids.c.kind, order_ids.c.value).where(_ITS_IDS, order_ids.c.kind.in_(LEARNT))
_FORGET_IDS = delete(order_ids).where(_ITS_IDS)


def _give(conn: Connection, order_id: str, person_id: int, how: str) -> None:
    order = {"order": order_id}
    if how != "phone_hash":
        _learn(conn, order_id, person_id, [(kind, value) for kind, value in conn.execute(_LEARNT, order)])
    conn.execute(_FORGET_IDS, order)
    _update(conn, order_id, person_id=person_id, how=how)
    attribute(conn, person_id)


_SAVED_AT = select(orders.c.saved_at).where(orders.c.order_id == bindparam("order"))


def _learn(conn: Connection, order_id: str, person_id: int, ids: Iterable[tuple[str, str]]) -> None:
    at = conn.scalar(_SAVED_AT, {"order": order_id})
    rows = [
        {"kind": kind, "value": value, "person_id": person_id, "how": "order", "known_at": at} for kind, value in ids
    ]
    if rows:
        conn.execute(insert_new(conn, Identities), rows)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    SaveOrder: lambda conn, _, record: save_order(conn, record),
}
