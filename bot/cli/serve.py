"""`serve`: receive, decide and deliver until told to stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, read_config, run, warn

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.config import Config
    from bot.content.folders import Folders
    from bot.content.live import LiveContent
    from bot.router import Router


def add(app: typer.Typer, root: Path, router: Callable[[], Router]) -> None:
    @app.command()
    def serve(config: ConfigFile = DEFAULT_CONFIG) -> None:
        """启动服务：接收回调、迎接客户、发出动作。"""
        gc.disable()  # until all is running: what imports make is no garbage, and looking takes a tenth of the start
        from bot.clock import SystemClock
        from bot.content.folders import Folders
        from bot.log import configure_log

        configure_log(json=True)
        known, folders, clock = read_config(config), Folders.of(root), SystemClock()
        content = _content(known, folders, clock)
        run(_serve(known, router(), folders, clock, content))


def _content(config: Config, folders: Folders, clock: Clock) -> LiveContent:
    """Read before all the rest is loaded: what reading leaves behind is used again then, 10 MB of it."""
    from bot.content.live import LiveContent
    from bot.content.load import forget
    from bot.yamlfile import Problems

    try:
        content = LiveContent(folders.content, folders.messages, clock.now, config.corp.timezone)
    except Problems as found:
        for problem in found.problems:
            warn(str(problem))
        raise typer.Exit(2) from None
    forget()
    return content


async def _serve(config: Config, router: Router, folders: Folders, clock: Clock, content: LiveContent) -> None:
    from bot.app import running
    from bot.store.database import AlreadyRunningError
    from bot.store.tombstones import PeopleKeyChangedError

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with running(config, router, folders=folders, clock=clock, content=content) as app:
            # What was made at the start stays: the garbage collector need not walk it while a callback waits,
            # and what a callback makes is mostly gone with it, so it need not look so often either. It is not walked
            # even once before: that took 0.2 s, while callbacks came already, and made their greetings late.
            gc.enable()
            gc.freeze()
            gc.set_threshold(20_000, 20, 50)
            warn(f"知遇已就绪 {app.url}")
            await stop.wait()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        warn(f"端口 {config.server.port} 已被占用，请在 config.yaml 或 ZHIYU_PORT 里换一个。")
        raise typer.Exit(1) from None
    except PeopleKeyChangedError as changed:
        warn(str(changed))
        raise typer.Exit(2) from None
    except AlreadyRunningError:
        warn("已有另一个知遇进程在用这个数据库，请先停掉它。")
        raise typer.Exit(3) from None
