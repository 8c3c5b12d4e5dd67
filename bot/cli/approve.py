"""`approve`: people's word on what may go out, as it is worded now."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    doer,
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

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.scrm.item import Item
    from bot.scrm.role import Staff


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
        for id_ in items or ():
            known(id_, content.library, "内容")
        named = [content.library[id_] for id_ in items] if items else None
        many = run(_approve(chosen, content, named, by, role))
        say(f"{by}{f'（{role}）' if role else ''} 审批了 {many} 条。")


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
    from bot.store import planning, standing

    async with opened(config) as database:
        names = await database.read(partial(standing.names, userids=list(config.staff)))
        who = _approver(config.staff, names, by, role)
        if items is None:
            items = approval.waiting(content, await database.read(planning.approved), role)
        await database.write(partial(deeds.approve, by=doer(who), items=items, role=role))
        return len(items)


def _approver(staff: Mapping[str, Staff], names: Mapping[str, str], by: str, role: str) -> str:
    """The userid of who is named by it, or by the name that WeCom tells; exit code 2 unless their word counts. `names`:
    userid → name."""
    from bot.scrm.role import CALLED
    from bot.yamlfile import did_you_mean

    meant = [by] if by in staff else sorted(userid for userid, name in names.items() if name == by)
    if len(meant) > 1:
        raise refuse(f"不止一位“{by}”，请写账号：{'、'.join(meant)}。")
    if not meant:
        near = did_you_mean(by, [*staff, *names.values()]) or "。"
        raise refuse(f"没有“{by}”这个人{near}{_may(staff, names, role)}")
    who = staff[meant[0]]
    if not who.approves(role):
        near = did_you_mean(role, {each for one in staff.values() for each in one.approves_as} - {role}) or "。"
        raise refuse(f"{by}（{CALLED[who.role]}）不能{_as(role)}审批{near}{_may(staff, names, role)}")
    return who.userid


def _may(staff: Mapping[str, Staff], names: Mapping[str, str], role: str) -> str:
    """Whose word counts as this role, and where that is written."""
    who = [
        f"{names[each]}（{each}）" if each in names else each for each in sorted(staff) if staff[each].approves(role)
    ]
    may = f"能{_as(role)}审批的有 {'、'.join(who)}。" if who else f"还没有能{_as(role)}审批的人。"
    return f"{may}名单在 config.yaml 的 login.people。"


def _as(role: str) -> str:
    return f"以{role}的身份" if role else ""
