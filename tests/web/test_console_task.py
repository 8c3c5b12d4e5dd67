"""A task in the hands of a guide, and how it is taken back in the console."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import text

from demo.stories.calendar_day import approve, at
from tests.cli.typed import command
from tests.house import House, reopened
from tests.web.office import OPERATOR, desk, one_group
from tests.web.test_console_door import token
from tests.web.test_console_pages import NOON, words

NAMED = text("INSERT INTO members (userid, name, seen_at) VALUES ('zhou-lan', '周岚', 1)")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """At noon a guide has a post for their group in hand."""
    async with reopened(tmp_path) as home:
        await one_group(home)
        await home.app.database.write(lambda conn: conn.execute(NAMED))
        await home.look_at(at(12, 4))
        await approve(home, "")
        await approve(home, "店长")
        for minute in (6, 7):
            await home.look_at(at(12, minute))
        yield home


async def test_a_task_is_taken_back_with_a_reason_and_who_did_it(home: House) -> None:
    """From the table of today; where WeCom has it, it goes from the guide's phone, and the decision says why."""
    async with desk(home, OPERATOR) as who:
        today = (await who.open("/console/today")).text
        assert "导购 修护霜双支组 1 个群 12 月 10 日 12:08" in words(today), "groups, not people"
        [to] = re.findall(r'href="(/console/tasks[^"]*)"', today)
        page = await who.open(unescape(to))
        said = words(page.text)
        assert "修护霜双支组" in said and "会员群一 还没点" in said and "12 月 10 日 12:08" in said
        dismiss = "/console/tasks/dismiss"
        [key] = re.findall(r'name="key" value="([^"]+)"', page.text)
        assert (await who.send(dismiss, form=page.token(dismiss), key=key, because=" ")).status == 400
        seen = await who.send(dismiss, form=page.token(dismiss), key=key, because="图不对")
        after = words((await who.open(seen.headers["Location"])).text)
        assert "退掉了，一两分钟里收回" in after and "周岚退掉了：图不对，正在收回" in after
        for minute in (8, 9, 10):
            await home.look_at(at(12, minute))
        assert await home.sandbox.mass.tasks("guide-lin") == []
        assert "没有这个任务，或者已经完了" in words((await who.open(unescape(to))).text)
        assert "没发出 导购 修护霜双支组 周岚退掉了：图不对" in words((await who.open(f"/console/why?q={NOON}")).text)
    [row] = await home.rows("SELECT who, what, target, because FROM audit_trail")
    assert tuple(row) == (OPERATOR, "退掉任务", "guide-lin", "图不对")


async def test_a_guide_reads_who_stopped_it_by_name(home: House) -> None:
    """As the console knows them by their userid only."""
    async with desk(home, OPERATOR) as who:
        off = "/console/switches/off"
        await who.send(off, form=token(home, who, off), what=f"条目/{NOON}", because="图还没修好")
    for minute in (8, 9, 10, 11):
        await home.look_at(at(12, minute))
    told = [str(message["content"]) for message in await home.sandbox.member_reads("guide-lin")]
    assert len([words for words in told if "周岚停掉了：图还没修好" in words]) == 1, told


async def test_a_moment_of_several_says_that_it_is_taken_back_from_all_or_none(home: House) -> None:
    """As WeCom has it; nothing is dismissed by sending the form all the same, and the command says so, too."""
    shared = text("""INSERT INTO sends (key, touchpoint, calendar, entry, at, by_at, userid, item, people, pools,
    task_id, state, look_at, made_at) VALUES ('m', '朋友圈', 'dec-2026', 'moments', 1, :by, '', 'kp-redness', 2,
    '["guide-wu", "guide-zhou"]', 'mom', 'waiting', :by, 1)""")
    post = text("""INSERT INTO planned (calendar, entry, at, by_at, pool, userid, touchpoint, fixed, by_hand, outcome,
    because, item, weight, stops, said, version, decided_at) VALUES ('dec-2026', 'moments', 1, :by, :who, :who,
    '朋友圈', true, false, 'sent', '', 'kp-redness', 25, '[]', '{}', '1', 1)""")
    posts = [{"who": each, "by": at(14, 0)} for each in ("guide-wu", "guide-zhou")]
    await home.app.database.write(lambda conn: (conn.execute(shared, {"by": at(14, 0)}), conn.execute(post, posts)))
    async with desk(home, OPERATOR) as who:
        page = await who.open("/console/tasks?key=m")
        assert "2 位导购共用的一个任务" in page.text and "只能整条收回" in page.text and "停掉这一条" in page.text
        assert "/console/tasks/dismiss" not in page.text and words(page.text).count("还没点") == 2
    code, _, said = await command(home, "dismiss", "guide-wu", "--by", "zhou-lan", "--because", "请假")
    assert code == 2 and "1 条朋友圈是和别的导购共用的一个任务" in said and "dec-2026/moments" in said
    async with desk(home, "guide-zhou") as nobody:
        assert (await nobody.open("/console/tasks?key=m")).status == 303, "who may not come in"
