"""Links that are counted: by item, by us, and only once staff have said so."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from bot.scrm.links import Links
from bot.web.clicks import MOST_A_MINUTE, REST_SECONDS, Visitors
from demo.stories.calendar_day import approve
from tests.cli.typed import command
from tests.flow.edited import edited
from tests.handlers.test_calendar import at
from tests.handlers.test_calendar import home as home
from tests.house import GUIDE, House, reopened

DAY_SECONDS = 86_400
SHOP = "https://shop.yuhe.example/c/cream-set"


@pytest.fixture
async def counting(tmp_path: Path) -> AsyncIterator[House]:
    """A group and a customer of one guide, on the tenth of December, with clicks counted."""
    folders = edited(tmp_path, {"care.yaml": ("hold_out: 5%", "count_clicks: 是\nhold_out: 5%")})
    async with reopened(tmp_path, folders=folders) as home:
        await home.sandbox.groups.creates(GUIDE, "会员群一")
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1")
        await home.sandbox.callbacks_settled()
        await home.look_at(at(10, 9, 0))
        for role in ("", "店长"):
            await approve(home, role)
        await home.look_at(at(10, 12, 6))
        await home.clock.advance(10)
        yield home


def ours(home: House, url: str) -> str:
    """The same at the door that this test's bot really has."""
    return home.app.url + url[url.index("/r/") :]


async def test_a_link_goes_by_us_and_is_counted_for_its_item(counting: House) -> None:
    """In the words and in the card of a Moment; it leads where the file says, and says nothing about anybody."""
    [task], [moment] = await counting.sandbox.mass.tasks(GUIDE), await counting.sandbox.moments.tasks(GUIDE)
    link = await link_of(counting)
    cards = [each["link"]["url"] for each in moment["attachments"] if each["msgtype"] == "link"]
    assert SHOP not in task["text"] and re.fullmatch(r"\S+/r/[a-z2-7]{12}", link)
    for n, url in enumerate((link, *cards)):
        await opens(counting, url, f"phone {n}")
    assert await counted(counting) == 1 + len(cards)


async def opens(home: House, url: str, phone: str = "MicroMessenger/8.0") -> None:
    """Somebody taps a link: they are led on, counted or not."""
    async with home.http.get(ours(home, url), headers={"User-Agent": phone}, allow_redirects=False) as answer:
        assert answer.status == 302 and answer.headers["Location"].startswith("https://shop.yuhe.example/")
        assert answer.headers["Referrer-Policy"] == "no-referrer"


async def counted(home: House) -> int:
    code, said, _ = await command(home, "report", "clicks", "--days", "400", "--json")
    [row] = json.loads(said)["clicks"]
    assert code == 0 and row["item"] == "dg-cream-set"
    return int(row["times"])


async def link_of(home: House) -> str:
    [task] = await home.sandbox.mass.tasks(GUIDE)
    [link] = re.findall(r"https?://\S+", task["text"])
    return str(link)


async def test_who_opens_it_again_and_again_counts_once(counting: House) -> None:
    """Until they have let it be for a while; another phone is another opening."""
    link = await link_of(counting)
    for _ in range(20):
        await opens(counting, link)
        await counting.clock.advance(20)
    await opens(counting, link, "Mobile/15E148")
    assert await counted(counting) == 2
    await counting.clock.advance(REST_SECONDS * 2)
    await opens(counting, link)
    assert await counted(counting) == 3


async def test_what_is_remembered_of_visitors_is_bounded_and_says_nothing() -> None:
    """Hashes whose key is drawn anew each day; the oldest go first."""
    clock = VirtualClock(0)
    seen = Visitors(clock, most=100)
    assert all(seen.is_new("a", f"phone {n}") for n in range(1_000))
    assert seen.remembered <= 200 and not seen.is_new("a", "phone 999")
    await clock.leap(DAY_SECONDS)
    assert seen.is_new("a", "phone 999")


async def test_an_item_is_opened_so_often_a_minute_at_most() -> None:
    """By however many phones a machine says that it is."""
    clock = VirtualClock(0)
    seen = Visitors(clock)
    assert sum(seen.counts("a", f"phone {n}") for n in range(MOST_A_MINUTE + 50)) == MOST_A_MINUTE
    assert seen.counts("b", "phone 0")
    await clock.leap(60)
    assert seen.counts("a", "one more")


async def test_people_can_read_that_clicks_are_counted(counting: House) -> None:
    """Where they choose what they want to hear of."""
    link = counting.app.url + "/p/" + preferences_token(counting)
    async with counting.http.get(link) as answer:
        assert answer.status == 200 and "只数次数，不记是谁点的" in await answer.text()


def preferences_token(home: House) -> str:
    return Links("", home.config.link_key, home.clock.now()).preferences("wm-1").rpartition("/")[2]


async def test_what_is_not_ours_leads_nowhere(counting: House) -> None:
    """No address in the link, so nobody can make it lead elsewhere."""
    for path in ("/r/aaaaaaaaaaaa", "/r/https:evil.example", "/r/AAAA"):
        async with counting.http.get(counting.app.url + path, allow_redirects=False) as answer:
            assert answer.status == 404 and "Location" not in answer.headers
    assert await counting.rows("SELECT 1 FROM clicks") == []


async def test_without_the_switch_links_are_what_the_file_says(home: House) -> None:
    """Which is how it begins."""
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(10)
    [task] = await home.sandbox.mass.tasks(GUIDE)
    assert SHOP in task["text"] and await home.rows("SELECT 1 FROM tracked_links") == []
