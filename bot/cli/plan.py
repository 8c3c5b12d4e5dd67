"""`plan`: what the days to come would bring, slot by slot, before it happens."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    Json,
    read_config,
    read_content,
    run,
    say,
    say_json,
    say_table,
)
from bot.cli.outlook import FromDay, foresee, start_of

if TYPE_CHECKING:
    from bot.scrm.gates.ahead import Foreseen
    from bot.scrm.stock import Gap

HEAD = ("时间", "条目", "触点", "发到", "结果", "内容", "为什么")
CELLS = ("at", "entry", "touchpoint", "pool", "outcome", "item", "because")
NAMES = 3


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def plan(
        days: Annotated[int, typer.Option("--days", min=1, max=62, help="看几天")] = 7,
        since: FromDay = None,
        as_json: Json = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """接下来几天会发什么、发到哪里、哪些发不出去、为什么，还会缺哪一类内容。只看不发，什么都不会改。"""
        from bot.scrm.gates.shortages import shortages

        chosen, content = read_config(config), read_content(root)
        outlook = run(foresee(chosen, content, days, start_of(chosen, since)))
        rows = [_row(each, chosen.corp.timezone) for each in outlook.foreseen]
        missing = _missing(shortages(outlook.foreseen))
        if as_json:
            say_json({"slots": rows, "missing": missing})
        elif outlook.empty:
            say(outlook.empty)
        else:
            say_table(HEAD, ([row[key] for key in CELLS] for row in rows))
            counts = Counter(row["outcome"] for row in rows)
            say("，".join(f"{word} {count}" for word, count in counts.items()))
            for gap in missing:
                say(_gap(gap))


def _row(each: Foreseen, timezone: str) -> dict[str, str]:
    from bot.scrm.gates.decide import SAID
    from bot.scrm.week import local_time

    s, decision = each.situation, each.decision
    return {
        "at": f"{local_time(s.slot.at, timezone):%m-%d %H:%M}",
        "entry": f"{s.calendar.id}/{s.entry.id}",
        "touchpoint": s.touchpoint,
        "pool": s.pool.name,
        "outcome": SAID[decision.outcome],
        "item": f"{decision.item.kind} {decision.item.title}" if decision.item else "",
        "because": decision.because,
    }


def _missing(gaps: Iterable[Gap]) -> list[dict[str, Any]]:
    """The gaps, those that pools have in common as one."""
    alike: dict[tuple[int, str, str, int], list[str]] = defaultdict(list)
    for gap in gaps:
        alike[gap.week, gap.pool.touchpoint, gap.kind, gap.count].append(gap.pool.name or gap.pool.id)
    return [
        {"week": week, "touchpoint": touchpoint, "kind": kind, "count": count, "pools": pools}
        for (week, touchpoint, kind, count), pools in sorted(alike.items())
    ]


def _gap(gap: dict[str, Any]) -> str:
    pools = gap["pools"]
    names = "、".join(pools[:NAMES]) + (f"等 {len(pools)} 个" if len(pools) > NAMES else "")
    return f"第 {gap['week']} 周 {gap['touchpoint']}缺 {gap['count']} 条 {gap['kind']}：{names}"
