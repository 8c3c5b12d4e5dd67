"""A page as people see it: in a real browser, by day and by night, by keyboard."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from demo.stage import ROOT

CHROMIUM = Path("/usr/bin/chromium")
IMAGES = ROOT / "docs" / "images"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium: page tests are skipped"),
]
"""The marks of a module whose tests need one."""

_FAULTS = """() => {
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
    if (!box.width || style.clipPath !== 'none' || el.closest('thead') && innerWidth < 900) continue;
    const says = [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const contrast = ratio(rgba(style.color), behind(el));
    if (says && contrast < 4.5) faults.push(`contrast ${contrast.toFixed(2)}: ${name}`);
    if (says && parseFloat(style.fontSize) < 15) faults.push(`small words: ${name}`);
    if (box.left < 0 || box.right > innerWidth + 0.5) faults.push(`cut off: ${name}`);
    if (el.matches('input:not([type=hidden]), textarea, select') && !el.labels.length) faults.push(`no label: ${name}`);
    if (el.matches('img') && !el.alt) faults.push(`no words for a picture: ${name}`);
    OF_AN_ELEMENT
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push('scrolls sideways');
  if (document.querySelectorAll('fieldset').length !== document.querySelectorAll('fieldset > legend').length)
    faults.push('a fieldset without a legend');
  if (!document.title || document.documentElement.lang !== 'zh-CN') faults.push('no title or language');
  return faults;
}"""

OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
}"""


async def faults(page: Any, of_an_element: str = "") -> list[str]:
    """What is hard to read, to reach or to understand on a page; WCAG 2.2 AA where it has a number.

    of_an_element: what else to look for, as JavaScript over `el`, its `box` and its `name`.
    """
    found: list[str] = await page.evaluate(_FAULTS.replace("OF_AN_ELEMENT", of_an_element))
    return found


@asynccontextmanager
async def browser() -> AsyncIterator[Any]:
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        await chromium.close()


async def press(page: Any, words: str, key: str = "Enter", *, whole: bool = False) -> None:
    """Go to the button, link or box with these words by Tab alone, and press a key there. `whole`: no other words."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if not await focused.count():
            continue
        said = (await focused.evaluate("el => (el.labels?.[0] || el).textContent")).strip()
        if said == words or (words in said and not whole):
            break
    else:
        raise AssertionError(f"no way to “{words}” by keyboard")
    assert await page.evaluate(OUTLINE) >= 2, f"nobody sees that the focus is on “{words}”"
    await page.keyboard.press(key)


async def side_by_side(chromium: Any, shots: Sequence[bytes], path: Path) -> None:
    """Several phones in one picture."""
    images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(s).decode()}">' for s in shots)
    page = await chromium.new_page(viewport={"width": 3 * 300 + 4 * 20, "height": 690})
    style = "body{margin:20px;display:flex;gap:20px;background:#d9d6d0}img{width:300px;border-radius:20px}"
    await page.set_content(f"<style>{style}</style>{images}")
    await page.screenshot(path=str(path))
