"""`plan`: what the days to come would bring, slot by slot, before it happens."""

from __future__ import annotations

from collections import Counter
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

FromDay = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天看起，例如 2026-12-01；默认从现在")
]
DAY_SECONDS = 86_400
SEEN_BY_ALL: tuple[Touchpoint, ...] = ("群", "朋友圈")


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def plan(
        days: Annotated[int, typer.Option("--days", min=1, max=62, help="看几天")] = 7,
        since: FromDay = None,
        as_json: Json = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """接下来几天会发什么、发到哪里、哪些发不出去、为什么。只看不发，什么都不会改。"""
        chosen, content = read_config(config), read_content(root)
        rows = [_row(each, chosen.corp.timezone) for each in run(foresee(chosen, content, days, since))]
        if as_json:
            say_json({"slots": rows})
            return
        say_table(
            ("时间", "条目", "触点", "发到", "结果", "内容", "为什么"),
            ([row[key] for key in ("at", "entry", "touchpoint", "pool", "outcome", "item", "because")] for row in rows),
        )
        counts = Counter(row["outcome"] for row in rows)
        said = "，".join(f"{word} {count}" for word, count in counts.items())
        say(said or "这几天没有排期，或者还没有群和导购：先 main.py sync。")


async def foresee(config: Config, content: Content, days: int, since: datetime | None) -> list[Foreseen]:
    """Every slot of groups and Moments in so many days, decided on what is known now. `since`: None: from now."""
    from bot.clock import SystemClock
    from bot.scrm.gates.ahead import look_ahead
    from bot.scrm.slots import slots

    zone = ZoneInfo(config.corp.timezone)
    now = int(since.replace(tzinfo=zone).timestamp()) if since else SystemClock().now()
    due = slots(content.calendars, content.days, now, now + days * DAY_SECONDS, config.corp.timezone)
    async with opened(config) as database:
        boards: dict[Touchpoint, Board] = {}
        for name in SEEN_BY_ALL:
            boards[name] = await database.read(partial(_board, touchpoint=name, now=now, zone=config.corp.timezone))
    return list(look_ahead(due, boards, content, config.corp.timezone))


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
