"""The days to come as `plan` and `explain` look at them: from when on, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import opened

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.flow.outlook import Outlook
    from bot.scrm.kind import Touchpoint

FromDay = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天看起，例如 2026-12-01；默认从现在")
]
DAY_SECONDS = 86_400
DAYS_AHEAD = 31
"""How far `explain` looks for the next time, and `plan` for the quota."""


def start_of(config: Config, since: datetime | None) -> int:
    """The instant to look from, epoch seconds: now, or the beginning of a day."""
    from bot.clock import SystemClock

    return int(since.replace(tzinfo=ZoneInfo(config.corp.timezone)).timestamp()) if since else SystemClock().now()


async def foresee(
    config: Config, content: Content, days: int, now: int, touchpoints: Sequence[Touchpoint] = ("群", "朋友圈")
) -> Outlook:
    """Every slot of these touchpoints in so many days from an instant on, decided on what is known today."""
    from bot.flow import outlook

    async with opened(config) as database:
        return await outlook.foresee(database, content, config.corp.timezone, days, now, touchpoints)
