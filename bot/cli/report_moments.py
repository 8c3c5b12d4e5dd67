"""`report moments`: what was posted in Moments, and what customers did with it."""

from __future__ import annotations

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
    say_table,
)

if TYPE_CHECKING:
    from bot.config import Config

HEAD = ("内容", "标题", "发表", "点赞", "评论", "人数")
DAY_SECONDS = 86_400


def add(group: typer.Typer, root: Path) -> None:
    @group.command()
    def moments(
        days: Annotated[int, typer.Option("--days", min=1, max=400, help="最近几天发的")] = 30,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """朋友圈：每条内容几位导购发了，客户点了几个赞、评论了几次。结束后第 1、3、7 天各读一次，之后的不再算。"""
        rows = run(_rows(read_config(config), days))
        if as_json:
            say_json({"days": days, "moments": rows})
            return
        if not rows:
            say(f"最近 {days} 天还没有发表过朋友圈。")
            return
        library = read_content(root).library
        titles = {id_: item.title for id_, item in library.items()}
        names = ("posted", "likes", "comments", "people")
        say_table(HEAD, [(row["item"], titles.get(row["item"], ""), *(str(row[n]) for n in names)) for row in rows])


async def _rows(config: Config, days: int) -> list[dict[str, Any]]:
    from bot.clock import SystemClock
    from bot.store.reactions import by_item

    since_at = SystemClock().now() - days * DAY_SECONDS
    async with opened(config) as database:
        return await database.read(partial(by_item, since_at=since_at))
