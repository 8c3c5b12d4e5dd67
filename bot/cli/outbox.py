"""`outbox`: what waits, what failed; try again, or give up."""

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
    known,
    moment,
    opened,
    read_config,
    run,
    say,
    say_json,
    say_table,
)
from bot.scrm.action_names import KINDS, STATES

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store.outbox import Entry

WORDS = "、".join(STATES.values())
HEAD = ("编号", "动作", "状态", "次数", "建立", "最早", "最晚", "原因")


def add(app: typer.Typer, root: Path) -> None:
    group = typer.Typer(help="发件箱：什么在等，什么失败了，重试或放弃。", no_args_is_help=True)
    app.add_typer(group, name="outbox")

    @group.command("list")
    def list_(
        state: Annotated[list[str] | None, typer.Option("--state", help=f"只看这些状态，可写多次：{WORDS}")] = None,
        limit: Annotated[int, typer.Option("--limit", min=1, help="最多几行")] = 50,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """列出发件箱，最新的在前。"""
        for word in state or ():
            known(word, (*STATES, *STATES.values()), "状态")
        chosen, wanted = read_config(config), [name for name, word in STATES.items() if {name, word} & {*(state or ())}]
        _show(run(_entries(chosen, wanted, limit)), chosen, as_json)

    @group.command()
    def retry(number: int, config: ConfigFile = DEFAULT_CONFIG) -> None:
        """让一个没有成功的动作再试一次。"""
        _report(run(_change(read_config(config), "retry", number)), number, "会在几秒内再试")

    @group.command()
    def drop(number: int, config: ConfigFile = DEFAULT_CONFIG) -> None:
        """放弃一个还在等待的动作。"""
        _report(run(_change(read_config(config), "drop", number)), number, "已放弃")


async def _entries(config: Config, states: list[str], limit: int) -> list[Entry]:
    from bot.store import outbox

    async with opened(config) as database:
        return await database.read(partial(outbox.entries, states=states, limit=limit))


async def _change(config: Config, verb: str, number: int) -> bool:
    from bot.flow import deeds

    job = {"retry": deeds.retry, "drop": deeds.drop}[verb]
    async with opened(config) as database:
        return await database.write(partial(job, by=doer(), outbox_id=number))


def _show(entries: list[Entry], config: Config, as_json: bool) -> None:
    if as_json:
        say_json([asdict(e) for e in entries])
        return
    if not entries:
        say("发件箱里没有这样的动作。")
        return
    say_table(HEAD, [_row(e, config.corp.timezone) for e in entries])


def _row(e: Entry, timezone: str) -> tuple[str, ...]:
    times = (moment(at, timezone) for at in (e.created_at, e.not_before_at, e.not_after_at))
    return (str(e.id), KINDS.get(e.kind, e.kind), STATES[e.state], str(e.attempts), *times, e.reason)


def _report(done: bool, number: int, said: str) -> None:
    say(f"{number} 号动作{said}。" if done else f"没有可以这样处理的 {number} 号动作。")
    if not done:
        raise typer.Exit(1)
