"""The closed vocabulary of what would turn a decision. There is none for law and for what a customer refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.scrm.kind import Kind
from bot.scrm.switch import Switch

Part = Literal["item", "offer", "entry", "calendar", "rule", "care"]


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Nothing but time (epoch seconds)."""

    at: int


@dataclass(frozen=True, slots=True)
class Raise:
    """One more: a cap or budget of care.yaml, the quota's reserve given up, a guide's cards. `source`: which."""

    source: str
    by: int


@dataclass(frozen=True, slots=True)
class Approve:
    """A person approves an item as it is worded now. `role`: whose word is wanted; empty: anybody's who may."""

    item: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A field of a file. `to`: its new value, in words; empty where only a person can say it (a text)."""

    part: Part
    id: str
    key: str
    to: int | str = ""


@dataclass(frozen=True, slots=True)
class SwitchOn:
    """What a person stopped goes on."""

    switch: Switch


@dataclass(frozen=True, slots=True)
class Stock:
    """An item more of one of these kinds."""

    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """A group, by its name, gets an owner who can press."""

    group: str


@dataclass(frozen=True, slots=True)
class MakeWay:
    """What goes first at about the same time, by its calendar/entry, is stopped or comes at another time."""

    entry: str


Change = WaitUntil | Raise | Approve | Edit | SwitchOn | Stock | HandOver | MakeWay
