"""`dismiss`: what one guide has in hand is taken back, with a reason."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, By, ConfigFile, doer, opened, read_config, refuse, run, say, signed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.config import Config
    from bot.store.audit import Doer


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def dismiss(
        guide: Annotated[str, typer.Argument(help="导购的 userid")],
        because: Annotated[str, typer.Option("--because", help="为什么，会记下来，导购也看得到")],
        entry: Annotated[str, typer.Option("--entry", help="只退这一条：日历/条目；不写就全退")] = "",
        by: By = "",
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """退掉一位导购手上还没点的任务：收回，记下原因，占着的额度放回去。和别人合在一起的朋友圈退不了。"""
        who = signed(by)
        if not because.strip():
            raise refuse("请写为什么：--because。")
        count = run(_dismiss(read_config(config), doer(who), guide, entry, because.strip()))
        if not count:
            raise refuse(f"{guide} 手上没有能退的任务。")
        say(f"退掉了 {guide} 的 {count} 个任务，一两分钟里收回。")


async def _dismiss(config: Config, by: Doer, guide: str, entry: str, because: str) -> int:
    async with opened(config) as database:
        return await database.write(partial(_dismissed, by=by, guide=guide, entry=entry, because=because))


def _dismissed(conn: Connection, by: Doer, guide: str, entry: str, because: str) -> int:
    from bot.scrm.records.sends import DismissTasks
    from bot.store import sends
    from bot.store.audit import Change, note

    said = f"{by.who}退掉了：{because}"
    count = sends.dismiss(conn, DismissTasks(userid=guide, entry=entry, because=said, at=by.at))
    if count:
        about = {"entry": entry, "tasks": count}
        note(conn, Change(by=by, what="退掉任务", target=guide, after=about, because=because))
    return count
