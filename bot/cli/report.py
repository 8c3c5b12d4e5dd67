"""`report`: what was brought about."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import report_items, report_mix, report_uplift
from bot.cli.common import DEFAULT_CONFIG, ConfigFile, Json, opened, read_config, read_content, run, say_json, say_table

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.channel import Channel
    from bot.scrm.channel_report import ChannelNumbers

HEAD = ("渠道", "新增", "已欢迎", "已答调研", "7天内流失", "净增", "首单", "首单金额", "获客花费", "每个首单花费")
UNKNOWN = "（不知道从哪来）"
DAY_SECONDS = 24 * 3600


def add(app: typer.Typer, root: Path) -> None:
    group = typer.Typer(help="报表。", no_args_is_help=True)
    app.add_typer(group, name="report")

    @group.callback()
    def about() -> None:
        """报表。"""

    @group.command()
    def channels(
        days: Annotated[int, typer.Option("--days", min=1, max=3650, help="最近几天，今天也算")] = 30,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """每个渠道：新增、欢迎、调研、流失、净增、首单和花费。第一次从客服链接来的也算新增，之后再加导购不重复算。"""
        rows = run(_rows(read_config(config), root, days))
        if as_json:
            say_json({"days": days, "channels": rows})
        else:
            say_table(HEAD, [_cells(row) for row in rows])

    report_items.add(group, root)
    report_mix.add(group, root)
    report_uplift.add(group, root)


async def _rows(config: Config, root: Path, days: int) -> list[dict[str, Any]]:
    from bot.clock import SystemClock
    from bot.scrm.channel_report import ChannelNumbers
    from bot.scrm.week import day_began_at
    from bot.store.channel_report import channel_numbers

    channels = read_content(root).channels
    now = SystemClock().now()
    since_at = day_began_at(now, config.corp.timezone) - (days - 1) * DAY_SECONDS
    async with opened(config) as database:
        found = await database.read(partial(channel_numbers, since_at=since_at, until_at=now + 1))
    silent = [id_ for id_ in channels if id_ not in {numbers.channel_id for numbers in found}]
    found += [ChannelNumbers(channel_id=id_) for id_ in silent]
    return [_row(numbers, channels.get(numbers.channel_id or "")) for numbers in found]


def _row(numbers: ChannelNumbers, channel: Channel | None) -> dict[str, Any]:
    """Money in fen; None where no cost is given."""
    cost_per_add = channel.cost_per_add if channel else 0
    return {
        **asdict(numbers),
        "title": channel.title if channel else "",
        "net": numbers.net,
        "cost_fen": numbers.cost(cost_per_add) if cost_per_add else None,
        "cost_per_first_order_fen": numbers.cost_per_first_order(cost_per_add),
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    counts = ("added", "greeted", "surveyed", "lost_soon", "net", "first_orders")
    name = row["title"] or row["channel_id"] or UNKNOWN
    money = (row["first_order_fen"], row["cost_fen"], row["cost_per_first_order_fen"])
    return (name, *(str(row[c]) for c in counts), *(_yuan(fen) for fen in money))


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen / 100:,.2f} 元"
