"""`simulate`: a month over a made-up pool, before it is lived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, Json, opened, read_config, run, say_json, warn

if TYPE_CHECKING:
    from bot.config import Config
    from simulation.month import Given


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def simulate(
        days: Annotated[int, typer.Option("--days", min=1, max=92, help="跑几天")] = 30,
        customers: Annotated[int, typer.Option("--customers", min=1, max=100_000, help="编多少位客户")] = 10_000,
        seed: Annotated[int, typer.Option("--seed", help="种子：同一天起、同一个种子，结果一字不差")] = 1,
        since: Annotated[
            datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天起；默认今天")
        ] = None,
        as_approved: Annotated[
            bool, typer.Option("--as-approved", help="只有真正批过的才算批过，停掉的也照停；从 --config 的数据库里读")
        ] = False,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """用编出来的客户把日历跑一遍：每天发了什么、哪些没发、配比、额度、疲劳、缺货。

        排期、规则、配比都由真的程序来定，只有客户是编的：导购和群用内容文件里的名字，客户由种子来编，
        每天有人加、有人买、有人删，和收到什么无关。不写 --as-approved 就当作全都批过、没有停掉的。
        什么都不会发出去，真的数据库一个字也不动。
        """
        from bot.log import configure_log
        from bot.yamlfile import Problems

        configure_log(json=False, level="ERROR")
        try:
            found = run(_simulated(root, read_config(config) if as_approved else None, days, customers, seed, since))
        except Problems as wrong:
            for problem in wrong.problems:
                warn(str(problem))
            raise typer.Exit(2) from None
        if as_json:
            say_json(found)
        else:
            from simulation.shown import show

            show(found)


async def _simulated(
    root: Path, chosen: Config | None, days: int, customers: int, seed: int, since: datetime | None
) -> dict[str, Any]:
    from bot.content.folders import Folders
    from demo.stage import deployment
    from simulation.month import month

    config = deployment("sqlite:///:memory:", port=0)
    if chosen:
        config = config.model_copy(update={"corp": config.corp.model_copy(update={"timezone": chosen.corp.timezone})})
    with _progress(days) as on_day:
        return await month(
            Folders.of(root),
            config,
            seed=seed,
            customers=customers,
            start_at=_start_at(since, config.corp.timezone),
            days=days,
            given=await _given(chosen) if chosen else None,
            on_day=on_day,
        )


def _start_at(since: datetime | None, timezone: str) -> int:
    """The first second of a day: the one asked for, else today."""
    from bot.clock import SystemClock
    from bot.scrm.week import day_began_at

    if since is None:
        return day_began_at(SystemClock().now(), timezone)
    return int(since.replace(tzinfo=ZoneInfo(timezone)).timestamp())


async def _given(config: Config) -> Given:
    """What people have said of content in earnest."""
    from bot.store import planning
    from simulation.month import Given

    async with opened(config) as database:
        return Given(await database.read(planning.approved), await database.read(planning.stopped))


@contextmanager
def _progress(days: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, a step a day, where somebody watches."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("模拟", total=days)
        yield lambda _: progress.advance(task)
