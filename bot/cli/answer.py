"""Why something would or would not be sent, as `explain` says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.common import say

if TYPE_CHECKING:
    from bot.scrm.gates.answer import Answer


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
