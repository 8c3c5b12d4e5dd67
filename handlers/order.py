"""An order came in: it is remembered, and its person found."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.events.orders import OrderImported
from bot.scrm.facts import Facts
from bot.scrm.records.orders import SaveOrder

router = Router()


@router.on(OrderImported)
async def imported(event: OrderImported, facts: Facts) -> Decision:
    """Whose it is, its channel and whether it is their first is decided where orders lie beside each other."""
    return Decision(records=(SaveOrder(order=event.order, at=event.created_at),))
