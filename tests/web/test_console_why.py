"""What the console's page 为什么 says, and where it leads."""

from __future__ import annotations

import re
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from sqlalchemy import text

from bot.flow import held_now
from bot.flow.held_now import _until
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.decide import decide
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.situations import situations
from demo.stage import ROOT
from demo.stories.calendar_day import approve, at
from tests.cli.typed import command
from tests.house import House, reopened
from tests.scrm.gates.plain import entry, item, situation
from tests.web.office import OPERATOR, Desk, desk, one_group
from tests.web.test_console_door import token
from tests.web.test_console_pages import NOON, sees, words


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """The morning of a full day, a group, and a customer."""
    async with reopened(tmp_path) as home:
        await one_group(home)
        await home.sandbox.customer_adds(state="store", name="陶小姐")
        await home.sandbox.callbacks_settled()
        await home.settled()
        await home.look_at(at(9, 0))
        yield home


async def links(who: Desk, path: str) -> dict[str, str]:
    """What a page leads to, by its words."""
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', (await who.open(path)).text)
    return {unescape(said): unescape(to) for to, said in found}


async def test_what_would_turn_it_leads_to_where_it_is_done(home: House) -> None:
    """An item to be approved, something stopped, a line of a file; who follows finds it there."""
    async with desk(home, OPERATOR) as who:
        off = "/console/switches/off"
        await who.send(off, form=token(home, who, off), what="触点/群", because="先停")
        page = f"/console/why?q={NOON}"
        await sees(home, who, page, "恢复停着的 触点/群")
        led = await links(who, page)
        assert led["恢复停着的 触点/群"] == "/console/switches"
        assert led["批准“修护霜双支组”"] == "/console/approvals/dg-cream-set"
        assert "请店长批准“修护霜双支组”" in led
        for to in led.values():
            assert (await who.open(to)).status == 200, to
        csv = (await who.open(f"{page}&csv=next")).text
        assert "批准“修护霜双支组”；" in csv and "<li>" not in csv


