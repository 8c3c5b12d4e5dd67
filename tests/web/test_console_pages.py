"""What the pages of the console say and do."""

from __future__ import annotations

import csv
import io
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from bot.scrm.holdout import Trial
from bot.scrm.kind import KINDS
from bot.scrm.records.library import KeepLinks, KeptLink
from bot.scrm.role import Staff
from bot.scrm.who import Pilot
from bot.store import clicks
from bot.store.standing import Came
from bot.store.uplift import Measured
from bot.web.browser import FORM_SECONDS
from bot.web.console.calendar import STATES
from bot.web.console.charts import bars
from bot.web.console.door import COOKIE
from bot.web.console.room import Visit
from bot.web.console.sheet import ROWS, Mark, Table, Words
from bot.web.console.today import tightest, told
from bot.web.console.uplift import section
from demo.stories.calendar_day import MEMBERS, approve, at
from tests.house import House, added, house, reopened, sqlite_url
from tests.web.office import ADMIN, GUIDE, OPERATOR, Desk, desk, one_group
from tests.web.test_console_door import token

NOON = "dec-2026/group-cream-set"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with reopened(tmp_path) as home:
        await home.push(added(1, home.clock.now()))
        await home.settled()
        yield home


def words(html: str) -> str:
    body = re.sub(r"<style.*?</style>", "", html, flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


async def sees(home: House, who: Desk, path: str, what: str) -> str:
    """A page, once it says this: what takes long to reckon is shown when it is there."""
    page = ""

    async def there() -> bool:
        nonlocal page
        page = words((await who.open(path)).text)
        return what in page

    await home.until(what, there)
    return page


async def failing(home: House, *, actions: int = 1) -> None:
    """Actions that did not go out, of somebody with a dangerous name."""
    insert = """INSERT INTO outbox (key, cause, kind, payload, state, due_at, priority, attempts, in_doubt, created_at,
    reason) VALUES (:key, 1, 'RemarkCustomer', '{}', 'failed', 9, 1, 3, 0, :at, :reason)"""
    rows = [{"key": f"k{n}", "at": home.clock.now(), "reason": f"=HYPERLINK({n})<b>"} for n in range(actions)]
    await home.app.database.write(lambda conn: conn.execute(text(insert), rows))


async def test_a_long_table_comes_in_pages_and_as_one_file(home: House) -> None:
    await failing(home, actions=ROWS + 3)
    async with desk(home, ADMIN) as who:
        first, second = [await who.open(f"/console/boxes?outbox={page}") for page in (1, 2)]
        assert first.text.count("=HYPERLINK") == ROWS and second.text.count("=HYPERLINK") == 3
        assert "下一页" in first.text and "下一页" not in second.text and "上一页" in second.text
        assert "<b>" not in first.text.split("发件箱</h2>")[1]
        file = await who.open("/console/boxes?csv=outbox")
        assert (
            file.headers["Content-Type"].startswith("text/csv") and "attachment" in file.headers["Content-Disposition"]
        )
        rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
        assert len(rows) == ROWS + 4 and all(row[-1].startswith("'=") for row in rows[1:])
        assert (await who.open("/console/boxes?csv=nothing")).status == 404
        for odd in ("0", "-1", "x", "99999999999", "٣"):
            assert (await who.open(f"/console/boxes?outbox={odd}")).status == 200


async def test_large_numbers_are_easy_to_read_and_easy_to_reckon_with(home: House) -> None:
    """With separators on the page, without them in the file; a number that names something has none."""
    insert = text(
        "INSERT INTO follow_log (userid, external_userid, person_id, what, at) VALUES (:u, :e, :p, 'added', :at)"
    )
    rows = [{"u": GUIDE, "e": f"wm-x{n}", "p": n + 9, "at": home.clock.now()} for n in range(1_234)]
    await home.app.database.write(lambda conn: conn.execute(insert, rows))
    async with desk(home, ADMIN) as who:
        page = await sees(home, who, "/console/channels", "1,235")
        assert "1235" not in page
        assert ",1235," in (await who.open("/console/channels?csv=channels")).text
        await failing(home)
        await home.app.database.write(lambda conn: conn.execute(text("UPDATE outbox SET id = 98765 WHERE key = 'k0'")))
        assert "98765" in words((await who.open("/console/boxes")).text)


async def test_the_ledger_calls_people_by_their_names(home: House) -> None:
    """And who takes it with them as a file is on record, as with every table about single customers."""
    await home.app.database.write(lambda conn: conn.execute(text("UPDATE people SET name = '陶小姐'")))
    async with desk(home, OPERATOR) as who:
        await sees(home, who, "/console/ledger", "陶小姐")
        assert "陶小姐" in (await who.open("/console/ledger?csv=people")).text
    [row] = await home.rows("SELECT who, what, target FROM audit_trail")
    assert tuple(row) == (OPERATOR, "下载", "/console/ledger people")


async def test_an_admin_retries_and_drops_and_it_is_noted(home: House) -> None:
    await failing(home)
    async with desk(home, ADMIN) as who:
        [(number,)] = await home.rows("SELECT id FROM outbox WHERE state = 'failed'")
        for path, said in (("retry", "done"), ("drop", "not"), ("retry", "not")):
            to = f"/console/boxes/{path}"
            wrong = number if path == "retry" and said == "done" else 10**9
            seen = await who.send(to, form=token(home, who, to), number=str(wrong))
            assert seen.headers["Location"] == f"/console/boxes?said={said}"
        trail = words((await who.open("/console/audit")).text)
        assert "重试" in trail and "状态 失败" in trail and "状态 等待" in trail and ADMIN in trail
    assert len(await home.rows("SELECT * FROM audit_trail")) == 1


async def test_an_approval_is_of_the_words_that_were_shown(home: House) -> None:
    """Edited between reading and pressing, nothing is approved; somebody else's role cannot be used."""
    path = "/console/approvals/dg-cream-set"
    digest = home.app.content.current.library["dg-cream-set"].digest
    async with desk(home, OPERATOR) as who:
        page = await who.open(path)
        assert "268元" in page.text and "以店长的身份" not in page.text
        form = token(home, who, path)
        assert (await who.send(path, form=form, digest="0" * 64, role="")).status == 409
        assert (await who.send(path, form=form, digest=digest, role="店长")).status == 403
        assert await home.rows("SELECT * FROM approvals") == []
        assert (await who.send(path, form=form, digest=digest, role="")).status == 303
        assert (await who.send(path, form=form, digest=digest, role="")).status == 409, "a form is good once"
        assert (await who.send(path, form=token(home, who, path), digest=digest, role="")).status == 303
        assert "我看过，可以发" not in (await who.open(path)).text
    assert [tuple(row) for row in await home.rows("SELECT digest, role, by FROM approvals")] == [(digest, "", OPERATOR)]
    assert len(await home.rows("SELECT * FROM audit_trail")) == 1


async def test_the_plan_says_what_is_different_since_it_was_kept(home: House) -> None:
    await one_group(home)
    await home.look_at(at(9, 0))
    async with desk(home, OPERATOR) as who:
        await sees(home, who, "/console/plan", "还没有记下过")
        to = "/console/plan/keep"
        await who.send(to, form=token(home, who, to))
        await sees(home, who, "/console/plan", "一样")
        to = "/console/switches/off"
        await who.send(to, form=token(home, who, to), what="触点/群", because="先停")
        plan = await sees(home, who, "/console/plan", "变了")
        assert NOON in plan and "跳过" in plan
        why = words((await who.open(f"/console/why?q={NOON}&pool=会员群一")).text)
        assert "恢复停着的 触点/群" in why and "批准“" in why, "every gate, and the least that would turn it"


async def test_a_form_does_once_what_it_is_for(home: House) -> None:
    """Pressed twice, or kept and sent again after somebody let it go on: it stops nothing a second time."""
    off, on = "/console/switches/off", "/console/switches/on"
    async with desk(home, OPERATOR) as who:
        form = token(home, who, off)
        assert (await who.send(off, form=form, what="全部", because="")).status == 400, "nothing was done with it"
        assert (await who.send(off, form=form, what="全部", because="试试")).status == 303
        assert (await who.send(on, form=token(home, who, on), what="全部")).status == 303
        again = await who.send(off, form=form, what="全部", because="试试")
        assert again.status == 409 and "已经提交过" in again.text
        assert await home.rows("SELECT * FROM switches") == []


async def test_a_form_that_was_used_is_used_after_a_restart_too(tmp_path: Path) -> None:
    off, on = "/console/switches/off", "/console/switches/on"
    async with reopened(tmp_path) as home, desk(home, OPERATOR) as who:
        form, secret = token(home, who, off), who.secret
        assert (await who.send(off, form=form, what="全部", because="试试")).status == 303
        await who.send(on, form=token(home, who, on), what="全部")
    async with house(sqlite_url(tmp_path), waits=False) as home, desk(home) as who:
        who.http.cookie_jar.update_cookies({COOKIE: secret})
        again = await who.send(off, form=form, what="全部", because="试试")
        assert again.status == 409 and "已经提交过" in again.text
        assert await home.rows("SELECT * FROM switches") == []
        await home.clock.advance(FORM_SECONDS)
        async with desk(home, OPERATOR) as later:
            await later.send(off, form=token(home, later, off), what="全部", because="试试")
        assert len(await home.rows("SELECT * FROM console_forms")) == 1, "those whose time is over are forgotten"


async def test_people_are_called_by_their_names(home: House) -> None:
    """By the one that WeCom told; as long as it did not, by what one logs in with."""
    async with desk(home, OPERATOR) as who:
        assert "知遇 · zhou-lan（运营）" in words((await who.open("/console/today")).text)
        named = text("INSERT INTO members (userid, name, seen_at) VALUES ('zhou-lan', '周岚', 1)")
        await home.app.database.write(lambda conn: conn.execute(named))
        assert "知遇 · 周岚（运营）" in words((await who.open("/console/today")).text)


async def test_who_approves_first_sees_it_on_their_own_phone(home: House) -> None:
    """As it is worded now, once for a press, and nobody but who asked."""
    path = "/console/approvals/dg-cream-set"
    async with desk(home, OPERATOR) as who, desk(home, GUIDE) as guide:
        page = await who.open(path)
        form, digest = page.token(f"{path}/trial"), home.app.content.current.library["dg-cream-set"].digest
        assert (await who.send(f"{path}/trial", form=form, digest="0" * 64)).status == 409
        sent = await who.send(f"{path}/trial", form=form, digest=digest)
        assert "几秒内会发到你的企业微信" in words((await who.open(sent.headers["Location"])).text)
        assert (await who.send(f"{path}/trial", form=form, digest=digest)).status == 409
        forged = token(home, guide, f"{path}/trial")
        assert (await guide.send(f"{path}/trial", form=forged, digest=digest)).status == 403
    await home.wait(20)
    said = [str(message["content"]) for message in await home.sandbox.member_reads(OPERATOR)]
    worded = home.app.content.current.library["dg-cream-set"].variants
    both = [variant for variant in worded if {"私聊", "群"} <= set(variant.outlets)]
    assert sum("试发“" in each for each in said) == len(worded) + len(both), "one-to-one it is signed"
    assert any("268元" in each for each in said)
    assert not any("试发“" in str(message["content"]) for message in await home.sandbox.member_reads(GUIDE))


async def test_who_may_approve_is_asked_by_a_button(home: House) -> None:
    """As long as a word is wanted that is not one's own to give; of one wording once."""
    path = "/console/approvals/dg-cream-set"
    async with desk(home, OPERATOR) as who, desk(home, ADMIN) as admin:
        page, digest = await who.open(path), home.app.content.current.library["dg-cream-set"].digest
        assert ADMIN in words(page.text).split("请别人来批")[1]
        to = f"{path}/ask"
        assert (await who.send(to, form=page.token(to), digest="0" * 64)).status == 409
        for said in ("asked", "known"):
            seen = await who.send(to, form=token(home, who, to), digest=digest)
            assert seen.headers["Location"] == f"{path}?said={said}"
        await admin.send(path, form=token(home, admin, path), digest=digest, role="")
        assert "请别人来批" not in (await who.open(path)).text
    assert len(await home.rows("SELECT * FROM inbox WHERE name = 'ApprovalAsked'")) == 1


async def test_it_is_plain_whose_word_is_there_and_whose_is_missing(home: House) -> None:
    """An item is in the list once, whatever it lacks; on its page each word has its line."""
    await home.sandbox.groups.creates("guide-lin", "会员群一", people=await home.sandbox.existing_pool(MEMBERS))
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(9, 0))
    named = text("INSERT INTO members (userid, name, seen_at) VALUES ('zhou-lan', '周岚', 1), ('he-yun', '何云', 1)")
    await home.app.database.write(lambda conn: conn.execute(named))
    path = "/console/approvals/dg-cream-set"
    async with desk(home, OPERATOR) as who, desk(home, ADMIN) as admin:
        both = "措辞（何云、周岚都行）；店长（何云）"
        page = await sees(home, who, "/console/approvals", both)
        assert page.count("修护霜双支组") == 1
        page = words((await who.open(path)).text)
        assert "措辞 何云、周岚 还缺 店长 何云 还缺" in page and "会请何云（措辞、店长）" in page
        digest = home.app.content.current.library["dg-cream-set"].digest
        await who.send(path, form=token(home, who, path), digest=digest, role="")
        await sees(home, who, "/console/approvals", "修护霜双支组 导购 活动 店长（何云） 措辞（周岚）")
        page = words((await who.open(path)).text)
        assert "措辞 何云、周岚 周岚批过" in page and "店长 何云 还缺" in page and "会请何云（店长）" in page
        await admin.send(path, form=token(home, admin, path), digest=digest, role="店长")
        assert "修护霜双支组" not in words((await who.open("/console/approvals")).text)


