"""What is foreseen of slots to come, in a few words each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from bot.scrm.calendar import SlotKey
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.decide import SlotDecision
from bot.web.console.sheet import Mark, Tone

YET: Final = "还没到"
GOES: Final = "会发出"


def expected(foreseen: Iterable[Foreseen]) -> Mapping[SlotKey, Mark]:
    """Slot → what would come of it, with how many pools where not all have it in common."""
    counts: dict[SlotKey, Counter[str]] = defaultdict(Counter)
    for each in foreseen:
        counts[each.situation.slot.key][_word(each.decision)] += 1
    return {key: _mark(count) for key, count in counts.items()}


def _mark(count: Counter[str]) -> Mark:
    if len(count) == 1:
        [word] = count
        return Mark(f"{YET}，{word}", "soft" if word == GOES else "bad")
    told = "；".join(f"{number:,} 个{word}" for word, number in count.most_common())
    tone: Tone = "soft" if GOES in count else "bad"
    return Mark(f"{YET}，{told}", tone)


def _word(decision: SlotDecision) -> str:
    """What a person can do something about comes before what opens by itself."""
    if decision.goes:
        return GOES
    if decision.outcome == "tried":
        return "只是试跑"
    gates = {stop.gate for stop in decision.stops}
    if "开关" in gates:
        return "停着"
    if "审批" in gates:
        return "没人批"
    return f"{'会推迟' if decision.outcome == 'held' else '不会发'}：{decision.because}"
