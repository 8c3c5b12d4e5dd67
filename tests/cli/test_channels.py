"""Tags, channels, owners and the report from the command line, over what a bot has left in its database."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.cli import build
from bot.cli.channels import _rows, _write
from bot.scrm.owner import FIRST
from demo.stage import ROOT
from handlers import router
from tests.cli.test_commands import environ
from tests.house import GUIDE, house, sqlite_url

Zhiyu = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def zhiyu(tmp_path_factory: pytest.TempPathFactory) -> Zhiyu:
    """The commands of a deployment where one customer came, and an admin made a tag; exit code and what was said."""
    env = {**asyncio.run(a_morning(tmp_path_factory.mktemp("data"))), "COLUMNS": "200"}
    cli = build(ROOT, lambda: router)

    def command(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, [*arguments, "--config", str(ROOT / "config.yaml")], env=env)
        return done.exit_code, done.output

    return command


async def a_morning(folder: Path) -> dict[str, str]:
    async with house(sqlite_url(folder)) as home:
        await home.sandbox.admin_edits_tags("create", group="老组", name="老标签")
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="parcel")
        await home.wait(4)
        # The commands tell the time by this machine's clock.
        today = {"now": int(time.time()) - 1}
        await home.app.database.write(lambda conn: conn.execute(text("UPDATE follow_log SET at = :now"), today))
        await home.app.database.write(
            lambda conn: conn.execute(text("UPDATE deliveries SET delivered_at = :now"), today)
        )
        rows = await _rows(home.config, ROOT)
        assert await _write(folder, rows) == []
        assert {row["id"] for row in rows} == {
            path.stem for path in folder.iterdir() if path.suffix in (".png", ".svg")
        }
        return environ(home)


def test_a_picture_of_every_code_and_who_receives(zhiyu: Zhiyu) -> None:
    """Receivers, caps and links in one table."""
    code, out = zhiyu("channels", "--json")
    assert code == 0, out
    parcel = next(row for row in json.loads(out) if row["id"] == "parcel")
    assert (parcel["receivers"], parcel["printed"]) == (["guide-lin", "guide-zhou"], True)


def test_the_plan_of_tags_is_shown_and_a_deletion_says_whom_it_costs(zhiyu: Zhiyu) -> None:
    """What an admin made is named; what the file has is not deleted."""
    code, out = zhiyu("sync", "tags", "--json")
    assert code == 0, out
    unlisted = [{"tag": "老组/老标签", "customers": 0}]
    assert json.loads(out) == {"rename": [], "add": [], "unlisted": unlisted, "problems": []}
    code, out = zhiyu("sync", "tags", "--delete-tag", "老组/老标签", "--yes")
    assert (code, "“老组/老标签”挂在 0 位客户身上" in out) == (0, True)
    code, out = zhiyu("sync", "tags", "--delete-tag", "来源/门店", "--yes")
    assert (code, "先从文件里删掉" in out) == (1, True)
    code, out = zhiyu("check")
    assert (code, "“老组/老标签”不在文件里" in out) == (0, True)


def test_an_owner_is_changed_only_with_a_reason(zhiyu: Zhiyu) -> None:
    """And seen at any time."""
    code, out = zhiyu("owner", "wm-1")
    assert (code, FIRST in out) == (0, True), out
    assert zhiyu("owner", "wm-1", "guide-wu")[0] == 2
    assert zhiyu("owner", "wm-1", "guide-wu", "--because", "老客户")[0] == 0
    assert zhiyu("owner", "wm-9")[0] == 1


def test_every_channel_is_reported(zhiyu: Zhiyu) -> None:
    """Numbers for scripts, a table for people; one that brought nobody is there with zeros, and costs nothing."""
    code, out = zhiyu("report", "channels", "--days", "1", "--json")
    assert code == 0, out
    found: list[dict[str, Any]] = json.loads(out)["channels"]
    assert [(c["channel_id"], c["added"], c["greeted"], c["net"]) for c in found] == [
        ("parcel", 1, 1, 1),
        *((channel_id, 0, 0, 0) for channel_id in ("store", "content", "friend", "kf-official")),
    ]
    assert found[0]["cost_fen"] == 180 and found[1]["title"] == "门店码"
    code, out = zhiyu("report", "channels")
    assert (code, "包裹卡" in out, "门店码" in out) == (0, True, True)
