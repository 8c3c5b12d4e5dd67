"""`ledger`: every new person, greeted or not, surveyed or not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigFile, Json, opened, read_config, run, say, say_json, say_table

if TYPE_CHECKING:
    from bot.config import Config
    from bot.store.ledger import Ledger

DAY_SECONDS = 24 * 3600


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def ledger(
        days: Annotated[int, typer.Option("--days", min=1, max=3650, help="最近几天，今天也算")] = 7,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """接待账本：每一位新客户，欢迎了没有、调研了没有、为什么。"""
        found = run(_ledger(read_config(config), days))
        if as_json:
            say_json({"days": days, **_numbers(found)})
        else:
            _show(found, days)


async def _ledger(config: Config, days: int) -> Ledger:
    from bot.clock import SystemClock
    from bot.scrm.week import day_began_at
    from bot.store.ledger import ledger

    since_at = day_began_at(SystemClock().now(), config.corp.timezone) - (days - 1) * DAY_SECONDS
    async with opened(config) as database:
        return await database.read(partial(ledger, since_at=since_at))


def _numbers(found: Ledger) -> dict[str, Any]:
    """The sums, for scripts."""
    return {
        "people": len(found.rows),
        "greetings": [{"greeted": g, "reason": why, "people": n} for (g, why), n in found.greetings.items()],
        "surveys": [{"survey": stand, "reason": why, "people": n} for (stand, why), n in found.surveys.items()],
    }


def _show(found: Ledger, days: int) -> None:
    from bot.store.ledger import GREETED, SURVEYED

    say(f"最近 {days} 天共有 {len(found.rows)} 位新客户。")
    if found.rows:
        say_table(("欢迎", "原因", "人数"), _lines(found.greetings, GREETED))
        say_table(("调研", "原因", "人数"), _lines(found.surveys, SURVEYED))


def _lines(sums: Mapping[tuple[Any, str], int], names: Mapping[Any, str]) -> list[tuple[str, str, str]]:
    ordered = sorted(sums.items(), key=lambda item: (list(names).index(item[0][0]), -item[1]))
    return [(names[stand], why, str(count)) for (stand, why), count in ordered]
