"""The survey on a phone, without scripts: the whole way, and every way to go astray."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import pytest

from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.events.privacy import ConsentGiven
from bot.scrm.events.survey import SurveyAnswered
from bot.scrm.facts import Facts
from bot.scrm.links import sign
from bot.store import tombstones
from demo.stage import ROOT
from tests.house import FOLDERS, House, house, reopened
from tests.web.phone import CUSTOMER, Phone, Seen, links, pages, phone, survey_path

SKIN = "洗完脸半小时，什么都不擦，你的脸更像哪种？"
TRIGGER = "一般什么时候更明显？可以选几个。"
WISH = "这阵子最想先照顾哪件事？"
USING = "现在每天在用的一样护肤品是什么？写个大概就行。"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with pages(tmp_path) as home:
        yield home


async def answers(home: House, *, of: str | None = CUSTOMER) -> list[tuple[str, str, str]]:
    """What is known of the answers: (question, values, surface), in the order given."""
    rows = await home.rows(
        "SELECT a.question_id, a.answers, a.surface FROM survey_answers a JOIN survey_runs r ON r.run_id = a.run_id "
        "WHERE coalesce(r.external_userid, '') = :whose ORDER BY a.answered_at, a.rowid",
        whose=of or "",
    )
    return [(question, "、".join(json.loads(said)), surface) for question, said, surface in rows]


async def begun(phone: Phone, path: str) -> Seen:
    """The first question, after the consent."""
    await phone.open(path)
    return await phone.tap("begin")


async def test_the_whole_survey_by_tapping(home: House) -> None:
    """Consent first, then one question a page, until the thanks; every answer is known with its tag."""
    async with phone(home) as mine:
        intro = await mine.open(survey_path(home))
        assert intro.status == 200 and "答案只用来给你护肤建议" in intro.text and SKIN not in intro.text
        first = await mine.tap("begin")
        assert first.ask == SKIN and "第 1 题，共约 3 题" in first.text
        second = await mine.tap("", "容易红和刺痛")
        assert second.ask == TRIGGER and "第 2 题，共约 4 题" in second.text
        assert (await mine.tap("answer", "换季", "熬夜")).ask == WISH
        assert (await mine.tap("", "舒缓泛红")).ask == USING
        thanks = await mine.tap("answer", "某某面霜")
        assert "记下了，谢谢你" in thanks.ask and mine.at == survey_path(home)
        await home.settled()
        assert (await mine.open(survey_path(home))).ask == thanks.ask
    assert [question for question, _, _ in await answers(home)] == ["skin", "trigger", "wish", "using"]
    assert {surface for _, _, surface in await answers(home)} == {"H5"}
    tags = await home.rows("SELECT tag FROM person_tags WHERE external_userid = :who", who=CUSTOMER)
    assert {"肤质/敏感肌", "诱因/换季", "诱因/熬夜", "意向/舒缓"} <= {tag for (tag,) in tags}
    consents = await home.rows("SELECT purpose, shown, place FROM consents")
    assert [(purpose, place) for purpose, _, place in consents] == [("survey", "H5")]


async def test_the_welcome_carries_the_link(home: House) -> None:
    """What the customer taps in chat opens their own survey."""
    payload = json.loads(await home.scalar("SELECT payload FROM outbox WHERE kind = 'SendWelcome'"))
    path = re.search(r"/s/[\w-]+", payload["text"])
    assert path and len(path[0]) < 160
    async with phone(home) as mine:
        await begun(mine, path[0])
        await mine.tap("", "油光明显")
        await home.settled()
    assert await answers(home) == [("skin", "油光明显", "H5")]


async def test_the_next_question_does_not_wait_for_a_handler(database_url: str) -> None:
    """What was posted counts at once: with nothing handled at all, the whole survey goes through, to its thanks."""
    stuck = Router()

    @stuck.on(SurveyAnswered, ConsentGiven)
    async def fail(event: object, facts: Facts) -> Decision:
        raise RuntimeError("not now")

    async with house(database_url, router=stuck, waits=False) as home, phone(home) as mine, phone(home) as theirs:
        for browser in (mine, theirs):
            await begun(browser, survey_path(home))
            assert (await browser.tap("", "容易红和刺痛")).ask == TRIGGER
            assert (await browser.open(survey_path(home))).ask == TRIGGER
            assert (await browser.tap("answer", "换季")).ask == WISH
            await browser.open(survey_path(home) + "?q=skin")
            assert (await browser.tap("", "紧绷起皮")).ask == WISH
            await browser.open(survey_path(home) + "?q=skin")
            assert (await browser.tap("", "容易红和刺痛")).ask == TRIGGER
            await browser.tap("answer", "换季")
            assert (await browser.tap("", "补水")).ask == USING
            assert "记下了" in (await browser.tap("skip")).ask
        assert await home.scalar("SELECT count(*) FROM inbox WHERE name = 'SurveyAnswered' AND state = 'waiting'") == 14


async def test_a_link_that_was_forwarded_shows_nothing_and_begins_a_run_of_its_own(home: House) -> None:
    """The second browser is asked from the start, as nobody; the first goes on undisturbed."""
    async with phone(home) as mine, phone(home) as theirs:
        await begun(mine, survey_path(home))
        await mine.tap("", "容易红和刺痛")
        await home.settled()
        intro = await theirs.open(survey_path(home))
        assert SKIN not in intro.text and "容易红" not in intro.text
        assert (await theirs.tap("begin")).ask == SKIN
        assert (await theirs.tap("", "油光明显")).ask == WISH
        assert "你答的是“油光明显”" in (await theirs.open(survey_path(home) + "?q=skin")).text
        assert (await mine.open(survey_path(home))).ask == TRIGGER
        await theirs.open(survey_path(home))
        await theirs.tap("", "防晒")
        done = await theirs.tap("skip")
        assert "记下了" in done.ask and "/p/" not in done.text
        await home.settled()
    assert await answers(home) == [("skin", "容易红和刺痛", "H5")]
    assert [q for q, _, _ in await answers(home, of=None)] == ["skin", "wish", "using"]
    assert not await home.rows("SELECT tag FROM person_tags WHERE tag IN ('肤质/油性', '意向/防晒')")


async def test_to_look_is_not_to_begin(home: House) -> None:
    """WeChat looks at a link before the customer does; they still come first."""
    async with phone(home) as robot, phone(home) as mine:
        for _ in range(3):
            await robot.open(survey_path(home))
        await begun(mine, survey_path(home))
        await mine.tap("", "紧绷起皮")
        await home.settled()
    assert [q for q, _, _ in await answers(home)] == ["skin"]


async def test_what_was_answered_elsewhere_is_not_asked_again_nor_shown(home: House) -> None:
    """A run that has begun goes on; its earlier answers stay where they were given."""
    guide = {"Authorization": f"Bearer {links(home).guide_token(CUSTOMER, 'guide-lin')}"}
    said = {"question": "skin", "values": ["紧绷起皮"]}
    async with home.http.post(f"{home.app.url}/api/guide/survey/answer", json=said, headers=guide) as answer:
        assert answer.status == 200
    async with phone(home) as mine:
        page = await begun(mine, survey_path(home))
        assert page.ask == WISH and "上一题" not in page.text
        assert (await mine.open(survey_path(home) + "?q=skin")).ask == WISH


async def test_looking_back(home: House) -> None:
    """An answer given here can be looked at, one after the other, left as it is, and then it goes on."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        await mine.tap("", "紧绷起皮")
        wish = await mine.tap("skip")
        assert wish.link("上一题") == "?q=wish"
        back = await mine.open(survey_path(home) + "?q=wish")
        assert "你跳过了这一题" in back.text and back.link("上一题") == "?q=skin"
        assert "你答的是“紧绷起皮”" in (await mine.open(survey_path(home) + "?q=skin")).text
        onward = mine.page.link("不改，继续")
        assert survey_path(home).endswith(onward) and (await mine.open(f"/s/{onward}")).ask == USING


