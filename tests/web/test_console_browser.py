"""The console in a real browser, on a phone and at a desk, by day and by night: nothing cut off, everything readable,
every step by keyboard.

With ZHIYU_SCREENSHOTS set, docs/images/console-*.png are taken anew.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.web.console.door import COOKIE
from bot.web.console.site import PAGES
from demo.stories.calendar_day import approve, at
from tests.house import House, reopened
from tests.web.look import DESKTOP, IMAGES, IN_A_BROWSER, PHONE, browser, faults, press, side_by_side
from tests.web.office import ADMIN, one_group, session_of
from tests.web.test_console_files import HATS

NOON = "dec-2026/group-cream-set"

PARKED = """INSERT INTO inbox (key, app, name, line, body, received_at, deliveries, state, attempts, reason)
VALUES (x'00', 'main', 'CustomerAdded', 'customer/wm-9', '<xml/>', 1796000000, 1, 'parked', 6, '没读懂')"""

pytestmark = IN_A_BROWSER

AT_HAND = """
    if (el.matches('main') && document.querySelectorAll('h1').length !== 1) faults.push('not one headline');
    if (el.matches('button, a:not(.skip), input:not([type=hidden]), select') && box.height < 43.5)
      faults.push(`hard to tap ${box.height}: ${name}`);
