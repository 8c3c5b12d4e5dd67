"""What a person can stop at once, and by what name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.scrm.calendar import Calendar, Entry
from bot.scrm.kind import TOUCHPOINTS
from bot.scrm.rules.rule import Rule

SwitchScope = Literal["全部", "触点", "日历", "条目", "规则"]
SCOPES: Final[tuple[SwitchScope, ...]] = get_args(SwitchScope)


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that can be stopped. `name`: of the touchpoint, calendar, entry or rule; empty for 全部."""

    scope: SwitchScope
    name: str = ""

    def __str__(self) -> str:
        return f"{self.scope}/{self.name}" if self.name else self.scope


def switch_named(words: str) -> Switch | None:
    """The switch that staff wrote as 全部, 触点/群, 日历/编号, 条目/日历/条目 or 规则/编号; None: it is none."""
    head, _, name = words.partition("/")
    scope = next((each for each in SCOPES if each == head), None)
    return Switch(scope, name) if scope and (scope == "全部") != bool(name) else None


def switches_of(calendar: Calendar, entry: Entry) -> tuple[Switch, ...]:
    """Everything by which a line of a calendar can be stopped."""
    return switches_by_name(entry.touchpoint, calendar.id, entry.id)


def switches_by_name(touchpoint: str, calendar: str, entry: str) -> tuple[Switch, ...]:
    """The same, by the ids."""
    return (
        Switch("全部"),
        Switch("触点", touchpoint),
        Switch("日历", calendar),
        Switch("条目", f"{calendar}/{entry}"),
    )


def every_switch(calendars: Iterable[Calendar], rules: Iterable[Rule]) -> Iterator[Switch]:
    """Everything there is to stop."""
    yield Switch("全部")
    yield from (Switch("触点", touchpoint) for touchpoint in TOUCHPOINTS)
    for calendar in calendars:
        yield Switch("日历", calendar.id)
        yield from (Switch("条目", f"{calendar.id}/{entry.id}") for entry in calendar.entries)
        for sequence in calendar.sequences:
            yield from (Switch("条目", f"{calendar.id}/{sequence.id}/{step.id}") for step in sequence.steps)
    yield from (Switch("规则", rule.id) for rule in rules)
