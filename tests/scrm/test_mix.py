"""The controller keeps the mix: the laws of bot/scrm/mix.py over random targets, calendars and stocks."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scrm.kind import KINDS, Kind
from bot.scrm.mix import ITEM, MOST_AHEAD, MixState, Ratio, charged, choose, fixed, state_under

Line = Kind | tuple[Kind, ...]
"""A fixed entry's kind, or what an open slot allows."""

PLENTY = dict.fromkeys(KINDS, 10_000)
TARGET: Ratio = {"科普": 40, "活动": 15, "互动": 40, "导购": 5}


def ratio_of(cuts: Sequence[int]) -> Ratio:
    a, b, c = sorted(cuts)
    return dict(zip(KINDS, (a, b - a, c - b, 100 - c), strict=True))


ratios = st.lists(st.integers(0, 100), min_size=3, max_size=3).map(ratio_of)
picks = st.one_of(st.just(KINDS), st.just(KINDS), st.sets(st.sampled_from(KINDS), min_size=1).map(tuple))
lines = st.one_of(picks, picks, picks, st.sampled_from(KINDS))
stocks = st.fixed_dictionaries({kind: st.sampled_from((0, 3, 10, 10_000)) for kind in KINDS})


class Run:
    """A pool over a calendar: what was sent, what was missing, and the state after each slot."""

    def __init__(self, ratio: Ratio, calendar: Sequence[Line], stock: Mapping[Kind, int] = PLENTY) -> None:
        self.states: list[MixState] = [state_under(ratio, 0)]
        self.sent: list[Kind | None] = []
        self.missing: Counter[Kind] = Counter()
        left = dict(stock)
        for line in calendar:
            state = self.states[-1]
            open_slot = not isinstance(line, str)
            choice = choose(state, line, [k for k in KINDS if left[k] > 0]) if open_slot else fixed(state, line)
            kind = next(iter(choice.order), None)
            if open_slot and kind:
                left[kind] -= 1
            self.missing.update([choice.missing] if choice.missing else [])
            self.sent.append(kind)
            self.states.append(charged(state, choice, kind))

    def count(self, kind: Kind) -> int:
        return self.sent.count(kind)


@settings(max_examples=1_000, deadline=None)
@given(ratios, st.integers(1, 120))
def test_each_kind_stays_within_one_item_of_its_target(ratio: Ratio, slots: int) -> None:
    """After every send since the target was set; and so within two over any 28."""
    sent = Run(ratio, [KINDS] * slots).sent
    for kind in KINDS:
        off = list(accumulate((100 * (one == kind) - ratio[kind] for one in sent), initial=0))
        assert max(map(abs, off)) < 100
        assert max(abs(after - before) for before, after in zip(off, off[28:] or off[-1:], strict=False)) < 200


@settings(max_examples=300, deadline=None)
@given(ratios, st.lists(lines, max_size=90), stocks)
def test_balances_stay_small_and_even(ratio: Ratio, calendar: list[Line], stock: dict[Kind, int]) -> None:
    """What is owed to some was sent ahead to others, never far; so no flood follows a shortage or a campaign."""
    run = Run(ratio, calendar, stock)
    for state in run.states:
        assert sum(state.balance.values()) == 0
        assert min(state.balance.values()) >= -MOST_AHEAD
    for state in run.states:
        assert all(state.balance[kind] == 0 for kind in KINDS if not ratio[kind])


@settings(max_examples=300, deadline=None)
@given(ratios, st.integers(1, 90), stocks)
def test_what_was_sent_and_what_was_missing_add_up_to_the_target(
    ratio: Ratio, slots: int, stock: dict[Kind, int]
) -> None:
    """A kind that ran out is asked for as often as its target says: neither more, nor later at once."""
    run = Run(ratio, [KINDS] * slots, stock)
    for kind in KINDS:
        if run.missing[kind]:
            assert 100 * (run.count(kind) + run.missing[kind]) > ratio[kind] * slots - 200
    assert sum(run.missing.values()) >= run.sent.count(None)


@settings(max_examples=300, deadline=None)
@given(ratios, st.integers(1, 90), stocks, st.sampled_from(KINDS), st.sampled_from(KINDS), st.integers(1, 30))
def test_raising_a_target_never_lowers_its_count_by_more_than_one(
    ratio: Ratio, slots: int, stock: dict[Kind, int], up: Kind, down: Kind, points: int
) -> None:
    """Whatever it is taken from, and whatever runs out."""
    points = min(points, ratio[down])
    more = {**ratio, up: ratio[up] + points}
    more[down] -= points
    assert Run(more, [KINDS] * slots, stock).count(up) >= Run(ratio, [KINDS] * slots, stock).count(up) - 1


def test_with_many_fixed_entries_and_picks_it_seldom_does() -> None:
    """What is forgiven may differ by an item or two: in one calendar of a hundred at most, never by more than three."""
    dice = random.Random(20)
    changes = [_change_by_five_points(dice) for _ in range(1_000)]
    assert sum(change < -1 for change in changes) <= 10
    assert min(changes) >= -3


