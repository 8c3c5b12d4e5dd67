"""An order of a shop. Money in fen, instants in epoch seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

OrderState = Literal["paid", "partially_refunded", "refunded"]

ID_KINDS = ("external_userid", "unionid", "phone_hash", "member_id", "openid")
"""The ids that an order may come with, the surest first."""

_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderItem:
    """A line of an order. `price_fen`: of one piece."""

    sku: str
    title: str
    quantity: int
    price_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back once."""

    refund_id: str
    at: int
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as the shop tells it. `ids`: (kind of ID_KINDS, value), the surest first; phones only as keyed hashes.

    channel: what the shop calls the way it came in.
    """

    order_id: str
    paid_at: int
    total_fen: int
    items: tuple[OrderItem, ...]
    ids: tuple[tuple[str, str], ...]
    state: OrderState
    refunds: tuple[Refund, ...] = ()
    channel: str | None = None


def mobile(phone: str) -> str | None:
    """The eleven digits of a mainland mobile number, however it is written; None when it is none."""
    found = _MOBILE.fullmatch(re.sub(r"[\s()-]", "", phone))
    return found[1] if found else None
