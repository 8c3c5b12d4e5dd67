"""Who comes to the end of a survey with a gift gets it, with a code of their own, once, wherever they are."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog

from bot.content.folders import Folders
from bot.scrm.events.survey import SurveyAnswered
from bot.scrm.week import day_began_at, local_time
from bot.store import inbox
from demo.phone import enter
from tests.cli.typed import command
from tests.flow.edited import edit, edited, go_live
from tests.house import House, reopened
from tests.web.phone import CUSTOMER, links, pages, phone, survey_path

GIVEN = "SELECT code, external_userid FROM given_codes ORDER BY given_at, code"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The sample with a gift of which two codes are left for everybody."""
    changes = {
        "surveys/newcomer.yaml": ("expires: 7天", "expires: 7天\ngift: member-gift"),
        "offers.yaml": (
            "valid: 2026-12-01 ~ 2027-02-28\n    limit: 每人1份\n    stock: 60",
            "valid: 2026-11-01 ~\n    limit: 每人1份",
        ),
    }
    made = edited(tmp_path, changes)
    (made.content / "codes" / "member-gift.csv").write_text("code\nFIRST\nSECOND\n", encoding="utf-8")
    return made


@pytest.fixture
async def home(tmp_path: Path, folders: Folders) -> AsyncIterator[House]:
    async with pages(tmp_path, folders) as home:
        yield home


async def finished(home: House, path: str) -> str:
    """The last page, once every question was answered; loaded again when it was handled."""
    async with phone(home) as mine:
        await mine.open(path)
        await mine.tap("begin")
        await mine.tap("", "油光明显")
        await mine.tap("", "补水")
        await mine.tap("answer", "面霜")
        await home.settled()
        return (await mine.open(path)).text


async def test_a_code_on_the_page_once(home: House) -> None:
    """For the customer; a friend by the same link gets none, and what is told again gives no second one."""
    page = await finished(home, survey_path(home))
    [(code, who)] = await home.rows(GIVEN)
    assert who == CUSTOMER and f"券码 {code}" in page and "https://m.yuhe.example/member-gift" in page
    assert "券码" not in await finished(home, survey_path(home))
    row = await home.rows("SELECT body FROM inbox WHERE name = 'SurveyAnswered' ORDER BY id DESC LIMIT 1")
    told = SurveyAnswered(**{**json.loads(row[0].body), "values": tuple(json.loads(row[0].body)["values"])})
    await home.put(inbox.own_arrival(told, cause="again"))
    await home.settled()
    assert len(await home.rows(GIVEN)) == 1


async def test_a_code_in_chat_and_with_a_guide(home: House) -> None:
    """In the thanks; who has one is shown the same one by their guide."""
    chat = await enter(home, "沈小姐")
    for word in ("油光明显", "补水"):
        await chat.tap(word)
    thanks = str((await chat.write("某某面霜"))["content"])
    [(code, who)] = await home.rows(GIVEN)
    assert who == chat.customer and f"送你会员月礼：面膜两片，券码 {code}，在这里用：" in thanks
    page = await finished(home, survey_path(home))
    async with phone(home) as guide:
        told = await guide.open(f"{links(home).guide(CUSTOMER, 'guide-lin')}/survey")
    [mine] = [c for c, w in await home.rows(GIVEN) if w == CUSTOMER]
    assert mine != code and f"券码 {mine}" in page and f"券码 {mine}" in told.text


async def test_few_codes_are_an_alarm_before_they_are_out(home: House, folders: Folders) -> None:
    """In the log, as a figure, by `plan` and `check`; who comes after the last hears the thanks alone."""
    await finished(home, survey_path(home))
    with structlog.testing.capture_logs() as logs:
        await home.look_at(home.clock.now() + 3_700)
    assert [(one["offer"], one["left"]) for one in logs if one["event"] == "codes_run_low"] == [("member-gift", 1)]
    async with home.http.get(f"{home.app.url}/metrics") as answer:
        assert 'zhiyu_offer_codes_left{offer="member-gift"} 1.0' in await answer.text()
    (folders.content / "codes" / "member-gift.csv").write_text("code\nFIRST\n", encoding="utf-8")
    edit(folders, "codes/member-gift.csv", "FIRST", (await home.rows(GIVEN))[0].code)
    await go_live(home)
    chat = await enter(home, "沈小姐")
    for word in ("油光明显", "补水"):
        await chat.tap(word)
    thanks = str((await chat.write("某某面霜"))["content"])
    assert "记下了" in thanks and "券码" not in thanks
    assert len(await home.rows(GIVEN)) == 1


async def test_who_may_approve_hears_of_it_once_a_day_and_not_at_night(home: House) -> None:
    """As long as it lasts; guides are not asked to see to it."""
    await finished(home, survey_path(home))
    day_at = day_began_at(home.clock.now(), "Asia/Shanghai")
    for hour in (15, 17, 20, 23, 29, 34, 36):
        await home.look_at(day_at + hour * 3_600)
    for userid in ("he-yun", "zhou-lan"):
        said = [m for m in await home.sandbox.member_reads(userid) if "券码只剩 1 个" in str(m["content"])]
        assert [local_time(m["at"], "Asia/Shanghai").strftime("%d %H") for m in said] == ["26 15", "27 10"]
        assert "content/codes/member-gift.csv" in str(said[0]["content"])
    assert not [m for m in await home.sandbox.member_reads("guide-lin") if "券码只剩" in str(m["content"])]


async def test_plan_and_check_say_it(tmp_path: Path) -> None:
    """Of the sample's own codes, of which nearly all are given."""
    async with reopened(tmp_path) as home:
        codes = home.app.content.current.codes["member-gift.csv"]
        rows = ", ".join(f"('member-gift', '{code}', {n}, 'wm-{n}', 'x', 1)" for n, code in enumerate(codes[:-3], 1))
        await home.app.database.write(lambda conn: conn.exec_driver_sql(f"INSERT INTO given_codes VALUES {rows}"))
        said = "“会员月礼：面膜两片”的券码只剩 3 个"
        assert f"券码 {said}" in (await command(home, "plan"))[1]
        assert re.search(f"^提醒 content/offers.yaml:[0-9]+: codes: {said}$", (await command(home, "check"))[1], re.M)
        [told] = json.loads((await command(home, "plan", "--json"))[1])["codes"]
        assert (told["left"], told["low"], told["days"]) == (3, True, None)
