"""`explain`: why an entry would or would not go to a group or a guide's Moments, and what would turn it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, read_config, read_content, run, say, warn
from bot.cli.plan import FromDay, foresee

if TYPE_CHECKING:
    from bot.scrm.gates.ahead import Foreseen

DAYS_AHEAD = 31


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def explain(
        entry: Annotated[str, typer.Argument(help="日历/条目，例如 2026-12/solstice")],
        pool: Annotated[str | None, typer.Argument(help="群名、群 chat_id 或导购 userid；不写就都看")] = None,
        since: FromDay = None,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """一个条目下一次为什么会发、不会发：每一道没放行的门，和最少改什么就能发。"""
        chosen, content = read_config(config), read_content(root)
        found = [each for each in run(foresee(chosen, content, DAYS_AHEAD, since)) if _is(each, entry, pool)]
        if not found:
            warn(f"接下来 {DAYS_AHEAD} 天里没有 {entry} 要发的。用 main.py plan 看有哪些。")
            raise typer.Exit(1)
        first_at = found[0].situation.slot.at
        for each in (f for f in found if f.situation.slot.at == first_at):
            _show(each)


def _is(each: Foreseen, entry: str, pool: str | None) -> bool:
    s = each.situation
    return entry == f"{s.calendar.id}/{s.entry.id}" and pool in (None, s.pool.id, s.pool.name)


def _show(each: Foreseen) -> None:
    from bot.scrm.gates.decide import SAID
    from bot.scrm.gates.explain import slot_changes
    from bot.scrm.gates.said import said
    from bot.scrm.week import spoken

    s, decision = each.situation, each.decision
    title = f"“{decision.item.title}”" if decision.item else ""
    say(f"{spoken(s.slot.at, s.timezone)}  {s.pool.name}：{SAID[decision.outcome]}{title}，{decision.because}")
    for stop in decision.stops:
        say(f"  {stop.gate}：{stop.because}" + (f"（{stop.source}）" if stop.source else ""))
    if decision.goes:
        return
    changes = slot_changes(s)
    if changes is None:
        say("  没有办法改到能发。")
    else:
        say(f"  最少这样改就能发：{'；'.join(said(change, s.timezone) for change in changes)}")
