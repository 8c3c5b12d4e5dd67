"""`trial`: an item on one's own phone, before it is approved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, known, opened, read_config, read_content, run, say, warn

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def trial(
        item: Annotated[str, typer.Argument(help="内容编号")],
        userid: Annotated[str, typer.Argument(help="发到谁的企业微信，成员账号（userid）")],
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """试发：把一条内容发到自己的企业微信，看看别人会看到什么。不用先审批，客户收不到。"""
        chosen, content = read_config(config), read_content(root)
        known(item, content.library, "内容")
        run(_ask(chosen, item, userid))
        say(f"几秒内会发到 {userid} 的企业微信，在应用的消息里。")
        _doubt(chosen, content, userid)


def _doubt(config: Config, content: Content, userid: str) -> None:
    """Any member may try an item, but whom no file names may be a slip."""
    from bot.yamlfile import did_you_mean

    people = {guide for persona in content.personas.values() for guide in persona.guides} | set(config.staff)
    if userid not in people:
        near = did_you_mean(userid, sorted(people)) or "。"
        warn(f"人设的导购和 login.people 里没有“{userid}”{near}写错了就收不到。")


async def _ask(config: Config, item: str, userid: str) -> None:
    from bot.clock import SystemClock
    from bot.flow.schedule import tell
    from bot.scrm.events.sends import TrialAsked

    now = SystemClock().now()
    async with opened(config) as database:
        await tell(database, TrialAsked(created_at=now, userid=userid, item=item), f"trial/{item}/{now}")
