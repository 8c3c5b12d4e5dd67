"""The days to come as `plan` and `explain` look at them: from when on, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import opened, run, warn

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.flow.outlook import Outlook
    from bot.scrm.kind import Touchpoint

FromDay = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        formats=["%Y-%m-%d", "%Y-%m-%d %H:%M"],
        help='从什么时候看起，例如 2026-12-01 或 "2026-12-01 10:33"；默认从现在',
    ),
]
DAY_SECONDS = 86_400
DAYS_AHEAD = 31
"""How far `explain` looks for the next time, and `plan` for the quota."""


def start_of(config: Config, since: datetime | None) -> int:
    """The instant to look from, epoch seconds: now, or what was asked for. Beside a database that is ahead of this
    computer's clock, as a demo's may be, standard error says what to ask for."""
    from bot.clock import SystemClock

    if since:
        return int(since.replace(tzinfo=ZoneInfo(config.corp.timezone)).timestamp())
    now = SystemClock().now()
    _warn_of_later(run(_last_heard(config)), now, config.corp.timezone)
    return now


def _warn_of_later(heard_at: int | None, now: int, timezone: str) -> None:
    from bot.scrm.week import local_time

    if heard_at is not None and heard_at > now + DAY_SECONDS:
        last = local_time(heard_at, timezone)
        day = f"{last.month} 月 {last.day} 日"
        warn(f'数据库里已经有 {day}的记录，像是试玩；要从那时看，请加 --from "{last:%Y-%m-%d %H:%M}"')


async def _last_heard(config: Config) -> int | None:
    from bot.store import inbox

    async with opened(config) as database:
        return await database.read(inbox.last_received_at)


def seen_from(now: int, timezone: str) -> str:
    """The instant looked from, as a command says it first."""
    from bot.scrm.week import spoken

    return f"从 {spoken(now, timezone)}"


async def foresee(
    config: Config, content: Content, days: int, now: int, touchpoints: Sequence[Touchpoint] = ("群", "朋友圈")
) -> Outlook:
    """Every slot of these touchpoints in so many days from an instant on, decided on what is known today."""
    from bot.flow import outlook

    async with opened(config) as database:
        return await outlook.foresee(database, content, config.corp.timezone, days, now, touchpoints)
