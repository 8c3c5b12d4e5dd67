"""Shops' own tables: both encodings, both languages, exact money, and every bad line by its number."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flow.order_csv import UnreadableFileError, fen, instant, read_csv
from bot.scrm.order import Order

KEY, ZONE = b"k" * 32, "Asia/Shanghai"
SHOP = """订单号,付款时间,实付金额,商品编码,商品,数量,单价,手机号,渠道,退款金额,退款单号,备注
A1,2026/11/22 10:00:00,"1,268.00",S1,舒缓面膜,2,134.00,13800138000,小程序,,,急
A1,,,S2,防晒,1,1000.00,,,268.50,R1,
="A2",2026-11-21,¥99.9,S1,舒缓面膜,1,99.9,13800138001,,99.9,R9,
"""


def read(text: str, encoding: str = "utf-8") -> tuple[dict[str, Order], list[tuple[int, str]]]:
    orders, faults = read_csv(text.encode(encoding), KEY, ZONE)
    return {order.order_id: order for order in orders}, [(fault.index, fault.expected) for fault in faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_table_of_either_encoding_is_read(encoding: str) -> None:
    """Lines of one order are put together; money is exact; the state is what the refunds add up to."""
    orders, faults = read(SHOP if encoding != "gbk" else SHOP.replace("¥", ""), encoding)
    assert faults == []
    first, second = orders["A1"], orders["A2"]
    assert (first.total_fen, first.paid_at, first.channel, len(first.items)) == (126800, 1_795_312_800, "小程序", 2)
    assert [(r.refund_id, r.amount_fen) for r in first.refunds] == [("R1", 26850)]
    assert (first.state, second.state, second.total_fen) == ("partially_refunded", "refunded", 9990)


def test_english_heads_are_known_too() -> None:
    """In any case and order; columns nobody knows are passed over."""
    orders, _ = read("Total,ORDER_ID,paid_at,unionid,colour\n1.00,o1,1795312800,un-1,red\n")
    assert orders["o1"].ids == (("unionid", "un-1"),)


def test_every_bad_line_is_named_and_its_order_left_out_whole() -> None:
    """One wrong item must not make a wrong order."""
    lines = [
        "订单号,付款时间,实付金额,商品,数量,手机号",
        "B1,2026-11-22,26.805,面膜,1,13800138000",
        "B2,昨天,10,面膜,1,13800138000",
        "B3,2026-11-22,10,面膜,1,13800138000",
        "B3,2026-11-22,10,面膜,两,13800138000",
        "B4,2026-11-22,10,面膜,1,13800138000",
        "B4,2026-11-22,11,面膜,1,13800138000",
        "B5,2026-11-22,10,面膜,1,12345",
        "",
        ",2026-11-22,10,面膜,1,13800138000",
        "B6,2026-11-22,10,面膜,1,13800138000",
    ]
    orders, faults = read("\n".join(lines))
    assert list(orders) == ["B6"]
    assert [line for line, _ in faults] == [2, 3, 5, 7, 8, 10]
    for (_, said), word in zip(faults, ("金额", "时间", "数量", "实付金额不一样", "手机号", "订单号"), strict=True):
        assert word in said


@pytest.mark.parametrize(
    ("head", "says"), [("", "缺"), ("订单号,付款时间,手机号", "实付金额"), ("a,订单号,订单编号", "两列")]
)
def test_a_table_without_what_an_order_needs_is_refused_whole(head: str, says: str) -> None:
    """It says which columns."""
    with pytest.raises(UnreadableFileError, match=says):
        read(head + "\n")


@given(amount=st.integers(0, 10**11))
def test_money_is_exact(amount: int) -> None:
    """Yuan with two places are fen, never a float's idea of them."""
    assert fen(f"{amount // 100}.{amount % 100:02}") == amount == fen(f"{amount // 100:,}.{amount % 100:02}")


def test_a_date_is_that_of_the_corp() -> None:
    """Midnight in Shanghai is 16:00 of the day before in UTC."""
    assert instant("2026-11-22", ZoneInfo(ZONE)) == instant("2026-11-21 16:00", ZoneInfo("UTC"))


def test_a_file_that_is_no_table_at_all_is_said_to_be_unreadable() -> None:
    """One cell without end, as of a picture that was renamed."""
    with pytest.raises(UnreadableFileError):
        read_csv(b"order_id,paid_at,total,unionid\n" + b"x" * 200_000, b"", "Asia/Shanghai")
