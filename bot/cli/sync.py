"""`sync`: have the truth read back from WeCom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, opened, read_config, run, say, warn

if TYPE_CHECKING:
    from bot.config import Config


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def sync(
        customer: Annotated[str | None, typer.Argument(help="external_userid；不写就同步标签库和渠道活码")] = None,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """从企业微信读回真实情况。由正在运行的服务执行，几秒内开始。"""
        from bot.yamlfile import Problems

        try:
            run(_ask(read_config(config), root, customer))
        except Problems as found:
            for problem in found.problems:
                warn(str(problem))
            raise typer.Exit(2) from None
        say("已记下；服务在运行的话几秒内开始，进度见 outbox list。")


async def _ask(config: Config, root: Path, customer: str | None) -> None:
    from bot.app import Folders
    from bot.clock import SystemClock
    from bot.content.load import load
    from bot.flow.schedule import tell
    from bot.scrm.events import ContentWentLive, OwnEvent, SyncAsked

    now = SystemClock().now()
    async with opened(config) as database:
        if customer:
            asked: OwnEvent = SyncAsked(created_at=now, external_userid=customer)
        else:
            folders = Folders.of(root)
            asked = ContentWentLive(created_at=now, version=load(folders.content, folders.messages).version)
        await tell(database, asked, f"sync/{now}")
