"""`transfer`: hand customers from one guide to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, opened, read_config, run, say

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
        named = tuple(part.strip() for part in (customers or "").split(",") if part.strip())
        run(_ask(read_config(config), handover, takeover, named, resigned, groups))
        say("已记下；服务在运行的话几秒内开始。结果出来后会更新客户的导购，没转成的在导购的任务里。")


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