async def test_today_counts_what_the_approvals_page_shows(home: House) -> None:
    """Whatever word it is that an item waits for: the wording's, or one that a rule wants."""
    await home.sandbox.groups.creates("guide-lin", "会员群一", people=await home.sandbox.existing_pool(MEMBERS))
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(9, 0))
    async with desk(home, OPERATOR) as who:

        async def agreed(missing: str) -> int:
            await sees(home, who, "/console/approvals", missing)
            waits = (await who.open("/console/approvals?csv=approvals")).text.strip().count("\n")
            await sees(home, who, "/console/today", f" {waits} 等审批")
            return waits

        everything = await agreed("措辞（he-yun、zhou-lan都行）；店长（he-yun）")
        await approve(home, "")
        assert 0 < await agreed("修护霜双支组 导购 活动 店长（he-yun）") < everything
        await approve(home, "店长")
        assert await agreed("没有等审批的内容") == 0


async def test_stopping_needs_a_reason_and_something_that_is_there(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        to = "/console/switches/off"
        for what, because in (("条目/nothing/here", "试试"), ("全部", ""), ("", "试试"), ("触点/飞鸽", "试试")):
            assert (await who.send(to, form=token(home, who, to), what=what, because=because)).status == 400
        assert await home.rows("SELECT * FROM switches") == []


async def test_a_customer_is_found_by_any_id_and_shown_with_their_story(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        for asked in ("wm-1", "#1"):
            seen = await who.open("/console/customers?q=" + asked.replace("#", "%23"))
            assert seen.headers["Location"] == "/console/customers/1"
        page = words((await who.open("/console/customers/1")).text)
        assert "林夕 的客户" in page and "加好友" in page and "阶段" in page
        assert (await who.open("/console/customers/999")).status == 404
        assert (await who.open("/console/customers/x")).status == 404
        nobody = words((await who.open("/console/customers?q=谁也不是")).text)
        assert "没有这样的客户" in nobody


async def test_who_takes_a_file_about_a_customer_is_on_record(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        await who.open("/console/customers/1")
        assert await home.rows("SELECT * FROM audit_trail") == []
        assert (await who.open("/console/customers/1?csv=timeline")).status == 200
    [row] = await home.rows("SELECT who, what, target FROM audit_trail")
    assert tuple(row) == (OPERATOR, "下载", "/console/customers/1 timeline")


async def test_a_customer_in_a_sequence_is_shown_where_they_stand(home: House) -> None:
    """On their page, with the next step and when; and the step has its reasons."""
    insert = """INSERT INTO sequence_runs (calendar, sequence, external_userid, person_id, state, because, started_at,
    step, done, waits_at, revision) VALUES ('sequences', 'newcomer-7d', 'wm-1', 1, 'running', '', :at, 'd5', '["d1"]',
    :due, 1)"""
    row = {"at": home.clock.now(), "due": home.clock.now() + 86_400}
    await home.app.database.write(lambda conn: conn.execute(text(insert), row))
    async with desk(home, OPERATOR) as who:
        page, step = (await who.open("/console/customers/1")).text, "sequences/newcomer-7d/d5"
        assert "sequences/newcomer-7d" in words(page) and "进行中" in page and f"q={step}" in page
        assert step in await sees(home, who, "/console/plan", "自动序列")
        assert "没有条目" not in words((await who.open(f"/console/why?q={step}")).text)


async def test_what_customers_did_is_counted_with_its_source(home: House) -> None:
    link = KeptLink("a" * 12, "dg-cream-set", "https://x.example")
    await home.app.database.write(partial(clicks.keep, record=KeepLinks(links=(link,), at=1)))
    for _ in range(2):
        await home.app.database.write(partial(clicks.opened, code="a" * 12, now=home.clock.now()))
    async with desk(home, OPERATOR) as who:
        page = await sees(home, who, "/console/results", "修护霜双支组 2")
        assert "几分钟里反复点只算一次" in page and "第 1、3、7 天" in page and "count_clicks" in page
        file = await who.open("/console/results?csv=clicks")
        assert "导购 修护霜双支组,2" in file.text


async def test_what_items_brought_has_its_interval_or_is_not_said(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        assert "没有订单就没有这个数" in await sees(home, who, "/console/mix", "导购内容多卖了多少")
    measured = Measured({"dg-cream-set": Trial(400, 80, 100, 5), "gone": Trial(40, 1, 10, 0)}, early=1, orders=True)
    visit = Visit(staff=Staff(OPERATOR, "operator"), now=1, query={}, path={})
    shown = section(measured, home.app.content.current, visit, "刚刚算的")
    [table, early] = shown.parts
    assert isinstance(table, Table) and early == Words("还有 1 次发出不满 7 天，没有算进来。", "soft")
    [sure, unsure] = table.rows
    assert sure[1:6] == (400, 80, 100, 5, "+15.0 个百分点") and sure[7] == Mark("多买了", "good")
    low, high = str(sure[6]).split(" ~ ")
    assert 0 < float(low) < 15 < float(high)
    assert unsure[0] == "gone" and unsure[7] == Mark("还看不出", "")


async def test_a_calendar_that_is_tried_out_says_so(home: House) -> None:
    """In the calendar, and where one asks why."""
    content = home.app.content.current
    calendar = next(each for each in content.calendars if each.id == "dec-2026")
    first = Pilot(groups=("会员群一",), guides=("guide-lin",))
    entries = tuple(replace(e, pilot=first) for e in calendar.entries)
    tried = replace(calendar, shadow=True, pilot=first, entries=entries)
    live = home.app.content
    live.current = replace(content, calendars=(tried,))
    async with desk(home, OPERATOR) as who:
        page = words((await who.open("/console/calendar?day=2026-12-10")).text)
        assert "（试跑）（试点）" in page
        why = words((await who.open(f"/console/why?q={NOON}")).text)
        assert "什么也不发" in why and "先只发到 群 会员群一、guide-lin" in why


def test_what_a_guide_has_in_hand_did_not_go_out_yet() -> None:
    came = Came(1, "c", "e", "群", "sent", "科普", None, False, "", 3, 1)
    let_go, gone = "已放行，等导购点发送", "已发出"
    said = [told(replace(came, waiting=n)) for n in (0, 1, 3)]
    assert said == [f"{gone} 3 个", f"{let_go} 1 个；{gone} 2 个", f"{let_go} 3 个"]
    assert told(replace(came, outcome="held", waiting=3)) == "推迟 3 个"
    assert told(replace(came, by_hand=True, waiting=0)) == "已交给导购手发 3 个"
    assert told(replace(came, outcome="swapped", waiting=3)) == f"换类，{let_go} 3 个"


async def test_until_its_guide_has_pressed_nothing_says_that_it_went_out(home: House) -> None:
    """On all three pages the same words, before and after; what has come due is in the plan no more."""
    await one_group(home)
    await home.look_at(at(12, 4))
    await approve(home, "")
    await approve(home, "店长")
    async with desk(home, OPERATOR) as who:
        await sees(home, who, "/console/plan", NOON)
        await home.look_at(at(12, 6))
        await home.look_at(at(12, 7))
        plan = words((await who.open("/console/plan?csv=plan")).text)
        assert not any(NOON in line and " 12:05" in line and "10 日" in line for line in plan.splitlines()), plan
        today, why = [words((await who.open(p)).text) for p in ("/console/today", f"/console/why?q={NOON}")]
        assert f"{NOON} 群 已放行，等导购点发送 1 个" in today, today
        assert "已放行，等导购点发送 1 个，已发出 0 个" in why and "会员群一 已放行，等导购点发送 导购" in why, why
        day = "/console/calendar?day=2026-12-10&by=week"
        calendar = words((await who.open(day)).text)
        assert "12:05 群 修护霜双支组（导购） 等导购点" in calendar, calendar
        assert "19:35 群 由配比来挑（科普） 会发出" in calendar and "10:05 朋友圈 由配比来挑 没发出" in calendar
        [task] = await home.sandbox.mass.tasks("guide-lin")
        await home.sandbox.mass.member_confirms("guide-lin", task["msgid"])
        assert "下一次在 12 月 10 日 12:08" in why and "12 月 10 日 12:08" in today.split("下一次去读")[1], why
        await home.look_at(at(12, 9))
        await home.look_at(at(12, 10))
        today, why = [words((await who.open(p)).text) for p in ("/console/today", f"/console/why?q={NOON}")]
        assert f"{NOON} 群 已发出 1 个" in today, today
        assert "已放行，等导购点发送 0 个，已发出 1 个" in why and "会员群一 已发出 导购" in why, why


async def test_what_the_calendar_shows_is_explained_beside_it(home: House) -> None:
    """Every colour and every word by which it says how a slot stands."""
    async with desk(home, OPERATOR) as who:
        page = words((await who.open("/console/calendar?day=2026-12-10")).text)
        legend = page.split("颜色和字是什么意思")[1]
        for shown in (*KINDS, *STATES, "没有字", "试跑", "试点", "今天", "由配比来挑", "虚线"):
            assert shown in legend, shown
        page = words((await who.open("/console/calendar?day=2026-11-28&by=week")).text)
        assert "虚线" not in page
    await home.sandbox.groups.creates("guide-lin", "会员群一")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(9, 0))
    async with desk(home, OPERATOR) as who:
        await sees(home, who, "/console/calendar?day=2026-12-10&by=week", "12:05 群 修护霜双支组（导购） 会卡住")
        page = words((await who.open("/console/calendar?day=2026-12-02")).text)
        assert "10:05 私聊 冬天哪里先干（互动） 没发出" in page


async def test_today_does_not_say_without_limit_of_what_it_does_not_know(home: House) -> None:
    """Before the week to come was reckoned for the first time."""
    async with desk(home, OPERATOR) as who:
        page = await sees(home, who, "/console/today", "最紧的群")
        assert "来自记录，现在读的" in page
    room = SimpleNamespace(uses=[])
    assert tightest(None) == "还没算好" and tightest(room) == "不限"  # type: ignore[arg-type]


async def test_today_says_what_is_foreseen_of_what_is_to_come(home: House) -> None:
    """Nobody approved it, it would go, somebody stopped it."""
    await one_group(home)
    await home.look_at(at(9, 0))
    async with desk(home, OPERATOR) as who:
        page = await sees(home, who, "/console/today", f"{NOON} 群 还没到，没人批")
        assert "会怎么样是推算" in page
        await approve(home, "")
        await approve(home, "店长")
        await home.look_at(at(9, 10))
        await sees(home, who, "/console/today", f"{NOON} 群 还没到，会发出")
        off = "/console/switches/off"
        await who.send(off, form=token(home, who, off), what="触点/群", because="先停")
        await sees(home, who, "/console/today", f"{NOON} 群 还没到，停着")


async def test_nothing_is_stopped_before_it_was_chosen(home: House) -> None:
    off = "/console/switches/off"
    async with desk(home, OPERATOR) as who:
        page = (await who.open("/console/switches")).text
        assert '<select name="what" required><option value="" selected>请选' in page
        seen = await who.send(off, form=token(home, who, off), what="", because="图不对")
        assert seen.status == 400 and "先选停掉什么" in seen.text and 'value="图不对"' in seen.text
        assert await home.rows("SELECT * FROM switches") == []


def test_words_of_a_chart_are_large_enough_on_a_phone() -> None:
    """Of 390 pixels a chart has about 320; 12 of them are the least that people read."""
    drawn = b64decode(bars("漏斗", [("新增", 12_345), ("已答调研", 7)]).source.partition("base64,")[2]).decode()
    [width] = re.findall(r'viewBox="0 0 (\d+) ', drawn)
    sizes = re.findall(r"\.axis text(?:\.major)?\{[^}]*font-size:(\d+)px", drawn)
    assert sizes and min(map(int, sizes)) * 320 / int(width) >= 12, (width, sizes)


async def test_odd_questions_are_answered_kindly(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        for asked in ("%00", "a/b", "dec-2026/", "<script>alert(1)</script>", "%", "_", "x" * 5000, "/"):
            seen = await who.http.get(f"{home.app.url}/console/why", params={"q": asked})
            assert seen.status == 200, asked
            assert "<script" not in await seen.text()
        for day in ("2026-13-40", "9999-12-31", "0001-01-01", "x"):
            assert (await who.open(f"/console/calendar?day={day}")).status == 200
