"""A guide at their pages: the way in, the survey with a customer, and what the customer wants no more of."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.house import GUIDE, House, added, customer_xml
from tests.web.phone import CUSTOMER, TOPICS, links, pages, phone, survey_path
from tests.web.test_preferences import lagging

SURVEY, TOPICS_API = "/api/guide/survey", "/api/guide/preferences"
Told = tuple[int, dict[str, Any]]


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with pages(tmp_path) as home:
        yield home


def page_of(home: House, userid: str = GUIDE) -> str:
    return links(home).guide(CUSTOMER, userid)


def bearer(home: House, userid: str = GUIDE, who: str = CUSTOMER) -> dict[str, str]:
    return {"Authorization": f"Bearer {links(home).guide_token(who, userid)}"}


async def state(home: House, api: str = SURVEY, **headers: str) -> Told:
    """What the sidebar gets."""
    async with home.http.get(f"{home.app.url}{api}", headers=headers or bearer(home)) as answer:
        return answer.status, await answer.json()


async def said(home: House, question: str, *values: str, who: str = CUSTOMER) -> Told:
    """The sidebar sends an answer."""
    body = {"question": question, "values": values}
    async with home.http.post(f"{home.app.url}{SURVEY}/answer", json=body, headers=bearer(home, who=who)) as answer:
        return answer.status, await answer.json()


async def noted(home: House, topic: object, wanted: object = False) -> Told:
    """The sidebar notes what the customer said."""
    body = {"topic": topic, "wanted": wanted}
    async with home.http.post(f"{home.app.url}{TOPICS_API}", json=body, headers=bearer(home)) as answer:
        return answer.status, await answer.json()


async def marks(home: House) -> list[tuple[str, list[str], list[str]]]:
    """Refusals as WeCom was told them: (guide, tags added, tags taken away)."""
    await home.settled()
    rows = await home.rows("SELECT payload FROM outbox WHERE kind = 'MarkTags' ORDER BY id")
    told = [json.loads(payload) for (payload,) in rows]
    refusals = [(m["userid"], m["add"], m["remove"]) for m in told]
    return [m for m in refusals if any(tag.startswith(("退订/", "触达/")) for tag in (*m[1], *m[2]))]


async def test_entering_the_app_brings_the_way_to_ones_customers(home: House) -> None:
    """From the message to the list, on to one customer, on to the survey; once in half an hour."""
    for _ in range(2):
        await home.sandbox.member_enters_app(GUIDE, int(home.config.main_app.agentid))
        await home.settled()
    [message] = [m for m in await home.sandbox.member_reads(GUIDE) if "我的客户" in str(m)]
    path = re.search(r"/m/[\w-]+", str(message))
    async with phone(home) as guide:
        mine = await guide.open(path[0] if path else "")
        assert mine.ask == "我的客户" and mine.text.count('class="button pair"') == 1
        found = re.search(r'href="\.\.(/g/[\w-]+)"', mine.text)
        customer = await guide.open(found[1] if found else "")
        assert "小问题发过了" in customer.text and CUSTOMER not in customer.text + mine.text
        page = await guide.open(f"/g/{customer.link('和对方一起填小问题')}")
        assert "念给对方听" in page.text
        await home.clock.advance(2 * 3600)
        assert (await guide.open(path[0] if path else "")).ask == "这个链接过期了"


async def test_who_has_no_customers_gets_no_link(home: House) -> None:
    """A cashier who opens the app is not written to."""
    await home.sandbox.member_enters_app("guide-wu", int(home.config.main_app.agentid))
    await home.settled()
    assert await home.sandbox.member_reads("guide-wu") == []


async def test_a_notice_about_a_customer_leads_to_their_page(home: House) -> None:
    """A welcome that could not be sent: the guide's message opens that customer's page, until the evening."""
    await home.push(added(2, home.clock.now()))
    await home.settled()
    notice = await home.scalar("SELECT payload FROM outbox WHERE kind = 'SendAppMessage'")
    path = re.search(r"/g/[\w-]+", notice)
    async with phone(home) as guide:
        assert (await guide.open(path[0] if path else "")).status == 200
        await home.clock.advance(12 * 3600)
        page = await guide.open(path[0] if path else "")
        assert (page.status, page.ask) == (410, "这个链接过期了") and "点开应用" in page.text


async def test_a_guide_notes_what_a_customer_wants_no_more_of(home: House) -> None:
    """Held at once, seen as a tag by every guide, and taken back by the same page."""
    async with phone(home) as guide:
        await guide.open(page_of(home))
        saved = await guide.tap("save", topic=["护肤知识", "新品", "会员福利"])
        assert 'role="status"' in saved.text and 'value="活动" checked' not in saved.text
        assert await marks(home) == [(GUIDE, ["退订/活动"], [])]
        assert await home.rows("SELECT topic, wanted, set_by FROM preferences") == [("活动", False, f"guide/{GUIDE}")]
        await guide.open(page_of(home))
        await guide.tap("save", topic=list(TOPICS))
        assert (await marks(home))[1:] == [(GUIDE, [], ["退订/活动"])]
        await guide.open(page_of(home))
        await guide.tap("none")
        assert (await marks(home))[2:] == [(GUIDE, ["触达/不再推送"], [])]
        assert "checked" not in (await guide.open(page_of(home))).text


async def test_what_the_customer_refused_themself_no_guide_takes_back(home: House) -> None:
    """Locked on the page, 403 in the sidebar, and not done either way."""
    async with phone(home) as mine, phone(home) as guide:
        await mine.open(links(home).preferences(CUSTOMER))
        await mine.tap("save", topic=["护肤知识", "新品", "会员福利"])
        await home.settled()
        page = await guide.open(page_of(home))
        assert 'value="活动" disabled' in page.text and "活动（对方自己退的）" in page.text
        await guide.tap("save", topic=list(TOPICS))
        assert (await noted(home, "活动", True))[0] == 403
        assert await marks(home) == [(GUIDE, ["退订/活动"], [])]
        assert await home.rows("SELECT wanted, set_by FROM preferences") == [(False, "customer")]


async def test_a_refusal_by_the_sidebar(home: House) -> None:
    """One topic, then everything; said twice it is one."""
    assert (await noted(home, "新品"))[0] == 200
    assert (await noted(home, "新品"))[0] == 200
    await home.settled()
    topics = (await state(home, TOPICS_API))[1]["topics"]
    assert {t["topic"] for t in topics if not t["wanted"]} == {"新品"}
    assert not any(t["own_word"] for t in topics)
    told = (await noted(home, "全部"))[1]
    assert told["nothing"] and not any(t["wanted"] for t in told["topics"])
    assert [add for _, add, _ in await marks(home)] == [["退订/新品"], ["触达/不再推送"]]
    for topic, wanted in (("天气", False), (1, False), ("新品", "no"), ("", True)):
        assert (await noted(home, topic, wanted))[0] == 400


async def test_a_refusal_is_kept_while_the_one_before_waits(tmp_path: Path) -> None:
    """By the page and by the sidebar: noted, taken back and noted again, faster than anything is handled."""
    async with lagging(tmp_path) as (home, let_go), phone(home) as guide:
        await home.push(added(1, home.clock.now(), code="CODE"))
        await home.settled()
        for ticked in (TOPICS[1:], TOPICS, TOPICS[1:]):
            await guide.open(page_of(home))
            await guide.tap("save", topic=list(ticked))
            assert guide.page.text.count(" checked") == len(ticked)
            assert (await guide.open(page_of(home))).text.count(" checked") == len(ticked)
        for wanted in (False, True, False):
            assert (await noted(home, TOPICS[1], wanted))[0] == 200
            told = (await state(home, TOPICS_API))[1]["topics"]
            assert [t["wanted"] for t in told] == [False, wanted, True, True]
        let_go.set()
        await home.settled()
        rows = await home.rows("SELECT topic FROM preferences WHERE NOT wanted")
        assert {topic for (topic,) in rows} == set(TOPICS[:2])


async def test_by_the_page_from_first_to_last(home: House) -> None:
    """The consent is there to be read out; answers are the guide's surface; then the thanks."""
    async with phone(home) as guide:
        page = await guide.open(f"{page_of(home)}/survey?survey=newcomer")
        assert "念给对方听" in page.text and "洗完脸" in page.ask
        assert "最想先照顾" in (await guide.tap("", "油光明显")).ask
        assert (await guide.tap("answer", "没有这一项")).status == 422
        await guide.open(f"{page_of(home)}/survey")
        await guide.tap("", "防晒")
        assert "记下了" in (await guide.tap("skip")).ask
        await home.settled()
    rows = await home.rows("SELECT DISTINCT surface FROM survey_answers")
    assert [surface for (surface,) in rows] == ["侧边栏"]
    assert await home.rows("SELECT purpose, place FROM consents") == [("survey", "侧边栏")]


