"""`dismiss`: what one guide has in hand is taken back, with a reason."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, By, ConfigFile, opened, read_config, refuse, run, say, signed
from bot.cli.whose import Right, whose

if TYPE_CHECKING:
    from bot.config import Config

MOST = 1_000
"""Tasks of one guide that are looked through."""

SHARED = "还有 {count} 条朋友圈是和别的导购共用的一个任务，企业微信只能整条收回（main.py stop 日历/条目），请她别点"


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
        count, shared = run(_dismiss(read_config(config), who, guide, entry, because.strip()))
        together = f"{SHARED.format(count=len(shared))}：{'、'.join(shared)}。" if shared else ""
        if not count:
            raise refuse(f"{guide} 手上没有能退的任务。{together}")
        say(f"退掉了 {guide} 的 {count} 个任务，一两分钟里收回。{together}")


async def _dismiss(config: Config, by: str, guide: str, entry: str, because: str) -> tuple[int, list[str]]:
    """How many were dismissed, and the entries of those that are several guides'."""
    from bot.flow import deeds
    from bot.store.in_hand import in_hand

    async with opened(config) as database:
        right = Right("退掉任务", lambda one: one.may("switch"), takes_back=True)
        who = await whose(database, config, by, right)
        job = partial(deeds.dismiss, by=who, guide=guide, because=because, entry=entry)
        count = await database.write(job)
        left = await database.read(partial(in_hand, offset=0, limit=MOST, userid=guide))
    names = (f"{each.calendar}/{each.entry}" for each in left if each.shared)
    return count, [name for name in names if entry in ("", name)]
