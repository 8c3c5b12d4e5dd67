"""The survey and the guides' pages in a real browser at phone size: by keyboard alone, readable by day and by night,
nothing cut off.

With ZHIYU_SCREENSHOTS set, docs/images/survey-h5.png and guide.png are taken anew.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import House
from tests.web.look import IMAGES, IN_A_BROWSER, PHONE, browser, faults, press, side_by_side
from tests.web.phone import CUSTOMER, links, pages, survey_path

SCREENSHOT, GUIDE_SCREENSHOT = IMAGES / "survey-h5.png", IMAGES / "guide.png"

pytestmark = IN_A_BROWSER

AT_HAND = """
    if (el.matches('button, a, label.choice, input.field') && box.height < 44) faults.push(`hard to tap: ${name}`);
    if (el.matches('button.main, label.choice, input.field, fieldset button') && box.bottom < innerHeight / 2)
      faults.push(`out of a thumb's reach: ${name}`);
"""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with pages(tmp_path) as home:
        yield home


async def asks(page: Any, words: str, shots: list[bytes] | None = None) -> None:
    """The page that asks this is there, and has no faults, by night or by day."""
    await page.get_by_text(words).first.wait_for()
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        assert await faults(page, AT_HAND) == [], scheme
    if shots is not None:
        shots.append(await page.screenshot())


async def test_the_whole_survey_by_keyboard(home: House) -> None:
    """Every page readable by day and by night, every step reached by Tab, every fault beside its question."""
    shots: list[bytes] = []
    async with browser() as chromium:
        page = await chromium.new_page(viewport=PHONE)
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.goto(home.app.url + survey_path(home))
        await asks(page, "认识你的皮肤", shots)
        await press(page, "好，开始")
        await asks(page, "你的脸更像哪种", shots)
        await press(page, "容易红和刺痛")
        await asks(page, "一般什么时候更明显", shots)
        await press(page, "选好了")
        await asks(page, "至少选一个")
        problems.clear()  # the browser notes the 422 that came with it
        await press(page, "换季", "Space")
        await press(page, "熬夜", "Space")
        await press(page, "选好了")
        await asks(page, "最想先照顾哪件事")
        await press(page, "上一题")
        await asks(page, "你答的是“换季、熬夜”")
        await press(page, "换季", "Space")
        await press(page, "选好了")
        await asks(page, "最想先照顾哪件事")
        await press(page, "上一题")
        await asks(page, "你答的是“熬夜”")
        await press(page, "不改，继续")
        await press(page, "跳过")
        await asks(page, "每天在用的一样护肤品")
        await page.get_by_label("每天在用的一样护肤品").focus()
        await page.keyboard.type("某某面霜")
        await page.keyboard.press("Enter")
        await asks(page, "记下了，谢谢你")
        await press(page, "选择想收到什么")
        await asks(page, "想收到什么，你说了算")
        await press(page, "活动", "Space")
        await press(page, "保存")
        await asks(page, "记下了，以后按你选的来")
        await page.goto(f"{home.app.url}/s/nonsense")
        await asks(page, "这个链接打不开")
        await page.goto(f"{home.app.url}{links(home).guide(CUSTOMER, 'guide-lin')}/survey")
        await asks(page, "记下了，谢谢你")
        assert [p for p in problems if "404" not in p] == []
        if "ZHIYU_SCREENSHOTS" in os.environ:
            await side_by_side(chromium, shots, SCREENSHOT)
    await home.settled()
    assert await home.scalar("SELECT count(*) FROM survey_answers") == 4


async def test_a_guides_pages_by_keyboard(home: House) -> None:
    """From the newest customers to one of them, a refusal noted, and back from a survey filled in together."""
    shots: list[bytes] = []
    async with browser() as chromium:
        page = await chromium.new_page(viewport=PHONE)
        await page.goto(f"{home.app.url}{links(home).member('guide-lin')}")
        await asks(page, "我的客户", shots)
        await press(page, "还不知道名字")
        await asks(page, "对方还想收到什么", shots)
        await press(page, "活动", "Space")
        await press(page, "保存")
        await asks(page, "记下了，也会在企业微信里打上标签")
        await press(page, "和对方一起填小问题")
        await asks(page, "先念给对方听", shots)
        for words, then in (("油光明显", "最想先照顾"), ("跳过", "护肤品是什么"), ("跳过", "记下了，谢谢你")):
            await press(page, words)
            await asks(page, then)
        await press(page, "回到这位客户")
        await asks(page, "小问题答完了")
        if "ZHIYU_SCREENSHOTS" in os.environ:
            await side_by_side(chromium, shots, GUIDE_SCREENSHOT)
    await home.settled()
    assert await home.rows("SELECT topic FROM preferences WHERE NOT wanted") == [("活动",)]
