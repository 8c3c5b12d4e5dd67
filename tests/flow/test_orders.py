"""What a shop may send, and what it hears about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from bot.flow.orders import arrivals, read_orders
from bot.scrm.order import mobile
from bot.store.orders import phone_hash

KEY = b"k" * 32


def sent(**values: Any) -> dict[str, Any]:
    """An order as a shop sends it."""
    item = {"sku": "S1", "title": "面膜", "quantity": 1, "price_fen": 100}
    order = {"order_id": "o1", "paid_at": 1_795_000_000, "total_fen": 100, "items": [item]}
    return {**order, "customer": {"phone": "138 0013 8000"}, **values}


def test_a_phone_is_kept_as_a_keyed_hash_only() -> None:
    """However it is written, the same hash; never the digits."""
    spellings = ("13800138000", "+86 138-0013-8000", "86 138 0013 8000")
    orders, faults = read_orders([sent(customer={"phone": phone}) for phone in spellings], KEY)
    assert faults == [] and len({order.ids for order in orders}) == 1
    assert orders[0].ids == (("phone_hash", phone_hash(KEY, "13800138000")),)
    assert phone_hash(KEY, "13800138000") != phone_hash(b"j" * 32, "13800138000")
    assert "13800138000" not in arrivals(orders, 1)[0].body


def test_ids_are_read_the_surest_first() -> None:
    """That is the order in which a person is looked for."""
    given = {"openid": "o", "member_id": "m", "phone": "13800138000", "unionid": "u", "external_userid": "e"}
    [order], _ = read_orders([sent(customer=given)], KEY)
    assert [kind for kind, _ in order.ids] == ["external_userid", "unionid", "phone_hash", "member_id", "openid"]


@pytest.mark.parametrize(
    ("wrong", "key", "says"),
    [
        ({"total_fen": "268.00"}, "total_fen", "整数分"),
        ({"total_fen": True}, "total_fen", "整数分"),
        ({"paid_at": 1_795_000_000_000}, "paid_at", "整数秒"),
        ({"order_id": ""}, "order_id", "1–64"),
        ({"customer": {}}, "customer", "至少一种"),
        ({"customer": {"phone": "12345"}}, "customer", "手机号"),
        ({"items": [{"sku": "S", "quantity": 0, "price_fen": 1}]}, "items.0.quantity", "大于 0"),
        ({"totalfen": 1}, "totalfen", "没有这个键"),
        ({"state": "shipped"}, "state", "paid、"),
        ({"state": "refunded"}, "", "state 应该是 paid"),
        ({"refunds": [{"refund_id": "r", "at": 1_795_000_000, "amount_fen": 101}]}, "", "超过了 total_fen"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_was_expected(wrong: dict[str, Any], key: str, says: str) -> None:
    """And the order beside it is good all the same."""
    orders, faults = read_orders([sent(order_id="good"), sent(**wrong)], KEY)
    assert [order.order_id for order in orders] == ["good"]
    assert [(fault.index, fault.key) for fault in faults] == [(1, key)]
    assert says in faults[0].expected


def test_a_fault_repeats_no_personal_value() -> None:
    """What was sent may be in an answer's log."""
    given = [sent(customer={"phone": "secret-phone"}), sent(customer="secret-name"), "secret-text"]
    _, faults = read_orders(given, KEY)
    assert len(faults) == 3 and "secret" not in repr(faults)


def test_the_same_state_again_has_the_same_key_and_another_state_another() -> None:
    """So a replay does nothing, and a refund is news."""
    refund = {"refund_id": "r", "at": 1_795_000_000, "amount_fen": 40}
    orders, _ = read_orders([sent(), sent(), sent(state="partially_refunded", refunds=[refund])], KEY)
    keys = [arrival.key for arrival in arrivals(orders, 5)]
    assert keys[0] == keys[1] != keys[2]


def test_a_landline_is_no_mobile() -> None:
    """It finds nobody."""
    assert mobile("021-12345678") is None