def _change_by_five_points(dice: random.Random) -> int:
    """How many more are sent of a kind whose target is raised, in a calendar that is hindered half of the time."""
    ratio = ratio_of([dice.randint(0, 100) for _ in range(3)])
    up, down = dice.sample(KINDS, 2)
    points = min(5, ratio[down])
    more = {**ratio, up: ratio[up] + points, down: ratio[down] - points}
    narrow = [tuple(dice.sample(KINDS, dice.randint(1, 3))) for _ in range(90)]
    calendar = [dice.choice((KINDS, KINDS, pick, dice.choice(KINDS))) for pick in narrow[: dice.randint(1, 90)]]
    stock = {kind: dice.choice((0, 3, 10, 10_000)) for kind in KINDS}
    return Run(more, calendar, stock).count(up) - Run(ratio, calendar, stock).count(up)


@settings(max_examples=300, deadline=None)
@given(ratios, st.lists(lines, max_size=60), stocks)
def test_a_slot_gets_only_what_it_allows_and_what_there_is(
    ratio: Ratio, calendar: list[Line], stock: dict[Kind, int]
) -> None:
    """Kinds without a target only where nothing else is allowed."""
    run = Run(ratio, calendar, stock)
    for line, kind in zip(calendar, run.sent, strict=True):
        if isinstance(line, str) or kind is None:
            continue
        assert kind in line and stock[kind] > 0
        assert ratio[kind] or not any(ratio[k] for k in line)


def test_a_campaign_is_made_up_for_and_then_forgiven() -> None:
    """Seven fixed 导购 in a row: two of them are made up for, at five percent that is forty slots."""
    run = Run(TARGET, [*["导购"] * 7, *[KINDS] * 80])
    assert run.states[7].balance["导购"] == -MOST_AHEAD
    assert run.sent[7:].index("导购") > 39
    assert run.sent[7:].count("导购") in (2, 3)


def test_the_others_keep_their_proportions_while_a_kind_is_out_of_stock() -> None:
    """Without 科普: 活动, 互动 and 导购 as 15 : 40 : 5, not each the same."""
    run = Run(TARGET, [KINDS] * 60, {**PLENTY, "科普": 0})
    assert [run.count(kind) for kind in KINDS] == [0, 15, 40, 5]
    assert run.missing == {"科普": 24}


def test_no_flood_follows_a_shortage() -> None:
    """After thirty slots without 科普 it comes again as if nothing had been."""
    short = Run(TARGET, [KINDS] * 30, {**PLENTY, "科普": 0})
    state, sent = short.states[-1], []
    for _ in range(20):
        choice = choose(state, KINDS, KINDS)
        sent.append(choice.order[0])
        state = charged(state, choice, choice.order[0])
    assert 7 <= sent.count("科普") <= 9


def test_a_slot_for_one_kind_is_made_up_for_in_the_open_ones() -> None:
    """每周三 互动 among four open slots a week: 互动 still has its forty percent, not half of all."""
    week: list[Line] = [KINDS, KINDS, ("互动",), KINDS, KINDS]
    run = Run(TARGET, week * 4)
    assert [run.count(kind) for kind in KINDS] == [8, 3, 8, 1]


def test_what_a_rule_held_is_tried_again() -> None:
    """The slot got something else; what was held stays due."""
    state = state_under(TARGET, 0)
    choice = choose(state, KINDS, KINDS)
    state = charged(state, choice, choice.order[1])
    assert choose(state, KINDS, KINDS).order[0] == choice.order[0]


def test_an_empty_slot_is_charged_to_what_was_missing_and_to_nothing_else() -> None:
    """So that the next empty slot misses another kind; where all was held, nothing is charged."""
    state = state_under(TARGET, 0)
    empty = choose(state, KINDS, ())
    assert (empty.order, empty.missing) == ((), "科普")
    assert choose(charged(state, empty, None), KINDS, ()).missing == "互动"
    assert charged(state, choose(state, KINDS, KINDS), None) == state


def test_a_kind_without_a_target_comes_only_where_nothing_else_may() -> None:
    """私聊 in a cold start: 导购 0. A slot that says 导购 and nothing else still gets it, uncharged."""
    state = state_under({"科普": 50, "活动": 20, "互动": 30, "导购": 0}, 0)
    assert choose(state, KINDS, ("导购",)).order == ()
    assert choose(state, ("互动", "导购"), ("导购",)).missing == "互动"
    only = choose(state, ("导购",), ("导购",))
    assert only.order == ("导购",)
    assert charged(state, only, "导购") == state
    assert charged(state, fixed(state, "导购"), "导购") == state


def test_only_another_ratio_begins_anew() -> None:
    """An edit elsewhere in mix.yaml forgets nothing."""
    state = state_under(TARGET, 5)
    later = charged(state, choose(state, KINDS, KINDS), "科普")
    assert state_under(dict(TARGET), 9, later) is later
    changed = state_under({**TARGET, "科普": 45, "导购": 0}, 9, later)
    assert (changed.since_at, set(changed.balance.values())) == (9, {0})
    assert later.balance["科普"] == 40 * ITEM // 100 - ITEM
