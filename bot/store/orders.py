"""Orders: kept once, matched to people, and traced to the channel that brought them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Subquery, case, delete, select, union_all, update

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


def save_order(conn: Connection, record: SaveOrder) -> None:
    """An order and its refunds, each once; what tells less than we know changes nothing.

    Raises:
        ErasedError: it belongs to somebody who asked to be forgotten.
    """
    order = record.order
    _refuse_erased(conn, order)
    _save_refunds(conn, order)
    refunded_fen = _refunded(conn, order.order_id)
    known = conn.execute(select(orders).where(orders.c.order_id == order.order_id)).mappings().one_or_none()
    if known is None or (RANK[order.state], order.paid_at) >= (RANK[known["state"]], known["paid_at"]):
        save(conn, Orders, ["order_id"], _row(order, record.at))
    total_fen = conn.execute(select(orders.c.total_fen).where(orders.c.order_id == order.order_id)).scalar_one()
    _update(conn, order.order_id, refunded_fen=refunded_fen, state=_state(total_fen, refunded_fen))
    if known is None or known["person_id"] is None:
        _match(conn, order)
    else:
        attribute(conn, known["person_id"])


def match_waiting(conn: Connection, limit: int = CHUNK) -> list[tuple[str, int, str]]:
    """Orders that belonged to nobody and whose person is known by now: (order_id, person_id, kind of id)."""
    known = select(order_ids.c.order_id, identities.c.person_id, identities.c.kind).join(
        identities, (identities.c.kind == order_ids.c.kind) & (identities.c.value == order_ids.c.value)
    )
    rows = conn.execute(known.order_by(_SUREST, order_ids.c.order_id).limit(limit))
    first: dict[str, tuple[str, int, str]] = {}
    for order_id, person_id, kind in rows:
        first.setdefault(order_id, (order_id, person_id, kind))
    return list(first.values())


def phones_told(conn: Connection, since_at: int) -> list[tuple[int, str, int]]:
    """Phones that people told us since then, in a survey and for a reason they read: (person_id, keyed hash, when)."""
    said = select(fields.c.person_id, fields.c.value, fields.c.set_at).where(
        fields.c.set_at >= since_at, fields.c.value.like("1__________")
    )
    hashes = ((who, phone_hash(tombstones.key_of(conn), value), at) for who, value, at in conn.execute(said))
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


def attribute(conn: Connection, person_id: int) -> None:
    """Of one person's orders: which is the first, and which channel each is owed to.

    That is the channel by which the first relation began, if it began before the order was paid.
    """
    conn.execute(select(people.c.person_id).where(people.c.person_id == person_id).with_for_update())
    mine = orders.c.person_id == person_id
    first = conn.scalar(select(orders.c.order_id).where(mine).order_by(orders.c.paid_at, orders.c.order_id).limit(1))
    began = _began(person_id)
    channel = select(began.c.channel_id).where(began.c.at <= orders.c.paid_at).order_by(began.c.at).limit(1)
    conn.execute(
        update(orders).where(mine).values(is_first=orders.c.order_id == first, channel_id=channel.scalar_subquery())
    )


def _began(person_id: int) -> Subquery:
    """When one person's relations began, and by which channel: with guides (each time anew), and at 微信客服."""
    return union_all(
        select(follow_log.c.at.label("at"), follow_log.c.channel_id).where(
            follow_log.c.person_id == person_id, follow_log.c.what == "added"
        ),
        select(follows.c.added_at, follows.c.channel_id).where(follows.c.person_id == person_id),
        select(kf_sessions.c.entered_at, kf_sessions.c.channel_id).where(
            kf_sessions.c.person_id == person_id, kf_sessions.c.entered_at.is_not(None)
        ),
    ).subquery()


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


def _refunded(conn: Connection, order_id: str) -> int:
    """All refunds. One under the number of its order (a table tells no other) is the whole so far, as a table knows."""
    mine = select(refunds.c.refund_id, refunds.c.amount_fen).where(refunds.c.order_id == order_id)
    told: dict[str, int] = {refund_id: amount for refund_id, amount in conn.execute(mine)}
    so_far = told.pop(order_id, 0)
    return max(so_far, sum(told.values()))


def _state(total_fen: int, refunded_fen: int) -> str:
    """What the refunds add up to; an order of nothing is paid."""
    if not refunded_fen:
        return "paid"
    return "refunded" if refunded_fen >= total_fen else "partially_refunded"


def _update(conn: Connection, order_id: str, **values: object) -> None:
    conn.execute(update(orders).where(orders.c.order_id == order_id).values(**values))


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


def _named(conn: Connection, kind: str, value: str) -> int | None:
    """The person that an id names."""
    whose = select(identities.c.person_id).where(identities.c.kind == kind, identities.c.value == value)
    person_id: int | None = conn.scalar(whose)
    return person_id


def _give(conn: Connection, order_id: str, person_id: int, how: str) -> None:
    mine = order_ids.c.order_id == order_id
    if how != "phone_hash":
        rows = conn.execute(select(order_ids.c.kind, order_ids.c.value).where(mine, order_ids.c.kind.in_(LEARNT)))
        _learn(conn, order_id, person_id, [(kind, value) for kind, value in rows])
    conn.execute(delete(order_ids).where(mine))
    _update(conn, order_id, person_id=person_id, how=how)
    attribute(conn, person_id)


def _learn(conn: Connection, order_id: str, person_id: int, ids: Iterable[tuple[str, str]]) -> None:
    at = conn.scalar(select(orders.c.saved_at).where(orders.c.order_id == order_id))
    rows = [
        {"kind": kind, "value": value, "person_id": person_id, "how": "order", "known_at": at} for kind, value in ids
    ]
    if rows:
        conn.execute(insert_new(conn, Identities), rows)


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    SaveOrder: lambda conn, _, record: save_order(conn, record),
}
