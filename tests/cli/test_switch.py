"""switch and stop: what somebody stops in a hurry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli import build
from bot.config import StaffConfig
from bot.router import Router
from tests.cli.test_approve import NAMED
from tests.cli.test_plan import EVENING, home, planned
from tests.cli.typed import command
from tests.house import House

__all__ = ["home"]


async def test_stopping_an_entry_shows_in_the_plan(home: House) -> None:
    """And can be taken back."""
    await command(home, "approve", "--all", "--by", "zhou-lan")
    code, said, _ = await command(home, "stop", EVENING, "--by", "zhou-lan")
    assert code == 0 and "已停掉" in said
    evening = [row for row in (await planned(home))["slots"] if row["entry"] == EVENING]
    assert evening and all("停掉" in row["because"] for row in evening)
    assert (await command(home, "switch", f"条目/{EVENING}", "--on", "--by", "zhou-lan"))[0] == 0
    evening = [row for row in (await planned(home))["slots"] if row["entry"] == EVENING]
    assert not any("停掉" in row["because"] for row in evening)


async def test_a_slip_stops_nothing(home: House) -> None:
    """What is not there is named with what is nearest; what is not stopped cannot go on."""
    slips = {
        ("stop", "dec-2026/group-evenin", "--by", "zhou-lan"): f"没有条目“dec-2026/group-evenin”，是不是 {EVENING}？",
        ("stop", "dec-2062/group-evening", "--by", "zhou-lan"): "没有日历“dec-2062”，是不是 dec-2026？",
        ("stop", "dec/hats", "--by", "zhou-lan"): "没有日历“dec”，是不是 dec-2026？",
        ("stop", "dec-2026", "--by", "zhou-lan"): "没有条目“dec-2026”，是不是 dec-2026/",
        ("switch", "日历/dec-2062", "--by", "zhou-lan"): "没有“日历/dec-2062”，是不是 日历/dec-2026？",
        ("switch", "条目/dec-2062/moments", "--by", "zhou-lan"): "没有日历“dec-2062”，是不是 dec-2026？",
        ("switch", "触点/私信", "--by", "zhou-lan"): "没有“触点/私信”，是不是 触点/私聊？",
        ("switch", "条目", "--by", "zhou-lan"): "看不懂",
        ("switch", "全部"): "--by",
        ("switch", "全部", "--on", "--by", "zhou-lan"): "“全部”没有停",
    }
    for words, expected in slips.items():
        code, _, slip = await command(home, *words)
        assert code == 2 and expected in slip, (words, slip)
    assert not await home.rows("SELECT 1 FROM switches")


async def test_content_that_does_not_load_keeps_nobody_from_stopping(home: House, tmp_path: Path) -> None:
    """Stopping is for when something is wrong."""
    broken = tmp_path / "broken"
    (broken / "content").mkdir(parents=True)
    (broken / "templates" / "messages").mkdir(parents=True)
    (broken / "content" / "tags.yaml").write_text("- [", encoding="utf-8")
    code, _, warned = await command(home, "switch", "全部", "--by", "zhou-lan", app=build(broken, Router))
    assert code == 0 and "内容有错" in warned
    assert [tuple(row) for row in await home.rows('SELECT scope, "by" FROM switches')] == [("全部", "zhou-lan")]


HURRIED = (
    (("stop", EVENING), "停掉和恢复"),
    (("switch", "全部"), "停掉和恢复"),
    (("dismiss", "guide-lin", "--because", "请假"), "退掉任务"),
)


async def test_who_may_stop_in_the_console_may_stop_here_and_nobody_else(home: House) -> None:
    """With who is meant, perhaps, and who may; kept under the userid."""
    await home.app.database.write(lambda conn: conn.execute(NAMED))
    for words, what in HURRIED:
        may = f"能{what}的有 何云（he-yun）、周岚（zhou-lan）。名单在 config.yaml 的 login.people。"
        for by, said in (("周兰", "没有“周兰”这个人，是不是 周岚？"), ("guide-lin", f"guide-lin（导购）不能{what}。")):
            code, _, slip = await command(home, *words, "--by", by)
            assert code == 2 and said + may in slip, (words, slip)
    assert not await home.rows("SELECT 1 FROM switches")
    assert (await command(home, "switch", "全部", "--by", "周岚"))[0] == 0
    assert [tuple(row) for row in await home.rows('SELECT "by" FROM switches')] == [("zhou-lan",)]
    assert {row[0] for row in await home.rows("SELECT who FROM audit_trail")} == {"zhou-lan"}


@pytest.mark.parametrize("people", [(), (StaffConfig(userid="guide-lin", role="guide"),)])
async def test_where_nobody_was_named_yet_everybody_may_stop(home: House, people: tuple[StaffConfig, ...]) -> None:
    """By the name as it was given; approving and letting go on wait for who may."""
    login = home.config.login.model_copy(update={"people": people})
    new = replace(home, config=home.config.model_copy(update={"login": login}))
    for words, what in HURRIED:
        _, _, told = await command(new, *words, "--by", "小周")
        assert f"login.people 里还没有人能{what}，照你写的“小周”记下。" in told, words
        assert "没有“小周”这个人" not in told, words
    stopped = 'SELECT scope, "by" FROM switches ORDER BY scope'
    rows = [("全部", "小周"), ("条目", "小周")]
    assert [tuple(row) for row in await home.rows(stopped)] == rows
    assert {row[0] for row in await home.rows("SELECT who FROM audit_trail")} == {"小周"}
    for words in (("switch", "全部", "--on"), ("approve", "--all")):
        code, _, slip = await command(new, *words, "--by", "小周")
        assert code == 2 and "没有“小周”这个人" in slip and "还没有能" in slip, words
    assert [tuple(row) for row in await home.rows(stopped)] == rows
