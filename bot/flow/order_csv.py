"""Orders as shops export them: a CSV with Chinese or English heads, one line an order or one line an item."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.flow.orders import Fault, read_orders
from bot.scrm.order import Order

HEADS: Mapping[str, tuple[str, ...]] = {
    "order_id": ("订单号", "订单编号", "主订单编号"),
    "paid_at": ("付款时间", "支付时间", "订单付款时间"),
    "total": ("实付金额", "实付", "订单金额", "买家实付金额"),
    "sku": ("商品编码", "商家编码", "货号"),
    "title": ("商品", "商品名称", "商品标题"),
    "quantity": ("数量", "商品数量"),
    "price": ("单价", "商品单价"),
    "refunded": ("退款金额",),
    "refund_id": ("退款单号", "退款编号"),
    "refund_at": ("退款时间",),
    "external_userid": (),
    "unionid": (),
    "phone": ("手机号", "手机", "收货人手机"),
    "member_id": ("会员号", "会员编号"),
    "openid": (),
    "channel": ("渠道", "来源渠道"),
}
"""What we read → how its column may be headed besides by that name. Other columns are passed over."""

IDS = ("external_userid", "unionid", "phone", "member_id", "openid")
NEEDED = ("order_id", "paid_at", "total")

_MONEY = re.compile(r"[¥￥]?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]{1,2})?元?")
_DATES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


class UnreadableFileError(Exception):
    """Not even one line of it can be read; says why, for people."""


class _CellError(ValueError):
    """One cell is wrong."""


@dataclass(slots=True)
class _Gathered:
    """The lines of one order so far."""

    line: int
    wire: dict[str, Any]
    heads: dict[str, str] = field(default_factory=dict)


def read_csv(data: bytes, people_key: bytes, timezone: str) -> tuple[list[Order], list[Fault]]:
    """The orders of a file, and what is wrong, by line number; an order with one bad line is left out whole.

    Raises:
        UnreadableFileError: no table, or without the columns that an order cannot do without.
    """
    rows = _table(data)
    columns = _columns(next(rows, (1, []))[1])
    gathered: dict[str, _Gathered] = {}
    faults: list[Fault] = []
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            row = {name: _cell(cells, place) for name, place in columns.items()}
            _gather(row, line, gathered, faults, ZoneInfo(timezone))
    bad = {fault.order_id for fault in faults}
    whole = [order for order_id, order in gathered.items() if order_id not in bad]
    for order in whole:
        _settle(order.wire)
    good, wrong = read_orders([order.wire for order in whole], people_key)
    faults += [Fault(whole[f.index].line, f.order_id, f.key, f.expected) for f in wrong]
    return good, sorted(faults, key=lambda fault: fault.index)


def fen(amount: str) -> int:
    """Yuan as people write them, exactly in fen.

    Raises:
        ValueError: it is no amount.
    """
    found = _MONEY.fullmatch(amount.strip())
    if not found:
        raise _CellError("金额，最多两位小数，例如 268.00")
    return int(Decimal(found[1].replace(",", "") + (found[2] or "")) * 100)


def instant(moment: str, zone: ZoneInfo) -> int:
    """A date with or without a time, in the corp's zone, or epoch seconds.

    Raises:
        ValueError: it is neither.
    """
    if re.fullmatch("[0-9]{10}", moment):
        return int(moment)
    for form in _DATES:
        try:
            return int(
                datetime.strptime(moment.replace("/", "-").replace("T", " "), form).replace(tzinfo=zone).timestamp()
            )
        except ValueError:
            continue
    raise _CellError("时间，例如 2026-11-22 10:00:00")


def _table(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row."""
    rows = csv.reader(io.StringIO(_decoded(data), newline=""))
    try:
        for cells in rows:
            yield rows.line_num, cells
    except csv.Error:
        raise UnreadableFileError(f"第 {rows.line_num} 行起不像表格，请确认是 CSV 文件") from None


