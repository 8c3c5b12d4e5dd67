"""`check --config`: what files say that has no effect in the corp as it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.cli.kept import _use_problems
from bot.content.in_use import InUse
from bot.store.database import Database
from bot.store.groups import chats
from bot.store.in_use import follows, gates, in_use, planned
from tests.cli.typed import command
from tests.house import reopened
from tests.store.test_pool_facts import follow, group

BRAND = Path(__file__).parent.parent / "data" / "brand"
DAY = 86_400
NOW = 1_000 * DAY
STOP = {"gate": "规则", "because": "", "until_at": None, "rule": "members-first", "failed": False, "source": ""}


def said(use: InUse) -> list[str]:
    """What is said of the brand of the error tables."""
    return [str(problem) for problem in _use_problems(BRAND, use)]


async def seen(database: Database, *tables: tuple[Any, dict[str, Any]]) -> InUse:
    """What the corp lives with, once these rows are there."""
    for table, row in tables:
        await database.write(lambda conn, table=table, row=row: conn.execute(insert(table), [row]))
    return await database.read(partial(in_use, now=NOW))


def decision(at: int, **values: Any) -> dict[str, Any]:
    slot = {"calendar": "dec-2026", "entry": "group-evening", "at": at, "by_at": at, "pool": "wr1", "userid": "lin"}
    row = {"touchpoint": "群", "fixed": False, "by_hand": False, "outcome": "skipped", "because": "", "weight": 0}
    return {**slot, **row, "stops": [], "said": {}, "version": "", "decided_at": at} | values


def stopped(source: str, people: int) -> dict[str, Any]:
    slot = {"calendar": "dec-2026", "entry": "cream-set", "at": NOW - DAY, "item": "dg-cream-set", "condition": ""}
    return {"run": "r", "number": people, **slot, "gate": "个人规则", "source": source, "because": "", "people": people}


async def test_a_pattern_that_no_group_has(database: Database) -> None:
    """Nothing is said before groups were read, nor when one of them fits."""
    where = "content/calendars/dec.yaml:7: 提醒: who.groups: 没有群名符合“会员群*”"
    assert said(await seen(database)) == []
    assert said(await seen(database, (chats, group(name="老友群")))) == [where]
    assert said(await seen(database, (chats, group("wr2")))) == []


async def test_one_wording_for_several_guides(database: Database) -> None:
    """How many see it twice, and from how many guides."""
    use = await seen(database, *((follows, follow(n, guide)) for n in (1, 2) for guide in ("guide-lin", "guide-wu")))
    wanted = "kp-redness的朋友圈只有 1 版，2 位导购有 2 位共同客户，再写 2 版吧"
    assert said(use) == [f"content/library/redness.yaml:9: 提醒: variants: {wanted}"]
    ended = await seen(database, (follows, follow(3, "guide-lin")), (follows, follow(3, "guide-wu", status="ended")))
    assert ended.shared == (2, 2)


async def test_a_rule_that_did_nothing(database: Database) -> None:
    """In thirty days of decisions: neither a slot nor one person was kept back by it."""
    assert (await seen(database, (planned, decision(NOW - DAY)))).spoken is None
    use = await seen(
        database,
        (planned, decision(NOW - 40 * DAY)),
        (planned, decision(NOW - 2 * DAY, stops=[STOP])),
        (gates, stopped("rule.in-service", 3)),
        (gates, stopped("rule.tired-of-selling", 0)),
    )
    assert said(use) == ["content/rules/brand.yaml:7: 提醒: id: tired-of-selling 近 30 天没有改变任何决定"]


async def test_it_is_said_by_the_command(tmp_path: Path) -> None:
    """With everything else that `check` says."""
    async with reopened(tmp_path) as home:
        await home.sandbox.existing_pool(10, guides=["guide-lin"], groups=1)
        await home.sandbox.groups.creates("guide-lin", "老友群")
        await home.wait(4)
        code, out, _ = await command(home, "check")
    assert code == 0 and "没有群名符合“会员群*”" in out
