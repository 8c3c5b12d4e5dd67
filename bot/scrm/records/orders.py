"""What is remembered of orders."""

from __future__ import annotations

from bot.scrm.order import Order
from bot.scrm.records.base import Record


class SaveOrder(Record, frozen=True, kw_only=True):
    """An order as last told; one that tells less than is known already changes nothing."""

    order: Order
    at: int