async def test_what_a_file_says_is_opened_at_its_line(home: House) -> None:
    """Whoever asks about a customer whom a note is not for comes to that very line of the calendar, or of care.yaml."""
    async with desk(home, OPERATOR) as who:
        [(tao,)] = await home.rows("SELECT person_id FROM people WHERE name = '陶小姐'")
        await sees(home, who, f"/console/customers/{tao}", "放宽这一条给谁（who）")
        led = await links(who, f"/console/customers/{tao}")
        path, _, line = led["放宽这一条给谁（who）"].partition("#L")
        name = path.removeprefix("/console/files/edit/")
        assert name == "calendars/2026-12.yaml"
        assert "who:" in (ROOT / "content" / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert (await who.open(path)).status == 200


async def test_what_is_postponed_says_why_it_waits_until_when_and_what_would_turn_it(home: House) -> None:
    """Not only that it was; once somebody did it, that it goes at the next look."""
    page, title = f"/console/why?q={NOON}", "推迟着的"
    await approve(home, "")
    await home.look_at(at(12, 6))
    async with desk(home, OPERATOR) as who:
        held = words((await who.open(page)).text).split(title)[1].split("下一次")[0]
        assert "推迟“修护霜双支组”" in held and "审批：带价格的内容要店长看过" in held, held
        assert "等人：改好以后 5 分钟内再看，最晚 12 月 10 日 14:00" in held
        assert (await links(who, page))["请店长批准“修护霜双支组”"] == "/console/approvals/dg-cream-set"
        said = (await command(home, "explain", NOON, "--from", "2026-12-10 12:07"))[1]
        assert (
            "12 月 10 日 12:05  会员群一：推迟" in said and "请店长批准“修护霜双支组”" in said and "最晚 12 月" in said
        )
        await approve(home, "店长")
        assert "都放行了，12 月 10 日 12:11 再看一次就发" in words((await who.open(page)).text)
        await home.look_at(at(12, 12))
        assert title not in words((await who.open(page)).text)


async def test_what_is_postponed_is_first_in_approvals_with_every_word_that_it_lacks(home: House) -> None:
    """Nothing that is foreseen tells of it any more; nor does it leave the list with the first word."""
    await home.look_at(at(12, 6))
    path = "/console/approvals"
    async with desk(home, OPERATOR) as who:
        first = words((await who.open(path)).text).split("最近要发 ")[1]
        assert first.startswith("修护霜双支组 导购 活动 措辞") and "店长（" in first.split("12 月 10 日 12:05")[0], (
            first
        )
        await approve(home, "")
        first = words((await who.open(path)).text).split("最近要发 ")[1]
        assert first.startswith("修护霜双支组 导购 活动 店长（"), first
        assert "店长 he-yun 还缺" in words((await who.open(f"{path}/dg-cream-set")).text)


async def test_what_is_postponed_is_asked_in_a_thread(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """With many groups that takes long, and who opens a page keeps no callback waiting."""
    asked: set[threading.Thread] = set()

    def noted(*given: Any) -> Iterator[Situation]:
        asked.add(threading.current_thread())
        yield from situations(*given)

    monkeypatch.setattr(held_now, "situations", noted)
    await home.look_at(at(12, 6))
    async with desk(home, OPERATOR) as who:
        for path in ("/console/today", "/console/approvals", f"/console/why?q={NOON}"):
            asked.clear()
            assert (await who.open(path)).status == 200
            assert asked and threading.current_thread() not in asked, path


def test_what_is_only_tried_is_not_said_to_go_out() -> None:
    s = situation(item("a", "科普"), entry=entry(item="a"))
    s = replace(s, calendar=replace(s.calendar, shadow=True))
    assert decide(s).outcome == "tried" and _until(Foreseen(s, decide(s)), s.now).endswith("再看一次就记下；试跑，不发")


async def leads(who: Desk, asked: str) -> str:
    """Where a question goes on to; empty where it is answered on the spot."""
    return (await who.open(f"/console/why?{urlencode({'q': asked})}")).headers.get("Location", "")


async def test_it_is_found_by_what_people_call_it(home: House) -> None:
    """A line by its own id, by the title of what it sends and by its words; a customer by name, by the guide's remark,
    by any id. What may be several things is shown, to choose from."""
    await home.app.database.write(lambda conn: conn.execute(text("UPDATE follows SET remark = '静安店 干皮姐姐'")))
    [(tao, wm)] = await home.rows(
        "SELECT p.person_id, f.external_userid FROM people p JOIN follows f USING (person_id) WHERE name = '陶小姐'"
    )
    async with desk(home, OPERATOR) as who:
        await sees(home, who, "/console/plan", NOON)
        for asked in ("陶小姐", "陶", "干皮姐姐", wm, f"#{tao}"):
            assert await leads(who, asked) == f"/console/customers/{tao}", asked
        assert unquote(await leads(who, "group-cream-set")) == f"/console/why?q={NOON}"
        page = words((await who.open("/console/why?q=修护霜双支组")).text)
        assert NOON in page and "dec-2026/note-cream-set" in page and "导购 修护霜双支组" in page
        said = home.app.content.current.library["dg-cream-set"].variants[0].text.split("\n")[0][:8]
        assert NOON in words((await who.open(f"/console/why?{urlencode({'q': said})}")).text), said


async def test_what_is_not_found_says_where_it_was_looked_for_and_what_is_near(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        page = await who.open("/console/why?q=修护霜双只组")
        assert "没有和“修护霜双只组”有关的" in page.text and "找过：条目的编号" in page.text
        near = await links(who, "/console/why?q=修护霜双只组")
        assert unquote(near["是不是“修护霜双支组”？"]) == "/console/why?q=修护霜双支组"
        assert "是不是“陶小姐”？" in await links(who, "/console/why?q=陶小妹")
        assert f"是不是“{NOON}”？" in await links(who, "/console/why?q=dec-2026/group-creem-set")
        assert "是不是" not in (await who.open("/console/why?q=%F0%9F%8E%84")).text


async def test_nobody_takes_customers_along_from_a_search_unseen(home: House) -> None:
    """Their file is on the page of customers, where it is put on record."""
    other = text("INSERT INTO people (name, created_at) VALUES ('陶先生', 1)")
    await home.app.database.write(lambda conn: conn.execute(other))
    async with desk(home, OPERATOR) as who:
        assert "陶小姐" in (await who.open("/console/why?q=陶")).text
        assert "陶小姐" not in (await who.open("/console/why?q=陶&csv=people")).text
