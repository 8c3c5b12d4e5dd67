"""One slot, one pool: sent, held, swapped or skipped, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.scrm import mix
from bot.scrm.gates.changes import HandOver
from bot.scrm.gates.outcome import GOES, Outcome
from bot.scrm.gates.pool import ITEM_GATES, SLOT_GATES, outlet
from bot.scrm.gates.rules import ruled
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.verdict import Stop
from bot.scrm.item import Item
from bot.scrm.kind import Kind
from bot.scrm.mix import MixState
from bot.scrm.period import ALWAYS_VALID
from bot.scrm.pick_item import in_turn
from bot.scrm.rules.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDecision:
    """What becomes of a slot for a pool.

    `item`: what goes out, or would. `stops`: every gate that is shut for it; of a swapped one, for what was planned.
    `retry_at`: when a held one is asked again. `mix`: what the mix said.
    """

    outcome: Outcome
    because: str
    mix: mix.Choice
    item: Item | None = None
    stops: tuple[Stop, ...] = ()
    retry_at: int | None = None

    @property
    def goes(self) -> bool:
        """Whether a task is made."""
        return self.outcome in GOES

    def charged(self, state: MixState) -> MixState:
        """What the pool owes to each kind after it. A held one is still to come, one that is tried never was."""
        if self.outcome in ("held", "tried"):
            return state
        return mix.charged(state, self.mix, self.item.kind if self.goes and self.item else None)


def decide(s: Situation) -> SlotDecision:
    """What becomes of it at `s.now`; of what is only tried, what would have become of it."""
    shut = slot_stops(s)
    tried = [stop for stop in shut if stop.gate == "试跑"]
    would = _decided(s, chosen(s), [stop for stop in shut if stop not in tried])
    return _tried(would, tried) if tried else would


def _decided(s: Situation, choice: mix.Choice, shut: Sequence[Stop]) -> SlotDecision:
    looked: list[tuple[Item, list[Stop]]] = []
    for item in candidates(s, choice):
        stops = item_stops(s, item)
        looked.append((item, stops))
        if not stops and not shut:
            return _goes(s, choice, item, looked)
    if not looked:
        return SlotDecision(outcome="skipped", because=_missing(s, choice), mix=choice, stops=tuple(shut))
    return min((_stopped(s, choice, item, [*shut, *stops]) for item, stops in looked), key=_how_near)


def slot_stops(s: Situation) -> list[Stop]:
    """Every gate that is shut whatever the item."""
    return [stop for gate in SLOT_GATES for stop in gate(s)]


def item_stops(s: Situation, item: Item) -> list[Stop]:
    """Every gate that is shut for an item, the rules last."""
    return [stop for gate in ITEM_GATES for stop in gate(s, item)] + list(ruled(s, item))


def chosen(s: Situation, opened: Item | None = None) -> mix.Choice:
    """What the mix says of this slot: kinds to try, first first. `opened`: as if no gate were shut for this item."""
    if s.entry.item is not None:
        item = s.library.get(s.entry.item)
        return mix.fixed(s.mix, item.kind) if item else mix.choose(s.mix, (), ())
    stock = {i.kind for i in _on_offer(s) if i == opened or _is_free(s, i)}
    return mix.choose(s.mix, s.entry.pick, stock)


def candidates(s: Situation, choice: mix.Choice) -> Iterator[Item]:
    """What may go out, the first choice first: what the mix wants; where a rule wants another kind instead of what
    would have gone out, that kind before the rest."""
    wanted = list(planned(s, choice))
    first, rule = _first(s, wanted), swap(s, wanted)
    instead = [i for kind in rule.to for i in _in_turn(s, kind)] if rule else []
    yield from dict.fromkeys([*wanted[: first + 1], *instead, *wanted[first + 1 :]])


def swap(s: Situation, wanted: Sequence[Item], opened: Item | None = None) -> Rule | None:
    """The rule that wants another kind in place of what would have gone out."""
    for item in wanted[_first(s, wanted, opened) :][:1]:
        return swapped(s, item)
    return None


def swapped(s: Situation, item: Item) -> Rule | None:
    """The rule that wants another kind instead of an item."""
    stop = next(ruled(s, item), None)
    return stop.rule if stop and stop.rule and stop.rule.then == "换类" and not stop.failed else None


def instead(s: Situation, item: Item) -> tuple[Rule | None, list[Item]]:
    """What would be tried if no gate were shut for this item and a rule wanted another kind in its place: that rule,
    and those. None: something else would be first, or no rule wants it."""
    rule = swapped(s, item)
    if rule is None:
        return None, []
    wanted = list(planned(s, chosen(s, item)))
    if wanted[_first(s, wanted, item)] != item:
        return None, []
    return rule, [i for kind in rule.to for i in _in_turn(s, kind)]


def tried_before(s: Situation, item: Item) -> list[Item]:
    """What would be tried before a wanted item, if no gate were shut for it; what ends first has its turn first, and
    what is given a longer validity ends last."""
    if not item.valid.holds(s.now):
        item = replace(item, valid=ALWAYS_VALID)
        s = replace(s, library={**s.library, item.id: item})
    wanted = list(planned(s, chosen(s, item)))
    place, first, rule = wanted.index(item), _first(s, wanted, item), swap(s, wanted, item)
    others = [i for kind in rule.to for i in _in_turn(s, kind)] if rule and first < place else []
    return [*wanted[:place], *others]


def _first(s: Situation, wanted: Sequence[Item], opened: Item | None = None) -> int:
    """Which of them would go out, were there no rules; the first where none would."""
    return next((n for n, item in enumerate(wanted) if item == opened or _is_free(s, item)), 0)


def _is_free(s: Situation, item: Item) -> bool:
    """Whether it would go out, were there no rules."""
    return not any(True for gate in ITEM_GATES for _ in gate(s, item))


def planned(s: Situation, choice: mix.Choice) -> Iterator[Item]:
    """What the calendar or the mix wants, first first, whatever is in the way."""
    if s.entry.item is not None:
        if found := s.library.get(s.entry.item):
            yield found
        return
    for kind in (*choice.order, *(kind for kind in _allowed(s) if kind not in choice.order)):
        yield from _in_turn(s, kind)


def _allowed(s: Situation) -> tuple[Kind, ...]:
    """The kinds that the entry allows and that have a share in the mix; without any, all that it allows."""
    return tuple(kind for kind in s.entry.pick if s.mix.ratio[kind]) or s.entry.pick


def _on_offer(s: Situation) -> Iterator[Item]:
    """The library, as far as the entry lets it be chosen: on its topic, and worded for where it goes."""
    there = outlet(s)
    return (i for i in s.library.values() if s.entry.topic in (None, i.topic) and i.worded_for(there))


def _in_turn(s: Situation, kind: Kind) -> list[Item]:
    deck = (i for i in _on_offer(s) if i.kind == kind)
    return in_turn(deck, {met.item: met.at for met in s.met}, s.pool.place)


def _goes(s: Situation, choice: mix.Choice, item: Item, looked: Sequence[tuple[Item, list[Stop]]]) -> SlotDecision:
    passed = [each for each, _ in looked]
    if (rule := swap(s, passed)) and item.kind in rule.to:
        planned, stops = looked[_first(s, passed)]
        because = f"“{planned.title}”换成“{item.title}”：{rule.because}"
        return SlotDecision(outcome="swapped", because=because, mix=choice, item=item, stops=tuple(stops))
    because = "日历指定" if choice.fixed else f"配比轮到{choice.due}"
    if not choice.fixed and item.kind != choice.due:
        because += f"，但{_why_not(s, choice.due)}，先发{item.kind}"
    return SlotDecision(outcome="sent", because=because, mix=choice, item=item)


def _tried(would: SlotDecision, shut: Sequence[Stop]) -> SlotDecision:
    """What it would have been, which is all that comes of it."""
    stops = (*would.stops, *shut)
    if not would.goes or would.item is None:
        return replace(would, stops=stops)
    because = f"试跑，没有发。要是真发，是“{would.item.title}”：{would.because}"
    return replace(would, outcome="tried", because=because, stops=stops)


def _why_not(s: Situation, due: Kind) -> str:
    """Why not the kind whose turn it is."""
    if due not in s.entry.pick:
        return f"这里不发{due}"
    return next((stop.because for item in _in_turn(s, due) for stop in item_stops(s, item)), f"没有{due}的内容")


def _stopped(s: Situation, choice: mix.Choice, item: Item, stops: Sequence[Stop]) -> SlotDecision:
    """Held while everything in the way may still give way in time, else skipped."""
    opens = [_opens_at(s, stop) for stop in stops]
    retry_at = None if None in opens else max(at for at in opens if at is not None)
    held = retry_at is not None and retry_at <= s.slot.by_at
    return SlotDecision(
        outcome="held" if held else "skipped",
        because=stops[0].because,
        mix=choice,
        item=item,
        stops=tuple(stops),
        retry_at=retry_at if held else None,
    )


PATIENCE_SECONDS = 300
"""What waits for a person (an approval, another owner, a rule that errs) is asked again so often, until it is over."""


def _opens_at(s: Situation, stop: Stop) -> int | None:
    """When it is worth asking again; None: never."""
    if stop.until_at is not None:
        return stop.until_at
    handed_over = any(isinstance(way, HandOver) for way in stop.changes)
    waits = stop.gate == "审批" or handed_over or stop.failed or (stop.rule is not None and stop.rule.then == "推迟")
    return s.now + PATIENCE_SECONDS if waits else None


def _how_near(decision: SlotDecision) -> tuple[bool, int, int]:
    return decision.outcome != "held", len(decision.stops), decision.retry_at or 0


def _missing(s: Situation, choice: mix.Choice) -> str:
    if s.entry.item is not None:
        return f"没有内容“{s.entry.item}”"
    return f"没有可发的{'、'.join(s.entry.pick)}，先补 {choice.missing or choice.due}"
