"""Somebody of the staff at a computer: logs in by WeCom, reads pages, presses buttons. No script runs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

from yarl import URL

from demo.phone import Browser, browser
from demo.stage import Stage, expect

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
_BUTTON = re.compile(r"<button([^>]*)>(.*?)</button>", re.S)


@dataclass(slots=True)
class Office:
    """One browser, and the page it shows."""

    stage: Stage
    browser: Browser

    @property
    def text(self) -> str:
        """What one reads."""
        return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style.*?</style>", "", self.browser.html, flags=re.S)))

    @property
    def status(self) -> int:
        return self.browser.status

    async def go(self, path: str) -> str:
        """Open a page of the console; its words."""
        await self.browser.open(f"{self.stage.app.url}{path}")
        return self.text

    async def follow(self, words: str) -> str:
        """Click a link that says this."""
        found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>\s*{re.escape(words)}\s*</a>', self.browser.html)
        expect(found, f"页面上有“{words}”")
        await self.browser.open(str(self.browser.url.join(URL(unescape(found[1] if found else "")))))
        return self.text

    async def press(self, words: str, within: str = "", **values: str) -> str:
        """Fill in and send the form whose button says this; of several alike, the one that holds `within`."""
        for about, inner in _FORM.findall(self.browser.html):
            button = _BUTTON.search(inner)
            said = unescape(re.sub(r"<[^>]+>", "", button[2])) if button else ""
            if words in said and within in inner:
                await self._send(about, inner, button[1] if button else "", values)
                return self.text
        expect(False, f"页面上有按钮“{words}”")
        return ""

    async def _send(self, about: str, inner: str, button: str, values: dict[str, str]) -> None:
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inner)
        named = re.findall(r'name="([^"]+)" value="([^"]*)"', button)
        fields = {name: unescape(value) for name, value in (*hidden, *named)} | values
        action = re.search(r'action="([^"]*)"', about)
        target = self.browser.url.join(URL(unescape(action[1]) if action else ""))
        post = 'method="post"' in about
        headers = {"Origin": str(target.origin())} if post else {}
        send = (
            self.browser.http.post(target, data=fields, headers=headers)
            if post
            else self.browser.http.get(target, params=fields)
        )
        async with send as answer:
            self.browser.html, self.browser.url, self.browser.status = await answer.text(), answer.url, answer.status

    async def logs_in(self, name: str) -> str:
        """By WeCom, as whoever has this name there; the first page."""
        await self.go("/console")
        expect("用企业微信登录" in self.text, "没登录就先到登录页")
        await self.follow("用企业微信登录")
        return await self.press(name)


@asynccontextmanager
async def office(stage: Stage) -> AsyncIterator[Office]:
    """Another computer."""
    async with browser() as one:
        yield Office(stage, one)
