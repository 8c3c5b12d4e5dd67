"""`report uplift`: what an item of 导购 brought more than sending nothing would have."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
)

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.holdout import Trial
    from bot.store.uplift import Measured


def add(group: typer.Typer, root: Path) -> None:
    @group.command()
    def uplift(
        days: Annotated[int, typer.Option("--days", min=1, max=90, help="发出以后几天里的订单算数")] = 7,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """导购内容：发到的人比对照组（抽中不发的）多买了多少，有没有把握。没有订单就不下结论。"""
        chosen, library = read_config(config), read_content(root).library
        found = run(_found(chosen, days))
        titles = {item.id: item.title for item in library.values()}
        rows = [_row(item, titles.get(item, ""), trial, found.orders) for item, trial in found.trials.items()]
        if as_json:
            say_json({"days": days, "orders": found.orders, "too_early": found.early, "items": rows})
            return
        for line in [*map(_told, rows), *_lines(found, days)]:
            say(line)


async def _found(config: Config, days: int) -> Measured:
    from bot.clock import SystemClock
    from bot.store.uplift import measured

    async with opened(config) as database:
        return await database.read(partial(measured, within_days=days, now=SystemClock().now()))


def _row(item: str, title: str, trial: Trial, orders: bool) -> dict[str, Any]:
    """`uplift`: shares, 0.01 = one point; None where nothing can be said."""
    from bot.scrm.holdout import said, uplift

    more = uplift(trial) if orders else None
    told = asdict(more) | {"sure": more.sure} if more else None
    return {"item": item, "title": title, **asdict(trial), "uplift": told, "said": said(more)}


def _told(row: dict[str, Any]) -> str:
    name, more = row["title"] or row["item"], row["uplift"]
    bought = (
        f"发到 {row['reached']} 人，{row['buyers']} 人买；对照组 {row['held_out']} 人，{row['held_out_buyers']} 人买"
    )
    if more is None:
        return f"{name}：{bought}。{row['said']}"
    share, low, high = (f"{more[name] * 100:+.1f}" for name in ("share", "low", "high"))
    return f"{name}：{bought}。相差 {share} 个百分点（95% 区间 {low} ~ {high}），{row['said']}"


def _lines(found: Measured, days: int) -> list[str]:
    lines = []
    if not found.trials:
        lines.append(f"还没有满 {days} 天、并且留了对照组的导购内容。")
    if found.early:
        lines.append(f"{found.early} 次发出还不满 {days} 天，没有算进来。")
    if not found.orders:
        lines.append("还没有一笔对上人的订单，看不出谁买了：先 main.py orders import，或接上 /api/orders。")
    return lines
