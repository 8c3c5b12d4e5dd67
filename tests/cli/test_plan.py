"""plan, explain, approve, switch and stop: what staff do about the days to come."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.stage import ROOT, config_text
from tests.house import House, house, sqlite_url


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A running bot with one customer group, and its configuration as a file."""
    async with house(sqlite_url(tmp_path)) as home:
        await home.sandbox.groups.creates("guide-lin", "会员群一")
        await home.sandbox.callbacks_settled()
        await home.settled()
        await home.look_at(home.clock.now() + 3_600)
        (tmp_path / "config.yaml").write_text(config_text(home.config), encoding="utf-8")
        yield home


def command(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "main.py", *words, "--config", str(tmp_path / "config.yaml")]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


async def test_what_is_planned_can_be_seen_and_approved(home: House, tmp_path: Path) -> None:
    """Nothing goes out before somebody read it; the plan says so, and explain says what to do."""
    planned = json.loads(command(tmp_path, "plan", "--from", "2026-12-01", "--days", "31", "--json").stdout)["slots"]
    groups = [row for row in planned if row["touchpoint"] == "群"]
    assert groups and all(row["outcome"] != "发出" and row["because"] for row in groups)
    entry = groups[0]["entry"]
    said = command(tmp_path, "explain", entry, "--from", "2026-12-01").stdout
    assert "最少这样改就能发" in said and "审批" in said
    refused = command(tmp_path, "approve", "--all")
    assert refused.returncode == 2 and "--by" in refused.stderr
    assert command(tmp_path, "approve", "--all", "--by", "周岚").returncode == 0
    after = json.loads(command(tmp_path, "plan", "--from", "2026-12-01", "--days", "31", "--json").stdout)["slots"]
    assert any(row["outcome"] == "发出" for row in after if row["touchpoint"] == "群")
    assert "全部内容都审批过了" in command(tmp_path, "approve").stdout


async def test_stopping_an_entry_shows_in_the_plan(home: House, tmp_path: Path) -> None:
    """And can be taken back; slips are named."""
    command(tmp_path, "approve", "--all", "--by", "周岚")
    stopped = command(tmp_path, "stop", "dec-2026/group-evening", "--by", "周岚")
    assert stopped.returncode == 0 and "已停掉" in stopped.stdout
    rows = json.loads(command(tmp_path, "plan", "--from", "2026-12-01", "--days", "31", "--json").stdout)["slots"]
    evening = [row for row in rows if row["entry"] == "dec-2026/group-evening"]
    assert evening and all("停掉" in row["because"] for row in evening)
    assert command(tmp_path, "switch", "条目/dec-2026/group-evening", "--on", "--by", "周岚").returncode == 0
    assert command(tmp_path, "switch", "条目", "--by", "周岚").returncode == 2
    wrong = command(tmp_path, "approve", "kp-rednes", "--by", "周岚")
    assert wrong.returncode == 2 and "没有内容" in wrong.stderr