async def test_after_an_answer_the_way_on_is_by_the_page_itself(home: House) -> None:
    """So it holds behind a proxy that puts our pages under a path of its own."""
    async with phone(home) as guide:
        page = await guide.open(f"{page_of(home)}/survey?survey=newcomer")
        form = {"form": page.hidden("form"), "question": "skin", "answer": "油光明显"}
        async with guide.http.post(home.app.url + guide.at, data=form, allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "survey?survey=newcomer")


async def test_by_the_sidebar(home: House) -> None:
    """The question with its options, then the next; what makes no sense is said so and not kept."""
    status, told = await state(home)
    assert (status, told["number"], told["question"]["id"]) == (200, 1, "skin")
    assert told["question"]["options"][0] == "紧绷起皮" and told["survey"]["consent"]
    assert (await said(home, "skin", "乱写"))[0] == 422
    assert (await said(home, "skin", "紧绷起皮"))[1]["question"]["id"] == "wish"
    told = (await said(home, "skin", "油光明显"))[1]
    assert [a["question"] for a in told["answers"]] == ["skin"] and "紧绷起皮" not in str(told["answers"])
    assert (await said(home, "wish"))[1]["question"]["id"] == "using"
    ended = (await said(home, "using", "面霜"))[1]
    assert (ended["run"]["state"], ended["question"]) == ("done", None)


