"""All pages of the console behind one door: who is in, whether they may, and whether a form is of a page of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from bot.content.edit import is_picture
from bot.scrm.role import CALLED, Staff
from bot.store import console, standing
from bot.store.audit import Change, note
from bot.store.console import Session
from bot.web.browser import FORM_SECONDS
from bot.web.console import (
    approvals,
    audit,
    boxes,
    calendar,
    channels,
    customer,
    editor,
    file_moves,
    files,
    ledger,
    mix,
    own,
    plan,
    quota,
    results,
    switches,
    task,
    today,
    why,
)
from bot.web.console.door import HOME, STATE, STATE_SECONDS, Door
from bot.web.console.parts import Files, read_parts
from bot.web.console.room import Answer, Page, Room, Visit
from bot.web.console.sheet import Sheet, as_csv, stays_whole
from bot.web.lobby import Lobby
from bot.web.pages import NOTICES, PRIVATE, Form, Handler, Refused, go, read_form

PAGES: Final[tuple[Page, ...]] = tuple(
    page
    for subject in (
        *(own, today, task, calendar, plan, approvals, files, editor, file_moves, why, mix, quota, switches),
        *(ledger, channels, results, customer, boxes, audit),
    )
    for page in subject.PAGES
)

MENU: Final = (
    ("我的任务", "/console/own"),
    ("今天", "/console/today"),
    ("日历", "/console/calendar"),
    ("计划", "/console/plan"),
    ("审批", "/console/approvals"),
    ("内容文件", "/console/files"),
    ("为什么", "/console/why"),
    ("配比", "/console/mix"),
    ("额度", "/console/quota"),
    ("开关", "/console/switches"),
    ("接待台账", "/console/ledger"),
    ("渠道", "/console/channels"),
    ("效果", "/console/results"),
    ("客户", "/console/customers"),
    ("死信与发件箱", "/console/boxes"),
    ("操作记录", "/console/audit"),
)

SCRIPT: Final = f"{HOME}/check.js"

NO: Final[Mapping[str, tuple[int, str, str]]] = {
    **NOTICES,
    "login": (403, "没能登录", "这次登录不是从这个浏览器开始的，或者已经用过、过了时间。请重新登录。"),
    "wecom_away": (503, "企业微信没有回答", "过一会儿再登录一次。"),
    "no_entry": (403, "你不在名单里", "请管理员把你的 userid 写进 config.yaml 的 login.people。"),
    "link": (410, "这个链接用过了", "登录链接只能用一次，十分钟内有效。请重新要一个。"),
    "forbidden": (403, "你的身份不能做这个", "要做的话，请找管理员。"),
    "signed_out": (403, "登录过期了", "没有提交。请重新登录再做一次。"),
    "form": (403, "这一页放得太久了", "为了安全没有提交。回到上一页刷新，再做一次。"),
    "file": (400, "打不开这个文件", "写 content/ 里的路径，例如 library/hats.yaml；文件名用小写字母、数字、连字符。"),
    "unwritable": (503, "没有存下", "服务器上的 content 文件夹不能写。请管服务器的人看一看。"),
    "picture": (400, "图片没有放进去", "要真的是 png 或 jpg，10 MB 以内。"),
    "named": (409, "图片没有放进去", "已经有一张同名的、不一样的图片。改个名字再放。"),
    "twice": (409, "这一份已经提交过了", "没有再做一次。还要做，请回到上一页刷新。"),
    "newer": (409, "后面又写了", "这一次没有查，查的是后来写的。"),
    "because": (400, "没有写为什么", "什么都没有改。回到上一页，写一句为什么，再按一次。"),
    "changed": (409, "内容刚刚变了", "你看到的和现在的不一样，没有提交。请回去再看一遍。"),
    "gone": (404, "没有这一页", "它可能已经不在了。"),
    "often": (429, "点得有点快", "歇一分钟再继续。"),
    "busy": (503, "暂时打不开", "是我们这边的问题，过一会儿再试试。"),
}
"""Status, title and words of every page that says no."""


@dataclass(frozen=True, slots=True)
class Site:
    """The console."""

    room: Room
    door: Door

    def routes(self) -> list[web.RouteDef]:
        """Every address: those of the door, and the pages behind it."""
        kind = partial(self._lobby.pages.kind, say=self.no)
        own = [
            web.get(f"{HOME}/login", kind(self.login)),
            web.get(f"{HOME}/return", kind(self.returned)),
            web.get(f"{HOME}/enter", kind(self.link)),
            web.post(f"{HOME}/enter", kind(self.enter)),
            web.post(f"{HOME}/logout", kind(self.logout)),
            web.get(f"{HOME}/media/{{path:.+}}", kind(self.media)),
            web.get(SCRIPT, kind(self.script)),
            web.get(HOME, kind(self.home)),
        ]
        return [*own, *(web.route(page.method, page.path, kind(self.guarded(page))) for page in PAGES)]

    def guarded(self, page: Page) -> Handler:
        """A page as a handler, behind the door."""

        async def answer(request: web.Request) -> web.StreamResponse:
            staff, session = await self._in(request)
            if not staff.may(page.may):
                raise Refused("forbidden")
            form, sent, once = await self._form(request, session, page) if page.method == "POST" else ({}, {}, "")
            now, query, path = self._lobby.clock.now(), dict(request.query), dict(request.match_info)
            visit = Visit(staff=staff, now=now, query=query, path=path, form=form, files=sent, once=once)
            told = await self._told(page, visit)
            await self._noted(request, page, visit)
            if isinstance(told, str):
                return go(told)
            if page.asks:
                return self._lobby.pages.show("console/findings.html", sheet=told)
            return await self._show(request, visit, session, told)

        answer.__name__ = page.handler.__name__
        return answer

    async def home(self, request: web.Request) -> web.StreamResponse:
        """The first page that one may see."""
        staff, _ = await self._in(request)
        return go(f"{HOME}/today" if staff.may("see") else f"{HOME}/own")

    async def login(self, request: web.Request) -> web.StreamResponse:
        """How to come in."""
        if await self.door.who(request):
            return go(HOME)
        address, state = self.door.to_wecom(request)
        page = self._lobby.pages.show("console/login.html", title="登录知遇", address=address)
        self.door.remember(page, STATE, state, STATE_SECONDS)
        return page

    async def returned(self, request: web.Request) -> web.StreamResponse:
        """Somebody comes back from WeCom."""
        userid, onward = await self.door.back_from_wecom(request)
        page = go(onward)
        await self.door.let_in(userid, page)
        self.room.wake()  # their name is asked for
        return page

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A link was opened: it is used by a button only, since programs open links by themselves."""
        key = request.query.get("key", "")
        return self._lobby.page(request, "console/enter.html", "console", title="登录知遇", key=key)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """The button was pressed."""
        browser = self._lobby.browser(request)  # what one browser does too often stops no other
        form, _ = await self._lobby.posted(request, f"console/enter/{browser}", "console")
        userid = await self.door.by_link(form.get("key", [""])[0])
        page = go(HOME)
        await self.door.let_in(userid, page)
        self.room.wake()  # their name is asked for
        return page

    async def logout(self, request: web.Request) -> web.StreamResponse:
        """They go."""
        _, session = await self._in(request)
        await self._form(request, session)
        page = go(f"{HOME}/login")
        await self.door.let_out(session, page)
        return page

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A picture of content/media, for previews."""
        staff, _ = await self._in(request)
        path = request.match_info["path"]
        if not staff.may("see") or not is_picture(self.room.media, path):
            raise Refused("gone")
        return web.FileResponse(self.room.media / path, headers={**PRIVATE, "Content-Security-Policy": "sandbox"})

    async def script(self, request: web.Request) -> web.StreamResponse:
        """The one script there is: what is typed in the editor is checked by it."""
        await self._in(request)
        return self._lobby.pages.script("console/check.js")

    def no(self, notice: str) -> web.Response:
        """A page that says why not."""
        status, title, words = NO[notice]
        return self._lobby.pages.show("console/notice.html", status=status, title=title, words=words)

    async def _in(self, request: web.Request) -> tuple[Staff, Session]:
        """Who is in. Raises HTTPSeeOther to the login, or Refused where something was sent."""
        known = await self.door.who(request)
        if known:
            return known
        if request.method == "POST":
            raise Refused("signed_out")
        raise web.HTTPSeeOther(f"{HOME}/login?{urlencode({'next': request.path_qs})}", headers=PRIVATE)

    async def _told(self, page: Page, visit: Visit) -> Answer:
        """What a page says. A form that did something does it once; one that was only looked at may be sent again."""
        if page.looks(visit):
            return await page.handler(self.room, visit)
        database = self._lobby.database
        use = partial(console.spend, once=visit.once, ends_at=visit.now + FORM_SECONDS, now=visit.now)
        if not await database.write(use, urgent=True):
            raise Refused("twice")
        told: Answer | None = None
        try:
            told = await page.handler(self.room, visit)
            return told
        finally:
            if not isinstance(told, str):
                await database.write(partial(console.take_back, once=visit.once))

    async def _noted(self, request: web.Request, page: Page, visit: Visit) -> None:
        """Who takes a file about single customers with them, is on record."""
        if page.may == "people" and (name := visit.query.get("csv")):
            change = Change(by=visit.doer, what="下载", target=f"{request.path} {name[:50]}")
            await self._lobby.database.write(lambda conn: note(conn, change))

    async def _form(self, request: web.Request, session: Session, page: Page | None = None) -> tuple[Form, Files, str]:
        """What was sent, by a page that was made for this session and this address; the files that came with it; and
        what is unique to this form. What only asks is counted apart, so that typing leaves passes to press a button."""
        lobby = self._lobby
        lobby.turnstile.enter(f"console/{'asks/' if page and page.asks else ''}{session.key}")
        if request.content_type == "multipart/form-data":
            form, sent = await read_parts(request, lobby.clock, lobby.home)
        else:
            form, sent = await read_form(request, lobby.clock, lobby.home), {}
        once = lobby.browsers.check(session.key, form, "console", request.path, now=lobby.clock.now())
        return form, sent, once

    async def _show(self, request: web.Request, visit: Visit, session: Session, sheet: Sheet) -> web.Response:
        if name := visit.query.get("csv"):
            table = sheet.table(name)
            if table is None:
                raise Refused("gone")
            return _file(name, as_csv(table))
        now, lobby, userid = visit.now, self._lobby, visit.staff.userid
        called = await lobby.database.look_up(partial(standing.names, userids=[userid]))
        return self._lobby.pages.show(
            "console/sheet.html",
            status=sheet.status,
            script=SCRIPT if sheet.checks else "",
            title=sheet.title,
            sheet=sheet,
            here=request.path,
            menu=[(words, to) for words, to in MENU if visit.staff.may(_NEEDED[to])],
            who=called.get(userid, userid),
            role=CALLED[visit.staff.role],
            stays_whole=stays_whole,
            token=lambda to: lobby.browsers.form(session.key, "console", to.partition("?")[0], now=now),
            address=lambda **more: f"{request.path}?{urlencode({**_kept(visit.query), **more})}",
        )

    @property
    def _lobby(self) -> Lobby:
        return self.door.lobby


_NEEDED: Final = {page.path: page.may for page in PAGES if page.method == "GET"}


def _kept(query: Mapping[str, str]) -> dict[str, str]:
    """What of an address goes on to the next page of a table; what was just done does not."""
    return {name: value for name, value in query.items() if name not in ("csv", "said")}


def _file(name: str, data: bytes) -> web.Response:
    headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="zhiyu-{name}.csv"'}
    return web.Response(body=data, content_type="text/csv", charset="utf-8", headers=headers)
