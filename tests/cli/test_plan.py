"""plan, explain and approve: what staff see of the days to come, and what they say to it."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.scrm.calendar import Slot
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.decide import decide
from bot.scrm.gates.situation import Rival
from bot.scrm.plan_told import conflicts
from bot.store import inbox
from tests.cli.typed import command
from tests.house import House, reopened
from tests.scrm.gates.plain import entry, item
from tests.scrm.gates.plain import situation as plain
from tests.scrm.gates.worlds import NOON, SHANGHAI

FROM = ("--from", "2026-12-01")
EVENING = "dec-2026/group-evening"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A running bot with one customer group."""
    async with reopened(tmp_path) as home:
        await home.sandbox.groups.creates("guide-lin", "会员群一")
        await home.sandbox.callbacks_settled()
        await home.settled()
        await home.look_at(home.clock.now() + 3_600)
        yield home


async def planned(home: House, days: int = 31) -> dict[str, Any]:
    """The plan as scripts read it."""
    code, said, _ = await command(home, "plan", *FROM, "--days", str(days), "--json")
    assert code == 0
    return dict(json.loads(said))


async def test_what_is_planned_can_be_seen_and_approved(home: House) -> None:
    """Nothing goes out before somebody read it; the plan says so, and explain says what to do."""
    groups = [row for row in (await planned(home))["slots"] if row["touchpoint"] == "群"]
    assert groups and all(row["outcome"] != "发出" and row["because"] for row in groups)
    said = (await command(home, "explain", groups[0]["entry"], *FROM))[1]
    assert "最少这样改就能发" in said and "审批" in said
    code, _, slip = await command(home, "approve", "--all")
    assert code == 2 and "--by" in slip
    assert (await command(home, "approve", "--all", "--by", "zhou-lan"))[0] == 0
    after = (await planned(home))["slots"]
    assert any(row["outcome"] == "发出" for row in after if row["touchpoint"] == "群")
    assert "没有等审批的内容" in (await command(home, "approve"))[1]


async def test_all_that_waits_can_be_approved_and_no_more(home: House) -> None:
    """Neither drafts nor what the linter refuses are among it; one item and all at once contradict each other."""
    code, _, slip = await command(home, "approve", "kp-redness", "--all", "--by", "zhou-lan")
    assert code == 2 and "--all" in slip
    code, _, slip = await command(home, "approve", "kp-rednes", "--by", "zhou-lan")
    assert code == 2 and "没有内容“kp-rednes”，是不是 kp-redness？" in slip
    await command(home, "approve", "--all", "--by", "zhou-lan")
    given = {row[0] for row in await home.rows("SELECT digest FROM approvals")}
    content = home.app.content.current
    may = {item.digest for item in content.library.values() if not item.draft}
    assert given == may - content.refused.keys()
    assert "0 条" in (await command(home, "approve", "--all", "--by", "zhou-lan"))[1]
    of_a_role = ("approve", "--all", "--by", "he-yun", "--role", "店长")
    assert (
        f" {len(given)} 条" in (await command(home, *of_a_role))[1] and "0 条" in (await command(home, *of_a_role))[1]
    )


async def test_the_plan_names_what_will_be_missing(home: House) -> None:
    """By week, group and kind, as the mix would have it."""
    missing = (await planned(home, 60))["missing"]
    assert missing and all(
        row["count"] > 0 and row["kind"] in ("科普", "活动", "互动", "导购") and row["pools"] for row in missing
    )
    assert "缺" in (await command(home, "plan", *FROM, "--days", "60"))[1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("dec-2026/group-evenin",), f"没有条目“dec-2026/group-evenin”，是不是 {EVENING}？"),
        ((EVENING, "会员群2"), "没有群“会员群2”，是不是 会员群一？"),
        (("welcome-week/day-1",), "没有条目"),
    ],
)
async def test_what_cannot_be_explained_is_said(home: House, words: tuple[str, ...], expected: str) -> None:
    """With the nearest name."""
    code, _, slip = await command(home, "explain", *words, *FROM)
    assert code == 2 and expected in slip


async def test_a_plan_without_groups_says_what_to_do(tmp_path: Path) -> None:
    """No empty table."""
    async with reopened(tmp_path) as home:
        code, said, _ = await command(home, "plan", "--from", "2031-01-01", "--days", "1")
        assert code == 0 and "这几天没有排期" in said and "│" not in said


async def test_a_plan_tells_what_is_different_from_the_last(home: House, tmp_path: Path) -> None:
    """The first has nothing to be held against; what was approved meanwhile is told; then all is the same."""
    assert (await planned(home))["since_last"] is None
    assert (await planned(home))["since_last"] == {"added": [], "gone": [], "changed": []}
    await command(home, "approve", "--all", "--by", "zhou-lan")
    code, said, _ = await command(home, "plan", *FROM, "--days", "14")
    assert code == 0 and "和上一次看的比：变了" in said and "推迟 " in said and " → 发出 " in said
    assert "和上一次看的比：一样" in (await command(home, "plan", *FROM, "--days", "7"))[1]
    (tmp_path / "plan.json").write_text("{", encoding="utf-8")
    assert (await planned(home))["since_last"] is None


async def test_a_plan_says_what_quota_is_used(home: House) -> None:
    """Per group, for the month to come, however few days are looked at."""
    await command(home, "approve", "--all", "--by", "zhou-lan")
    await command(home, "approve", "--all", "--by", "he-yun", "--role", "店长")
    told = await planned(home, 1)
    (use,) = [u for u in told["quota"] if u["name"] == "会员群一" and u["most"] == 31 and u["coming"]]
    going = [r for r in (await planned(home))["slots"] if r["touchpoint"] == "群" and r["outcome"] in ("发出", "换类")]
    assert use["coming"] == len(going) and use["left"] == 31 - 4 - use["coming"]
    assert f"要发 {use['coming']}，一共 31，留 4 条备用" in (await command(home, "plan", *FROM))[1]


async def test_commands_say_from_when_they_look(home: House) -> None:
    """In their first line; beside a database that is ahead of this computer's clock, what to ask for instead."""
    for words, rest in ((("plan",), " 看起"), (("explain", EVENING), " 看起"), (("report", "mix"), " 往回看")):
        _, said, warned = await command(home, *words, "--from", "2026-12-01 10:33")
        assert said.splitlines()[0] == f"从 12 月 1 日 10:33{rest}" and "数据库里已经有" not in warned
    ahead = int(time.time()) + 10 * 86_400
    await home.app.database.write(partial(inbox.put, arrivals=[inbox.arrival("main", "x", "x", "<xml/>", None, ahead)]))
    assert "数据库里已经有" in (await command(home, "report", "mix"))[2]


def test_entries_that_yield_are_told_once_for_all_pools() -> None:
    """With what they yield to."""
    rival = Rival(Slot(NOON, "c", "big", NOON + 7_200), 90)
    weak = plain(item("a", "科普"), entry=entry(item="a"), rivals=(rival,))
    other = replace(weak, pool=replace(weak.pool, id="wr-2", name="会员群二"))
    alone = plain(item("a", "科普"), entry=entry(item="a"))
    (found,) = conflicts([Foreseen(s, decide(s)) for s in (weak, other, alone)], SHANGHAI)
    assert (found["entry"], found["pools"]) == ("c/e", ["会员群一", "会员群二"]) and "“big”，它更优先" in found[
        "because"
    ]
