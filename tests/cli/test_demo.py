"""The demo that is played by hand: its hour, its groups, and the commands beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from typer.testing import CliRunner

from demo.clock import ClockFrom
from demo.stage import GROUPS, OPENING, config_text, deployment, found_groups, new_sandbox
from main import cli
from tests.house import sqlite_url


async def test_its_clock_begins_at_the_hour_that_was_asked_for() -> None:
    """Who waits for a moment of that day does not wait until that day."""
    clock = ClockFrom(OPENING)
    assert OPENING <= clock.now() < OPENING + 60
    await asyncio.wait_for(clock.sleep_until(clock.now()), 5)


async def test_it_begins_with_groups_to_send_to(tmp_path: Path) -> None:
    sandbox = new_sandbox(deployment(sqlite_url(tmp_path), port=0))
    await found_groups(sandbox)
    assert {group.name: group.owner for group in sandbox.world.groups.all()} == GROUPS


def test_commands_find_it_by_the_environment(tmp_path: Path) -> None:
    """Said once, instead of `--config` after each."""
    config = tmp_path / "demo.config.yaml"
    config.write_text(config_text(deployment(sqlite_url(tmp_path), port=0)), encoding="utf-8")
    done = CliRunner().invoke(cli, ["approve"], env={"ZHIYU_CONFIG": str(config)})
    assert done.exit_code == 0 and "没有审批" in done.output, done.output


def test_a_report_of_nothing_says_so(tmp_path: Path) -> None:
    """Instead of an empty table; and whether anything is counted at all."""
    config = tmp_path / "demo.config.yaml"
    config.write_text(config_text(deployment(sqlite_url(tmp_path), port=0)), encoding="utf-8")
    for report, word in (("clicks", "count_clicks 现在是 否"), ("moments", "还没有发表过朋友圈")):
        done = CliRunner().invoke(cli, ["report", report, "--config", str(config)])
        assert done.exit_code == 0 and word in done.output and "━" not in done.output, done.output
