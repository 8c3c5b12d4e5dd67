"""Whose customer somebody is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.owner import FIRST, NEWEST, Owner, decide_owner

LIN = Owner(userid="lin", since_at=1, because=FIRST)


def test_the_first_guide_keeps_the_customer() -> None:
    """However many come later."""
    assert decide_owner(None, [(5, "wu"), (3, "lin")], 9) == Owner(userid="lin", since_at=9, because=FIRST)
    assert decide_owner(LIN, [(3, "lin"), (5, "wu")], 9) is None


def test_after_them_comes_the_one_added_last() -> None:
    """And with nobody left, the last owner stays."""
    assert decide_owner(LIN, [(5, "wu"), (7, "chen")], 9) == Owner(userid="chen", since_at=9, because=NEWEST)
    assert decide_owner(LIN, [], 9) is None


def test_what_a_person_decided_stands() -> None:
    """Even when that guide is not connected."""
    assert decide_owner(Owner(userid="boss", since_at=1, because="老客户", by_hand=True), [(5, "wu")], 9) is None


@given(st.none() | st.just(LIN), st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["lin", "wu", "chen"]))))
def test_decided_twice_is_decided_once(current: Owner | None, active: list[tuple[int, str]]) -> None:
    """The new owner is always one who is connected, and stays."""
    owner = decide_owner(current, active, 9)
    if owner:
        assert owner.userid in [userid for _, userid in active]
        assert decide_owner(owner, active, 10) is None
