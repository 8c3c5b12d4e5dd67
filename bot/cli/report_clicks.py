"""`report clicks`: how often the links of each item were opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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

HEAD = ("内容", "标题", "点开")
DAY_SECONDS = 86_400


def add(group: typer.Typer, root: Path) -> None:
    @group.command()
    def clicks(
        days: Annotated[int, typer.Option("--days", min=1, max=400, help="最近几天")] = 30,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """每条内容的链接被点开几次（care.yaml 写了 count_clicks: 是 以后发的）。同一个人点两次算两次，不知道是谁。"""
        found = run(_rows(read_config(config), days))
        if as_json:
            say_json({"days": days, "clicks": [{"item": item, "times": times} for item, times in found]})
            return
        content = read_content(root)
        if not content.care.count_clicks:
            say("care.yaml 的 count_clicks 现在是 否：新发的链接不数。")
        if not found:
            say(f"最近 {days} 天没有点开过数着的链接。")
            return
        titles = {id_: item.title for id_, item in content.library.items()}
        say_table(HEAD, [(item, titles.get(item, ""), str(times)) for item, times in found])


async def _rows(config: Config, days: int) -> list[tuple[str, int]]:
    from bot.clock import SystemClock
    from bot.store.clicks import by_item

    since_at = SystemClock().now() - days * DAY_SECONDS
    async with opened(config) as database:
        return await database.read(partial(by_item, since_at=since_at))
