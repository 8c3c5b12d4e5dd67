"""`demo`: a WeCom on this machine, the bot beside it, and the sample brand. No account, no service."""

from __future__ import annotations

import asyncio
import errno
import json
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from demo.stories import Story

OPENED = """试玩里现在是 {now}。按 Ctrl-C 结束，下次重新开始。
手机：{url}    扫码、看欢迎语、看导购的提醒、替导购点发送
运营后台：{console}/console    点“用企业微信登录”，再点名字：何云是店长和管理员，周岚是运营
  也可以用这两个链接，十分钟内只能用一次：
  何云 {links[0]}
  周岚 {links[1]}
敲命令另开一个终端，到这个文件夹里，先说一次看的是试玩：
  export ZHIYU_CONFIG={config}
  .venv/bin/python main.py ledger
  .venv/bin/python main.py timeline <客户编号>    # 编号在导购手机的客户卡片上
  .venv/bin/python main.py report channels
"""


def add(app: typer.Typer) -> None:
    @app.command()
    def demo(
        script: Annotated[bool, typer.Option("--script", help="不开浏览器，自动演完所有故事")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="与 --script 一起：标准输出只有一个 JSON")] = False,
        data: Annotated[Path, typer.Option("--data", help="数据放在哪里")] = Path("data/demo.sqlite3"),
        port: Annotated[int, typer.Option("--port", help="知遇的端口")] = 8600,
        sandbox_port: Annotated[int, typer.Option("--sandbox-port", help="沙箱的端口，用浏览器打开它")] = 8601,
        since: Annotated[
            datetime | None,
            typer.Option("--from", formats=["%Y-%m-%d %H:%M"], help="试玩里的钟从几点走起；默认就是现在"),
        ] = None,
    ) -> None:
        """在本机试玩：扫码、收到欢迎语、看导购收到什么。不需要企业微信账号。"""
        if script:
            raise typer.Exit(_script(as_json))
        if as_json:
            raise typer.BadParameter("--json 要和 --script 一起用")
        try:
            asyncio.run(_live(data, port, sandbox_port, since))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            typer.echo("端口已被占用：另一个试玩还开着？也可以用 --port 和 --sandbox-port 换一个。", err=True)
            raise typer.Exit(1) from None


def _script(as_json: bool) -> int:
    """Play every story; 0 when all passed."""
    from bot.log import configure_log
    from demo.stories import STORIES

    configure_log(json=False, level="ERROR")
    results = [asyncio.run(_play(story)) for story in STORIES]
    if as_json:
        sys.stdout.write(json.dumps({"stories": results}, ensure_ascii=False) + "\n")
    return 0 if all(r["passed"] for r in results) else 1


async def _play(story: Story) -> dict[str, object]:
    """Play one story on a stage of its own, telling on standard error how it went."""
    from demo.stage import stage

    began = time.monotonic()
    figures: dict[str, object] = {}
    broken = ""
    try:
        async with stage(own_files=story.own_files) as here:
            figures = await story.play(here)
    except Exception as error:
        broken = f"{type(error).__name__}: {error}"
    seconds = round(time.monotonic() - began, 2)
    sys.stderr.write(f"{'✗' if broken else '✓'} {story.name}  {seconds} s  {broken or figures}\n")
    return {"name": story.name, "passed": not broken, "figures": {"seconds": seconds, **figures}}


async def _live(data: Path, port: int, sandbox_port: int, since: datetime | None) -> None:
    """The sandbox for a browser, and the bot, until Ctrl-C."""
    from bot.app import running
    from bot.content.folders import Folders
    from bot.log import configure_log
    from bot.web.console.door import new_link
    from demo.clock import ClockFrom
    from demo.stage import ROOT, STAFF, at_wecom, config_text, deployment, found_groups, new_sandbox
    from handlers import router

    configure_log(json=False, level="WARNING")
    wecom = f"http://127.0.0.1:{sandbox_port}"
    config = at_wecom(deployment(f"sqlite:///{data}", port, wecom), wecom)
    zone = ZoneInfo(config.corp.timezone)
    clock = ClockFrom(since.replace(tzinfo=zone).timestamp() if since else time.time())
    sandbox = new_sandbox(config, clock)
    await sandbox.start(port=sandbox_port)
    _forget(data)  # the sandbox forgets at every start, so the bot must too; a demo that runs holds the port
    beside = data.with_suffix(".config.yaml")
    beside.parent.mkdir(parents=True, exist_ok=True)
    beside.write_text(config_text(config), encoding="utf-8")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with running(config, router, folders=Folders.of(ROOT), clock=clock) as app:
            await found_groups(sandbox)
            links = [await new_link(app.database, config.public_url, userid, clock.now()) for userid in STAFF]
            now = datetime.fromtimestamp(clock.now(), zone).strftime("%Y-%m-%d %H:%M")
            told = {"url": sandbox.base_url, "config": beside, "console": config.public_url}
            sys.stderr.write(OPENED.format(now=now, links=links, **told))
            await stop.wait()
    finally:
        await sandbox.stop()


def _forget(data: Path) -> None:
    """Remove a database of an earlier play."""
    for end in ("", "-wal", "-shm"):
        data.with_name(data.name + end).unlink(missing_ok=True)
