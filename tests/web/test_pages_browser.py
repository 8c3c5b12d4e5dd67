"""The survey and the guides' pages in a real browser at phone size: by keyboard alone, readable by day and by night,
nothing cut off.

With ZHIYU_SCREENSHOTS set, docs/images/survey-h5.png and guide.png are taken anew.
"""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.stage import ROOT
from tests.house import House
from tests.web.phone import CUSTOMER, links, pages, survey_path

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOT, GUIDE_SCREENSHOT = (ROOT / "docs" / "images" / name for name in ("survey-h5.png", "guide.png"))
PHONE = {"width": 390, "height": 844}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium: page tests are skipped"),
]

FAULTS = """() => {
  const faults = [];
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const rgba = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return [...n.slice(0, 3), n[3] ?? 1]; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (el) => {
    for (; el; el = el.parentElement) {
      const colour = rgba(getComputedStyle(el).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  for (const el of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(el), box = el.getBoundingClientRect(), name = el.outerHTML.slice(0, 90);
    const says = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const contrast = ratio(rgba(style.color), behind(el));
    if (says && contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${name}`);
    if (says && parseFloat(style.fontSize) < 15) faults.push(`small words: ${name}`);
    if (box.left < 0 || box.right > innerWidth) faults.push(`cut off: ${name}`);
    if (el.matches('input:not([type=hidden]), textarea, select') && !el.labels.length) faults.push(`no label: ${name}`);
    if (el.matches('button, a, label.choice, input.field') && box.height < 44) faults.push(`hard to tap: ${name}`);
    if (el.matches('button.main, label.choice, input.field, fieldset button') && box.bottom < innerHeight / 2)
      faults.push(`out of a thumb's reach: ${name}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push('scrolls sideways');
  if (document.querySelectorAll('fieldset').length !== document.querySelectorAll('fieldset > legend').length)
    faults.push('a fieldset without a legend');
  if (!document.title || document.documentElement.lang !== 'zh-CN') faults.push('no title or language');
  return faults;
}"""
"""What is hard to read, to reach or to understand on a page; WCAG 2.2 AA where it has a number."""

OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
}"""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with pages(tmp_path) as home:
        yield home


@asynccontextmanager
async def browser() -> AsyncIterator[Any]:
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        await chromium.close()


async def press(page: Any, words: str, key: str = "Enter") -> None:
    """Go to the button, link or box with these words by Tab alone, and press a key there."""
    for _ in range(20):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if await focused.count() and words in await focused.evaluate("el => (el.labels?.[0] || el).textContent"):
            break
    else:
        raise AssertionError(f"no way to “{words}” by keyboard")
    assert await page.evaluate(OUTLINE) >= 2, f"nobody sees that the focus is on “{words}”"
    await page.keyboard.press(key)


async def asks(page: Any, words: str, shots: list[bytes] | None = None) -> None:
    """The page that asks this is there, and has no faults, by night or by day."""
    await page.get_by_text(words).first.wait_for()
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        assert await page.evaluate(FAULTS) == [], scheme
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


async def side_by_side(chromium: Any, shots: list[bytes], path: Path) -> None:
    """Several phones in one picture."""
    images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(s).decode()}">' for s in shots)
    page = await chromium.new_page(viewport={"width": 3 * 300 + 4 * 20, "height": 690})
    style = "body{margin:20px;display:flex;gap:20px;background:#d9d6d0}img{width:300px;border-radius:20px}"
    await page.set_content(f"<style>{style}</style>{images}")
    await page.screenshot(path=str(path))