def _decoded(data: bytes) -> str:
    """UTF-8, with or without a mark; else GBK, as Chinese Excel saves."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError("编码既不是 UTF-8 也不是 GBK，请用 Excel 另存为“CSV UTF-8”")


def _columns(head: Sequence[str]) -> dict[str, int]:
    """What we read → its place in a line."""
    names = {alias: name for name, aliases in HEADS.items() for alias in (name, *aliases)}
    places = [(names.get(cell.strip().lower()), place) for place, cell in enumerate(head)]
    columns: dict[str, int] = {}
    for name, place in places:
        if name and columns.setdefault(name, place) != place:
            raise UnreadableFileError(f"有两列都是“{_headed(name)}”，请留一列")
    missing = [_headed(name) for name in NEEDED if name not in columns]
    if not set(IDS) & columns.keys():
        missing.append("手机号（或 unionid、external_userid、会员号、openid）")
    if missing:
        raise UnreadableFileError(f"第一行是表头，还缺这些列：{'、'.join(missing)}")
    return columns


def _headed(name: str) -> str:
    return next(iter(HEADS[name]), name)


def _cell(cells: Sequence[str], place: int) -> str:
    """Without what shops put around numbers so that Excel leaves them alone."""
    return cells[place].strip().strip("'").removeprefix('="').removesuffix('"').strip() if place < len(cells) else ""


def _gather(
    row: dict[str, str], line: int, gathered: dict[str, _Gathered], faults: list[Fault], zone: ZoneInfo
) -> None:
    """Add a line to its order; a further line adds an item or a refund, and repeats or leaves out the rest."""
    order_id = row["order_id"]
    try:
        heads = dict(_order_values(row, zone))
        order = gathered.get(order_id)
        if order is None:
            if missing := [_headed(name) for name in NEEDED if not row[name]]:
                raise _CellError(f"没有写{'、'.join(missing)}")
            order = gathered.setdefault(order_id, _Gathered(line, _started(row, heads), row))
        elif differing := [name for name in heads if row[name] != order.heads[name]]:
            raise _CellError(f"同一个订单两行的{'、'.join(map(_headed, differing))}不一样")
        order.wire["items"] += _items(row)
        order.wire["refunds"] += [r for r in _refunds(row, order.wire, zone) if r not in order.wire["refunds"]]
    except _CellError as error:
        faults.append(Fault(line, order_id, "", str(error)))


def _order_values(row: dict[str, str], zone: ZoneInfo) -> Iterator[tuple[str, object]]:
    """What is said of the order as a whole, as far as this line says it."""
    readers = {"paid_at": lambda cell: instant(cell, zone), "total": fen}
    for name in ("order_id", "paid_at", "total", "channel", *IDS):
        if row.get(name):
            yield name, _read(name, readers.get(name, str), row[name])


def _started(row: dict[str, str], heads: Mapping[str, object]) -> dict[str, Any]:
    wire = {"order_id": heads["order_id"], "paid_at": heads["paid_at"], "total_fen": heads["total"]}
    customer = {name: heads[name] for name in IDS if name in heads}
    channel = {"channel": heads["channel"]} if "channel" in heads else {}
    return {**wire, **channel, "customer": customer, "items": [], "refunds": []}


def _items(row: dict[str, str]) -> Iterator[dict[str, Any]]:
    if title := row.get("title") or row.get("sku"):
        yield {
            "sku": (row.get("sku") or title)[:64].replace("/", "／"),
            "title": title[:200],
            "quantity": _read("quantity", _whole, row.get("quantity") or "1"),
            "price_fen": _read("price", fen, row.get("price") or "0"),
        }


def _refunds(row: dict[str, str], order: dict[str, Any], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """One without a number is all that was given back so far; without a time, given back when it was paid."""
    amount = _read("refunded", fen, row.get("refunded") or "0")
    if amount:
        at = row.get("refund_at")
        yield {
            "refund_id": row.get("refund_id") or order["order_id"],
            "at": _read("refund_at", lambda cell: instant(cell, zone), at) if at else order["paid_at"],
            "amount_fen": amount,
        }


def _settle(wire: dict[str, Any]) -> None:
    """The state that the refunds add up to."""
    back = sum(refund["amount_fen"] for refund in wire["refunds"])
    if back:
        wire["state"] = "refunded" if back >= wire["total_fen"] else "partially_refunded"


def _read(name: str, reader: Any, cell: str) -> Any:
    try:
        return reader(cell)
    except _CellError as error:
        raise _CellError(f"{_headed(name)}应该是{error}") from None


def _whole(cell: str) -> int:
    if not re.fullmatch("[0-9]{1,7}", cell):
        raise _CellError("整数")
    return int(cell)
