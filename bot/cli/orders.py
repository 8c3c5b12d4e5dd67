"""`orders import`: a shop's export becomes orders."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, Json, opened, read_config, run, say, say_json, warn

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.order import Order

AT_ONCE = 500


def add(app: typer.Typer, root: Path) -> None:
    group = typer.Typer(help="订单：从商城导出的表格导入。", no_args_is_help=True)
    app.add_typer(group, name="orders")

    @group.callback()
    def orders() -> None:
        """订单。"""

    @group.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(help="CSV 文件，UTF-8 或 GBK；第一行是表头")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不导入")] = False,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """导入订单；重复导入不会算两次。有错的行一行一行说明，其余照常导入。"""
        from bot.flow.order_csv import UnreadableFileError, read_csv

        chosen = read_config(config)
        try:
            good, faults = read_csv(file.read_bytes(), chosen.people_key, chosen.corp.timezone)
        except (OSError, UnreadableFileError) as error:
            warn(f"{file.name}：{error if isinstance(error, UnreadableFileError) else '读不了这个文件'}")
            raise typer.Exit(2) from None
        if not dry_run:
            run(_keep(chosen, good, quiet=as_json))
        if as_json:
            problems = [{"line": f.index, "order_id": f.order_id, "key": f.key, "problem": f.expected} for f in faults]
            say_json({"orders": len(good), "imported": 0 if dry_run else len(good), "problems": problems})
        else:
            for f in faults:
                warn(f"第 {f.index} 行：{f'{f.key}：' if f.key else ''}{f.expected}")
            told = "检查通过，没有导入" if dry_run else "已记下，由正在运行的服务归到人"
            say(f"{len(good)} 个订单{told}；{len({f.index for f in faults})} 行有错。")
        if faults:
            raise typer.Exit(1)


async def _keep(config: Config, orders: list[Order], *, quiet: bool) -> None:
    from rich.progress import Progress

    from bot.clock import SystemClock
    from bot.flow.orders import arrivals
    from bot.store import inbox

    async with opened(config) as database:
        with Progress(disable=quiet) as progress:
            task = progress.add_task("导入", total=len(orders))
            for first in range(0, len(orders), AT_ONCE):
                some = orders[first : first + AT_ONCE]
                await database.write(partial(inbox.put, arrivals=arrivals(some, SystemClock().now())))
                progress.advance(task, len(some))
