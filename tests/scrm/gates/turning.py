"""A situation as it would be after a change: what the answers of `explain` are held against."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from bot.scrm.gates.changes import Approve, Change, Edit, HandOver, MakeWay, Raise, Stock, SwitchOn, WaitUntil
from bot.scrm.gates.explain import an_item
from bot.scrm.gates.person import raised
from bot.scrm.gates.pool import outlet
from bot.scrm.gates.rules import approval_by
from bot.scrm.gates.situation import Situation
from bot.scrm.item import Item, Variant
from bot.scrm.period import ALWAYS_VALID
from bot.scrm.who import EVERYONE


def changed(s: Situation, change: Change) -> Situation:
    """The same slot and pool, had this been so."""
    match change:
        case WaitUntil(at):
            return replace(s, now=at)
        case Raise("quota.reserve", by):
            reserve = {**s.quota.reserve, s.touchpoint: s.quota.reserve.get(s.touchpoint, 0) - by}
            return replace(s, quota=replace(s.quota, reserve=reserve))
        case Raise(source, by):
            return replace(s, care=raised(s.care, source, by))
        case Approve(id_, role):
            item = s.library.get(id_)
            if item is None:  # of an item that is still to be written
                return s
            return replace(s, approved=s.approved | {approval_by(item, role) if role else item.digest})
        case SwitchOn(switch):
            return replace(s, switches=s.switches - {switch})
        case Stock(kinds):
            fresh = an_item(s, kinds[0])
            return replace(s, library={**s.library, fresh.id: fresh}, approved=s.approved | {fresh.digest})
        case MakeWay(entry):
            return replace(s, rivals=tuple(r for r in s.rivals if f"{r.slot.calendar}/{r.slot.entry}" != entry))
        case HandOver():
            return replace(s, pool=replace(s.pool, has_left=False))
        case Edit("entry" | "calendar" | "rule"):
            return _edited_plan(s, change)
        case Edit("care", userid, "away"):
            return replace(s, care=replace(s.care, away=tuple(a for a in s.care.away if a.userid != userid)))
        case Edit():
            return _edited_item(s, change)


def _edited_plan(s: Situation, edit: Edit) -> Situation:
    match edit.part, edit.key, edit.to:
        case "entry", "by", int(minutes):
            return replace(s, slot=replace(s.slot, by_at=s.slot.at + minutes * 60))
        case "entry", "who", _:
            return replace(s, entry=replace(s.entry, who=EVERYONE))
        case "entry", "priority", int(priority):
            return replace(s, entry=replace(s.entry, priority=priority))
        case "entry", "draft", _:
            return replace(s, entry=replace(s.entry, draft=False))
        case "calendar", "draft", _:
            return replace(s, calendar=replace(s.calendar, draft=False))
        case "calendar", "shadow", _:
            return replace(s, calendar=replace(s.calendar, shadow=False))
        case "calendar", "valid", _:
            return replace(s, calendar=replace(s.calendar, valid=ALWAYS_VALID))
        case "rule", "off", _:
            return replace(s, rules=tuple(rule for rule in s.rules if rule.id != edit.id))
    raise ValueError(edit)


def _edited_item(s: Situation, edit: Edit) -> Situation:
    if edit.part == "offer":
        offer = replace(s.offers[edit.id], valid=ALWAYS_VALID)
        s = replace(s, offers={**s.offers, edit.id: offer})
        return reduce(_reworded, [item for item in s.library.values() if item.offer == edit.id], s)
    item = s.library[edit.id]
    match edit.key, edit.to:
        case "draft", _:
            item = replace(item, draft=False)
        case "valid", _:
            item = replace(item, valid=ALWAYS_VALID)
        case "offer", _:
            item = replace(item, offer=None)
        case "personas", str(persona):
            item = replace(item, personas=(*item.personas, persona))
        case "who", _:
            item = replace(item, who=EVERYONE)
        case "variants", _:
            item = replace(item, variants=(*item.variants, Variant(outlets=(outlet(s),), text=item.title)))
            return _reworded(s, item)
        case "repeat_after", int(seconds):
            item = replace(item, repeat_after_seconds=seconds)
        case "text", _:
            refused = {digest: why for digest, why in s.refused.items() if digest != item.digest}
            return _reworded(replace(s, refused=refused), item)
        case _:
            raise ValueError(edit)
    return replace(s, library={**s.library, item.id: item})


def _reworded(s: Situation, item: Item) -> Situation:
    """Another digest, which nobody has approved yet; what the linter had against it stays."""
    fresh = replace(item, digest=f"{item.digest}+")
    refused = s.refused | ({fresh.digest: s.refused[item.digest]} if item.digest in s.refused else {})
    return replace(s, library={**s.library, item.id: fresh}, refused=refused)
