"""The days to come, decided as if nothing else happened: what would go out, wait or be let be, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.scrm.board import Board, PoolSeen
from bot.scrm.calendar import Slot
from bot.scrm.facts import Plans
from bot.scrm.gates.decide import SlotDecision, decide
from bot.scrm.gates.situation import Met, Situation
from bot.scrm.gates.situations import Moment, find_entry, situations
from bot.scrm.kind import Touchpoint
from bot.scrm.week import local_time


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a slot would come to for one pool."""

    situation: Situation
    decision: SlotDecision


def look_ahead(
    slots: Iterable[Slot], boards: Mapping[Touchpoint, Board], plans: Plans, timezone: str
) -> Iterator[Foreseen]:
    """Slot by slot, in order: each is decided on what those before it left behind. What is held is not asked again."""
    now_boards = dict(boards)
    due = sorted(slots)
    cards: dict[tuple[str, str], set[tuple[str, str, int]]] = {}
    for slot in due:
        found = find_entry(plans, slot)
        if found is None or found[1].touchpoint not in now_boards:
            continue
        calendar, entry = found
        board = replace(now_boards[entry.touchpoint], near=tuple(s for s in due if s != slot and _near(s, slot)))
        changed: dict[str, PoolSeen] = {}
        day = f"{local_time(slot.at, timezone):%Y-%m-%d}"
        for s in situations(board, slot, calendar, entry, plans, Moment(slot.at, timezone)):
            mine = cards.setdefault((s.pool.userid, day), set())
            s = replace(s, cards=len(mine - {slot.key}))
            decision = decide(s)
            yield Foreseen(s, decision)
            changed[s.pool.id] = _after(next(p for p in board.pools if p.id == s.pool.id), s, decision)
            if decision.goes:
                mine.add(slot.key)
        pools = tuple(changed.get(pool.id, pool) for pool in board.pools)
        now_boards[entry.touchpoint] = replace(board, pools=pools, near=())


def _near(one: Slot, other: Slot) -> bool:
    return abs(one.at - other.at) <= 1_800


def _after(seen: PoolSeen, s: Situation, decision: SlotDecision) -> PoolSeen:
    """The pool once the slot went its way."""
    met = seen.met
    if decision.goes and decision.item:
        item = decision.item
        fixed = decision.mix.fixed
        met = (*met, Met(at=s.slot.at, item=item.id, kind=item.kind, topic=item.topic, entry=s.entry.id, fixed=fixed))
    return replace(seen, met=met, mix=decision.charged(s.mix), decided=None)
