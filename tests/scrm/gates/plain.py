"""A situation in which nothing is in the way, to be changed by a test."""

from __future__ import annotations

from typing import Any

from bot.scrm.calendar import Calendar, Entry, Every, Slot
from bot.scrm.care import Care, FatigueBudget
from bot.scrm.gates.situation import Situation, TargetPool
from bot.scrm.item import Item, Variant
from bot.scrm.kind import KINDS, Kind
from bot.scrm.mix import state_under
from bot.scrm.quota import UNLIMITED
from bot.scrm.rules.condition import Compare, Condition, Const, Fact, Node
from bot.scrm.rules.rule import Rule, Then
from tests.scrm.gates.worlds import NOON, SHANGHAI

IS_SELLING = Compare("==", Fact("kind"), Const("导购"))
SELLING_FIRST = {"科普": 20, "活动": 10, "互动": 20, "导购": 50}
EASY = Care(quiet={}, budget=FatigueBudget(weights={}, most=14))


def item(id_: str, kind: Kind, **how: Any) -> Item:
    words = how.pop("variants", (Variant(outlets=("群",), text="…"),))
    return Item(
        id=id_, title=id_, kind=kind, topic=how.pop("topic", "护肤知识"), variants=words, digest=f"d{id_}", **how
    )


def entry(id_: str = "e", **how: Any) -> Entry:
    given = {"touchpoint": "群", "when": Every(("每天",)), "minute": 0, "pick": () if how.get("item") else KINDS, **how}
    return Entry(id=id_, **given)


def rule(id_: str, then: Then, tree: Node = IS_SELLING, **how: Any) -> Rule:
    return Rule(id=id_, then=then, because=id_, condition=Condition(tree), about_people=False, **how)


def situation(*items: Item, **how: Any) -> Situation:
    """Noon, one group; every item approved; 导购 is due first where the mix chooses."""
    given: dict[str, Any] = {
        "now": NOON,
        "timezone": SHANGHAI,
        "slot": Slot(NOON, "c", "e", NOON + 7_200),
        "calendar": Calendar(id="c", title="c"),
        "entry": entry(),
        "pool": TargetPool(id="wr", name="会员群一", userid="guide-lin", persona="xiaohe", stage="成长"),
        "library": {one.id: one for one in items},
        "offers": {},
        "approved": frozenset(one.digest for one in items),
        "refused": {},
        "switches": frozenset(),
        "care": EASY,
        "quota": UNLIMITED,
        "rules": (),
        "mix": state_under(SELLING_FIRST, NOON),  # type: ignore[arg-type]
    }
    return Situation(**{**given, **how})
