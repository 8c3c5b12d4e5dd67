"""What waits for a person's word before it may go out."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.changes import Approve
from bot.scrm.item import Item
from bot.scrm.plans import Plans


def waiting(plans: Plans, approved: Collection[str], role: str = "") -> list[Item]:
    """The items that nobody has approved as they are worded now, in this role; drafts and what the linter refuses do
    not wait. `approved`: digests, and digest@role."""
    may = (item for item in plans.library.values() if not item.draft and item.digest not in plans.refused)
    return [item for item in may if (f"{item.digest}@{role}" if role else item.digest) not in approved]


def wanted(foreseen: Iterable[Foreseen]) -> dict[str, frozenset[str]]:
    """item → as whom a rule wants somebody's word before it may go where it is to go in the days to come."""
    found: dict[str, set[str]] = {}
    for each in foreseen:
        for change in (change for stop in each.decision.stops for change in stop.changes):
            if isinstance(change, Approve) and change.role:
                found.setdefault(change.item, set()).add(change.role)
    return {item: frozenset(roles) for item, roles in found.items()}
