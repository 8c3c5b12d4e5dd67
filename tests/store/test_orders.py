"""Orders: kept once, never going back, matched by the surest id, and owed to a channel."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from bot.scrm.order import Order, OrderItem, Refund
from bot.scrm.person import Profile
from bot.scrm.records import SaveCustomer, StartFollow
from bot.scrm.records.orders import SaveOrder
from bot.store import migrate, orders, people, tombstones
from bot.store.database import Database
from bot.store.tombstones import ErasedError

PAID = 1_795_000_000
ITEM = OrderItem(sku="S1", title="舒缓面膜", quantity=2, price_fen=13400)


def order(order_id: str = "o1", **values: Any) -> Order:
    back = sum(r.amount_fen for r in values.get("refunds", ()))
    state = "paid" if not back else "refunded" if back == 26800 else "partially_refunded"
    given = {"order_id": order_id, "paid_at": PAID, "total_fen": 26800, "items": (ITEM,), "ids": (), "state": state}
    return Order(**{**given, **values})


async def imported(database: Database, one: Order) -> None:
    await database.write(partial(orders.save_order, record=SaveOrder(order=one, at=PAID)))


async def row(database: Database, order_id: str = "o1") -> dict[str, Any]:
    def read(conn: Connection) -> dict[str, Any]:
        found = conn.execute(text("SELECT * FROM orders WHERE order_id = :id"), {"id": order_id})
        return dict(found.mappings().one())

    return await database.read(read)


async def follow(database: Database, n: int, channel_id: str | None, at: int, userid: str = "guide-lin") -> None:
    start = StartFollow(userid=userid, external_userid=f"wm-{n}", status="active", added_at=at, channel_id=channel_id)
    await database.write(partial(people.start_follow, record=start))


async def test_the_same_order_again_is_one_and_a_refund_counts_once(database: Database) -> None:
    """However often, in whatever pieces."""
    first, second = Refund(refund_id="r1", at=PAID, amount_fen=6800), Refund(refund_id="r2", at=PAID, amount_fen=20000)
    for told in ((), (first,), (first,), (first, second), (second,)):
        await imported(database, order(refunds=told))
    kept = await row(database)
    assert (kept["refunded_fen"], kept["state"], kept["total_fen"]) == (26800, "refunded", 26800)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(st.sets(st.sampled_from((1, 2, 3)), max_size=3), min_size=1, max_size=6))
def test_what_is_known_of_an_order_never_shrinks(told: list[set[int]]) -> None:
    """Any order of any tellings ends in the same state as all of them at once."""
    with create_engine("sqlite://", execution_options={"people_key": b""}).connect() as conn:
        migrate.upgrade(conn)
        for some in told:
            back = tuple(Refund(refund_id=f"r{n}", at=PAID, amount_fen=n * 1000) for n in sorted(some))
            orders.save_order(conn, SaveOrder(order=order(refunds=back), at=PAID))
        everything = sum(n * 1000 for n in set().union(*told))
        kept = conn.execute(text("SELECT refunded_fen, state FROM orders")).one()
        assert kept == (everything, "partially_refunded" if everything else "paid")


async def test_an_order_goes_to_the_person_of_its_surest_id(database: Database) -> None:
    """external_userid before unionid before phone before member number, and it says which."""
    await follow(database, 1, "store", PAID - 100)
    await follow(database, 2, "store", PAID - 100)
    profile = Profile(name="小满", unionid="un-2")
    known = SaveCustomer(external_userid="wm-2", profile=profile, follows=(), at=PAID)
    await database.write(partial(people.save_customer, record=known))
    await imported(database, order("o1", ids=(("external_userid", "wm-1"), ("unionid", "un-2"), ("openid", "op-1"))))
    await imported(database, order("o2", ids=(("unionid", "un-2"), ("phone_hash", "h"))))
    await imported(database, order("o3", ids=(("openid", "op-1"),)))
    await imported(database, order("o4", ids=(("phone_hash", "h"),)))
    hows = [(await row(database, id_))["how"] for id_ in ("o1", "o2", "o3", "o4")]
    assert hows == ["external_userid", "unionid", "openid", None]
    owners = [(await row(database, id_))["person_id"] for id_ in ("o1", "o2", "o3", "o4")]
    assert owners[0] != owners[1] and owners[2] == owners[0] and owners[3] is None


async def test_an_order_of_nobody_is_found_once_somebody_is_known_by_its_id(database: Database) -> None:
    """The pass that the schedule makes each hour; a phone said in a survey is an id."""
    await imported(database, order(ids=(("external_userid", "wm-1"),)))
    phone = orders.phone_hash(b"", "+86 138-0013-8000")
    assert phone
    await imported(database, order("o2", paid_at=PAID + 5, ids=(("phone_hash", phone),)))
    assert await database.read(orders.match_waiting) == []
    await follow(database, 1, "store", PAID - 100)
    say = "INSERT INTO profile_fields VALUES (1, 'phone', '13800138000', 'survey/skin', :at)"
    await database.write(lambda conn: conn.execute(text(say), {"at": PAID}))
    told = await database.read(partial(orders.phones_told, since_at=0))
    await database.write(partial(orders.know_phones, told=told))
    await database.write(partial(orders.give, matches=await database.read(orders.match_waiting)))
    first, second = await row(database), await row(database, "o2")
    assert (first["how"], first["channel_id"], first["is_first"]) == ("external_userid", "store", True)
    assert (second["how"], bool(second["is_first"])) == ("phone_hash", False)
    assert await database.read(orders.match_waiting) == []


async def test_an_order_is_owed_to_the_channel_of_the_first_relation_before_it(database: Database) -> None:
    """Not to a later one, and to none when it was paid before anybody knew them; the earliest is the first."""
    await follow(database, 1, "parcel", PAID - 100)
    await follow(database, 1, "store", PAID + 100, userid="guide-wu")
    ids = (("external_userid", "wm-1"),)
    for order_id, at in (("o2", PAID), ("o3", PAID + 200), ("o1", PAID - 500)):
        await imported(database, order(order_id, paid_at=at, ids=ids))
    kept = [await row(database, id_) for id_ in ("o1", "o2", "o3")]
    assert [r["channel_id"] for r in kept] == [None, "parcel", "parcel"]
    assert [bool(r["is_first"]) for r in kept] == [True, False, False]


async def test_an_order_of_somebody_who_asked_to_be_forgotten_is_refused(database: Database) -> None:
    """By any of its ids, or its own."""
    await database.write(partial(tombstones.bury, ids=[("unionid", "un-1"), ("order_id", "o9")], at=PAID))
    for refused in (order("o1", ids=(("unionid", "un-1"),)), order("o9")):
        with pytest.raises(ErasedError):
            await imported(database, refused)


async def test_an_order_found_by_its_phone_teaches_no_account(database: Database) -> None:
    """The buyer may be somebody else: their account must not become the phone owner's, nor the two one person."""
    await follow(database, 1, "store", PAID - 100)
    told = [(1, "h", PAID)]
    await database.write(partial(orders.know_phones, told=told))
    await imported(database, order("o1", ids=(("phone_hash", "h"), ("member_id", "m-9"), ("openid", "op-9"))))
    await imported(database, order("o2", ids=(("openid", "op-9"),)))
    first, second = await row(database), await row(database, "o2")
    assert (first["person_id"], first["how"], second["person_id"]) == (1, "phone_hash", None)


