"""Own events about orders."""

from __future__ import annotations

from bot.scrm.events.base import OwnEvent
from bot.scrm.order import Order


class OrderImported(OwnEvent, frozen=True, kw_only=True):
    """A shop told us of an order, or of what became of one."""

    order: Order

    @property
    def line(self) -> str:
        return f"order/{self.order.order_id}"


EVENTS = (OrderImported,)