@pytest.mark.parametrize("handled", [True, False])
async def test_the_sidebar_answers_again_what_a_correction_took_away(home: House, handled: bool) -> None:
    """Whether the words before were handled by then or not."""
    path = survey_path(home)
    async with phone(home) as mine:
        await mine.open(path)
        await mine.tap("begin")
        await mine.tap("", "容易红和刺痛")
        assert (await said(home, "trigger", "换季"))[1]["question"]["id"] == "wish"
        for skin in ("油光明显", "容易红和刺痛"):
            if handled:
                await home.settled()
            await mine.open(f"{path}?q=skin")
            await mine.tap("", skin)
        if handled:
            await home.settled()
        assert (await state(home))[1]["question"]["id"] == "trigger"
        for _ in range(2):
            assert (await said(home, "trigger", "熬夜"))[1]["question"]["id"] == "wish"
        await home.settled()
    rows = await home.rows("SELECT answers FROM survey_answers WHERE question_id = 'trigger'")
    assert [json.loads(values) for (values,) in rows] == [["熬夜"]]


async def test_who_has_answered_nothing_has_agreed_to_nothing(home: House) -> None:
    """As in chat: a skip is no answer, and agrees to nothing; the first answer does."""
    await said(home, "skin")
    await home.settled()
    assert await home.rows("SELECT purpose FROM consents") == []
    await said(home, "wish", "补水")
    await said(home, "using", "面霜")
    await home.settled()
    assert await home.rows("SELECT purpose, place FROM consents") == [("survey", "侧边栏")]


async def test_nothing_is_offered_when_there_is_nothing_to_ask(home: House) -> None:
    """Once all is answered or its time is over, the customer's page says so and leads to no survey."""
    button = "和对方一起填小问题"
    async with phone(home) as guide:
        assert button in (await guide.open(page_of(home))).text
        for question in ("skin", "wish", "using"):
            await said(home, question, *{"skin": ["油光明显"], "wish": ["补水"], "using": ["面霜"]}[question])
        page = await guide.open(page_of(home))
        assert "小问题答完了" in page.text and button not in page.text
        await home.settled()
        await home.clock.advance(91 * 86_400)  # what they wish for is asked again after 90 days
        assert button in (await guide.open(page_of(home))).text


