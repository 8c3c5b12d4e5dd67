"""What a channel brought: from the add to the first order."""

from __future__ import annotations

from dataclasses import dataclass

LOST_SOON_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNumbers:
    """One channel in a time; `channel_id` None: people of whom we do not know how they came.

    Of those `added` in the time (adds, and who was first seen by a 微信客服 link): `greeted` by a welcome that left,
    `surveyed` to the end, `lost_soon`: left their guide within 7 days. `parted`: all who left or were removed in the
    time, whenever they came. Orders: first ones, paid in the time, less what was paid back (fen).
    """

    channel_id: str | None
    added: int = 0
    greeted: int = 0
    surveyed: int = 0
    lost_soon: int = 0
    parted: int = 0
    first_orders: int = 0
    first_order_fen: int = 0

    @property
    def net(self) -> int:
        """Net growth."""
        return self.added - self.parted

    def cost(self, cost_per_add: int) -> int:
        """What the adds cost (fen)."""
        return self.added * cost_per_add

    def cost_per_first_order(self, cost_per_add: int) -> int | None:
        """Fen, rounded; None when nothing was ordered or nothing was spent."""
        if not self.first_orders or not cost_per_add:
            return None
        return round(self.cost(cost_per_add) / self.first_orders)
