"""`explain`: why an entry would or would not go to a group or a guide's Moments, and what would turn it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, known, read_config, read_content, refuse, run, say
from bot.cli.plan import SEEN_BY_ALL, FromDay, Outlook, foresee

if TYPE_CHECKING:
    from bot.content.snapshot import Content
    from bot.scrm.gates.ahead import Foreseen
    from bot.scrm.kind import Touchpoint

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
        touchpoint = _touchpoint(content, entry)
        outlook = run(foresee(chosen, content, DAYS_AHEAD, since))
        _pool_known(outlook, touchpoint, pool)
        coming = [each for each in outlook.foreseen if _entry_of(each) == entry]
        found = [each for each in coming if pool in (None, each.situation.pool.id, each.situation.pool.name)]
        if not found:
            say(f"{entry} 不发给{pool}：看看条目的 who。" if coming else f"接下来 {DAYS_AHEAD} 天 {entry} 没有要发的。")
            raise typer.Exit(1)
        first_at = found[0].situation.slot.at
        for each in (f for f in found if f.situation.slot.at == first_at):
            _show(each)


def _touchpoint(content: Content, wanted: str) -> Touchpoint:
    """Where the entry goes; exit code 2 when there is none, or when it goes to each customer by themselves."""
    entries = {f"{calendar.id}/{entry.id}": entry for calendar in content.calendars for entry in calendar.entries}
    known(wanted, entries, "条目")
    touchpoint = entries[wanted].touchpoint
    if touchpoint not in SEEN_BY_ALL:
        raise refuse(f"{wanted} 是{touchpoint}，发给谁要一个一个看，这里还看不了。")
    return touchpoint


def _pool_known(outlook: Outlook, touchpoint: Touchpoint, wanted: str | None) -> None:
    pools = outlook.boards[touchpoint].pools
    if not pools:
        raise refuse(f"还不知道有哪些{'群' if touchpoint == '群' else '导购'}：先 main.py sync all。")
    names = {name: None for pool in pools for name in (pool.name, pool.id)}
    if wanted is not None:
        known(wanted, names, "群" if touchpoint == "群" else "导购")


def _entry_of(each: Foreseen) -> str:
    return f"{each.situation.calendar.id}/{each.situation.entry.id}"


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
