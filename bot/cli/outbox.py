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
    known,
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
    from bot.store.outbox import Entry

HEAD = ("编号", "动作", "状态", "次数", "建立", "最早", "最晚", "原因")
STATES = {
    "pending": "等待",
    "sending": "发送中",
    "sent": "已发出",
    "unknown": "结果未知",
    "expired": "已过时限",
    "refused": "被拒绝",
    "failed": "失败",
    "dropped": "已放弃",
}

WORDS = "、".join(STATES.values())

KINDS = {
    "SendWelcome": "发欢迎语",
    "SendAppMessage": "给成员发应用消息",
    "PlanAudience": "圈定一条私聊发给谁",
    "CreateMassSend": "给导购建一个群发任务",
    "ReadMassSend": "看群发发到哪了",
    "CreateMoment": "给导购建一个朋友圈任务",
    "ReadMoment": "看朋友圈发了没有",
    "ReadReactions": "看谁评论了朋友圈",
    "MarkTags": "给客户打标签",
    "SyncCustomer": "读客户详情",
    "RemarkCustomer": "写进导购的客户描述",
    "SyncMember": "读成员",
    "UploadMedia": "上传临时素材",
    "KeepContactWay": "建好渠道的活码",
    "KeepAcquisitionLink": "建好渠道的获客链接",
    "KeepJoinWay": "建好渠道的入群码",
    "CompareWays": "看渠道的码有没有被人改过、删过",
    "SyncCorpTags": "对齐标签库",
    "DeleteCorpTag": "删一个标签",
    "PullKfMessages": "拉取客服消息和事件",
    "SendKfMessage": "在客服里说一句",
    "MoveKfSession": "把客服会话交给人",
    "SyncKfCustomers": "读客服客户的资料",
    "KeepKfAccount": "建好客服账号和接待人员",
    "KeepKfLink": "建好渠道的客服链接",
    "PlanSync": "看要读哪些成员",
    "ReadPage": "读一页客户、客户群或导购数据",
    "SyncGroup": "读客户群",
    "KeepGroupWelcome": "建好入群欢迎语",
    "TransferCustomers": "转接客户",
    "ReadTransferResults": "读转接结果",
    "TransferGroups": "转接客户群",
    "ErasePerson": "删除一个人的资料",
    "CompactDatabase": "夜里整理数据库文件",
}
"""What each action is called."""


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
    from bot.clock import SystemClock
    from bot.flow.deliver import drop
    from bot.store import outbox

    job = {"retry": outbox.retry, "drop": drop}[verb]
    async with opened(config) as database:
        return await database.write(partial(job, outbox_id=number, now=SystemClock().now()))


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