"""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """The morning of a full day: a group, a guide, customers, something stopped and something put aside."""
    async with reopened(tmp_path) as home:
        await one_group(home)
        await home.sandbox.customer_adds(state="store", name="陶小姐")
        await home.sandbox.callbacks_settled()
        await home.settled()
        await home.look_at(at(9, 0))
        await approve(home, "")
        await approve(home, "店长")
        await home.look_at(at(12, 6))
        await home.look_at(at(12, 7))
        await home.app.database.write(lambda conn: conn.exec_driver_sql(PARKED))
        yield home


@asynccontextmanager
async def somebody(home: House, size: dict[str, int], userid: str = ADMIN) -> AsyncIterator[Any]:
    """A page of a browser that is in."""
    secret = await session_of(home, userid)
    async with browser() as chromium:
        context = await chromium.new_context(viewport=size, locale="zh-CN")
        await context.add_cookies([{"name": COOKIE, "value": secret, "url": f"{home.app.url}/console"}])
        yield await context.new_page()


def addresses() -> list[str]:
    """Every page, with something on it."""
    paths = [page.path for page in PAGES if page.method == "GET"]
    filled = [
        path.replace("{item}", "dg-cream-set").replace("{name:.+}", "library/talks.yaml").replace("{person}", "1")
        for path in paths
    ]
    more = (
        "/console/calendar?by=week",
        f"/console/why?q={NOON}",
        "/console/customers?q=wm",
        "/console/boxes?state=sent",
    )
    return ["/console/login", *filled, *more]


async def reads_well(home: House, page: Any, address: str) -> None:
    """A page is there, and is readable by day and by night. ZHIYU_LOOK: a folder for a picture of it."""
    answer = await page.goto(home.app.url + address)
    assert answer.status == 200, address
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        assert await faults(page, AT_HAND) == [], (address, scheme)
    if folder := os.environ.get("ZHIYU_LOOK"):
        name = address.removeprefix("/console/").replace("/", "-").replace("?", "-")
        await page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
async def test_every_page_is_readable_by_day_and_by_night(home: House, size: dict[str, int]) -> None:
    async with somebody(home, size) as page:
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        for address in addresses():
            await reads_well(home, page, address)
        assert problems == []


@pytest.mark.skipif("ZHIYU_SCREENSHOTS" not in os.environ, reason="pictures are taken when asked for")
async def test_pictures_for_the_docs(home: House) -> None:
    async with somebody(home, DESKTOP) as page:
        for name in ("today", "calendar"):
            await page.goto(f"{home.app.url}/console/{name}")
            await page.screenshot(path=str(IMAGES / f"console-{name}.png"))
    async with somebody(home, PHONE) as page:
        shots = []
        for path, scheme in (("today", "light"), ("approvals/dg-cream-set", "light"), (f"why?q={NOON}", "dark")):
            await page.emulate_media(color_scheme=scheme)
            await page.goto(f"{home.app.url}/console/{path}")
            shots.append(await page.screenshot())
        await side_by_side(page.context.browser, shots, IMAGES / "console-phone.png")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
async def test_the_calendar_explains_its_colours_and_words(home: House, size: dict[str, int]) -> None:
    """To who asks, by keyboard, too; as readable as all the rest."""
    async with somebody(home, size) as page:
        await page.goto(f"{home.app.url}/console/calendar")
        assert not await page.get_by_text("四类内容，各一种颜色").is_visible()
        await press(page, "颜色和字是什么意思", whole=True)
        await page.get_by_text("四类内容，各一种颜色").wait_for(state="visible")
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme=scheme)
            assert await faults(page, AT_HAND) == [], scheme
        if folder := os.environ.get("ZHIYU_LOOK"):
            await page.screenshot(path=f"{folder}/calendar-legend-{size['width']}.png")


async def test_something_is_stopped_by_keyboard_alone(home: House) -> None:
    async with somebody(home, PHONE) as page:
        await page.goto(f"{home.app.url}/console/today")
        await press(page, "跳到正文", whole=True)
        await press(page, "开关", whole=True)
        await page.get_by_role("heading", name="急停").wait_for()
        await page.get_by_label("停掉什么").focus()
        await page.keyboard.press("ArrowDown")
        await page.get_by_label("为什么").focus()
        await page.keyboard.type("图还没修好")
        await page.keyboard.press("Enter")
        await page.get_by_text("已停掉").wait_for()
        assert await faults(page, AT_HAND) == []
        await press(page, "恢复", whole=True)
        await page.get_by_text("已恢复").wait_for()
    assert len(await home.rows("SELECT * FROM audit_trail")) == 2


async def test_a_slip_is_told_while_it_is_typed(home: House) -> None:
    """Nothing is pressed; the line is named, and one gets to it; once it is mended, that is told, too, and the text
    stays as it is."""
    async with somebody(home, PHONE) as page:
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        await page.goto(f"{home.app.url}/console/files/edit/library/hats.yaml")
        text, findings = page.get_by_role("textbox", name="内容", exact=True), page.locator("#findings")
        assert await findings.get_attribute("aria-live") == "polite"
        await text.fill("items:\n  - id: hd-hats\n")
        await text.press_sequentially("    title: 冬天戴帽子\n    kind: 促销\n")
        await findings.get_by_text("第 4 行").first.wait_for()
        assert "促销" in await findings.inner_text() and "科普" in await findings.inner_text()
        assert await faults(page, AT_HAND) == []
        await press(page, "到第 4 行", whole=True)
        chosen = "el => el.value.slice(el.selectionStart, el.selectionEnd)"
        assert await text.evaluate(chosen) == "    kind: 促销" and await text.evaluate(
            "el => el === document.activeElement"
        )
        await text.fill(HATS)
        await findings.get_by_text("没有错误，可以存").wait_for()
        assert await text.input_value() == HATS and problems == []
        await page.context.clear_cookies()
        await text.press_sequentially("#")
        await findings.get_by_text("登录过期了").wait_for()
        assert await text.input_value() == HATS + "#"


async def test_who_comes_for_a_line_is_taken_to_it(home: House) -> None:
    """From a page that says what would turn something."""
    async with somebody(home, PHONE) as page:
        await page.goto(f"{home.app.url}/console/files/edit/library/talks.yaml#L5")
        text = page.locator("textarea")
        line = (await text.input_value()).splitlines()[4]
        assert await text.evaluate("el => el.value.slice(el.selectionStart, el.selectionEnd)") == line
        assert await text.evaluate("el => el === document.activeElement")