async def carried(home: House) -> set[str]:
    """The tags of the customer that the survey set."""
    await home.settled()
    rows = await home.rows(
        "SELECT tag FROM person_tags WHERE external_userid = :who AND source LIKE 'survey/%'", who=CUSTOMER
    )
    return {tag for (tag,) in rows}


async def test_an_answer_is_corrected_before_the_end(home: House) -> None:
    """The other answer stands with its tag; what only the old one had opened goes with all that it taught."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        await mine.tap("", "容易红和刺痛")
        await mine.tap("answer", "换季", "熬夜")
        assert await carried(home) == {"肤质/敏感肌", "诱因/换季", "诱因/熬夜"}
        await mine.open(survey_path(home) + "?q=trigger")
        assert mine.page.text.count(" checked") == 2
        assert (await mine.tap("answer")).status == 422
        await mine.open(survey_path(home) + "?q=trigger")
        assert (await mine.tap("answer", "换季")).ask == WISH
        assert await carried(home) == {"肤质/敏感肌", "诱因/换季"}
        await mine.open(survey_path(home) + "?q=skin")
        assert (await mine.tap("", "油光明显")).ask == WISH
        assert await carried(home) == {"肤质/油性"}
        await mine.tap("", "补水")
        assert "记下了" in (await mine.tap("answer", "某某面霜")).ask
        await home.settled()
        assert (await mine.open(survey_path(home) + "?q=skin")).ask.startswith("记下了")
    said = sorted((question, values) for question, values, _ in await answers(home))
    assert said == [("skin", "油光明显"), ("using", "某某面霜"), ("wish", "补水")]


async def test_a_correction_that_opens_a_branch_asks_it(home: House) -> None:
    """And taking it back again closes it; a field that was taken back is empty."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        await mine.tap("", "紧绷起皮")
        await mine.tap("", "补水")
        await mine.open(survey_path(home) + "?q=skin")
        assert (await mine.tap("", "容易红和刺痛")).ask == TRIGGER
        await mine.open(survey_path(home) + "?q=skin")
        assert (await mine.tap("", "紧绷起皮")).ask == USING
        assert await carried(home) == {"肤质/干性", "意向/补水"}


