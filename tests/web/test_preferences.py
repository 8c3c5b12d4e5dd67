"""A customer says what they want to hear of, and what not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.router import Router
from bot.scrm.consent import EVERYTHING, Preferences
from bot.scrm.decision import Decision
from bot.scrm.events.privacy import PreferenceSet
from bot.scrm.facts import Facts
from bot.web.preferences import changed
from handlers import welcome
from handlers.privacy import preference
from tests.flow.edited import edit, edited
from tests.house import GUIDE, House, house, sqlite_url
from tests.web.phone import CUSTOMER, TOPICS, Seen, links, pages, phone


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with pages(tmp_path) as home:
        yield home


def wanted(page: Seen) -> set[str]:
    """The topics that are ticked."""
    return {topic for topic in TOPICS if f'value="{topic}" checked' in page.text}


async def refused(home: House) -> set[str]:
    await home.settled()
    return {topic for (topic,) in await home.rows("SELECT topic FROM preferences WHERE NOT wanted")}


async def test_topics_one_by_one_and_all_at_once(home: House) -> None:
    """Everything is wanted at first; what is unticked is refused; nothing at all is one tap away, and can be undone."""
    async with phone(home) as mine:
        first = await mine.open(links(home).preferences(CUSTOMER))
        assert wanted(first) == set(TOPICS) and CUSTOMER not in first.text
        saved = await mine.tap("save", topic=TOPICS[0])
        assert wanted(saved) == {TOPICS[0]} and 'role="status"' in saved.text
        assert await refused(home) == set(TOPICS[1:])
        nothing = await mine.tap("none")
        assert wanted(nothing) == set() and "不再主动" in nothing.text
        assert EVERYTHING in await refused(home)
        assert wanted(await mine.open(mine.at)) == set()
        await mine.tap("save", topic=TOPICS[1])
        assert await refused(home) == set(TOPICS) - {TOPICS[1]}
        assert wanted(await mine.open(mine.at)) == {TOPICS[1]}


async def test_topics_are_those_that_staff_write(tmp_path: Path) -> None:
    """One that a brand adds to care.yaml can be refused, on the customer's page and by a guide."""
    folders = edited(tmp_path, {"care.yaml": ("会员福利]", "会员福利, 身体护理]")})
    edit(folders, "tags.yaml", "会员福利]}", "会员福利, 身体护理]}")
    async with pages(tmp_path, folders) as home, phone(home) as mine:
        await mine.open(links(home).preferences(CUSTOMER))
        assert 'value="身体护理" checked' in mine.page.text
        await mine.tap("save", topic=list(TOPICS))
        assert await refused(home) == {"身体护理"}
        guide = await mine.open(links(home).guide(CUSTOMER, GUIDE))
        assert 'value="身体护理" disabled' in guide.text


async def test_only_this_browser_and_only_our_page(home: House) -> None:
    """A form from elsewhere changes nothing, nor does one without its cookie; another's link is another's."""
    async with phone(home) as mine, phone(home) as theirs:
        await mine.open(links(home).preferences(CUSTOMER))
        await theirs.open(links(home).preferences("wm-2"))
        assert (await theirs.tap("none", form=mine.page.hidden("form"))).status == 403
        assert (await mine.tap("none", headers={"Sec-Fetch-Site": "cross-site"})).status == 403
        await mine.open(links(home).preferences(CUSTOMER))
        mine.http.cookie_jar.clear()
        assert (await mine.tap("none")).status == 403
    assert await refused(home) == set()


@asynccontextmanager
async def lagging(tmp_path: Path) -> AsyncIterator[tuple[House, asyncio.Event]]:
    """A bot whose handler of preferences waits until it is let go."""
    let_go, router = asyncio.Event(), Router().include(welcome.router)

    @router.on(PreferenceSet)
    async def late(event: PreferenceSet, facts: Facts) -> Decision:
        await let_go.wait()
        return await preference(event, facts)

    async with house(sqlite_url(tmp_path), router=router, waits=False) as home:
        yield home, let_go
        let_go.set()


async def test_a_refusal_is_kept_while_the_one_before_waits(tmp_path: Path) -> None:
    """Refused, wanted again, refused, faster than anything is handled: it is refused, and the page shows each."""
    async with lagging(tmp_path) as (home, let_go), phone(home) as mine:
        path = links(home).preferences(CUSTOMER)
        for ticked in (TOPICS[1:], TOPICS, TOPICS[1:]):
            await mine.open(path)
            assert wanted(await mine.tap("save", topic=list(ticked))) == set(ticked)
            assert wanted(await mine.open(path)) == set(ticked)
        let_go.set()
        assert await refused(home) == {TOPICS[0]}


sets_of_topics = st.sets(st.sampled_from(TOPICS)).map(frozenset)


@given(before=st.sets(st.sampled_from((*TOPICS, EVERYTHING))).map(frozenset), wants=sets_of_topics)
def test_what_is_ticked_is_what_is_wanted_then(before: frozenset[str], wants: frozenset[str]) -> None:
    """Whatever was refused before, and nothing is said twice."""
    known = Preferences(before)
    said = changed(known, wants, TOPICS)
    for topic, is_wanted in said:
        known = known.after(topic, wanted=is_wanted)
    assert {topic for topic in TOPICS if not known.opted_out(topic)} == wants
    assert changed(known, wants, TOPICS) == []
