"""A guide fills the survey in with a customer: by a page, and by what the sidebar calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import GUIDE, House, customer_xml
from tests.web.phone import CUSTOMER, links, pages, phone, survey_path

API = "/api/guide/survey"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with pages(tmp_path) as home:
        yield home


def bearer(home: House, userid: str = GUIDE) -> dict[str, str]:
    return {"Authorization": f"Bearer {links(home).guide_token(userid)}"}


async def state(home: House, who: str = CUSTOMER, **headers: str) -> tuple[int, dict[str, Any]]:
    """What the sidebar gets."""
    url = f"{home.app.url}{API}"
    async with home.http.get(url, params={"external_userid": who}, headers=headers or bearer(home)) as answer:
        return answer.status, await answer.json()


async def said(home: House, question: str, *values: str, who: str = CUSTOMER) -> tuple[int, dict[str, Any]]:
    """The sidebar sends an answer."""
    body = {"external_userid": who, "question": question, "values": values}
    async with home.http.post(f"{home.app.url}{API}/answer", json=body, headers=bearer(home)) as answer:
        return answer.status, await answer.json()


async def test_by_the_page_from_first_to_last(home: House) -> None:
    """The consent is there to be read out; answers are the guide's surface; then the thanks."""
    async with phone(home) as guide:
        page = await guide.open(f"{links(home).guide(GUIDE)}/survey?external_userid={CUSTOMER}")
        assert "念给对方听" in page.text and "洗完脸" in page.ask
        assert "最想先照顾" in (await guide.tap("", "油光明显")).ask
        assert (await guide.tap("answer", "没有这一项")).status == 422
        await guide.open(f"{links(home).guide(GUIDE)}/survey?external_userid={CUSTOMER}")
        await guide.tap("", "防晒")
        assert "记下了" in (await guide.tap("skip")).ask
        await home.settled()
    rows = await home.rows("SELECT DISTINCT surface FROM survey_answers")
    assert [surface for (surface,) in rows] == ["侧边栏"]
    assert await home.rows("SELECT purpose, place FROM consents") == [("survey", "侧边栏")]


async def test_by_the_sidebar(home: House) -> None:
    """The question with its options, then the next; what makes no sense is said so and not kept."""
    status, told = await state(home)
    assert (status, told["number"], told["question"]["id"]) == (200, 1, "skin")
    assert told["question"]["options"][0] == "紧绷起皮" and told["survey"]["consent"]
    assert (await said(home, "skin", "乱写"))[0] == 422
    assert (await said(home, "skin", "紧绷起皮"))[1]["question"]["id"] == "wish"
    assert (await said(home, "skin", "油光明显"))[1]["answers"][0]["values"] == ["紧绷起皮"]
    assert (await said(home, "wish"))[1]["question"]["id"] == "using"
    ended = (await said(home, "using", "面霜"))[1]
    assert (ended["run"]["state"], ended["question"]) == ("done", None)


async def test_one_goes_on_where_the_other_stopped(home: House) -> None:
    """The customer begins on the page, the guide goes on in the sidebar, the customer ends it."""
    path = survey_path(home)
    async with phone(home) as mine:
        await mine.open(path)
        await mine.tap("begin")
        await mine.tap("", "紧绷起皮")
        assert (await said(home, "wish", "补水"))[1]["question"]["id"] == "using"
        assert "护肤品是什么" in (await mine.open(path)).ask
        assert "记下了" in (await mine.tap("answer", "面霜")).ask
    await home.settled()
    assert (await state(home))[1]["run"]["state"] == "done"
    assert len(await home.rows("SELECT run_id FROM survey_runs")) == 1


async def test_a_no_holds_for_guides_too(home: House) -> None:
    """Who declined is not asked by another way; what is sent all the same is not kept."""
    async with phone(home) as mine, phone(home) as guide:
        await mine.open(survey_path(home))
        await mine.tap("decline")
        page = await guide.open(f"{links(home).guide(GUIDE)}/survey?external_userid={CUSTOMER}")
        assert (page.status, page.ask) == (410, "这份调研已经结束")
        told = (await said(home, "skin", "紧绷起皮"))[1]
        assert (told["run"]["state"], told["question"], told["answers"]) == ("declined", None, [])
    await home.settled()
    assert await home.rows("SELECT run_id FROM survey_answers") == []


async def test_guides_see_their_own_customers_only(home: House) -> None:
    """Nobody else's, nobody unknown, and nobody who has left."""
    assert (await state(home, "wm-99"))[0] == 403
    assert (await state(home, **bearer(home, "guide-zhou")))[0] == 403
    assert (await said(home, "skin", "紧绷起皮", who="wm-99"))[0] == 403
    async with phone(home) as guide:
        page = await guide.open(f"{links(home).guide('guide-zhou')}/survey?external_userid={CUSTOMER}")
        assert (page.status, page.ask) == (403, "看不到这位客户")
    await home.push(customer_xml("del_follow_user", 1, home.clock.now()))
    await home.settled()
    assert (await state(home))[0] == 403


async def test_a_link_lives_for_a_working_day(home: House) -> None:
    """12 hours; without one, or with a customer's, nothing is told."""
    old = bearer(home)
    customers = {"Authorization": f"Bearer {survey_path(home).removeprefix('/s/')}"}
    for headers in (customers, {"Authorization": "Basic x"}, {"X": "y"}):
        assert (await state(home, **headers))[0] == 401
    home.clock._now += 12 * 3600
    assert (await state(home, **old))[0] == 401
    assert (await state(home, **bearer(home)))[0] == 200


NONSENSE = (
    *("", "[]", "null", "{}", "\udcff", "[" * 9000, '{"a": ' * 900),
    '{"external_userid": 1, "question": "skin"}',
    '{"external_userid": "wm-1", "question": "skin", "values": "ab"}',
    '{"external_userid": "wm-1", "question": "skin", "survey": []}',
    '{"external_userid": "wm-1", "question": "\\ud800"}',
    '{"external_userid": "wm-1\\u0000", "question": "skin"}',
)


async def test_nonsense_is_a_400(home: House) -> None:
    """Never a fault of ours."""
    for body in NONSENSE:
        raw = body.encode("utf-8", "surrogateescape")
        async with home.http.post(f"{home.app.url}{API}/answer", data=raw, headers=bearer(home)) as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "sense"), body[:60]
