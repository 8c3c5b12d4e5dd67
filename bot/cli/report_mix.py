"""`report mix`: what each pool got of the four kinds, against its target, and what prevented it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
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
    refuse,
    run,
    say,
    say_json,
    say_table,
)
from bot.cli.outlook import FromDay, seen_from, start_of

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.scrm.mix_report import MixReport, MixRow

HEAD = ("触点", "发到", "类别", "目标", "实际", "条数", "差", "为什么")


def add(group: typer.Typer, root: Path) -> None:
    @group.command()
    def mix(
        red: Annotated[bool, typer.Option("--red", help="只看超出容许的")] = False,
        until: Annotated[
            datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="看到哪天为止，当天也算；默认到现在")
        ] = None,
        since: FromDay = None,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """四类内容：到那时为止的 28 天里，每个群、每个导购朋友圈发了多少，和目标差多少，是什么挡住的。"""
        chosen, content = read_config(config), read_content(root)
        if since and until:
            raise refuse("--from 和 --until 只能写一样。")
        now = _end_of(chosen, until) if until else start_of(chosen, since)
        if not as_json:
            say(f"{seen_from(now, chosen.corp.timezone)} 往回看")
        reports = [each for each in run(_reports(chosen, content, now)) if each.red or not red]
        if as_json:
            say_json({"pools": [_json(each) for each in reports]})
        elif reports:
            say_table(HEAD, [_cells(each, row) for each in reports for row in each.rows])
            say(f"{len(reports)} 个里有 {sum(each.red for each in reports)} 个超出容许（标 !）。")
        else:
            say("没有超出容许的。" if red else "最近还没有排过群和朋友圈。")


def _end_of(config: Config, day: datetime) -> int:
    """The last second of a day."""
    return int((day + timedelta(days=1)).replace(tzinfo=ZoneInfo(config.corp.timezone)).timestamp()) - 1


async def _reports(config: Config, content: Content, now: int) -> list[MixReport]:
    """Of every pool that something was decided for, by touchpoint and name."""
    from bot.flow.outlook import SEEN_BY_ALL
    from bot.store.mix import reports

    zone = config.corp.timezone
    found = []
    async with opened(config) as database:
        for touchpoint in SEEN_BY_ALL:
            found += await database.read(
                partial(reports, touchpoint=touchpoint, plan=content.mix, now=now, timezone=zone)
            )
    return found


def _cells(each: MixReport, row: MixRow) -> tuple[str, ...]:
    off = f"{row.points:+d}{' !' if row.red else ''}" if each.sent else ""
    because = "；".join(cause.because for cause in row.causes)
    shares = (f"{row.target}%", f"{row.realised}%" if each.sent else "", str(row.sent), off)
    return (each.pool.touchpoint, each.pool.name, row.kind, *shares, because)


def _json(each: MixReport) -> dict[str, Any]:
    rows = [{**asdict(row), "causes": [cause.because for cause in row.causes]} for row in each.rows]
    named = {"touchpoint": each.pool.touchpoint, "id": each.pool.id, "name": each.pool.name}
    span = {"from_at": each.from_at, "until_at": each.until_at}
    return {**named, **span, "sent": each.sent, "red": each.red, "kinds": rows}
