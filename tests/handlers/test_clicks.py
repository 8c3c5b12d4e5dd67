"""Links that are counted: by item, by us, and only once staff have said so."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.scrm.links import Links
from demo.stories.calendar_day import approve
from tests.cli.typed import command
from tests.flow.edited import edited
from tests.handlers.test_calendar import at
from tests.handlers.test_calendar import home as home
from tests.house import GUIDE, House, house, sqlite_url

SHOP = "https://shop.yuhe.example/c/cream-set"


@pytest.fixture
async def counting(tmp_path: Path) -> AsyncIterator[House]:
    """A group and a customer of one guide, on the tenth of December, with clicks counted."""
    folders = edited(tmp_path, {"care.yaml": ("hold_out: 5%", "count_clicks: 是\nhold_out: 5%")})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
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
    [link] = re.findall(r"https?://\S+", task["text"])
    cards = [each["link"]["url"] for each in moment["attachments"] if each["msgtype"] == "link"]
    assert SHOP not in task["text"] and re.fullmatch(r"\S+/r/[a-z2-7]{12}", link)
    for url in (link, link, *cards):
        async with counting.http.get(ours(counting, url), allow_redirects=False) as answer:
            assert answer.status == 302 and answer.headers["Location"].startswith("https://shop.yuhe.example/")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    code, said, _ = await command(counting, "report", "clicks", "--days", "400", "--json")
    assert code == 0 and json.loads(said)["clicks"] == [{"item": "dg-cream-set", "times": 2 + len(cards)}]


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
