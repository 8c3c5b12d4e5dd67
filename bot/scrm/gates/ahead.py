"""The days to come, decided as if nothing else happened: what would go out, wait or be let be, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.scrm.calendar import Slot, SlotKey
from bot.scrm.gates.board import Board, PoolSeen, Tried
from bot.scrm.gates.decide import SlotDecision, decide
from bot.scrm.gates.situation import Met, Situation
from bot.scrm.gates.situations import Occasion, find_entry, situations
from bot.scrm.kind import Touchpoint
from bot.scrm.mix import state_under
from bot.scrm.plans import Plans


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a slot would come to for one pool."""

    situation: Situation
    decision: SlotDecision


def look_ahead(
    slots: Iterable[Slot],
    boards: Mapping[Touchpoint, Board],
    plans: Plans,
    timezone: str,
    only: Collection[str] | None = None,
) -> Iterator[Foreseen]:
    """Slot by slot, in order: each is decided on what those before it left behind. What is held is not asked again.

    `only`: the pools of these guides, which comes to the same for them as if all were looked at: what one guide's pools
    get is no matter of another's.
    """
    seen = {touchpoint: {pool.id: pool for pool in board.pools} for touchpoint, board in boards.items()}
    cards = defaultdict[tuple[str, int, bool], set[tuple[SlotKey, str]]](set)
    for slot in sorted(slots):
        line = find_entry(plans, slot)
        if line is None or line.entry.touchpoint not in boards:
            continue
        occasion = Occasion(slot, *line, plans, slot.at, timezone)
        pools, day, shadow = seen[occasion.touchpoint], occasion.day, line.calendar.shadow
        board = replace(boards[occasion.touchpoint], pools=tuple(pools.values()))
        for s in situations(occasion, board, only):
            mine, tried = (cards[s.pool.userid, day[0], in_shadow] for in_shadow in (False, True))
            had = s.cards if board.day[0] <= slot.at < board.day[1] else 0
            others = (*mine, *tried) if shadow else mine
            s = replace(s, cards=had + sum(key != slot.key for key, _ in others))
            decision = decide(s)
            yield Foreseen(s, decision)
            pools[s.pool.id] = _after(pools[s.pool.id], s, decision)
            if decision.item and (decision.goes or decision.outcome == "tried"):
                (tried if shadow else mine).add((slot.key, decision.item.id))


def _after(seen: PoolSeen, s: Situation, decision: SlotDecision) -> PoolSeen:
    """The pool once the slot went its way."""
    outcomes = {**seen.outcomes, s.slot.key: decision.outcome}
    if s.calendar.shadow:
        mix = state_under(s.mix.ratio, s.now, seen.mix)
        return replace(seen, mix=mix, outcomes=outcomes, tried=(*seen.tried, *_tried(s, decision)))
    met = seen.met if not decision.goes else (*seen.met, *_met(s, decision))
    return replace(seen, met=met, mix=decision.charged(s.mix), waiting=(), outcomes=outcomes)


def _tried(s: Situation, decision: SlotDecision) -> Iterator[Tried]:
    if decision.outcome != "held":
        met = next(_met(s, decision), None) if decision.outcome == "tried" else None
        yield Tried(met=met, choice=decision.mix, decided_at=s.now, of_mix=not s.slot.is_step)


def _met(s: Situation, decision: SlotDecision) -> Iterator[Met]:
    if item := decision.item:
        by_hand = s.entry.via == "导购手发"
        yield Met(s.slot.at, item.id, item.kind, item.topic, s.entry.id, decision.mix.fixed, by_hand)
