"""The console of a brand with 100,000 customers, 500 guides and 2,000 groups in a real browser, on a phone and at a
desk: nothing scrolls sideways or is cut off, all is readable by day and by night, the keyboard reaches everything.

How fast the pages come is measured by bench/console.py. With ZHIYU_LOOK set to a folder, a picture of each is left
there; ZHIYU_PEOPLE makes it another number of customers.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bench.brand import addresses, approved, made
from bench.plan import AT
from bot.clock import VirtualClock
from tests.house import House, house
from tests.web.look import DESKTOP, IN_A_BROWSER, PHONE
from tests.web.test_console_browser import reads_well, somebody

PEOPLE = int(os.environ.get("ZHIYU_PEOPLE", "100000"))
RECKONED_SECONDS = 120
STOPS_AT_MOST = 900
"""Of the keyboard on one page: a page of a table has fifty rows with a few links each."""

pytestmark = [*IN_A_BROWSER, pytest.mark.slow]

WALKED = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  if (at === document.body) return null;
  const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left >= 0 && box.right <= innerWidth;
  return {name: at.outerHTML.slice(0, 90), seen, inside};
}"""
STOPS = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')]
  .filter((el) => getComputedStyle(el).visibility !== 'hidden' && el.getClientRects().length).length"""


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its database, made once."""
    path = tmp_path_factory.mktemp("brand") / "zhiyu.sqlite3"
    asyncio.run(made(path, PEOPLE))
    return path


@pytest.fixture
async def home(brand: Path) -> AsyncIterator[House]:
    async with house(f"sqlite:///{brand}", clock=VirtualClock(AT), waits=False) as home:
        await approved(home.app)
        yield home


async def reckoned(home: House, page: Any) -> None:
    """Until what takes long to reckon is there to be seen."""

    async def there() -> bool:
        said = ""
        for path in ("plan", "ledger", "ledger?days=30", "channels", "results"):
            await page.goto(f"{home.app.url}/console/{path}")
            said += await page.locator("main").inner_text()
        return "正在推算" not in said

    for _ in range(RECKONED_SECONDS):
        if await there():
            return
        await asyncio.sleep(1)
    raise AssertionError("it takes too long to reckon")


async def unreached(page: Any) -> list[str]:
    """By Tab alone from the top: what is not reached, or not seen when it is."""
    wrong, reached = [], 0
    await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    for _ in range(STOPS_AT_MOST):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(WALKED)
        if stop is None:
            break
        reached += 1
        if not (stop["seen"] and stop["inside"]):
            wrong.append(f"focus not seen: {stop['name']}")
    there = await page.evaluate(STOPS)
    return [*wrong, *([f"{there - reached} of {there} not reached"] if reached < there else [])]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
async def test_every_page_with_the_whole_brand_behind_it(home: House, size: dict[str, int]) -> None:
    async with somebody(home, size) as page:
        await reckoned(home, page)
        for address in addresses():
            await reads_well(home, page, address)
            assert await unreached(page) == [], address
