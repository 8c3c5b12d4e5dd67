"""`replay`: let a parked event have another turn."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    Json,
    doer,
    moment,
    opened,
    read_config,
    run,
    say,
    say_json,
    say_table,
)

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store.inbox import Parked


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def replay(
        event: Annotated[int | None, typer.Argument(help="事件编号；不写就列出搁置的事件")] = None,
        again: Annotated[
            bool, typer.Option("--again", help="已处理过的也按现在的情况重新判断一次，该做的会再做")
        ] = False,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """重放一个搁置的事件；做过的动作不会做第二次（除非 --again）。"""
        chosen = read_config(config)
        if event is None:
            _show(run(_parked(chosen)), chosen, as_json)
        elif run(_replay(chosen, event, again)):
            say(f"{event} 号事件会在几秒内重新处理。")
        else:
            say(f"没有可以重放的 {event} 号事件。")
            raise typer.Exit(1)


async def _parked(config: Config) -> list[Parked]:
    from bot.store import inbox

    async with opened(config) as database:
        return await database.read(inbox.parked)


async def _replay(config: Config, event: int, again: bool) -> bool:
    from bot.flow import deeds

    async with opened(config) as database:
        return await database.write(partial(deeds.replay, by=doer(), inbox_id=event, again=again))


def _show(parked: list[Parked], config: Config, as_json: bool) -> None:
    if as_json:
        say_json([asdict(p) for p in parked])
        return
    if not parked:
        say("没有搁置的事件。")
        return
    zone = config.corp.timezone
    rows = [(str(p.id), p.name, moment(p.received_at, zone), str(p.attempts), p.reason) for p in parked]
    say_table(("编号", "事件", "收到", "次数", "原因"), rows)
