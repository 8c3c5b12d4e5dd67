"""A corp with two members and an app, an app that listens, and a client: what the sandbox's tests speak with."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

from sandbox import Sandbox
from sandbox.codec import Codec, encrypted_part, signature
from sandbox.world import App, World
from sandbox.world.wire import ApiError, Event, Upload

CORPID, KEY, TOKEN = "ww_test", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "token123"
AGENTID, OTHER_AGENTID = 1000002, 1000003
NOON = 1_800_000_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


class Corp:
    """A world, and a voice to call its API with: answers are whole JSON objects, refusals included."""

    def __init__(self) -> None:
        self.world = World(CORPID, seed=1)
        self.at = NOON
        for agentid in (AGENTID, OTHER_AGENTID):
            self.world.apps.add(App(f"app{agentid}", agentid, f"secret{agentid}"))
        self.world.add_member("lihua", "李华")
        self.world.add_member("wangfang", "王芳")

    def token(self, agentid: int = AGENTID) -> str:
        answer = self.world.apps.gettoken({"corpid": CORPID, "corpsecret": f"secret{agentid}"}, "127.0.0.1", self.at)
        return str(answer["access_token"])

    def ask(
        self, api: str, body: Any = None, agentid: int = AGENTID, upload: Upload | None = None, **query: str
    ) -> dict[str, Any]:
        try:
            asked = {"access_token": self.token(agentid), **query}
            answer = self.world.answer(api, at=self.at, ip="127.0.0.1", query=asked, body=body or {}, upload=upload)
        except ApiError as error:
            return {"errcode": error.errcode, "errmsg": error.errmsg}
        return {"errcode": 0, **answer}

    def adds(self, **how: Any) -> tuple[str, list[dict[str, str]]]:
        """A customer adds; the callbacks' fields."""
        customer, events = self.world.relations.customer_adds(self.at, **({"userid": "lihua"} | how))
        return customer, [fields_of(event) for event in events]

    def welcome(self, code: str, text: str = "你好", agentid: int = AGENTID) -> int:
        body = {"welcome_code": code, "text": {"content": text}}
        return int(self.ask("externalcontact/send_welcome_msg", body, agentid)["errcode"])

    def media(self, kind: str = "image", data: bytes = PNG) -> dict[str, Any]:
        return self.ask("media/upload", upload=Upload("a.png", "image/png", data), type=kind)


def fields_of(event: Event | str) -> dict[str, str]:
    """The top-level elements of a callback's XML."""
    root = ElementTree.fromstring(event if isinstance(event, str) else event.xml)
    return {child.tag: child.text or "" for child in root}


class Listener:
    """An app's callback server: keeps what it was sent, verified and decrypted; answers as `answer` says."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, bytes]] = []
        self.events: list[dict[str, str]] = []
        self.answer: Callable[[int], Awaitable[web.Response]] | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.requests.append((request.query_string, body))
        encrypted = encrypted_part(body.decode()) if body else request.query["echostr"]
        expected = signature(TOKEN, request.query["timestamp"], request.query["nonce"], encrypted)
        assert request.query["msg_signature"] == expected
        text = Codec(KEY, CORPID).decrypt(encrypted)
        if request.method == "GET":
            if self.answer:
                await self.answer(len(self.requests))
            return web.Response(text=text)
        self.events.append(fields_of(text))
        return await self.answer(len(self.requests)) if self.answer else web.Response()


def furnish(sandbox: Sandbox, listener: Listener) -> Sandbox:
    """The two members and the listening app."""
    sandbox.add_member("lihua", "李华")
    sandbox.add_member("wangfang", "王芳")
    sandbox.add_app("助手", AGENTID, "secret", listener.url, TOKEN, KEY)
    return sandbox


class Wire:
    """An HTTP client with a token."""

    def __init__(self, http: aiohttp.ClientSession, token: str) -> None:
        self.http, self.token = http, token

    async def post(self, api: str, body: Any = None, **query: str) -> Any:
        asked = {"access_token": self.token, **query}
        async with self.http.post(f"/cgi-bin/{api}", params=asked, json=body or {}) as response:
            return await response.json()

    async def control(self, action: str, body: Any = None) -> Any:
        async with self.http.post(f"/sandbox/{action}", json=body or {}) as response:
            return await response.json()
