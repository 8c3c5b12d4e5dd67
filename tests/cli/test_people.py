"""A person's story, everything we hold of them, and the end of it: as people ask for it on the command line."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.store import belongings
from tests.cli.typed import command
from tests.house import GUIDE, House, reopened
from tests.store.planting import external_userid, marker, plant

SHOP = "订单号,付款时间,实付金额,商品,unionid\nA1,{paid},268.00,面膜,un-1\nA2,昨天,1,面膜,un-1\n"


async def stored(home: House, query: str) -> list[Any]:
    """Once what the command wrote has been handled."""
    home.app.dispatcher.wake()
    await home.settled()
    return await home.rows(query)


async def test_a_shops_table_is_checked_imported_and_imported_again(tmp_path: Path) -> None:
    """Bad lines are named by number, on the screen and for scripts; the good ones come in, once."""
    async with reopened(tmp_path) as home:
        file = tmp_path / "orders.csv"
        file.write_text(SHOP.format(paid="2026-11-20 10:00"), encoding="gbk")
        code, out, _ = await command(home, "orders", "import", str(file), "--dry-run", "--json")
        told = json.loads(out)
        assert (code, told["orders"], told["imported"]) == (1, 1, 0)
        assert [(p["line"], p["order_id"]) for p in told["problems"]] == [(3, "A2")]
        assert await stored(home, "SELECT 1 FROM orders") == []
        for _ in range(2):
            code, out, err = await command(home, "orders", "import", str(file))
            assert (code, "1 个订单" in out, "第 3 行：付款时间" in err) == (1, True, True)
        assert [tuple(row) for row in await stored(home, "SELECT order_id, total_fen FROM orders")] == [("A1", 26800)]
        file.write_text("a,b\n1,2\n")
        assert (await command(home, "orders", "import", str(file)))[0] == 2


async def test_a_persons_story_is_told_in_order(tmp_path: Path) -> None:
    """Added, greeted, and what was bought."""
    async with reopened(tmp_path) as home:
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="store")
        await home.wait(4)
        file = tmp_path / "orders.csv"
        head = "order_id,paid_at,total,external_userid,refunded\n"
        file.write_text(f"{head}A1,{home.clock.now()},268.00,wm-1,68.5\n")
        assert (await command(home, "orders", "import", str(file)))[0] == 0
        await stored(home, "SELECT 1")
        code, out, err = await command(home, "timeline", "wm-1", "--json")
        assert code == 0, err
        moments = json.loads(out)
        assert [m["at"] for m in moments] == sorted(m["at"] for m in moments)
        said = {m["what"]: m["said"] for m in moments}
        assert said["加好友"] == f"加了 {GUIDE}，来自渠道 store"
        assert said["订单"] == "首单，268.00 元，部分退款，归渠道 store" and said["退款"] == "68.50 元"
        assert (await command(home, "timeline", "wm-nobody"))[0] == 1


async def test_a_stage_is_told_with_what_it_rests_on(tmp_path: Path) -> None:
    """Unknown without evidence, and not silent."""
    async with reopened(tmp_path) as home:
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="store")
        await home.wait(4)
        assert "现在的阶段 未知：没有任何可看的迹象" in (await command(home, "timeline", "wm-1"))[1]
        file = tmp_path / "orders.csv"
        file.write_text(f"order_id,paid_at,total,external_userid\nA1,{SystemClock().now() - 86_400},268.00,wm-1\n")
        assert (await command(home, "orders", "import", str(file)))[0] == 0
        await stored(home, "SELECT 1")
        assert "现在的阶段 活跃：下单 1 次" in (await command(home, "timeline", "wm-1"))[1]
        held = json.loads((await command(home, "export", "wm-1", "--to", "-"))[1])
        assert held["customer_stage"]["used"] == {"下单": 1}


async def test_everything_is_handed_over_backed_up_and_then_forgotten(tmp_path: Path) -> None:
    """Export, backup, erase: after it neither is left with anything."""
    async with reopened(tmp_path) as home:
        await home.app.database.write(partial(plant, n=707))
        who = external_userid(707)
        code, out, err = await command(home, "export", who)
        assert code == 0, err
        [export] = (tmp_path / "exports").glob("person-707-*.json")
        held = json.loads(export.read_text(encoding="utf-8"))
        assert held.keys() == {*belongings.PLANS, "customer_stage"}
        assert held["customer_stage"]["because"].startswith(held["customer_stage"]["stage"])
        assert held["people"][0]["name"] == marker("people", "name", 707) and export.stat().st_mode & 0o077 == 0
        assert json.loads((await command(home, "export", "#707", "--to", "-"))[1]) == held
        assert (await command(home, "backup"))[0] == 0
        [backup] = (tmp_path / "backups").glob("*.sqlite3")
        assert sqlite3.connect(backup).execute("SELECT count(*) FROM people WHERE person_id = 707").fetchone() == (1,)
        erasing = asyncio.create_task(command(home, "erase", who, "--yes", "--wait", "20", "--json"))
        await home.until("请求", lambda: home.rows("SELECT 1 FROM inbox WHERE name = 'EraseAsked'"))
        home.app.dispatcher.wake()
        code, out, err = await erasing
        assert code == 0, err
        receipt = json.loads(out)
        assert receipt["files"] == {"backups": 1, "exports": 1} and receipt["rows"]["follows"] == 1
        assert not export.exists() and who.encode() not in backup.read_bytes()
        assert (await command(home, "export", who))[0] == 1
