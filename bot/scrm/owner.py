"""The one guide whose customer somebody is (归属导购), decided once and kept.

The first guide keeps the customer. Only after the two are no longer connected does the customer go to the guide who
was added last; a person may decide otherwise, with a reason, and that stands.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

FIRST = "第一位加上的导购"
NEWEST = "原来的导购已经不在，归最近加上的导购"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose customer, since when (epoch seconds) and why. `by_hand`: a person decided it."""

    userid: str
    since_at: int
    because: str
    by_hand: bool = False


def decide_owner(current: Owner | None, active: Collection[tuple[int, str]], at: int) -> Owner | None:
    """The owner from now on, or None when nothing changes.

    `active`: (added_at, userid) of the guides who are connected with the customer. With nobody connected the last
    owner stays: the customer may come back.
    """
    if not active or (current and (current.by_hand or any(current.userid == userid for _, userid in active))):
        return None
    if current is None:
        return Owner(userid=min(active)[1], since_at=at, because=FIRST)
    return Owner(userid=max(active)[1], since_at=at, because=NEWEST)
