"""What `plan` says is what comes: the same lines, the same pools, decided the same way."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.scrm.calendar import Calendar
from bot.scrm.daybook import PLAIN_DAYS
from bot.scrm.gates.ahead import look_ahead
from bot.scrm.gates.board import Board, PoolSeen
from bot.scrm.gates.decide import decide
from bot.scrm.gates.situations import Occasion, situations
from bot.scrm.mix import EVEN_MIX
from bot.scrm.quota import UNLIMITED
from bot.scrm.slots import slots
from bot.scrm.switch import Switch
from bot.scrm.week import day_began_at
from tests.scrm.gates.plain import EASY, entry, item
from tests.scrm.gates.worlds import NOON, SHANGHAI

TODAY = day_began_at(NOON, SHANGHAI)
ITEMS = {"a": item("a", "科普"), "b": item("b", "活动"), "c": item("c", "互动")}


def plans(*entries: Any, **how: Any) -> Any:
    given = {
        "calendars": (Calendar(id="c", title="c", entries=entries),),
        "days": PLAIN_DAYS,
        "library": ITEMS,
        "offers": {},
        "refused": {},
        "care": EASY,
        "quota": UNLIMITED,
        "rules": (),
        "mix": EVEN_MIX,
        "persona_of": lambda userid: SimpleNamespace(id="xiaohe"),
    }
    return SimpleNamespace(**{**given, **how})


def board(**how: Any) -> Board:
    pools = (PoolSeen(id="wr", name="会员群一", userid="guide-lin", **how.pop("pool", {})),)
    approved = frozenset(one.digest for one in ITEMS.values())
    return Board(**{"pools": pools, "approved": approved, "switches": frozenset(), "first_seen_at": {}, **how})


def foreseen(plan: Any, on: Board) -> dict[str, str]:
    due = slots(plan.calendars, plan.days, TODAY, TODAY + 86_400, SHANGHAI)
    return {f.situation.entry.id: f.decision.outcome for f in look_ahead(due, {"群": on}, plan, SHANGHAI)}


def lived(plan: Any, on: Board) -> dict[str, str]:
    """Slot by slot as they come, with nothing known beforehand but what became of those before."""
    outcomes: dict[str, str] = {}
    for slot in slots(plan.calendars, plan.days, TODAY, TODAY + 86_400, SHANGHAI):
        calendar = plan.calendars[0]
        line = next(e for e in calendar.entries if e.id == slot.entry)
        (s,) = situations(Occasion(slot, calendar, line, plan, slot.at, SHANGHAI), on)
        outcomes[line.id] = decide(s).outcome
        known = {**on.pools[0].outcomes, slot.key: outcomes[line.id]}
        on = replace(on, pools=(replace(on.pools[0], outcomes=known),))
    return outcomes


WEAK_FIRST = (entry("lo", item="a", minute=600, priority=30), entry("hi", item="b", minute=620, priority=70))


@pytest.mark.parametrize("look", [foreseen, lived])
def test_the_weaker_of_two_yields_though_it_comes_first(look: Any) -> None:
    """The stronger is still to come when the weaker is decided."""
    assert look(plans(*WEAK_FIRST), board()) == {"lo": "skipped", "hi": "sent"}


@pytest.mark.parametrize("look", [foreseen, lived])
def test_nothing_yields_to_what_is_stopped(look: Any) -> None:
    """The stronger one does not leave, so the weaker may."""
    stopped = board(switches=frozenset({Switch("条目", "c/hi")}))
    assert look(plans(*WEAK_FIRST), stopped) == {"lo": "sent", "hi": "skipped"}


@pytest.mark.parametrize("look", [foreseen, lived])
def test_nothing_yields_to_what_yields_itself(look: Any) -> None:
    """A above B above C, each 25 minutes after the other: A and C are far enough apart."""
    line = (
        entry("A", item="a", minute=600, priority=70),
        entry("B", item="b", minute=625, priority=50),
        entry("C", item="c", minute=650, priority=30),
    )
    assert look(plans(*line), board()) == {"A": "sent", "B": "skipped", "C": "sent"}


@pytest.mark.parametrize("look", [foreseen, lived])
def test_half_an_hour_apart_is_far_enough(look: Any) -> None:
    """As who has to make way is told; a minute less is not."""
    hi, lo = WEAK_FIRST[1], WEAK_FIRST[0]
    assert look(plans(replace(hi, minute=600), replace(lo, minute=630)), board()) == {"hi": "sent", "lo": "sent"}
    assert look(plans(replace(hi, minute=600), replace(lo, minute=629)), board()) == {"hi": "sent", "lo": "skipped"}
    assert look(plans(replace(lo, minute=600), replace(hi, minute=630)), board()) == {"lo": "sent", "hi": "sent"}


@pytest.mark.parametrize("look", [foreseen, lived])
def test_what_is_half_an_hour_from_the_stronger_stands_in_the_way_of_others(look: Any) -> None:
    """B does not yield to A, so C yields to B."""
    line = (
        entry("A", item="a", minute=600, priority=70),
        entry("B", item="b", minute=630, priority=50),
        entry("C", item="c", minute=650, priority=30),
    )
    assert look(plans(*line), board()) == {"A": "sent", "B": "sent", "C": "skipped"}


def test_nothing_yields_to_what_was_skipped() -> None:
    """The stronger one came first and did not leave."""
    line = (entry("hi", item="b", minute=600, priority=70), entry("lo", item="a", minute=620, priority=30))
    unapproved = replace(board(), approved=frozenset({ITEMS["a"].digest}))
    plan = plans(*(replace(one, by_seconds=60) for one in line))
    assert foreseen(plan, unapproved) == lived(plan, unapproved) == {"hi": "skipped", "lo": "sent"}


def test_cards_of_today_count() -> None:
    """The guide has six already."""
    full = board(pool={"cards": 6}, day=(TODAY, TODAY + 86_400))
    assert foreseen(plans(WEAK_FIRST[0]), full) == {"lo": "skipped"}


def test_two_guides_of_one_slot_do_not_post_the_same() -> None:
    """Items are dealt out by place, as long as there are as many."""
    two = tuple(PoolSeen(id=f"wr{n}", name=f"会员群{n}", userid=f"guide-{n}") for n in range(2))
    three = {f"k{n}": item(f"k{n}", "科普") for n in range(3)}
    on = Board(pools=two, approved=frozenset(i.digest for i in three.values()), switches=frozenset(), first_seen_at={})
    plan = plans(entry("e", pick=("科普",), minute=600), library=three)
    due = slots(plan.calendars, plan.days, TODAY, TODAY + 86_400, SHANGHAI)
    items = [f.decision.item for f in look_ahead(due, {"群": on}, plan, SHANGHAI)]
    assert len({one.id for one in items if one}) == 2
