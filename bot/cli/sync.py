"""`sync`: have the truth read back from WeCom, and WeCom brought in line with the files, after a look at the plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import pool
from bot.cli.common import DEFAULT_CONFIG, ConfigFile, Json, opened, read_config, run, say, say_json, warn

if TYPE_CHECKING:
    from bot.cli.kept import Kept
    from bot.config import Config
    from bot.router import Router
    from bot.scrm.events import OwnEvent

SAID = "已记下；服务在运行的话几秒内开始，进度见 outbox list。"
EXTERNAL = ("wm", "wo")
"""How every external_userid begins (reference section 3)."""

WHAT = (
    "customers、groups、behaviour、all：读回客户、客户群、昨天的导购数据、全部；"
    "external_userid（wm 或 wo 开头）：读回一位客户；tags：标签库；channels：渠道；不写就对齐标签和渠道"
)


def add(app: typer.Typer, root: Path, router: Callable[[], Router]) -> None:
    @app.command()
    def sync(
        what: Annotated[str | None, typer.Argument(help=WHAT)] = None,
        apply: Annotated[bool, typer.Option("--apply", help="照计划做；不写只看计划")] = False,
        delete_tag: Annotated[str | None, typer.Option("--delete-tag", help="在企业微信里删掉它，写 组/名")] = None,
        yes: Annotated[bool, typer.Option("--yes", help="不再问一遍")] = False,
        status: Annotated[bool, typer.Option("--status", help="读到了哪里，客户池多大，适合什么运营模式")] = False,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """和企业微信对齐，由正在运行的服务执行。标签和渠道先给计划，加 --apply 才做；从不悄悄删除。"""
        from bot.yamlfile import Problems

        chosen = read_config(config)
        try:
            if status:
                pool.show_status(chosen, as_json)
            elif what in pool.KINDS:
                pool.read_pool(chosen, root, router(), what, as_json)
            elif what == "tags" and delete_tag:
                _delete(chosen, root, delete_tag, yes)
            elif what == "tags":
                _tags(chosen, root, apply, as_json)
            elif what == "channels":
                _channels(chosen, root, apply, as_json)
            elif what and not what.startswith(EXTERNAL):
                raise typer.BadParameter(f"不认识“{what}”。可以写 {WHAT}")
            else:
                run(_tell(chosen, _asked(root, what)))
                say(SAID)
        except Problems as found:
            for problem in found.problems:
                warn(str(problem))
            raise typer.Exit(2) from None


def _asked(root: Path, customer: str | None) -> OwnEvent:
    from bot.clock import SystemClock
    from bot.content.folders import Folders
    from bot.content.load import load
    from bot.scrm.events import ContentWentLive, SyncAsked

    now = SystemClock().now()
    if customer:
        return SyncAsked(created_at=now, external_userid=customer)
    folders = Folders.of(root)
    return ContentWentLive(created_at=now, version=load(folders.content, folders.messages).version)


async def _tell(config: Config, event: OwnEvent) -> None:
    from bot.flow.schedule import tell

    async with opened(config) as database:
        await tell(database, event, f"sync/{event.created_at}")


def _tags(config: Config, root: Path, apply: bool, as_json: bool) -> None:
    from bot.cli.kept import look
    from bot.clock import SystemClock
    from bot.scrm.events.tags import TagSyncAsked

    kept = run(look(config, root))
    if as_json:
        say_json(_tag_plan(kept))
    else:
        _show_tags(kept)
    if apply:
        run(_tell(config, TagSyncAsked(created_at=SystemClock().now())))
        warn(SAID)


def _tag_plan(kept: Kept) -> dict[str, object]:
    plan = kept.plan
    return {
        "rename": [{"was": r.was, "now": r.now} for r in (*plan.rename_groups, *plan.rename_tags)],
        "add": list(plan.add),
        "unlisted": [{"tag": tag, "customers": kept.carriers.get(tag, 0)} for tag in plan.unlisted],
        "problems": list(plan.problems),
    }


def _show_tags(kept: Kept) -> None:
    plan = kept.plan
    for renaming in (*plan.rename_groups, *plan.rename_tags):
        say(f"改名 {renaming.was} → {renaming.now}（客户身上的标签跟着改）")
    for tag in plan.add:
        say(f"新增 {tag}")
    for problem in plan.problems:
        say(f"注意 {problem}")
    for unlisted in kept.tag_problems:
        say(str(unlisted))
    say("企业微信的标签和 tags.yaml 一致。" if plan.done else "加 --apply 照这样做。")


def _delete(config: Config, root: Path, tag: str, yes: bool) -> None:
    from bot.cli.kept import look
    from bot.clock import SystemClock
    from bot.scrm.events.tags import TagDeletionAsked

    kept = run(look(config, root))
    if kept.taxonomy.find(tag):
        warn(f"tags.yaml 里还有“{tag}”，先从文件里删掉。")
        raise typer.Exit(1)
    if tag not in kept.plan.unlisted:
        warn(f"企业微信里没有标签“{tag}”。")
        raise typer.Exit(1)
    say(f"“{tag}”挂在 {kept.carriers.get(tag, 0):,} 位客户身上，删掉以后他们都没有了，不能恢复。")
    if yes or typer.confirm("真的删掉吗？"):
        run(_tell(config, TagDeletionAsked(created_at=SystemClock().now(), tag=tag)))
        say(SAID)


def _channels(config: Config, root: Path, apply: bool, as_json: bool) -> None:
    from bot.cli.kept import look
    from bot.clock import SystemClock
    from bot.scrm.events.library import WaysDue

    kept = run(look(config, root))
    problems = kept.channel_problems
    if as_json:
        say_json({"problems": [{"line": p.line, "message": p.message, "severity": p.severity} for p in problems]})
    else:
        for problem in problems:
            say(str(problem))
    if any(p.severity == "error" for p in problems):
        raise typer.Exit(1)
    if apply:
        run(_tell(config, _asked(root, None)))
        run(_tell(config, WaysDue(created_at=SystemClock().now())))
        warn(SAID)
    elif not as_json:
        say("加 --apply 补建缺的码，再看一遍企业微信里的码有没有被人改过、删过（每天夜里也会看）。")