async def test_nothing_is_offered_when_the_time_is_over(home: House) -> None:
    """Nor to a guide beside a customer who let it run out."""
    await home.clock.advance(8 * 86_400)
    await home.app.schedule.tick()
    await home.settled()
    async with phone(home) as guide:
        page = await guide.open(page_of(home))
        assert "已经过期" in page.text and "和对方一起填小问题" not in page.text


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
        page = await guide.open(f"{page_of(home)}/survey")
        assert (page.status, page.ask) == (410, "这份调研已经结束")
        told = (await said(home, "skin", "紧绷起皮"))[1]
        assert (told["run"]["state"], told["question"], told["answers"]) == ("declined", None, [])
    await home.settled()
    assert await home.rows("SELECT run_id FROM survey_answers") == []


async def test_a_no_told_to_a_guide_is_heard(home: House) -> None:
    """By the page and by the sidebar: in the customer's words of thanks, and nobody asks again."""
    async with phone(home) as guide, phone(home) as mine:
        await guide.open(f"{page_of(home)}/survey")
        await guide.tap("", "油光明显")
        assert "对方不想答了" in guide.page.text
        assert (await guide.tap("decline")).ask == "这份调研已经结束"
        await home.settled()
        assert (await mine.open(survey_path(home))).ask == "认识你的皮肤"
        assert (await mine.tap("begin")).status == 410
    assert await home.rows("SELECT state FROM survey_runs") == [("declined",)]


async def test_a_no_by_the_sidebar(home: House) -> None:
    """The state that comes back has it already."""
    await said(home, "skin", "紧绷起皮")
    for _ in range(2):
        async with home.http.post(f"{home.app.url}{SURVEY}/decline", headers=bearer(home)) as answer:
            told = await answer.json()
            assert (answer.status, told["run"]["state"], told["question"]) == (200, "declined", None)
    await home.settled()
    assert await home.rows("SELECT state FROM survey_runs") == [("declined",)]
    assert await home.rows("SELECT question_id FROM survey_answers") == [("skin",)]


async def test_guides_see_their_own_customers_only(home: House) -> None:
    """Nobody else's, nobody unknown, and nobody who has left: a link ends with the relation."""
    assert (await state(home, **bearer(home, who="wm-99")))[0] == 403
    assert (await state(home, **bearer(home, "guide-zhou")))[0] == 403
    assert (await said(home, "skin", "紧绷起皮", who="wm-99"))[0] == 403
    async with phone(home) as guide:
        for path in ("", "/survey"):
            page = await guide.open(f"{page_of(home, 'guide-zhou')}{path}")
            assert (page.status, page.ask) == (403, "看不到这位客户")
    await home.push(customer_xml("del_follow_user", 1, home.clock.now()))
    await home.settled()
    assert (await state(home))[0] == 403


async def test_a_bearer_opens_one_customer_for_a_working_day(home: House) -> None:
    """12 hours; without one, or with a customer's, or the guide's own, nothing is told."""
    old = bearer(home)
    others = (survey_path(home).removeprefix("/s/"), links(home).member(GUIDE).removeprefix("/m/"))
    for api, token in product((SURVEY, TOPICS_API), others):
        assert (await state(home, api, Authorization=f"Bearer {token}"))[0] == 401
    for headers in ({"Authorization": "Basic x"}, {"X": "y"}):
        assert (await state(home, **headers))[0] == 401
    home.clock._now += 12 * 3600
    assert (await state(home, **old))[0] == 401
    assert (await state(home, **bearer(home)))[0] == 200


NONSENSE = (
    *("", "[]", "null", "{}", "\udcff", "[" * 9000, '{"a": ' * 900),
    '{"question": 1}',
    '{"question": "skin", "values": "ab"}',
    '{"question": "skin", "survey": []}',
    '{"question": "\\ud800"}',
    '{"question": "skin\\u0000"}',
)


async def test_nonsense_is_a_400(home: House) -> None:
    """Never a fault of ours."""
    for body in NONSENSE:
        raw = body.encode("utf-8", "surrogateescape")
        async with home.http.post(f"{home.app.url}{SURVEY}/answer", data=raw, headers=bearer(home)) as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "sense"), body[:60]
