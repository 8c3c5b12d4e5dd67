"""What a customer does on a phone: chat in 微信客服, and fill in a page that works without JavaScript."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from demo.stage import Stage, expect


@dataclass(frozen=True, slots=True)
class Chat:
    """One customer at one kf account."""

    stage: Stage
    customer: str
    open_kfid: str

    async def lines(self) -> list[dict[str, Any]]:
        """What the phone shows, oldest first."""
        return await self.stage.sandbox.kf.chat(self.customer, self.open_kfid)

    async def from_bot(self) -> list[dict[str, Any]]:
        """What the app said, oldest first."""
        return [line for line in await self.lines() if line["sender"] == "bot"]

    async def next_line(self, known: int) -> dict[str, Any]:
        """The newest word of the app, once there are more than `known`."""

        async def more() -> bool:
            return len(await self.from_bot()) > known

        await self.stage.until("客服里的下一句话", more)
        await self.stage.settled()
        return (await self.from_bot())[-1]

    async def tap(self, choice: str) -> dict[str, Any]:
        """Tap a line of the newest menu; what the app says next."""
        said = await self.from_bot()
        ids = {item["click"]["content"]: item["click"]["id"] for item in said[-1]["content"]["list"] if "click" in item}
        [menu_id] = [id_ for content, id_ in ids.items() if choice in content]
        await self.stage.sandbox.kf.customer_taps(self.customer, self.open_kfid, menu_id)
        return await self.next_line(len(said))

    async def write(self, text: str) -> dict[str, Any]:
        """Type; what the app says next."""
        known = len(await self.from_bot())
        await self.stage.sandbox.kf.customer_writes(self.customer, self.open_kfid, text)
        return await self.next_line(known)


async def enter(stage: Stage, name: str) -> Chat:
    """A customer taps the shop's kf link, and is greeted."""
    kf = stage.sandbox.world.kf
    await stage.until("客服账号的链接", lambda: kf.links)
    link = next(iter(kf.links.values()))
    customer = await stage.sandbox.kf.customer_enters(link.open_kfid, scene=link.scene, name=name)
    chat = Chat(stage, customer, link.open_kfid)
    await chat.next_line(0)
    return chat


@dataclass(slots=True)
class Browser:
    """A phone's browser: keeps its cookies, sends forms, runs no script."""

    http: aiohttp.ClientSession
    html: str = ""
    url: URL = field(default_factory=URL)
    status: int = 0

    async def open(self, url: str) -> None:
        async with self.http.get(url) as answer:
            self.html, self.url, self.status = await answer.text(), answer.url, answer.status

    async def send(self, **values: str | list[str]) -> None:
        """Post the page's form with these values; hidden fields go along as they are."""
        expect("<form" in self.html, "页面上有表单")
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', self.html)
        pairs = [*hidden, *((n, v) for n, vs in values.items() for v in ([vs] if isinstance(vs, str) else vs))]
        action = re.search(r'<form[^>]*action="([^"]*)"', self.html)
        target = self.url.join(URL(action[1])) if action and action[1] else self.url
        headers = {"Origin": str(self.url.origin()), "Referer": str(self.url)}
        async with self.http.post(target, data=pairs, headers=headers) as answer:
            self.html, self.url, self.status = await answer.text(), answer.url, answer.status


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Another phone: it shares no cookies with any other."""
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name, such as 127.0.0.1
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        yield Browser(http)
