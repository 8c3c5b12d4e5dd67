"""The facts of a person as values, from what is known of them: the row side of what the database does for sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.scrm.consent import EVERYTHING
from bot.scrm.customer_stage import Evidence, customer_stage
from bot.scrm.item import Item
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.touch import Touch

HOUR, DAY = 3600, 86_400
TRUST = ("科普", "互动")
"""Kinds that give before they ask."""

TAGS = Fact("tags")
CHANNEL = Fact("channel")
GUIDE = Fact("guide")
SECONDS_SINCE_ADD = Fact("seconds_since_add")
SECONDS_SINCE_LOST = Fact("seconds_since_lost")
SECONDS_SINCE_ITEM = Fact("seconds_since_item")
TRUST_ITEMS = Fact("trust_items")
OPTED_OUT = Fact("opted_out")
HELD_OUT = Fact("held_out")
STEP_AT = Fact("step_at")
"""The slot that somebody's step goes with, where the slot is of this step."""
QUOTA_USED = Fact("quota_used")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNow:
    """What is known of a customer of one guide, all instants in epoch seconds. None: unknown.

    `refused`: topics, or 全部. `touches`: of the last 60 days at least. `lost_at`: when they last left any guide.
    `own_sends`: mass sends of members that reached them. `draw`: 0–9999, where they fall in the hold-out of an item.
    `clicks`: instants; None while links are not tracked. `evidence`: what their stage rests on.
    """

    userid: str
    added_at: int
    tags: frozenset[str] = frozenset()
    channel: str | None = None
    orders: tuple[int, ...] = ()
    refused: frozenset[str] = frozenset()
    touches: tuple[Touch, ...] = ()
    lost_at: int | None = None
    own_sends: tuple[int, ...] = ()
    clicks: tuple[int, ...] | None = None
    evidence: tuple[Evidence, ...] = ()
    draw: int = 9_999
    step_at: int | None = None


def values_of(person: PersonNow, facts: Iterable[Fact], item: Item, now: int, quota_since_at: int) -> dict[Fact, Value]:
    """The values of these facts at `now`; what is unknown is left out.

    `quota_since_at`: when the window of WeCom's quota began.
    """
    found = {fact: _value(person, fact, item, now, quota_since_at) for fact in facts}
    return {fact: value for fact, value in found.items() if value is not None}


def _value(person: PersonNow, fact: Fact, item: Item, now: int, quota_since_at: int) -> Value | None:
    match fact.name:
        case "tags":
            return person.tags
        case "channel":
            return person.channel
        case "guide":
            return person.userid
        case "hours_since_add":
            return (now - person.added_at) // HOUR
        case "seconds_since_add":
            return now - person.added_at
        case "days_since_order":
            return (now - max(person.orders)) // DAY if person.orders else None
        case "orders":
            return len(person.orders)
        case "sent" | "points":
            return counted(person, fact, now)
        case "clicks":
            return None if person.clicks is None else sum(at > now - fact.seconds for at in person.clicks)
        case "customer_stage":
            return customer_stage(person.evidence, now).stage
        case "trust_items":
            return sum(t.kind in TRUST and t.addressed for t in person.touches)
        case "seconds_since_lost":
            return None if person.lost_at is None else now - person.lost_at
        case "seconds_since_item":
            met = [t.at for t in person.touches if t.item == item.id and t.addressed]
            return now - max(met) if met else None
        case "opted_out":
            return bool(person.refused & {item.topic, EVERYTHING})
        case "held_out":
            return person.draw
        case "step_at":
            return person.step_at
        case "quota_used":
            return quota_used(person, quota_since_at)
    return None


def quota_used(person: PersonNow, since_at: int) -> int:
    """How many mass sends reached them, or are about to, in the window of WeCom's quota that began then."""
    sends = [*(t.at for t in person.touches if t.addressed), *person.own_sends]
    return sum(at >= since_at for at in sends)


def counted(person: PersonNow, fact: Fact, now: int) -> int:
    """Sends that addressed the person, or points of all that they were exposed to, in the last seconds."""
    counted = [
        t
        for t in person.touches
        if t.at > now - fact.seconds and fact.touchpoint in (None, t.touchpoint) and fact.kind in (None, t.kind)
    ]
    if fact.name == "points":
        return sum(t.weight for t in counted)
    return sum(t.addressed for t in counted)
