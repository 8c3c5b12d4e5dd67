"""A slot comes round: for each pool that it is meant for, what goes out, what waits, what is swapped or let be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.router import Router
from bot.scrm.calendar import Calendar, Entry
from bot.scrm.decision import Decision
from bot.scrm.events.planning import SlotHeld
from bot.scrm.events.slots import SlotDue
from bot.scrm.facts import Facts
from bot.scrm.gates.decide import SAID, decide
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.situations import Moment, find_entry, situations
from bot.scrm.mix import MixState
from bot.scrm.records.planning import Decided, KeepDecisions
from bot.scrm.records.slots import DecideSlot
from bot.scrm.week import day_began_at

router = Router()

DAY_SECONDS = 86_400


@router.on(SlotDue, SlotHeld)
async def slot_due(event: SlotDue | SlotHeld, facts: Facts) -> Decision:
    """Decide a slot, or ask again for the pools that were held back."""
    found = find_entry(facts.content, event.slot)
    if found is None:
        return _closed(event, facts, "日历里已经没有这一条")
    calendar, entry = found
    began_at = day_began_at(event.at, facts.timezone)
    board = await facts.planning.board(entry.touchpoint, event.slot, (began_at, began_at + DAY_SECONDS))
    moment = Moment(facts.now, facts.timezone)
    pools = list(situations(board, event.slot, calendar, entry, facts.content, moment))
    before = {seen.id: seen.mix for seen in board.pools}
    decided = tuple(_decided(s, entry, before[s.pool.id]) for s in pools)
    kept = KeepDecisions(
        slot=event.slot,
        touchpoint=entry.touchpoint,
        pools=decided,
        version=facts.content.version,
        at=facts.now,
    )
    closed = _closed(event, facts, _tally(calendar, entry, decided))
    return Decision(records=(kept, *closed.records), because=closed.because)


def _decided(s: Situation, entry: Entry, before: MixState | None) -> Decided:
    decision = decide(s)
    weight = s.care.budget.weights.get(entry.touchpoint, 0)
    return Decided(pool=s.pool, decision=decision, weight=weight, mix=decision.charged(s.mix), before=before)


def _closed(event: SlotDue | SlotHeld, facts: Facts, because: str) -> Decision:
    records = (DecideSlot(slot=event.slot, because=because, at=facts.now),) if isinstance(event, SlotDue) else ()
    return Decision(records=records, because=(because,))


def _tally(calendar: Calendar, entry: Entry, decided: Sequence[Decided]) -> str:
    """What became of it, in a sentence."""
    if not decided:
        return f"{calendar.id}/{entry.id}：没有要发的{entry.touchpoint}"
    counts = Counter(SAID[each.decision.outcome] for each in decided)
    said = "、".join(f"{word} {count}" for word, count in counts.items())
    first = decided[0].decision.because if len(decided) == 1 else ""
    return f"{calendar.id}/{entry.id}：{said}" + (f"（{first}）" if first else "")
