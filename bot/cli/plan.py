"""`plan`: what the days to come would bring, slot by slot, before it happens."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    Json,
    opened,
    read_config,
    read_content,
    run,
    say,
    say_json,
    say_table,
)

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.scrm.board import Board
    from bot.scrm.gates.ahead import Foreseen
    from bot.scrm.kind import Touchpoint
    from bot.scrm.stock import Gap

FromDay = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天看起，例如 2026-12-01；默认从现在")
]
HEAD = ("时间", "条目", "触点", "发到", "结果", "内容", "为什么")
CELLS = ("at", "entry", "touchpoint", "pool", "outcome", "item", "because")
DAY_SECONDS = 86_400
SEEN_BY_ALL: tuple[Touchpoint, ...] = ("群", "朋友圈")
NAMES = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days to come: how many slots there are, every pool there is, and what each slot comes to for each."""

    slots: int
    boards: dict[Touchpoint, Board]
    foreseen: list[Foreseen]

    @property
    def empty(self) -> str:
        """Why there is nothing to see; empty when there is."""
        if self.foreseen:
            return ""
        if not self.slots:
            return "这几天没有排期。"
        if not any(board.pools for board in self.boards.values()):
            return "有排期，但还不知道有哪些群和导购：先 main.py sync all。"
        return "有排期，但没有一个群或导购在它们要发的范围里：看看条目的 who。"


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
        outlook = run(foresee(chosen, content, days, since))
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


async def foresee(config: Config, content: Content, days: int, since: datetime | None) -> Outlook:
    """Every slot of groups and Moments in so many days, decided on what is known now. `since`: None: from now."""
    from bot.clock import SystemClock
    from bot.scrm.gates.ahead import look_ahead
    from bot.scrm.gates.situations import find_entry
    from bot.scrm.slots import slots

    zone = ZoneInfo(config.corp.timezone)
    now = int(since.replace(tzinfo=zone).timestamp()) if since else SystemClock().now()
    due = slots(content.calendars, content.days, now, now + days * DAY_SECONDS, config.corp.timezone)
    due = [each for each in due if (found := find_entry(content, each)) and found[1].touchpoint in SEEN_BY_ALL]
    boards: dict[Touchpoint, Board] = {}
    async with opened(config) as database:
        for name in SEEN_BY_ALL:
            boards[name] = await database.read(partial(_board, touchpoint=name, now=now, zone=config.corp.timezone))
    return Outlook(len(due), boards, list(look_ahead(due, boards, content, config.corp.timezone)))


def _board(conn: Any, touchpoint: Touchpoint, now: int, zone: str) -> Board:
    from bot.scrm.calendar import Slot
    from bot.scrm.week import day_began_at
    from bot.store.board import board

    today_at = day_began_at(now, zone)
    return board(conn, touchpoint, Slot(now, "", "", now), (today_at, today_at + DAY_SECONDS))


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
