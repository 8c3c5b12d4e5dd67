"""A whole bot and a whole WeCom on loopback, under one virtual clock, with anything a test wants different."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.app import running
from bot.clock import VirtualClock
from bot.config import AppConfig, Config
from bot.content.folders import Folders
from bot.router import Router
from bot.store import inbox
from bot.store.inbox import Arrival
from demo.stage import OPENING, ROOT, Stage, at_wecom, deployment, new_sandbox
from handlers import router as behaviours
from sandbox import Sandbox
from sandbox.codec import Codec, envelope, signature
from tests.once import migrated_sqlite

FOLDERS = Folders.of(ROOT)
SEND = "externalcontact/send_welcome_msg"
ADD = "change_external_contact/add_external_contact"
GUIDE = "guide-lin"
DATABASE = "zhiyu.sqlite3"
_LEFT: list[tuple[bytes, Sandbox]] = []


@dataclass(frozen=True, slots=True)
class House(Stage):
    """A stage that also looks into drawers."""

    sender: Sender
    http: aiohttp.ClientSession

    async def scalar(self, query: str, **values: object) -> Any:
        return (await self.rows(query, **values))[0][0]

    async def put(self, *arrivals: Arrival) -> None:
        """Events straight into the inbox, as if received."""
        await self.app.database.write(lambda conn: inbox.put(conn, arrivals))
        self.app.dispatcher.wake()

    def welcomes(self) -> list[dict[str, Any]]:
        return self.sandbox.log.calls(SEND)

    async def tasks(self) -> list[Any]:
        return await self.rows("SELECT kind, userid, external_userid, reason, ready_text FROM tasks ORDER BY id")

    async def post(
        self, body: bytes, query: Mapping[str, str], app: str = "main", headers: Mapping[str, str] | None = None
    ) -> int:
        url = f"{self.app.url}/callback/{app}"
        async with self.http.post(url, params=query, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    async def push(self, xml: str) -> int:
        """One authentic callback; the status of the answer."""
        body, query = self.sender.seal(xml, self.clock.now())
        return await self.post(body, query)

    async def counted(self, outcome: str, app: str = "main") -> float:
        """How many callbacks had this outcome, as /metrics says."""
        async with self.http.get(f"{self.app.url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        wanted = f'zhiyu_callbacks_total{{app="{app}",outcome="{outcome}"}} '
        return next((float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted)), 0.0)


@dataclass(frozen=True, slots=True)
class Sender:
    """Seals callbacks as WeCom does, or nearly."""

    token: str
    key: str
    corpid: str

    @classmethod
    def of(cls, config: Config, app: AppConfig | None = None) -> Sender:
        app = app or config.main_app
        return cls(app.callback_token.get_secret_value(), app.encoding_aes_key.get_secret_value(), config.corp.id)

    def seal(self, xml: str, at: int, *, receive_id: str | None = None) -> tuple[bytes, dict[str, str]]:
        """Body and query of an authentic POST."""
        encrypted = self.encrypt(xml, receive_id)
        return envelope(self.corpid, 1, encrypted).encode(), self.sign(encrypted, at)

    def encrypt(self, xml: str, receive_id: str | None = None) -> str:
        return Codec(self.key, receive_id or self.corpid).encrypt(xml, os.urandom(16))

    def sign(self, encrypted: str, at: int, nonce: str = "nonce") -> dict[str, str]:
        signed = signature(self.token, str(at), nonce, encrypted)
        return {"msg_signature": signed, "timestamp": str(at), "nonce": nonce}

    @property
    def aes_key(self) -> bytes:
        return base64.b64decode(self.key + "=")


def added(n: int | str, at: int, *, code: str | None = None, userid: str = GUIDE, state: str | None = None) -> str:
    """The XML of an add, as WeCom writes it."""
    return customer_xml("add_external_contact", n, at, userid=userid, State=state, WelcomeCode=code)


def customer_xml(change: str, n: int | str, at: int, *, userid: str = GUIDE, **more: str | None) -> str:
    """The XML of a change_external_contact; customer ids are wm-1, wm-2 …"""
    fields = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in more.items() if value is not None)
    return (
        f"<xml><ToUserName><![CDATA[ww_demo]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[{change}]]></ChangeType>"
        f"<UserID><![CDATA[{userid}]]></UserID><ExternalUserID><![CDATA[wm-{n}]]></ExternalUserID>{fields}</xml>"
    )


def with_second_app(config: Config) -> Config:
    """The same corp with another app that listens too."""
    other = config.main_app.model_copy(update={"name": "other", "agentid": "1000003"})
    return config.model_copy(update={"apps": (*config.apps, other)})


@asynccontextmanager
async def house(
    database_url: str,
    *,
    router: Router = behaviours,
    folders: Folders = FOLDERS,
    faults: Sequence[Mapping[str, Any]] = (),
    apps: int = 1,
    clock: VirtualClock | None = None,
    waits: bool = True,
    before: Sandbox | None = None,
) -> AsyncIterator[House]:
    """`faults`: in force before the bot starts. `waits`: until the brand's codes are made and nothing is under way.
    `before`: the WeCom that this database has known so far."""
    clock = clock or VirtualClock(OPENING)
    config = deployment(database_url, port=0)
    config = with_second_app(config) if apps == 2 else config
    ours = new_sandbox(config, clock, before)
    for fault in faults:
        ours.faults.add(**fault)
    base_url = await ours.start()
    try:
        here = at_wecom(config, base_url)
        async with running(here, router, folders=folders, clock=clock) as app, aiohttp.ClientSession() as http:
            for listener in here.apps:
                install(ours, listener, app.url)
            play = House(clock, ours, app, here, Sender.of(here), http)
            if waits:
                await play.until("四个渠道活码", lambda: len(ours.world.contact_ways.all()) >= 4)
                await play.settled()
            yield play
    finally:
        await ours.stop()


@asynccontextmanager
async def reopened(folder: Path, *, folders: Folders = FOLDERS) -> AsyncIterator[House]:
    """The same house on SQLite, sooner: the bot starts where another one stopped once all was done that an opening
    brings, on a copy of its database, at a copy of its WeCom. The addresses that its WeCom gave out lead nowhere."""
    database, sandbox = await _left_by_an_opening()
    (path := folder / DATABASE).touch(mode=0o600, exist_ok=False)
    path.write_bytes(database)
    async with house(f"sqlite:///{path}", folders=folders, before=sandbox) as home:
        yield home


async def _left_by_an_opening() -> tuple[bytes, Sandbox]:
    """The database, and the WeCom at rest; made once for a run."""
    if not _LEFT:
        with TemporaryDirectory() as folder:
            async with house(sqlite_url(Path(folder))) as home:
                pass
            _LEFT.append((Path(folder, DATABASE).read_bytes(), home.sandbox))
    return _LEFT[0]


def install(sandbox: Sandbox, app: AppConfig, url: str) -> None:
    """WeCom calls this app back at the address that the bot really has."""
    secret, token, key = (s.get_secret_value() for s in (app.secret, app.callback_token, app.encoding_aes_key))
    sandbox.add_app(app.name, int(app.agentid), secret, f"{url}/callback/{app.name}", token, key)


def sqlite_url(folder: Path) -> str:
    """The database of a folder, migrated."""
    path = folder / DATABASE
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(migrated_sqlite())
    return f"sqlite:///{path}"