async def test_a_refund_without_a_number_is_all_that_was_given_back_so_far(database: Database) -> None:
    """A table told later tells more; refunds by number are a part of it, and not added to it."""
    for order_id, back in (("o1", 6800), ("o1", 10000), ("o1", 6800)):
        so_far = Refund(refund_id=order_id, at=PAID, amount_fen=back)
        await imported(database, order(order_id, refunds=(so_far,)))
    assert (await row(database))["refunded_fen"] == 10000
    await imported(database, order("o1", refunds=(Refund(refund_id="r1", at=PAID, amount_fen=6800),)))
    kept = await row(database)
    assert (kept["refunded_fen"], kept["state"]) == (10000, "partially_refunded")


async def test_an_order_of_a_known_person_is_not_refused_for_an_erased_ones_phone(database: Database) -> None:
    """The surest id says whose it is: a gift sent to somebody erased, or they themselves, back by a new relation."""
    await follow(database, 1, "store", PAID - 100)
    await database.write(partial(tombstones.bury, ids=[("phone_hash", "h"), ("unionid", "un-2")], at=PAID))
    await imported(database, order("o1", ids=(("external_userid", "wm-1"), ("phone_hash", "h"))))
    assert (await row(database))["how"] == "external_userid"
    await database.write(partial(orders.know_phones, told=[(1, "h1", PAID)]))
    with pytest.raises(ErasedError):
        await imported(database, order("o2", ids=(("unionid", "un-2"), ("phone_hash", "h1"))))
