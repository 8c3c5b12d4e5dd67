"""`approve` and `switch`: people's word on what may go out, and on what must not."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, opened, read_config, read_content, run, say, say_table, warn

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.scrm.gates.situation import Switch
    from bot.scrm.records.planning import Approval

SCOPES = ("全部", "触点", "日历", "条目", "规则")


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def approve(
        items: Annotated[list[str] | None, typer.Argument(help="内容编号，可以写几个")] = None,
        by: Annotated[str, typer.Option("--by", help="谁审批的，会记下来")] = "",
        role: Annotated[str, typer.Option("--role", help="以什么身份，例如 店长（规则要谁审批，就写谁）")] = "",
        everything: Annotated[bool, typer.Option("--all", help="现在的全部内容")] = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """审批内容：批的是现在这些字，之后改一个字就要重新审批。不写编号就列出还没审批的。"""
        chosen, content = read_config(config), read_content(root)
        if not items and not everything:
            _list(run(waiting(chosen, content)), content)
            return
        if not by.strip():
            warn("审批要写 --by，说清是谁。")
            raise typer.Exit(2)
        wanted = list(content.library) if everything else items or []
        _known(wanted, content)
        run(_approve(chosen, content, wanted, by.strip(), role.strip()))
        say(f"{by.strip()}{f'（{role.strip()}）' if role.strip() else ''} 审批了 {len(wanted)} 条。")

    @app.command()
    def switch(
        what: Annotated[str, typer.Argument(help="全部、触点/群、日历/编号、条目/日历/条目 或 规则/编号")],
        on: Annotated[bool, typer.Option("--on/--off", help="恢复，或者停掉")] = False,
        by: Annotated[str, typer.Option("--by", help="谁停的，会记下来")] = "",
        because: Annotated[str, typer.Option("--because", help="为什么，会记下来")] = "",
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """急停和恢复：停掉一条规则、一个条目、一份日历、一个触点，或全部。已经到导购手上的收不回来。"""
        if not by.strip():
            warn("要写 --by，说清是谁。")
            raise typer.Exit(2)
        scope, _, name = what.partition("/")
        if scope not in SCOPES or (scope == "全部") == bool(name):
            warn(f"“{what}”看不懂，请写 全部，或 触点/群、日历/编号、条目/日历/条目、规则/编号。")
            raise typer.Exit(2)
        run(_switch(read_config(config), scope, name, on, by.strip(), because.strip()))
        say(f"{what} 已{'恢复' if on else '停掉'}，下一个排期起生效。")

    @app.command()
    def stop(
        entry: Annotated[str, typer.Argument(help="日历/条目，例如 2026-12/solstice")],
        by: Annotated[str, typer.Option("--by", help="谁停的，会记下来")] = "",
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """停掉一个条目，并说出已经有多少到了导购手上。"""
        if not by.strip():
            warn("要写 --by，说清是谁。")
            raise typer.Exit(2)
        out = run(_stop(read_config(config), entry, by.strip()))
        say(f"{entry} 已停掉。已经到导购手上的有 {out} 条，收不回来；请在群里和导购说一声。")


def _known(wanted: list[str], content: Content) -> None:
    from bot.yamlfile import did_you_mean

    for id_ in wanted:
        if id_ not in content.library:
            warn(f"没有内容“{id_}”{did_you_mean(id_, content.library)}")
            raise typer.Exit(2)


def _list(ids: list[str], content: Content) -> None:
    if not ids:
        say("全部内容都审批过了。")
        return
    say_table(
        ("编号", "类别", "标题", "审查"),
        (
            (id_, item.kind, item.title, "；".join(content.refused.get(item.digest, ())))
            for id_, item in content.library.items()
            if id_ in ids
        ),
    )
    say(f"还有 {len(ids)} 条没有审批。审批：main.py approve 编号 --by 你的名字")


async def waiting(config: Config, content: Content) -> list[str]:
    """The items that nobody has approved as they are worded now."""
    from bot.store import planning

    async with opened(config) as database:
        approved = await database.read(planning.approved)
    return [id_ for id_, item in content.library.items() if item.digest not in approved and not item.draft]


async def _approve(config: Config, content: Content, items: list[str], by: str, role: str) -> None:
    from bot.clock import SystemClock
    from bot.scrm.records.planning import Approval
    from bot.store import planning

    now = SystemClock().now()
    found = [content.library[id_] for id_ in items]
    given: list[Approval] = [Approval(item=i.id, digest=i.digest, role=role, by=by, at=now) for i in found]
    async with opened(config) as database:
        for approval in given:
            await database.write(partial(planning.approve, record=approval))


async def _switch(config: Config, scope: str, name: str, on: bool, by: str, because: str) -> None:
    from bot.clock import SystemClock
    from bot.scrm.records.planning import SetSwitch
    from bot.store import planning

    record = SetSwitch(switch=_named(scope, name), on=on, by=by, because=because, at=SystemClock().now())
    async with opened(config) as database:
        await database.write(partial(planning.set_switch, record=record))


async def _stop(config: Config, entry: str, by: str) -> int:
    from bot.store import planning

    await _switch(config, "条目", entry, False, by, "stop")
    calendar, _, name = entry.partition("/")
    async with opened(config) as database:
        return await database.read(partial(planning.out, calendar=calendar, entry=name))


def _named(scope: str, name: str) -> Switch:
    from bot.scrm.gates.situation import Switch

    found = next(each for each in SCOPES if each == scope)
    return Switch(found, name)  # type: ignore[arg-type]
