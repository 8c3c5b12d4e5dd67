"""The door of the console: every page with every role; and everybody who tries to come in by another way."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from bot.scrm.role import MAY, ROLES, Permission
from bot.store.console import LINK_SECONDS, SESSION_SECONDS
from bot.web.browser import Browsers
from bot.web.console.door import COOKIE, STATE_SECONDS, new_link
from bot.web.console.editor import editor
from bot.web.console.room import Page
from bot.web.console.site import MENU, PAGES
from tests.house import House, added, reopened
from tests.web.office import ADMIN, GUIDE, OPERATOR, Desk, Seen, desk

WHO = {"admin": ADMIN, "operator": OPERATOR, "guide": GUIDE}
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with reopened(tmp_path) as home:
        await home.push(added(1, home.clock.now()))
        await home.settled()
        yield home


def address(page: Page) -> str:
    """With something that is there for each part of the path."""
    return (
        page.path.replace("{item}", "dg-cream-set").replace("{name:.+}", "library/talks.yaml").replace("{person}", "1")
    )


def test_who_may_more_may_all_that_others_may() -> None:
    """Guide, operator, admin: each may what the one before may, and the admin everything."""
    guide, operator, admin = (MAY[role] for role in ("guide", "operator", "admin"))
    assert guide < operator < admin == frozenset(get_args(Permission))
    assert set(MAY) == set(ROLES)


def test_every_page_of_the_menu_is_there() -> None:
    assert {to for _, to in MENU} <= {page.path for page in PAGES if page.method == "GET"}


async def test_every_page_with_every_role(home: House) -> None:
    """What the table permits is shown or done; everything else is refused, and nobody comes further than the login."""
    async with desk(home) as nobody:
        for page in PAGES:
            seen = await nobody.open(address(page)) if page.method == "GET" else await nobody.send(address(page))
            assert seen.status == (303 if page.method == "GET" else 403), page.path
            assert page.method == "POST" or seen.headers["Location"].startswith("/console/login?next=")
    for role, userid in WHO.items():
        async with desk(home, userid) as who:
            for page in PAGES:
                await walks(home, who, page, may=page.may in MAY[role])


async def walks(home: House, who: Desk, page: Page, *, may: bool) -> None:
    """One page, one role: a form is sent with a token of this session and address, so that only the role decides."""
    if page.method == "GET":
        seen = await who.open(address(page))
    else:
        seen = await who.send(address(page), form=token(home, who, address(page)), number="999", what="全部")
    assert ("你的身份不能做这个" in seen.text) == (not may), (page.path, seen.status)
    if page.method == "GET" and may:
        assert seen.status == 200, page.path
        assert all(seen.headers[name] == value for name, value in HEADERS.items())
        policy = seen.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "style=" not in seen.text
        runs_ours(seen) if page.handler is editor else runs_nothing(seen)


def runs_nothing(seen: Seen) -> None:
    policy = seen.headers["Content-Security-Policy"]
    assert "script" not in policy and "connect" not in policy and "<script" not in seen.text


def runs_ours(seen: Seen) -> None:
    """One file of ours, by its address: nothing that stands in the page, nothing from elsewhere."""
    policy = dict(each.strip().split(" ", 1) for each in seen.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert re.findall("<script[^>]*>", seen.text) == ['<script src="/console/check.js" defer>']
    assert "</script>" in seen.text.split("defer>")[1][:9]


def token(home: House, who: Desk, path: str) -> str:
    """What a page of this session would hold in the form for `path`."""
    key = sha256(who.secret.encode()).hexdigest()
    return Browsers(home.config.link_key, secure=False).form(key, "console", path, now=home.clock.now())


async def test_an_operator_cannot_do_what_only_an_admin_may(home: House) -> None:
    """The page is there, without the buttons; and who sends the form all the same changes nothing."""
    async with desk(home, OPERATOR) as who:
        for path in ("retry", "drop", "replay"):
            seen = await who.send(f"/console/boxes/{path}", form=token(home, who, f"/console/boxes/{path}"), number="1")
            assert seen.status == 403
        assert (await who.open("/console/audit")).status == 403
        assert "操作记录" not in (await who.open("/console/today")).text
    assert await home.rows("SELECT * FROM audit_trail") == []


async def test_a_form_that_is_not_of_our_page_changes_nothing(home: House) -> None:
    path = "/console/switches/off"
    async with desk(home, OPERATOR) as who, desk(home, ADMIN) as other:
        good, said = token(home, who, path), {"what": "全部", "because": "试试"}
        wrong = ("", token(home, who, "/console/switches/on"), token(home, other, path), good[:-2] + "AA")
        for form in wrong:
            assert (await who.send(path, form=form, **said)).status == 403
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            assert (await who.send(path, headers, form=good, **said)).status == 403
        assert await home.rows("SELECT * FROM switches") == []
        done = await who.send(path, form=good, **said)
        assert done.status == 303 and len(await home.rows("SELECT * FROM switches")) == 1
        [change] = await home.rows("SELECT who, via, what, target, because FROM audit_trail")
        assert tuple(change) == (OPERATOR, "控制台", "停掉", "全部", "试试")


async def test_a_session_ends_with_the_day_and_when_one_goes(home: House) -> None:
    async with desk(home, OPERATOR) as who, desk(home, OPERATOR) as thief:
        thief.http.cookie_jar.update_cookies({COOKIE: who.secret})
        page = await who.open("/console/today")
        assert (await thief.open("/console/today")).status == 200
        out = await who.send("/console/logout", form=page.token("/console/logout"))
        assert out.status == 303
        assert (await thief.open("/console/today")).status == 303
    async with desk(home, ADMIN) as who:
        await home.clock.advance(SESSION_SECONDS - 1)
        assert (await who.open("/console/today")).status == 200
        await home.clock.advance(1)
        assert (await who.open("/console/today")).status == 303
    async with desk(home) as forger:
        forger.http.cookie_jar.update_cookies({COOKIE: "made-up"})
        assert (await forger.open("/console/today")).status == 303


async def test_what_opens_the_console_is_kept_as_a_hash_only(home: House) -> None:
    link = await new_link(home.app.database, "", ADMIN, home.clock.now())
    async with desk(home, ADMIN) as who:
        kept = str(await home.rows("SELECT * FROM console_links, console_sessions"))
        assert link.partition("key=")[2] not in kept and who.secret not in kept and ADMIN in kept


async def test_a_link_lets_in_once_and_not_for_long(home: House) -> None:
    """To open it uses nothing up, since chats open links by themselves; the button does."""
    first, late = [await new_link(home.app.database, "", ADMIN, home.clock.now()) for _ in range(2)]
    async with desk(home) as who, desk(home) as other:
        for _ in range(2):
            page = await who.open(first)
            assert page.status == 200 and ADMIN not in page.text
        key = first.partition("key=")[2]
        entered = await who.send("/console/enter", form=page.token("/console/enter"), key=key)
        assert entered.status == 303 and (await who.open("/console/audit")).status == 200
        cookie = entered.headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/console" in cookie
        page = await other.open(first)
        assert (await other.send("/console/enter", form=page.token("/console/enter"), key=key)).status == 410
        await home.clock.advance(LINK_SECONDS)
        page = await other.open(late)
        late_key = late.partition("key=")[2]
        assert (await other.send("/console/enter", form=page.token("/console/enter"), key=late_key)).status == 410
        assert (await other.send("/console/enter", form="", key=late_key)).status == 403


async def to_wecom(who: Desk, onward: str = "") -> tuple[str, str]:
    """What the login page sends the browser away with: (redirect_uri, state)."""
    page = await who.open(f"/console/login{onward}")
    found = re.search(r'href="(http[^"]+)"', page.text)
    asked = parse_qs(urlsplit(unescape(found[1] if found else "")).query)
    assert asked["appid"] == ["ww_demo"] and asked["agentid"] == ["1000002"]
    return asked["redirect_uri"][0], asked["state"][0]


async def scans(home: House, who: Desk, userid: str, onward: str = "") -> str:
    """The path that WeCom sends the browser back to."""
    back, state = await to_wecom(who, onward)
    agentid = int(home.config.main_app.agentid)
    url = urlsplit(home.sandbox.world.logins.agrees(home.clock.now(), userid, agentid, back, state))
    return f"{url.path}?{url.query}"


async def test_who_scans_is_in_and_nobody_else(home: House) -> None:
    async with desk(home) as who:
        back = await scans(home, who, OPERATOR, "?next=/console/plan")
        entered = await who.open(back)
        assert entered.status == 303 and entered.headers["Location"] == "/console/plan"
        assert (await who.open("/console/today")).status == 200
        assert (await who.open("/console/audit")).status == 403
    async with desk(home) as stranger:
        seen = await stranger.open(await scans(home, stranger, "guide-zhou"))
        assert seen.status == 403 and "名单" in seen.text


async def test_who_comes_in_is_called_by_the_name_that_wecom_knows(home: House) -> None:
    """Read once, with the first time that somebody is in."""
    async with desk(home) as who:
        await who.open(await scans(home, who, OPERATOR))

        async def called() -> bool:
            return "周岚（运营）" in (await who.open("/console/today")).text

        await home.until("按名字称呼", called)
    async with desk(home) as again:
        await again.open(await scans(home, again, OPERATOR))
        await home.settled()
        asked = await home.rows("SELECT 1 FROM outbox WHERE kind = 'SyncMember' AND payload LIKE '%zhou-lan%'")
        assert len(asked) == 1


async def test_nobody_is_sent_elsewhere_by_our_login(home: House) -> None:
    for onward in ("https://evil.example", "//evil.example", "/s/x", "/consolex", "/console/\r\nx: y", "\\evil"):
        async with desk(home) as who:
            entered = await who.open(await scans(home, who, OPERATOR, f"?next={quote(onward)}"))
            assert entered.status == 303 and entered.headers["Location"] == "/console"


async def test_a_return_that_was_used_is_forged_or_is_anothers_lets_nobody_in(home: House) -> None:
    async with desk(home) as who, desk(home) as victim, desk(home) as late:
        back = await scans(home, who, ADMIN)
        # An attacker's own code in the victim's browser would make them act as the attacker.
        await victim.open("/console/login")
        assert (await victim.open(back)).status == 403
        assert (await who.open(re.sub("code=[^&]+", "code=made-up", back))).status == 403
        assert (await who.open(re.sub("state=[^&]+", "state=x", back))).status == 403
        assert (await who.open(back)).status == 303
        assert (await who.open(back)).status == 403, "the state is gone with the first"
        for _ in range(2):
            assert (await victim.open("/console/today")).status == 303
        back = await scans(home, late, ADMIN)
        await home.clock.advance(STATE_SECONDS)
        assert (await late.open(back)).status == 403


async def test_inside_the_client_one_is_asked_there(home: House) -> None:
    async with desk(home) as who:
        page = await who.open("/console/login", **{"User-Agent": "Mozilla/5.0 wxwork/4.1 MicroMessenger/7"})
        assert "/connect/oauth2/authorize?" in page.text and "#wechat_redirect" in page.text


async def test_the_one_script_is_for_who_is_in(home: House) -> None:
    async with desk(home, OPERATOR) as who, desk(home) as nobody:
        seen = await who.open("/console/check.js")
        assert seen.status == 200 and seen.headers["Content-Type"].startswith("text/javascript")
        assert seen.headers["X-Content-Type-Options"] == "nosniff" and "eval" not in seen.text
        assert (await nobody.open("/console/check.js")).status == 303
        runs_nothing(await nobody.open("/console/login"))
        runs_nothing(await who.open("/console/approvals/nothing"))


async def test_files_outside_the_media_folder_are_not_served(home: House) -> None:
    async with desk(home, OPERATOR) as who, desk(home) as nobody:
        [picture, *_] = sorted(home.app.content.current.media)
        assert (await who.open(f"/console/media/{picture}")).status == 200
        for path in ("../tags.yaml", "%2e%2e/tags.yaml", "nothing.png", "/etc/passwd"):
            assert (await who.open(f"/console/media/{path}")).status == 404
        assert (await nobody.open(f"/console/media/{picture}")).status == 303
