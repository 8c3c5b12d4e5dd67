"""`backup`: a whole copy of the database while it is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, read_config, say, warn


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def backup(
        file: Annotated[Path | None, typer.Argument(help="备份到哪里；不写就放进数据目录的 backups")] = None,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """备份数据库（SQLite），服务不用停。放在 backups 里的备份，删除客户时会一起处理。"""
        from bot.clock import SystemClock
        from bot.scrm.week import local_time
        from bot.store.papers import BACKUPS, back_up

        chosen = read_config(config)
        kind, _, source = chosen.database.url.get_secret_value().partition(":///")
        if kind != "sqlite":
            warn("这是 PostgreSQL，请用 pg_dump 备份；erase 够不着那些备份，请按保留期限轮换。")
            raise typer.Exit(2)
        stamp = local_time(SystemClock().now(), chosen.corp.timezone).strftime("%Y%m%d-%H%M%S")
        target = file or chosen.data_folder / BACKUPS / f"zhiyu-{stamp}.sqlite3"
        back_up(Path(source), target)
        say(f"已备份到 {target}")
