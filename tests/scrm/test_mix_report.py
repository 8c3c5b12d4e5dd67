"""What a report says of a pool's mix: never red without a cause, never a cause without a hindrance."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.scrm.kind import KINDS, Kind
from bot.scrm.mix import MixPlan, MixState, PoolRef, Ratio, charged, choose, fixed, state_under
from bot.scrm.mix_report import Charge, MixReport, MixRow, charge, report

DAY = 86_400
SHANGHAI = "Asia/Shanghai"
PLAN = MixPlan(ratios={}, stages=())
POOL = PoolRef("群", "wr1", "会员群 1")
TARGET: Ratio = {"科普": 40, "活动": 15, "互动": 40, "导购": 5}
MONDAY = 1_764_518_400
"""2025-12-01 00:00 in Shanghai."""


class Book:
    """A pool's charges, one slot a day."""

    def __init__(self, ratio: Ratio = TARGET, at: int = MONDAY) -> None:
        self.state: MixState = state_under(ratio, at)
        self.charges: list[Charge] = []
        self.at = at

    def open(self, pick: Any = KINDS, stock: Any = KINDS, held: int = 0, entry: str = "evening") -> None:
        choice = choose(self.state, pick, stock)
        self._charge(choice, choice.order[held] if len(choice.order) > held else None, entry)

    def fixed(self, kind: Kind, entry: str = "campaign") -> None:
        self._charge(fixed(self.state, kind), kind, entry)

    def _charge(self, choice: Any, kind: Kind | None, entry: str) -> None:
        self.charges.append(charge(choice, kind, self.at, entry))
        self.state = charged(self.state, choice, kind)
        self.at += DAY

    def report(self) -> MixReport:
        return report(POOL, PLAN, self.state, self.charges, self.at - 1, SHANGHAI)

    def row(self, kind: Kind) -> MixRow:
        return next(row for row in self.report().rows if row.kind == kind)


def days(count: int, **how: Any) -> Book:
    book = Book()
    for _ in range(count):
        book.open(**how)
    return book


def test_a_month_without_hindrance_is_on_target() -> None:
    """28 sends: percent as wanted, to the item, and nothing to explain."""
    found = days(28).report()
    assert [(row.kind, row.sent, row.points) for row in found.rows] == [
        ("科普", 12, 3),
        ("活动", 4, -1),
        ("互动", 11, -1),
        ("导购", 1, -1),
    ]
    assert not found.red and not any(row.causes for row in found.rows)


def test_only_the_window_counts() -> None:
    """28 days, to the second."""
    book = days(40)
    found = book.report()
    assert found.sent == 28 and found.from_at == found.until_at - 28 * DAY


def test_missing_stock_is_named_week_by_week() -> None:
    """With how many: as many as the target asks for."""
    row = days(20, stock=("活动", "互动", "导购")).row("科普")
    assert (row.sent, row.points, row.red) == (0, -40, True)
    assert [cause.because for cause in row.causes] == [
        "12 月 1 日那一周缺 3 条科普",
        "12 月 8 日那一周缺 3 条科普",
        "12 月 15 日那一周缺 2 条科普",
    ]
    assert sum(cause.times for cause in row.causes) == 8


def test_fixed_entries_are_named() -> None:
    """By their ids, and for the kinds that lost by them."""
    book = days(5)
    for _ in range(5):
        book.fixed("导购", "double-twelve")
    row = book.row("导购")
    assert (row.points, row.red) == (45, True)
    assert [cause.because for cause in row.causes] == ["固定条目 double-twelve 发了 5 条导购"]
    assert row.causes[0].entries == ("double-twelve",)


def test_a_restricted_slot_is_named() -> None:
    """pick: 互动, ten times over."""
    row = days(10, pick=("互动",), entry="group-ask").row("互动")
    assert (row.realised, row.red) == (100, True)
    assert [cause.hindrance for cause in row.causes] == ["限定"]
    assert "group-ask 限定了类别" in row.causes[0].because


def test_what_rules_held_is_named() -> None:
    """The second in order went out ten times."""
    found = days(10, held=1).report()
    assert found.red
    assert {cause.hindrance for row in found.rows for cause in row.causes} == {"未放行"}


def test_a_change_of_target_is_named() -> None:
    """What was sent before it still counts in the window."""
    book = days(14)
    book.state = state_under({"科普": 5, "活动": 15, "互动": 40, "导购": 40}, book.at, book.state)
    for _ in range(6):
        book.open()
    row = book.row("导购")
    assert row.red and row.points < 0
    assert [cause.because for cause in row.causes] == ["12 月 15 日改了配比，之前发的还算在里面"]


def test_what_is_still_being_made_up_for_is_named() -> None:
    """A campaign before the window keeps 导购 out of it."""
    book = Book({"科普": 30, "活动": 20, "互动": 30, "导购": 20})
    for _ in range(10):
        book.fixed("导购")
    for _ in range(28):
        book.open()
    row = book.row("导购")
    assert row.points < 0
    assert [cause.because for cause in row.causes] == ["之前固定条目 campaign 发了 10 条导购"]


def test_an_empty_pool_has_nothing_to_say() -> None:
    """No send, no deviation."""
    found = Book().report()
    assert (found.sent, found.red, {row.realised for row in found.rows}) == (0, False, {0})


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_red_without_a_cause_and_nothing_caused_without_a_hindrance(seed: int) -> None:
    """1,000 random calendars and stocks."""
    dice = random.Random(seed)
    for _ in range(250):
        book, stock = _random_pool(dice)
        found = book.report()
        hindered = any(c.hindrance for c in book.charges)
        for row in found.rows:
            assert row.causes or not row.red, row
            assert hindered or not row.causes
        assert hindered or not found.red
        assert all(n >= 0 for n in stock.values())


def _random_pool(dice: random.Random) -> tuple[Book, dict[Kind, int]]:
    a, b, c = sorted(dice.randrange(101) for _ in range(3))
    book = Book(dict(zip(KINDS, (a, b - a, c - b, 100 - c), strict=True)))
    stock: dict[Kind, int] = {kind: dice.choice((0, 3, 10, 999, 999)) for kind in KINDS}
    often_fixed, often_narrow = dice.choice((0, 0, 0.1, 0.3)), dice.choice((0, 0, 0.1, 0.3))
    for _ in range(dice.randint(5, 90)):
        if dice.random() < often_fixed:
            book.fixed(dice.choice(KINDS))
            continue
        narrow = dice.random() < often_narrow
        book.open(dice.sample(KINDS, dice.randint(1, 3)) if narrow else KINDS, [k for k in KINDS if stock[k]])
        if kind := book.charges[-1].kind:
            stock[kind] -= 1
    return book, stock
