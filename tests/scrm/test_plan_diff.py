"""What is different from the plan that was looked at last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.plan_diff import Difference, Line, LineKey, Plan, difference

SENT, HELD = Line("会员群一", "发出", "科普 泛红"), Line("会员群一", "推迟", "科普 泛红")

keys = st.tuples(st.integers(0, 20), st.sampled_from(("dec/a", "dec/b")), st.sampled_from(("wr-1", "wr-2")))
spans = st.tuples(st.integers(0, 20), st.integers(0, 20))
plans = st.builds(
    lambda lines, span: Plan(min(span), max(span), {k: v for k, v in lines.items() if min(span) <= k[0] < max(span)}),
    st.dictionaries(keys, st.sampled_from((SENT, HELD))),
    spans,
)


def key(at: int) -> LineKey:
    return at, "dec/a", "wr-1"


def test_what_came_fell_out_and_changed_is_told() -> None:
    """Each with what it was and is."""
    before = Plan(0, 10, {key(1): SENT, key(2): HELD, key(3): SENT})
    after = Plan(0, 10, {key(2): SENT, key(3): SENT, key(4): HELD})
    assert difference(before, after) == Difference({key(4): HELD}, {key(1): SENT}, {key(2): (HELD, SENT)})


def test_what_is_over_is_not_gone_and_a_longer_look_brings_nothing_new() -> None:
    """Only the time that both looked at counts."""
    before, after = Plan(0, 5, {key(1): SENT, key(3): SENT}), Plan(2, 9, {key(3): SENT, key(7): SENT})
    assert not difference(before, after)


@given(plans, plans)
def test_a_difference_turns_the_one_into_the_other(before: Plan, after: Plan) -> None:
    """Over the time that both looked at."""
    found = difference(before, after)
    both = max(before.from_at, after.from_at), min(before.until_at, after.until_at)
    mended = {k: v for k, v in before.between(*both).items() if k not in found.gone}
    mended |= found.added
    mended |= {k: now for k, (_, now) in found.changed.items()}
    assert mended == after.between(*both)
    assert not difference(after, after)
