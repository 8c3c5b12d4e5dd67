"""A browser without scripts: it opens pages, taps and types, and shows what it sees."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import aiohttp

from bot.content.folders import Folders
from bot.scrm.links import Links
from tests.house import FOLDERS, GUIDE, House, added, reopened

CUSTOMER = "wm-1"
TOPICS = ("护肤知识", "活动", "新品", "会员福利")
"""Of the sample's care.yaml."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def ask(self) -> str:
        """Its question, or else its headline."""
        found = re.search(r'class="ask"[^>]*>(.*?)</(?:legend|label)>|<h1>(.*?)</h1>', self.text, re.S)
        return unescape((found[1] or found[2]) if found else "").strip()

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return unescape(found[1]) if found else ""

    def link(self, text: str) -> str:
        """Where the link with these words leads."""
        found = re.search(rf'href="([^"]*)"[^>]*>{text}</a>', self.text)
        return unescape(found[1]) if found else ""


class Phone:
    """`at`: the path of the page that is open."""

    def __init__(self, http: aiohttp.ClientSession, base_url: str) -> None:
        self.http = http
        self.base_url = base_url
        self.at = ""
        self.page = Seen(0, "", {})

    async def open(self, path: str) -> Seen:
        self.at = path
        return await self._send("GET", {}, {})

    async def tap(self, action: str, /, *answers: str, headers: dict[str, str] | None = None, **fields: str) -> Seen:
        """Send the form of this page by a button."""
        kept = {name: self.page.hidden(name) for name in ("form", "question", "corrects")}
        return await self._send("POST", {**kept, **fields, "action": action, "answer": list(answers)}, headers or {})

    async def _send(self, method: str, fields: dict[str, object], headers: dict[str, str]) -> Seen:
        body = [(n, v) for n, vs in fields.items() for v in (vs if isinstance(vs, list) else [vs])]
        form = aiohttp.FormData(body) if method == "POST" else None
        async with self.http.request(method, self.base_url + self.at, data=form, headers=headers) as answer:
            self.page = Seen(answer.status, await answer.text(), dict(answer.headers))
            self.at = answer.url.path_qs
            return self.page


@asynccontextmanager
async def phone(home: House) -> AsyncIterator[Phone]:
    """Another browser: it shares no cookies."""
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        yield Phone(http, home.app.url)


@asynccontextmanager
async def pages(tmp_path: Path, folders: Folders = FOLDERS) -> AsyncIterator[House]:
    """A bot with one customer, greeted with a link to the survey."""
    async with reopened(tmp_path, folders=folders) as home:
        await home.push(added(1, home.clock.now(), code="CODE"))
        await home.settled()
        yield home


def survey_path(home: House, *, external_userid: str = CUSTOMER, survey: str = "newcomer") -> str:
    """The path of a customer's survey."""
    return links(home).survey(external_userid, GUIDE, survey)


def links(home: House) -> Links:
    """Our links as paths."""
    return Links("", home.config.link_key, home.clock.now())
