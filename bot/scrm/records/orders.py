"""What is remembered of orders."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.order import Order
from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOrder(Record):
    """An order as last told; one that tells less than is known already changes nothing."""

    order: Order
    at: int
