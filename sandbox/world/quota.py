"""How many mass sends one customer or one group may get (official page 92135, 2025/11/17)."""

from __future__ import annotations

from bisect import bisect_left

from sandbox.world.days import Period, began, days_of_month

WEEKLY, DAILY = 7, 1


class Ledger:
    """Who received when."""

    def __init__(self) -> None:
        self._received: dict[str, list[int]] = {}

    def add(self, receiver: str, at: int) -> None:
        self._received.setdefault(receiver, []).append(at)

    def count(self, receiver: str, period: Period, at: int) -> int:
        """How many in the calendar period of `at`, up to now."""
        received = self._received.get(receiver, [])
        return len(received) - bisect_left(received, began(period, at))


class MassQuota:
    """Mass sends of the corp and of its members draw on the same quota. No API tells what is left.

    `policy`: what the admin chose in 群发助手 → 设置群发规则. `month`: as many as the month has days.
    """

    def __init__(self) -> None:
        self.policy: Period = "month"
        self._ledger = Ledger()

    def draw(self, receiver: str, at: int) -> bool:
        """Count one for this customer or group; False and nothing counted when that is one too many."""
        if self._ledger.count(receiver, self.policy, at) >= self._at_most(at):
            return False
        self._ledger.add(receiver, at)
        return True

    def _at_most(self, at: int) -> int:
        return {"month": days_of_month(at), "week": WEEKLY, "day": DAILY}[self.policy]
