"""Somebody of the staff at a browser without scripts, who is in."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from html import unescape

import aiohttp

from bot.store import console
from bot.web.console.door import COOKIE
from demo.stories.calendar_day import MEMBERS
from tests.house import House

ADMIN, OPERATOR, GUIDE = "he-yun", "zhou-lan", "guide-lin"
"""Of the demo's configuration."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page."""

    status: int
    text: str
    headers: dict[str, str]

    def token(self, to: str) -> str:
        """The hidden field of the form that is sent there."""
        form = re.search(
            rf'<form method="post" action="{re.escape(to)}">.*?name="form" value="([^"]+)"', self.text, re.S
        )
        return unescape(form[1]) if form else ""


@dataclass(slots=True)
class Desk:
    """A browser. `secret`: what its cookie shows."""

    http: aiohttp.ClientSession
    base_url: str
    secret: str = ""

    async def open(self, path: str, **headers: str) -> Seen:
        """Without going on to where it leads."""
        async with self.http.get(self.base_url + path, headers=headers, allow_redirects=False) as answer:
            return Seen(answer.status, await answer.text(errors="replace"), dict(answer.headers))

    async def send(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> Seen:
        async with self.http.post(
            self.base_url + path, data=fields, headers=headers or {}, allow_redirects=False
        ) as answer:
            return Seen(answer.status, await answer.text(), dict(answer.headers))


async def session_of(home: House, userid: str) -> str:
    """Somebody came in; what their browser shows from then on."""
    secret = secrets.token_urlsafe(32)
    await home.app.database.write(partial(console.begin, secret=secret, userid=userid, now=home.clock.now()))
    return secret


@asynccontextmanager
async def desk(home: House, userid: str | None = None) -> AsyncIterator[Desk]:
    """A browser of its own, whose owner is in if they have a name."""
    secret = await session_of(home, userid) if userid else ""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, cookies={COOKIE: secret} if secret else None) as http:
        yield Desk(http, home.app.url, secret)


async def one_group(home: House) -> None:
    """A guide with a group of customers, so many that things are sold in it."""
    people = await home.sandbox.existing_pool(MEMBERS, guides=[GUIDE])
    await home.sandbox.groups.creates(GUIDE, "会员群一", people=people)
    await home.settled()
