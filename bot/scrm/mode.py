"""How a pool is looked after, by its size: person by person, in tiers, or led by membership (运营模式)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Mode = Literal["一对一", "分层", "会员制"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

CAPACITY = 300
"""How many customers one guide can know in person, while nothing was measured. Our own default: no source gives one."""

TIERS = 5
"""With more than this many times the capacity, tiers do not help any more. Our own default."""

EVERY_DAYS = 30
"""Whom a guide does not speak with at least once in so many days, they do not know in person. Our own default."""

MEASURED_DAYS = 14
"""So many working days of behaviour data say what a guide can do; fewer are chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool in numbers, and the mode that follows from them. `because`: a sentence for people."""

    customers: int
    guides: int
    capacity: int
    mode: Mode
    because: str

    @property
    def person_by_person(self) -> bool:
        """Whether guides get tasks about single customers that can wait; in 会员制 only what somebody waits for."""
        return self.mode != "会员制"

    @property
    def per_guide(self) -> int:
        """Customers per guide, rounded up."""
        return -(-self.customers // max(1, self.guides))


def measured_capacity(chats_a_day: list[int]) -> int:
    """How many customers a guide can know, from the chats that guides had on days when they worked.

    `chats_a_day`: one number a guide and day (`chat_cnt` of get_user_behavior_data, official page 92132).
    """
    worked = sorted(count for count in chats_a_day if count > 0)
    if len(worked) < MEASURED_DAYS:
        return CAPACITY
    return worked[len(worked) // 2] * EVERY_DAYS


def pool_of(customers: int, guides: int, capacity: int = CAPACITY) -> Pool:
    """The mode of a pool of this size."""
    per_guide = -(-customers // max(1, guides))
    mode: Mode = "一对一" if per_guide <= capacity else "分层" if per_guide <= TIERS * capacity else "会员制"
    most = {"一对一": f"不超过 {capacity} 位", "分层": f"超过 {capacity} 位", "会员制": f"超过 {TIERS * capacity} 位"}
    because = f"{customers} 位客户、{guides} 位导购，人均 {per_guide} 位，{most[mode]}，适合{mode}"
    return Pool(customers=customers, guides=guides, capacity=capacity, mode=mode, because=because)
