"""Why something would or would not be sent, as `explain` says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.common import say

if TYPE_CHECKING:
    from bot.content.places import Places
    from bot.scrm.gates.answer import Explained


def show(told: Explained, whom: str, places: Places) -> None:
    """One answer. `whom`: the pool or entry that it is told of; `places`: where the files say what is to be changed."""
    from bot.scrm.gates.answer import NO_WAY

    title = f"“{told.title}”" if told.title else ""
    say(f"{told.when}  {whom}：{told.outcome}{title}" + (f"，{told.because}" if told.because else ""))
    for stop in told.stops:
        say(f"  {stop.gate}：{stop.because}" + (f"（{stop.source}）" if stop.source else ""))
    if told.remedies is None:
        say(f"  {NO_WAY}。")
    elif told.remedies:
        say("  最少这样改就能发：")
    for remedy in told.remedies or ():
        place = places.of(remedy.change, told.entry)
        say(f"    {remedy.said}" + (f"  {place}" if place else ""))
