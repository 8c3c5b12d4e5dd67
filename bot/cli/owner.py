"""`owner`: whose customer somebody is, and giving them to another guide with a reason."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, moment, opened, read_config, run, say, warn

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.owner import Owner


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def owner(
        customer: Annotated[str, typer.Argument(help="external_userid")],
        guide: Annotated[str | None, typer.Argument(help="改归这位导购（userid）；不写就只看")] = None,
        because: Annotated[str, typer.Option("--because", help="为什么改，会记下来")] = "",
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """看客户归哪位导购，或带着理由改归另一位。改过以后系统不再自动换人。"""
        chosen = read_config(config)
        if guide is None:
            _show(run(_read(chosen, customer)), chosen.corp.timezone)
            return
        if not because.strip():
            warn("改归属要写 --because，说清为什么。")
            raise typer.Exit(2)
        run(_choose(chosen, customer, guide, because.strip()))
        say("已记下；服务在运行的话几秒内生效。")


def _show(owner: Owner | None, timezone: str) -> None:
    if owner is None:
        warn("这位客户还没有归属的导购。")
        raise typer.Exit(1)
    by = "，人工决定" if owner.by_hand else ""
    say(f"{owner.userid}，从 {moment(owner.since_at, timezone)} 起{by}：{owner.because}")


async def _read(config: Config, customer: str) -> Owner | None:
    from bot.store import owners

    async with opened(config) as database:
        return await database.read(partial(owners.owner, external_userid=customer))


async def _choose(config: Config, customer: str, guide: str, because: str) -> None:
    from bot.clock import SystemClock
    from bot.flow.schedule import tell
    from bot.scrm.events.owners import OwnerChosen

    now = SystemClock().now()
    chosen = OwnerChosen(created_at=now, external_userid=customer, userid=guide, because=because)
    async with opened(config) as database:
        await tell(database, chosen, f"owner/{now}/{guide}")
