"""`transfer`: hand customers from one guide to another."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, opened, read_config, run, say, warn

if TYPE_CHECKING:
    from bot.config import Config


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def transfer(
        handover: Annotated[str, typer.Argument(metavar="FROM", help="原来的导购（userid）")],
        takeover: Annotated[str, typer.Argument(metavar="TO", help="接替的导购（userid）")],
        customers: Annotated[
            str | None, typer.Option("--customers", help="只转这些客户，external_userid 用逗号隔开；不写就是全部")
        ] = None,
        resigned: Annotated[bool, typer.Option("--resigned", help="原来的导购已经离职")] = False,
        groups: Annotated[bool, typer.Option("--groups", help="客户群也一起转")] = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """把客户转给另一位导购。在职转接要等 24 小时，客户可以拒绝；没转成的会给导购留任务，写明原因。"""
        if handover == takeover:
            raise typer.BadParameter("FROM 和 TO 是同一位导购")
        chosen = read_config(config)
        _known(run(_receiving(chosen)), takeover, *(() if resigned else (handover,)))
        named = tuple(part.strip() for part in (customers or "").split(",") if part.strip())
        run(_ask(chosen, handover, takeover, named, resigned, groups))
        say("已记下；服务在运行的话几秒内开始。结果出来后会更新客户的导购，没转成的在导购的任务里。")


def _known(receiving: Collection[str], *userids: str) -> None:
    """WeCom knows everybody who is named: a slip would be found out by nobody but the log."""
    from bot.yamlfile import did_you_mean

    for userid in userids:
        if userid not in receiving:
            hint = did_you_mean(userid, receiving)
            raise typer.BadParameter(
                f"企业微信里没有能接待客户的成员“{userid}”{hint}（要有客户联系权限，在应用可见范围里）"
            )


async def _receiving(config: Config) -> Collection[str]:
    """The members who may have customers, as WeCom says now."""
    from bot.app.client import open_client
    from bot.clock import SystemClock
    from bot.wecom.errors import AnswerLost, NotReached, WeComError, meaning

    try:
        async with AsyncExitStack() as stack:
            client = await open_client(config, config.main_app, SystemClock(), stack)
            return set((await client.external_contact.get_follow_user_list()).get("follow_user", ()))
    except WeComError as error:
        warn(f"没能核对两位导购：{meaning(error.errcode)}。什么也没有记下，可先用 doctor 看看。")
    except (AnswerLost, NotReached):
        warn(f"没能核对两位导购：连不上 {config.corp.api_base_url}。什么也没有记下。")
    raise typer.Exit(1)


async def _ask(
    config: Config, handover: str, takeover: str, customers: tuple[str, ...], resigned: bool, groups: bool
) -> None:
    from bot.clock import SystemClock
    from bot.flow.schedule import tell
    from bot.scrm.events.transfers import TransferAsked

    now = SystemClock().now()
    asked = TransferAsked(
        created_at=now,
        handover=handover,
        takeover=takeover,
        resigned=resigned,
        customers=customers,
        groups=groups,
    )
    async with opened(config) as database:
        await tell(database, asked, f"asked/{now}")
