"""`approve`: people's word on what may go out, as it is worded now."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    known,
    opened,
    read_config,
    read_content,
    refuse,
    run,
    say,
    say_table,
    signed,
)
from bot.cli.whose import Right, whose

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.scrm.item import Item


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def approve(
        items: Annotated[list[str] | None, typer.Argument(help="内容编号，可以写几个")] = None,
        by: Annotated[str, typer.Option("--by", help="谁批的：成员账号（userid），或企业微信里的名字")] = "",
        role: Annotated[str, typer.Option("--role", help="以什么身份，例如 店长（规则要谁审批，就写谁）")] = "",
        everything: Annotated[bool, typer.Option("--all", help="所有在等审批的")] = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """审批内容：批的是现在这些字，之后改一个字就要重新审批。不写编号就列出还没审批的。谁能批，和后台一样。"""
        if items and everything:
            raise refuse("编号和 --all 只能写一样：要么点名，要么全部。")
        chosen, content = read_config(config), read_content(root)
        if not items and not everything:
            _list(run(_waiting(chosen, content)), content)
            return
        by, role = signed(by), role.strip()
        named = [_named(id_, content) for id_ in items] if items else None
        many = run(_approve(chosen, content, named, by, role))
        say(f"{by}{f'（{role}）' if role else ''} 审批了 {many} 条。")


def _named(id_: str, content: Content) -> Item:
    """The item that is meant; exit code 2 where there is none, or nobody can approve it as it is."""
    from bot.scrm.approval import unfit

    known(id_, content.library, "内容")
    if why := unfit(content, content.library[id_]):
        raise refuse(f"{id_} 不能批：{why}。")
    return content.library[id_]


def _list(items: list[Item], content: Content) -> None:
    refused = [item for item in content.library.values() if not item.draft and item.digest in content.refused]
    if items:
        say_table(("编号", "类别", "标题"), ((item.id, item.kind, item.title) for item in items))
        say(f"还有 {len(items)} 条没有审批。审批：main.py approve 编号 --by 你的账号")
    else:
        say("没有等审批的内容。")
    for item in refused:
        say(f"{item.id} 审查没过，改好再批：{'；'.join(content.refused[item.digest])}")


async def _waiting(config: Config, content: Content) -> list[Item]:
    from bot.scrm import approval
    from bot.store import planning

    async with opened(config) as database:
        return approval.waiting(content, await database.read(planning.approved))


async def _approve(config: Config, content: Content, items: list[Item] | None, by: str, role: str) -> int:
    """Of these, or of all that wait for this role. Returns how many."""
    from bot.flow import deeds
    from bot.scrm import approval
    from bot.store import planning

    async with opened(config) as database:
        who = await whose(database, config, by, _right(config, role))
        if items is None:
            items = approval.waiting(content, await database.read(planning.approved), role)
        await database.write(partial(deeds.approve, by=who, items=items, role=role))
        return len(items)


def _right(config: Config, role: str) -> Right:
    from bot.yamlfile import did_you_mean

    near = did_you_mean(role, {each for one in config.staff.values() for each in one.approves_as} - {role}) or "。"
    return Right(f"以{role}的身份审批" if role else "审批", lambda one: one.approves(role), near)
