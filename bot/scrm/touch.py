"""A touch: one person reached, or about to be, by one planned message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.kind import Kind, Touchpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """`at`: when it was sent; while reserved, the last moment at which it may be (so no window is ever overdrawn).

    `weight`: hundredths of a fatigue point. `addressed`: to this person; else to a group or Moments, an upper bound.
    """

    at: int
    touchpoint: Touchpoint
    kind: Kind
    topic: str
    item: str
    weight: int
    addressed: bool = True
