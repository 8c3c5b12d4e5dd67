"""How long it takes to ask one person whether a rule holds, beside the same condition written by hand in Python.

python -m bench.rules --json
"""

from __future__ import annotations

import argparse
import json
import timeit
from collections.abc import Callable, Mapping

from bot.content.cel import compile_when
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.rules.vocabulary import VOCABULARY

TIMES, ROUNDS = 50_000, 7
KIND, TOPIC, AGE, TAGS, SELLS, CLICKS, HOUR, WORKDAY = (
    VOCABULARY[name].fact
    for name in ("kind", "topic", "item_age_days", "tags", "sells_28d", "clicks_28d", "hour", "is_workday")
)
Values = Mapping[Fact, Value]
SOMEBODY: Values = {
    KIND: "导购",
    TOPIC: "新品",
    AGE: 1,
    TAGS: frozenset(("肤质/敏感肌",)),
    SELLS: 4,
    CLICKS: 0,
    HOUR: 10,
    WORKDAY: True,
}
RULES: dict[str, Callable[[Values], bool]] = {
    "kind == '导购' && sells_28d >= 3 && clicks_28d == 0": lambda v: (
        v[KIND] == "导购" and v[SELLS] >= 3 and v[CLICKS] == 0  # type: ignore[operator]
    ),
    "topic == '新品' && item_age_days < 3 && !('会员/付费会员' in tags)": lambda v: (
        v[TOPIC] == "新品" and v[AGE] < 3 and "会员/付费会员" not in v[TAGS]  # type: ignore[operator]
    ),
    "is_workday && (hour < 9 || hour >= 21) || kind in ['导购', '活动']": lambda v: bool(
        (v[WORKDAY] and (v[HOUR] < 9 or v[HOUR] >= 21)) or v[KIND] in ("导购", "活动")  # type: ignore[operator]
    ),
}
"""Conditions, and what a programmer would write in their place, without a thought for what is unknown."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="only the last line, a JSON object")
    asked = options.parse_args()
    figures = measure()
    if not asked.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))


def measure() -> dict[str, float]:
    """The mean over the conditions, in microseconds, and how many times a hand-written check that is."""
    rule, by_hand = 0.0, 0.0
    for text, check in RULES.items():
        condition = compile_when(text)
        assert condition.holds(SOMEBODY) is check(SOMEBODY) is True
        rule += _microseconds(condition.holds) / len(RULES)
        by_hand += _microseconds(check) / len(RULES)
    return {"rule_us": round(rule, 3), "by_hand_us": round(by_hand, 3), "ratio": round(rule / by_hand, 2)}


def _microseconds(check: Callable[[Values], bool]) -> float:
    return min(timeit.repeat(lambda: check(SOMEBODY), number=TIMES, repeat=ROUNDS)) / TIMES * 1e6


if __name__ == "__main__":
    main()