async def test_a_form_that_lay_open_corrects_nothing(home: House) -> None:
    """An old form of the question as it was asked first is no correction, and one may not be made of it."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        stale = mine.page.hidden("form")
        await mine.tap("", "紧绷起皮")
        assert (await mine.tap("", "油光明显", form=stale, question="skin", corrects="yes")).status == 403
        await home.settled()
    assert await answers(home) == [("skin", "紧绷起皮", "H5")]


async def test_who_got_another_link_of_theirs_looks_back_at_nothing(home: House) -> None:
    """Two guides, two links; one was forwarded, and a stranger opens it first."""
    async with phone(home) as mine, phone(home) as strange:
        await begun(mine, survey_path(home))
        await mine.tap("", "紧绷起皮")
        another = links(home).survey(CUSTOMER, "guide-wu", "newcomer")
        page = await begun(strange, another)
        assert "上一题" not in page.text
        assert "紧绷起皮" not in (await strange.open(another + "?q=skin")).text
        await strange.open(another)
        for _ in range(2):
            done = await strange.tap("skip")
        assert "记下了" in done.ask and "/p/" not in done.text


async def test_a_finished_survey_asks_again_what_has_aged(home: House) -> None:
    """After the 90 days of the file one question is open again, by a new link; the others hold."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        for answer in ("紧绷起皮", "补水"):
            await mine.tap("", answer)
        await mine.tap("skip")
        await home.settled()
        home.clock._now += 89 * 24 * 3600
        assert "记下了" in (await begun(mine, survey_path(home))).ask
        home.clock._now += 2 * 24 * 3600
        assert (await begun(mine, survey_path(home))).ask == WISH
        assert "记下了" in (await mine.tap("", "防晒")).ask
        await home.settled()
        assert (await mine.open(survey_path(home))).ask.startswith("记下了")
    states = [state for (state,) in await home.rows("SELECT state FROM survey_runs")]
    assert states == ["done", "done"]
    assert "意向/防晒" in await carried(home) and "肤质/干性" in await carried(home)


