"""Why something would or would not be sent, as `explain` answers: as values for scripts, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bot.cli.common import say

if TYPE_CHECKING:
    from bot.scrm.gates.ahead import Foreseen
    from bot.scrm.gates.changes import Change
    from bot.scrm.gates.verdict import Stop

Answer = dict[str, Any]


def answer(
    each: Foreseen, outcome: str, because: str, stops: Iterable[Stop], changes: tuple[Change, ...] | None
) -> Answer:
    """What a slot comes to. `changes`: the fewest that would turn it; None: there are none. `at`: epoch seconds."""
    from bot.scrm.gates.said import said
    from bot.scrm.week import spoken

    s, item = each.situation, each.decision.item
    return {
        "at": s.slot.at,
        "when": spoken(s.slot.at, s.timezone),
        "entry": f"{s.calendar.id}/{s.entry.id}",
        "pool": s.pool.name,
        "outcome": outcome,
        "item": item.id if item else "",
        "title": item.title if item else "",
        "because": because,
        "stops": [{"gate": stop.gate, "because": stop.because, "source": stop.source} for stop in stops],
        "changes": None if changes is None else [said(change, s.timezone) for change in changes],
    }


def show(told: Answer, whom: str) -> None:
    """One answer. `whom`: the pool or entry that it is told of."""
    title = f"“{told['title']}”" if told["title"] else ""
    say(f"{told['when']}  {whom}：{told['outcome']}{title}" + (f"，{told['because']}" if told["because"] else ""))
    for stop in told["stops"]:
        say(f"  {stop['gate']}：{stop['because']}" + (f"（{stop['source']}）" if stop["source"] else ""))
    if told["changes"] is None:
        say("  没有办法改到能发。")
    elif told["changes"]:
        say(f"  最少这样改就能发：{'；'.join(told['changes'])}")
