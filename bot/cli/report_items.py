"""`report moments` and `report clicks`: what became of each item where customers can answer it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

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

T = TypeVar("T")
MOMENTS = ("内容", "标题", "发表", "点赞", "评论", "人数")
CLICKS = ("内容", "标题", "点开")
DAY_SECONDS = 86_400
Days = Annotated[int, typer.Option("--days", min=1, max=400, help="最近几天")]


def add(group: typer.Typer, root: Path) -> None:
    @group.command()
    def moments(days: Days = 30, config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
        """朋友圈：每条内容几位导购发了，客户点了几个赞、评论了几次。结束后第 1、3、7 天各读一次，之后的不再算。"""
        from bot.store.reactions import by_item

        rows: list[dict[str, Any]] = run(_lately(read_config(config), days, by_item))
        if as_json:
            say_json({"days": days, "moments": rows})
        elif not rows:
            say(f"最近 {days} 天还没有发表过朋友圈。")
        else:
            titles = _titles(read_content(root))
            numbers = ("posted", "likes", "comments", "people")
            say_table(MOMENTS, [(r["item"], titles.get(r["item"], ""), *(str(r[n]) for n in numbers)) for r in rows])

    @group.command()
    def clicks(days: Days = 30, config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
        """每条内容的链接被点开几次（care.yaml 写了 count_clicks: 是 以后发的）。几分钟里反复点只算一次，不知道是谁。"""
        from bot.store.clicks import by_item

        found: list[tuple[str, int]] = run(_lately(read_config(config), days, by_item))
        if as_json:
            say_json({"days": days, "clicks": [{"item": item, "times": times} for item, times in found]})
            return
        content = read_content(root)
        if not content.care.count_clicks:
            say("care.yaml 的 count_clicks 现在是 否：新发的链接不数。")
        if not found:
            say(f"最近 {days} 天没有点开过数着的链接。")
            return
        titles = _titles(content)
        say_table(CLICKS, [(item, titles.get(item, ""), str(times)) for item, times in found])


async def _lately(config: Config, days: int, by_item: Callable[..., T]) -> T:
    """What a function of the store says of the last days."""
    from bot.clock import SystemClock

    since_at = SystemClock().now() - days * DAY_SECONDS
    async with opened(config) as database:
        return await database.read(partial(by_item, since_at=since_at))


def _titles(content: Content) -> dict[str, str]:
    return {id_: item.title for id_, item in content.library.items()}
