"""The control is small, stable and fair; the interval tells the truth."""

from __future__ import annotations

import random
from itertools import pairwise
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.holdout import DRAWS, Trial, draw, held_out, uplift


def test_one_in_twenty_is_kept_out_and_another_one_each_time() -> None:
    """5 % of 20,000, and of those 5 % again in the next campaign."""
    first = {n for n in range(20_000) if held_out(n, "dg-cream-set")}
    second = {n for n in range(20_000) if held_out(n, "dg-serum")}
    assert 900 < len(first) < 1_100 and 900 < len(second) < 1_100
    assert 25 < len(first & second) < 80


def _chi_squared(counts: list[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


@pytest.mark.parametrize("first", [1, 500_000, 2**31 - 60_000, 2**40])
def test_draws_are_uniform_and_those_of_two_items_are_independent(first: int) -> None:
    """100 bins of 100,000 neighbours, and the 10 × 10 of two items and of a person and the next: chi squared with
    99 degrees of freedom stays below 160 (once in 10,000)."""
    people = range(first, first + 100_000)
    one, other = ([draw(n, item) * 10 // DRAWS for n in people] for item in ("dg-cream-set", "dg-serum"))
    fine = [draw(n, "dg-cream-set") * 100 // DRAWS for n in people]
    assert _chi_squared([fine.count(n) for n in range(100)]) < 160
    for pairs in (list(zip(one, other, strict=True)), list(pairwise(one))):
        assert _chi_squared([pairs.count((a, b)) for a in range(10) for b in range(10)]) < 160


@given(st.integers(0), st.text(max_size=30), st.integers(0, 1_000))
def test_who_is_kept_out_stays_out(person_id: int, campaign: str, per_mille: int) -> None:
    """Whoever asks, and however much the control grows; 0 keeps nobody out, 1,000 everybody."""
    out = held_out(person_id, campaign, per_mille)
    assert out is held_out(person_id, campaign, per_mille)
    assert not out or held_out(person_id, campaign, min(1_000, per_mille + 100))
    assert held_out(person_id, campaign, 1_000) and not held_out(person_id, campaign, 0)


def test_a_published_example() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, table II (a), method 10)."""
    found = uplift(Trial(reached=70, buyers=56, held_out=80, held_out_buyers=48))
    assert found and (round(found.share, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)
    assert found.sure


@given(st.integers(1, 10**6), st.integers(1, 10**5), st.floats(0, 1), st.floats(0, 1))
def test_the_interval_holds_the_difference_and_is_possible(reached: int, out: int, buy: float, without: float) -> None:
    """At the edges too: nobody, everybody."""
    found = uplift(Trial(reached, int(reached * buy), out, int(out * without)))
    assert found and -1 <= found.low <= found.share <= found.high <= 1


def test_nothing_is_said_without_both_groups() -> None:
    """And impossible counts are an error."""
    assert uplift(Trial(100, 3, 0, 0)) is None
    assert uplift(Trial(0, 0, 5, 0)) is None
    with pytest.raises(ValueError, match="more buyers"):
        uplift(Trial(10, 11, 5, 0))


@pytest.mark.parametrize(("people", "base", "lift"), [(4_000, 0.05, 0.04), (4_000, 0.10, 0.0), (8_000, 0.03, 0.02)])
def test_the_interval_covers_the_truth_nineteen_times_in_twenty(people: int, base: float, lift: float) -> None:
    """93 to 97 % of 1,000 campaigns, with the control that the campaign's name deals."""
    dice = random.Random(people + int(1_000 * lift))
    covered = 0
    for _ in range(1_000):
        out = _successes(dice, people, 0.05)
        bought = _successes(dice, people - out, base + lift)
        found = uplift(Trial(people - out, bought, out, _successes(dice, out, base)))
        covered += bool(found and found.low <= lift <= found.high)
    assert 930 <= covered <= 970


def _successes(dice: random.Random, trials: int, chance: float) -> int:
    """A binomial draw, by the gaps between successes: few steps for small chances."""
    count, at = 0, 0
    while True:
        at += int(log(1 - dice.random()) / log(1 - chance)) + 1
        if at > trials:
            return count
        count += 1
