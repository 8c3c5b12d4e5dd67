"""`trial`: an item on one's own phone, before it is approved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, known, opened, read_config, read_content, run, say

if TYPE_CHECKING:
    from bot.config import Config


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def trial(
        item: Annotated[str, typer.Argument(help="内容编号")],
        userid: Annotated[str, typer.Argument(help="发到谁的企业微信，成员账号（userid）")],
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """试发：把一条内容发到自己的企业微信，看看别人会看到什么。不用先审批，客户收不到。"""
        known(item, read_content(root).library, "内容")
        run(_ask(read_config(config), item, userid))
        say(f"几秒内会发到 {userid} 的企业微信，在应用的消息里。")


async def _ask(config: Config, item: str, userid: str) -> None:
    from bot.clock import SystemClock
    from bot.flow.schedule import tell
    from bot.scrm.events.sends import TrialAsked

    now = SystemClock().now()
    async with opened(config) as database:
        await tell(database, TrialAsked(created_at=now, userid=userid, item=item), f"trial/{item}/{now}")
