"""`switch` and `stop`: what must not go out, at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    By,
    ConfigFile,
    contents,
    known,
    opened,
    read_config,
    refuse,
    run,
    say,
    signed,
    warn,
)
from bot.cli.whose import Right, whose

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.switch import Switch


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def switch(
        what: Annotated[str, typer.Argument(help="全部、触点/群、日历/编号、条目/日历/条目 或 规则/编号")],
        on: Annotated[bool, typer.Option("--on/--off", help="恢复，或者停掉")] = False,
        by: By = "",
        because: Annotated[str, typer.Option("--because", help="为什么，会记下来")] = "",
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """急停和恢复：停掉一条规则、一个条目、一份日历、一个触点，或全部。还在导购手上的任务会收回，已经发出的收不回来。"""
        from bot.scrm.switch import switch_named

        wanted = switch_named(what)
        if wanted is None:
            raise refuse(f"“{what}”看不懂，请写 全部，或 触点/群、日历/编号、条目/日历/条目、规则/编号。")
        who, chosen = signed(by), read_config(config)
        if on:
            stopped = run(_stopped(chosen))
            if wanted not in stopped:
                now = "、".join(map(str, sorted(stopped, key=str)))
                raise refuse(f"“{what}”没有停。" + (f"现在停着的有：{now}" if now else "现在什么都没有停。"))
        else:
            _there(root, wanted)
        run(_set(chosen, wanted, on, who, because.strip()))
        say(f"{what} 已恢复，下一个排期起生效。" if on else f"{what} 已停掉。还在导购手上的任务会收回。")

    @app.command()
    def stop(
        entry: Annotated[str, typer.Argument(help="日历/条目，例如 dec-2026/group-solstice")],
        by: By = "",
        because: Annotated[str, typer.Option("--because", help="为什么，会记下来")] = "",
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """停掉一个条目，并说出已经发出多少、有多少还在导购手上（会收回）。"""
        from bot.scrm.switch import Switch

        who, chosen = signed(by), read_config(config)
        _there(root, Switch("条目", entry))
        run(_set(chosen, Switch("条目", entry), False, who, because.strip()))
        waiting, left = run(_out(chosen, entry))
        taken_back = f"还在导购手上的 {waiting} 条会收回。" if waiting else ""
        gone = f"已经发出 {left} 条，收不回来，请导购自己撤。" if left else ""
        say(f"{entry} 已停掉。{taken_back}{gone}")


def _there(root: Path, wanted: Switch) -> None:
    """There is something of this name to stop. Content that does not load keeps nobody from stopping."""
    from bot.scrm.switch import every_switch
    from bot.yamlfile import Problems

    try:
        content = contents(root)
    except Problems:
        warn("内容有错，读不出来，没法核对名字；照你写的停。")
        return
    there = list(every_switch(content.calendars, content.rules))
    if wanted.scope == "条目":
        known(wanted.name.partition("/")[0], [each.id for each in content.calendars], "日历")
        known(wanted.name, [each.name for each in there if each.scope == "条目"], "条目")
    known(str(wanted), map(str, there), "")


async def _stopped(config: Config) -> frozenset[Switch]:
    from bot.store import planning

    async with opened(config) as database:
        return await database.read(planning.stopped)


async def _set(config: Config, what: Switch, on: bool, by: str, because: str) -> None:
    from bot.flow import deeds

    async with opened(config) as database:
        right = Right("停掉和恢复", lambda one: one.may("switch"), takes_back=not on)
        who = await whose(database, config, by, right)
        await database.write(partial(deeds.set_switch, by=who, switch=what, on=on, because=because))


async def _out(config: Config, entry: str) -> tuple[int, int]:
    from bot.clock import SystemClock
    from bot.store import planning

    calendar, _, name = entry.partition("/")
    async with opened(config) as database:
        return await database.read(partial(planning.out, calendar=calendar, entry=name, now=SystemClock().now()))
