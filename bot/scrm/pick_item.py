"""Which of the items of a kind a slot gets, and in which of its wordings.

Guides who share customers must not say the same thing at the same time. So each has a `Place` among them, and items and
variants are dealt out by place, as cards are: with as many items as places, no two places get the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.scrm.item import Item, Variant
from bot.scrm.kind import Outlet


@dataclass(frozen=True, slots=True)
class Place:
    """The `number`-th (from 0) of `places` guides who share customers."""

    number: int = 0
    places: int = 1


ALONE = Place()


def place_of(userid: str, sharing: Iterable[str]) -> Place:
    """A guide's place among those who share customers with them, themselves included or not."""
    names = sorted({userid, *sharing})
    return Place(names.index(userid), len(names))


def rested(item: Item, sent_at: Mapping[str, int], at: int) -> bool:
    """Whether the pool may meet the item (again). `sent_at`: item id → when it last reached the pool."""
    last_at = sent_at.get(item.id)
    return last_at is None or last_at + item.repeat_after_seconds <= at


def fitting(items: Iterable[Item], outlet: Outlet, at: int, topic: str | None = None) -> list[Item]:
    """What fits there and then: worded for the outlet, valid, no draft, about the topic if one is asked for.

    For whom an item is (`who`, `personas`) and whether it was approved, the caller looks at first.
    """
    return [
        item
        for item in items
        if not item.draft and item.valid.holds(at) and topic in (None, item.topic) and item.worded_for(outlet)
    ]


def in_turn(deck: Iterable[Item], sent_at: Mapping[str, int], place: Place = ALONE) -> list[Item]:
    """Those never used, then those that rested longest; then the one that ends first, then by id; dealt by place.

    `deck`: items of one kind, the same for all who share customers.
    """
    cards = sorted(deck, key=_ends_first)
    turns = {card.id: _dealt(number, len(cards), place) for number, card in enumerate(cards)}
    return sorted(cards, key=lambda card: (sent_at.get(card.id, -1), turns[card.id]))


def pick_item(deck: Iterable[Item], sent_at: Mapping[str, int], at: int, place: Place = ALONE) -> Item | None:
    """The first in turn that has rested; None: nothing has."""
    return next((card for card in in_turn(deck, sent_at, place) if rested(card, sent_at, at)), None)


def pick_variant(item: Item, outlet: Outlet, persona: str, place: Place = ALONE) -> Variant | None:
    """The wording that this guide says: of those in the persona's own voice, else of those for any; dealt by place.

    None: nothing is worded for the outlet in a voice that the guide has.
    """
    worded = item.worded_for(outlet)
    fitting = [v for v in worded if v.persona == persona] or [v for v in worded if v.persona is None]
    return fitting[(place.number + _stable(item.id)) % len(fitting)] if fitting else None


def _ends_first(item: Item) -> tuple[float, str]:
    return float("inf") if item.valid.end_at is None else item.valid.end_at, item.id


def _dealt(number: int, cards: int, place: Place) -> tuple[int, int]:
    """In which order this place takes the deck: by rounds of as many cards as places, each beginning with its own."""
    round_ = number // place.places
    size = min(place.places, cards - round_ * place.places)
    return round_, (number % place.places - place.number) % size


def _stable(text: str) -> int:
    """A number that is the same in every process and year."""
    return int.from_bytes(sha256(text.encode()).digest()[:4])