async def test_an_answer_that_makes_no_sense_is_asked_for_again(home: House) -> None:
    """With what to do, beside the question; nothing is kept."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        await mine.tap("", "容易红和刺痛")
        for nonsense in ((), ("",), ("不在里面",), ("😀" * 500,)):
            again = await mine.tap("answer", *nonsense)
            assert (again.status, again.ask) == (422, TRIGGER)
            assert "至少选一个" in again.text and 'role="alert"' in again.text
            assert (await mine.open(survey_path(home))).ask == TRIGGER
        assert (await mine.tap("answer", "换季", "换季")).ask == WISH


DETAILS = """\
id: details
title: 再了解一点
intro: 三个小问题。
consent: 只用来给你建议。
thanks: 记下了。
start: 手动
questions:
  - {id: mobile, ask: 寄小样用哪个手机号？, type: 手机号, why: 只用来寄小样，寄完就删。, save: 手机号, required: 是}
  - {id: age, ask: 你多大？, type: 数字, save: 年龄}
  - {id: day, ask: 生日是哪天？, type: 日期, save: 生日}
"""


async def test_every_type_of_question_has_its_field(tmp_path: Path) -> None:
    """A phone number says what for, and giving it is a consent; what is wrong stays in its field."""
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    (content / "surveys" / "details.yaml").write_text(DETAILS, encoding="utf-8")
    async with reopened(tmp_path, folders=replace(FOLDERS, content=content)) as home:
        async with phone(home) as mine:
            path = survey_path(home, survey="details")
            page = await begun(mine, path)
            assert 'type="tel"' in page.text and "只用来寄小样" in page.text and "跳过" not in page.text
            assert (await mine.tap("skip")).status == 422
            wrong = await mine.tap("answer", "1380013800")
            assert wrong.status == 422 and "11 位" in wrong.text and 'value="1380013800"' in wrong.text
            assert 'inputmode="decimal"' in (await mine.tap("answer", "138 0013 8000")).text
            assert (await mine.tap("answer", "很大")).status == 422
            assert 'type="date"' in (await mine.tap("answer", "二十五")).text
            assert "记下了" in (await mine.tap("answer", "1995-06-18")).ask
        await home.settled()
        assert [said for _, said, _ in await answers(home)] == ["13800138000", "25", "1995-06-18"]
        consents = await home.rows("SELECT purpose, shown FROM consents ORDER BY id")
        assert consents == [("survey", "只用来给你建议。"), ("phone", "只用来寄小样，寄完就删。")]


async def test_the_same_tap_twice_counts_once(home: House) -> None:
    """A form that is sent again changes nothing, nor does an old one of a question that has its answer."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        stale = mine.page
        await mine.tap("", "紧绷起皮")
        for _ in range(2):
            again = await mine.tap("", "油光明显", form=stale.hidden("form"), question="skin")
            assert (again.status, again.ask) == (200, WISH)
        await home.settled()
    assert await answers(home) == [("skin", "紧绷起皮", "H5")]


