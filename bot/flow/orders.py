"""Orders as shops write them, read into our own values; what is wrong is said, order by order.

Phones never get further than here: what is kept of them is a keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bot.scrm.events.orders import OrderImported
from bot.scrm.order import ID_KINDS, Order, OrderItem, OrderState, Refund, mobile
from bot.store import inbox
from bot.store.inbox import Arrival
from bot.store.orders import phone_hash

MOST_FEN = 10**12
EARLIEST_AT, LATEST_AT = 946_684_800, 4_102_444_800
"""2000 and 2100: an instant outside is no epoch second; most likely it counts milliseconds."""

Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=r"^[^\x00-\x1f/]+$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00]*$")]
At = Annotated[StrictInt, Field(ge=EARLIEST_AT, le=LATEST_AT)]
Fen = Annotated[StrictInt, Field(ge=0, le=MOST_FEN)]

AT, FEN, ID = "整数秒（Unix 时间戳），例如 1795658400", "整数分，不小于 0，例如 26800", "1–64 个字，不含 / 和换行"
EXPECTED = {
    "order_id": ID,
    "refund_id": ID,
    "sku": "1–64 个字",
    "paid_at": AT,
    "at": AT,
    "total_fen": FEN,
    "amount_fen": "整数分，大于 0",
    "price_fen": FEN,
    "quantity": "整数件数，大于 0",
    "state": "paid、partially_refunded、refunded 之一",
    "items": "商品列表，每项 {sku, title, quantity, price_fen}",
    "refunds": "退款列表，每项 {refund_id, at, amount_fen}",
    "customer": "至少一种：external_userid、unionid、phone、member_id、openid",
    "phone": "手机号，例如 13800138000 或 +8613800138000",
}
"""key → what it should be, for people."""


class Wire(BaseModel):
    """Base of what a shop sends: a key that we do not know is an error, since it may be one misspelt."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WireItem(Wire):
    """One line of an order. `price_fen`: of a single piece."""

    sku: Id
    title: Words = ""
    quantity: Annotated[StrictInt, Field(ge=1, le=1_000_000)]
    price_fen: Fen


class WireRefund(Wire):
    """Money given back. `refund_id`: by which it is counted once."""

    refund_id: Id
    at: At
    amount_fen: Annotated[StrictInt, Field(ge=1, le=MOST_FEN)]


class WireCustomer(Wire):
    """Who bought; one id is enough. `phone`: only a keyed hash of it is kept."""

    external_userid: Id | None = None
    unionid: Id | None = None
    phone: str | None = None
    member_id: Id | None = None
    openid: Id | None = None

    @model_validator(mode="after")
    def _known_by_something(self) -> WireCustomer:
        if not any(self.model_dump().values()):
            raise ValueError(EXPECTED["customer"])
        if self.phone is not None and mobile(self.phone) is None:
            raise ValueError(f"phone 应该是{EXPECTED['phone']}")
        return self


class WireOrder(Wire):
    """One order of POST /api/orders."""

    order_id: Id
    paid_at: At
    total_fen: Fen
    items: tuple[WireItem, ...] = Field(default=(), max_length=500)
    customer: WireCustomer
    channel: Words | None = None
    state: OrderState = "paid"
    refunds: tuple[WireRefund, ...] = Field(default=(), max_length=500)

    @model_validator(mode="after")
    def _refunds_add_up(self) -> WireOrder:
        back = sum(r.amount_fen for r in self.refunds)
        if len({r.refund_id for r in self.refunds}) < len(self.refunds):
            raise ValueError("refunds 里有两笔退款的 refund_id 相同")
        if back > self.total_fen:
            raise ValueError(f"refunds 合计 {back} 分，超过了 total_fen {self.total_fen} 分")
        state = "paid" if not back else "refunded" if back == self.total_fen else "partially_refunded"
        if state != self.state:
            raise ValueError(f"refunds 合计 {back} 分，total_fen {self.total_fen} 分，state 应该是 {state}")
        return self

    def value(self, people_key: bytes) -> Order:
        """As the rest of the house knows it."""
        return Order(
            order_id=self.order_id,
            paid_at=self.paid_at,
            total_fen=self.total_fen,
            items=tuple(OrderItem(**item.model_dump()) for item in self.items),
            ids=tuple(_ids(self.customer, people_key)),
            state=self.state,
            refunds=tuple(Refund(**refund.model_dump()) for refund in self.refunds),
            channel=self.channel or None,
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one order. `index`: its place in the list, or its line in the file; `key`: where in it."""

    index: int
    order_id: str
    key: str
    expected: str

    def as_json(self) -> dict[str, Any]:
        """For whoever sent it."""
        return asdict(self)


def read_orders(given: Sequence[object], people_key: bytes) -> tuple[list[Order], list[Fault]]:
    """The orders that can be understood, and what is wrong with the others. No value is repeated, only its place."""
    good: list[Order] = []
    faults: list[Fault] = []
    for index, one in enumerate(given):
        order_id = one.get("order_id") if isinstance(one, dict) else None
        name = order_id if isinstance(order_id, str) else ""
        try:
            good.append(WireOrder.model_validate(one).value(people_key))
        except ValidationError as error:
            faults += [Fault(index, name, *_said(d)) for d in error.errors(include_url=False, include_input=False)]
    return good, faults


def arrivals(orders: Sequence[Order], now: int) -> list[Arrival]:
    """The orders as events. The same order in the same state is kept once, however often it is sent."""
    return [_arrival(OrderImported(created_at=now, order=order)) for order in orders]


def _ids(customer: WireCustomer, people_key: bytes) -> Iterator[tuple[str, str]]:
    given = customer.model_dump()
    given["phone_hash"] = phone_hash(people_key, customer.phone) if customer.phone else None
    for kind in ID_KINDS:
        if given[kind]:
            yield kind, given[kind]


def _arrival(event: OrderImported) -> Arrival:
    told = hashlib.sha256(repr(event.order).encode()).hexdigest()
    return inbox.own_arrival(event, cause=f"order/{event.order.order_id}/{told}")


def _said(detail: ErrorDetails) -> tuple[str, str]:
    """Where, and what was expected there."""
    path = ".".join(str(part) for part in detail["loc"])
    name = next((part for part in reversed(detail["loc"]) if isinstance(part, str)), "")
    match detail["type"]:
        case "extra_forbidden":
            return path, "没有这个键，请核对拼写"
        case "missing":
            return path, f"必须有：{EXPECTED.get(name, '不能缺')}"
        case "value_error":
            return path, str(detail["ctx"]["error"])
        case _:
            return path, f"应该是{EXPECTED.get(name, '文字')}"


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """hex HMAC-SHA256 over `timestamp.body`, as the shop sends it in X-Zhiyu-Signature."""
    return hmac.digest(key, timestamp.encode() + b"." + body, hashlib.sha256).hex()
