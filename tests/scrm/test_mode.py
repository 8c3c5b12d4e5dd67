"""How a pool is looked after, by its size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.mode import CAPACITY, EVERY_DAYS, TIERS, measured_capacity, pool_of


@pytest.mark.parametrize(
    ("customers", "guides", "mode"),
    [(0, 0, "一对一"), (1_200, 4, "一对一"), (1_201, 4, "分层"), (6_000, 4, "分层"), (6_001, 4, "会员制")],
)
def test_the_mode_follows_the_load(customers: int, guides: int, mode: str) -> None:
    """By customers per guide, not by the pool alone."""
    pool = pool_of(customers, guides)
    assert pool.mode == mode and mode in pool.because


@given(st.integers(0, 10**7), st.integers(1, 1_000), st.integers(1, 5_000))
def test_more_guides_never_make_it_less_personal(customers: int, guides: int, capacity: int) -> None:
    """One more guide, or one who can do more, moves towards 一对一 only."""
    order = ("一对一", "分层", "会员制")
    now = order.index(pool_of(customers, guides, capacity).mode)
    assert order.index(pool_of(customers, guides + 1, capacity).mode) <= now
    assert order.index(pool_of(customers, guides, capacity + 1).mode) <= now


def test_capacity_is_measured_on_working_days() -> None:
    """Days off do not count; a few days say nothing."""
    assert measured_capacity([0] * 50 + [20] * 13) == CAPACITY
    assert measured_capacity([0] * 50 + [20] * 14) == 20 * EVERY_DAYS
    assert TIERS > 1