async def test_no_is_an_answer(home: House) -> None:
    """Who declines is thanked and not asked again."""
    async with phone(home) as mine:
        await mine.open(survey_path(home))
        no = await mine.tap("decline")
        assert no.ask == "好的，不打扰"
        choose = no.link("选择想收到什么").removeprefix("..")
        assert "想收到什么，你说了算" in (await mine.open(choose)).text
        await home.settled()
        assert (await mine.open(survey_path(home))).status == 410
    assert await home.scalar("SELECT state FROM survey_runs WHERE external_userid = :who", who=CUSTOMER) == "declined"


async def test_who_declines_by_a_forwarded_link_is_shown_no_way_to_the_customers_wishes(home: House) -> None:
    """Whether at once or in the middle."""
    async with phone(home) as mine, phone(home) as theirs, phone(home) as others:
        await begun(mine, survey_path(home))
        await theirs.open(survey_path(home))
        await begun(others, survey_path(home))
        for no in (await theirs.tap("decline"), await others.tap("decline")):
            assert no.ask == "好的，不打扰" and not no.link("选择想收到什么")


async def test_a_no_in_the_middle_is_heard_too(home: House) -> None:
    """What was answered stays, nothing more is asked, and a form from before is not taken any more."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))
        old = await mine.tap("", "紧绷起皮")
        no = await mine.tap("decline")
        assert no.ask == "好的，不打扰" and no.link("选择想收到什么")
        await mine.open(survey_path(home))
        await mine.tap("", "补水", form=old.hidden("form"), question="wish")
        await home.settled()
        assert (await mine.open(survey_path(home))).status == 410
    assert await answers(home) == [("skin", "紧绷起皮", "H5")]
    assert await home.rows("SELECT state, remind_at FROM survey_runs") == [("declined", None)]


async def test_a_no_is_heard_by_the_form_that_has_answered(home: House) -> None:
    """Back in the browser's memory, and a no where an answer had been given."""
    async with phone(home) as mine:
        first = await begun(mine, survey_path(home))
        await mine.tap("", "紧绷起皮")
        await mine.tap("decline", form=first.hidden("form"), question="skin")
        await home.settled()
    assert await home.rows("SELECT state FROM survey_runs") == [("declined",)]


async def test_a_form_is_good_for_its_browser_and_question_only(home: House) -> None:
    """Taken to another browser, to another question, or left out, it is refused and nothing is kept."""
    async with phone(home) as mine, phone(home) as theirs:
        await begun(mine, survey_path(home))
        await begun(theirs, survey_path(home))
        stolen = mine.page.hidden("form")
        for fields in ({"form": stolen}, {"form": ""}, {"form": "x" * 80}, {"question": "wish"}):
            assert (await theirs.tap("", "油光明显", **fields)).status == 403
            await theirs.open(survey_path(home))
        await home.settled()
    assert await answers(home) == [] == await answers(home, of=None)


async def test_what_another_site_sends_is_refused(home: House) -> None:
    """Even with cookie and form in hand."""
    foreign = (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
    )
    async with phone(home) as mine:
        for headers in foreign:
            await begun(mine, survey_path(home))
            assert (await mine.tap("", "油光明显", headers=headers)).status == 403
        await mine.open(survey_path(home))
        assert (await mine.tap("", "油光明显", headers={"Origin": home.app.url})).ask == WISH
        assert (await mine.tap("skip", headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})).ask == USING


async def test_a_browser_that_keeps_no_cookies_is_told(home: House) -> None:
    """Instead of going round in circles."""
    async with phone(home) as mine:
        await mine.open(survey_path(home))
        mine.http.cookie_jar.clear()
        refused = await mine.tap("begin")
        assert (refused.status, refused.ask) == (403, "页面没能记住你")


async def test_the_links_of_somebody_who_asked_to_be_forgotten_are_over(home: House) -> None:
    """Nothing is asked of them any more, and nothing kept."""
    bury = partial(tombstones.bury, ids=[("external_userid", CUSTOMER)], at=home.clock.now())
    async with phone(home) as mine:
        await mine.open(survey_path(home))
        await home.app.database.write(bury)
        assert (await mine.tap("begin")).status == 410
        assert (await mine.open(links(home).preferences(CUSTOMER))).status == 410
    assert await home.rows("SELECT link FROM page_seats") == []


