"""`console`: a way into the operations console without WeCom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, known, opened, read_config, refuse, run, say

if TYPE_CHECKING:
    from bot.config import Config


def add(app: typer.Typer, root: Path) -> None:
    group = typer.Typer(help="运营后台。", no_args_is_help=True)
    app.add_typer(group, name="console")

    @group.callback()
    def about() -> None:
        """运营后台。"""

    @group.command()
    def link(
        userid: Annotated[str, typer.Argument(help="让谁进去；要先写在 config.yaml 的 login.people 里")],
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """一个登录链接：只能用一次，十分钟内有效。给没有企业微信可扫的时候用。"""
        chosen = read_config(config)
        if not chosen.staff:
            raise refuse("config.yaml 的 login.people 里还没有人。")
        known(userid, chosen.staff, "人")
        say(run(_link(chosen, userid)))


async def _link(config: Config, userid: str) -> str:
    from bot.clock import SystemClock
    from bot.web.console.door import new_link

    async with opened(config) as database:
        return await new_link(database, config.public_url, userid, SystemClock().now())