async def test_late_links_and_surveys_that_are_no_more(home: House) -> None:
    """410 in kind words; a survey that nobody wrote as well."""
    async with phone(home) as mine:
        path = survey_path(home)
        unknown = survey_path(home, survey="gone")
        assert (await mine.open(unknown)).ask == "这份小调研已经结束了"
        late = sign(home.config.link_key, "survey", (CUSTOMER, "guide-lin", "newcomer"), home.clock.now())
        page = await mine.open(f"/s/{late}")
        assert (page.status, page.ask) == (410, "这个链接过期了")
        assert (await mine.open(path)).status == 200


TOKENS = ["x", "a" * 5000, "%00", "%ff%fe", "..%2f..", "=" * 8, "我是谁", "{{7*7}}", "'--"]


async def test_garbage_is_met_with_kindness(home: House) -> None:
    """A page in Chinese, or no such page; never a fault of ours."""
    async with phone(home) as mine:
        for place, token in product(("/s/{}", "/p/{}", "/g/{}/survey", "/g/{}", "/m/{}", "/s/{}?q=skin"), TOKENS):
            assert (await mine.open(place.format(token))).status in (400, 404)
            assert (await mine.tap("begin", "\0", "\ufffd")).status in (400, 403, 404, 405)


async def test_one_purpose_opens_no_other_page(home: House) -> None:
    """A survey's token is no preferences token, no guide's, and the other way round."""
    survey = survey_path(home).removeprefix("/s/")
    mine_ = links(home).preferences(CUSTOMER).removeprefix("/p/")
    guide = links(home).guide_token(CUSTOMER, "guide-lin")
    async with phone(home) as mine:
        for path in (f"/p/{survey}", f"/g/{survey}/survey", f"/s/{mine_}", f"/g/{mine_}/survey", f"/s/{guide}"):
            assert (await mine.open(path)).status == 404


async def test_large_bodies_and_many_taps(home: House) -> None:
    """16 KiB at most, and thirty times a minute; a minute later it goes on."""
    path = survey_path(home)
    async with phone(home) as mine:
        await begun(mine, path)
        assert (await mine.tap("", "长" * 10_000)).status == 413
        statuses = []
        for _ in range(31):
            await mine.open(path)
            statuses.append((await mine.tap("answer", "不在里面")).status)
        assert statuses == [422] * 29 + [429] * 2
        await home.clock.advance(60)
        await mine.open(path)
        assert (await mine.tap("", "油光明显")).ask == WISH


async def test_a_page_keeps_to_itself(home: House) -> None:
    """No scripts, nothing from elsewhere, no frames, no caches, no referrer; a cookie that scripts cannot read."""
    async with phone(home) as mine:
        page = await mine.open(survey_path(home))
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'nonce-") and "frame-ancestors 'none'" in policy
        assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"
        cookie = page.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
        assert "<script" not in page.text and "http" not in page.text.replace("http-equiv", "")
        nonce = re.search(r"nonce-([^']+)'", policy)
        assert nonce and f'<style nonce="{nonce[1]}">' in page.text
        assert (await mine.open(survey_path(home))).headers["Content-Security-Policy"] != policy
        assert CUSTOMER not in page.text


async def test_a_fault_of_ours_is_a_page_too(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 in kind words, when even the database is gone."""
    async with phone(home) as mine:
        await begun(mine, survey_path(home))

        async def broken(job: object) -> object:
            raise OSError("disk")

        monkeypatch.setattr(type(home.app.database), "read", lambda self, job: broken(job))
        page = await mine.open(survey_path(home))
        monkeypatch.undo()
        assert (page.status, page.ask) == (503, "暂时打不开")
