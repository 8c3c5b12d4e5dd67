"""A stage for stories: a sandbox WeCom and a real bot on loopback, under one clock, with a data folder of their own."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, text
from typer import Typer
from typer.testing import CliRunner

from bot.app import App, running
from bot.cli import build
from bot.clock import Clock, VirtualClock
from bot.config import AppConfig, Config, CorpConfig, DatabaseConfig, LoginConfig, ServerConfig, StaffConfig
from bot.content.folders import Folders
from bot.store import inbox, outbox
from handlers import router
from sandbox import Sandbox

ROOT = Path(__file__).parent.parent
OWN_FILES = "files"
OPENING = 1_795_658_400
"""2026-11-26 10:00 in Shanghai, a Thursday."""

PATIENCE_SECONDS = 30.0
"""Real seconds that a story waits for what it must see: long, for a busy machine; what is there is seen at once."""

AGENTID = 1000002
STAFF = {"he-yun": "何云", "zhou-lan": "周岚"}
"""Who runs the brand: the manager of the shop, and one who plans."""

GUIDES = {"guide-lin": "林夕", "guide-zhou": "周可", "guide-wu": "吴双", "guide-chen": "陈默"}

GROUPS = {"会员群一": "guide-lin", "会员群二": "guide-zhou"}
"""name → whose."""

PEOPLE = (
    StaffConfig(userid="he-yun", role="admin", approves_as=("店长",)),
    StaffConfig(userid="zhou-lan", role="operator"),
    StaffConfig(userid="guide-lin", role="guide"),
)


class StoryError(AssertionError):
    """What a story says must be seen was not seen."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a story plays on."""

    clock: VirtualClock
    sandbox: Sandbox
    app: App
    config: Config

    @property
    def root(self) -> Path:
        """Where staff's files lie: the project, or a copy of them for a story that edits them."""
        own = self.config.data_folder / OWN_FILES
        return own if own.exists() else ROOT

    async def command(self, *words: str) -> str:
        """What somebody reads who types a command beside the running bot.

        Raises:
            StoryError: it was refused.
        """
        file = self.config.data_folder / "config.yaml"
        file.write_text(config_text(self.config), encoding="utf-8")
        run = partial(CliRunner().invoke, _commands(self.root), [*words, "--config", str(file)])
        done = await asyncio.to_thread(run)
        expect(done.exit_code == 0, f"main.py {' '.join(words)}：{done.output}")
        return done.stdout

    async def edit(self, *edits: tuple[str, str, str]) -> str:
        """Somebody changes files below content/ and saves them all: (file, old words, new words), a new file without
        old ones. What is wrong with them, so that the old edition stays; empty: they are live.

        Raises:
            StoryError: a file does not say the old words, or nothing came of it.
        """
        content = self.app.content
        before = content.current.version, content.problems
        for file, old, new in edits:
            path = self.root / "content" / file
            words = path.read_text(encoding="utf-8") if old else ""
            expect(old in words, f"{file} 里有“{old}”")
            path.write_text(words.replace(old, new) if old else new, encoding="utf-8")
        await self.until("改过的文件读进来了", lambda: (content.current.version, content.problems) != before)
        await self.settled()
        return "\n".join(map(str, content.problems))

    async def rows(self, query: str, **values: object) -> list[Any]:
        """What SQL says, as rows with names."""

        def job(conn: Connection) -> list[Any]:
            return list(conn.execute(text(query), values))

        return await self.app.database.read(job)

    async def until(self, what: str, condition: Callable[[], object | Awaitable[object]]) -> None:
        """Wait, without moving the clock, until something can be seen.

        Raises:
            StoryError: it could not, for PATIENCE_SECONDS.
        """
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            seen = condition()
            if isinstance(seen, Awaitable):
                seen = await seen
            if seen:
                return
            await asyncio.sleep(0.005)
        raise StoryError(f"没有看到：{what}")

    async def wait(self, seconds: int) -> None:
        """Let time pass, a second at a time, everything due in between happening at its own second."""
        for _ in range(seconds):
            await self.settled()
            await self.clock.advance(1)
        await self.settled()

    async def look_at(self, at: int) -> None:
        """Be at a later moment at once, and let the tick find what has come round meanwhile."""
        await self.clock.leap(at)
        await self.app.schedule.tick()
        await self.settled()

    async def settled(self) -> None:
        """Until nothing is under way, or written down as due, that could go on without time passing.

        Raises:
            StoryError: it never came to rest.
        """
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        quiet = 0
        while quiet < 2:
            expect(time.monotonic() < give_up_at, "事情一直没有处理完")
            quiet = quiet + 1 if await self._quiet() else 0
            await asyncio.sleep(0.002)

    async def _quiet(self) -> bool:
        at_rest = self.sandbox.callbacks_in_the_air == 0 and all(lane.idle for lane in self.app.lanes)
        return at_rest and not await self.app.database.read(partial(_due, now=self.clock.now()))


@cache
def _commands(root: Path) -> Typer:
    return build(root, lambda: router)


def _due(conn: Connection, now: int) -> bool:
    """Whether an event waits that no failing one holds up, or an action whose hour has come."""
    waiting = inbox.waiting(conn, now=now, after=0, limit=1000)
    held = {row.line for row in waiting if row.retry_at > now}
    if any(row.line not in held for row in waiting):
        return True
    hours = (outbox.next_due_at(conn, urgent=urgent, busy=()) for urgent in (True, False))
    return any(hour is not None and hour <= now for hour in hours)


def expect(seen: object, what: str) -> None:
    """A line of a story.

    Raises:
        StoryError: it is not so.
    """
    if not seen:
        raise StoryError(what)


@asynccontextmanager
async def stage(*, own_files: bool = False) -> AsyncIterator[Stage]:
    """The sample brand on opening day: guides hired, codes printed, media uploaded. `own_files`: to be edited."""
    clock = VirtualClock(OPENING)
    with TemporaryDirectory(prefix="zhiyu-") as data:
        root = _copy(Path(data, OWN_FILES)) if own_files else ROOT
        config = deployment(f"sqlite:///{data}/zhiyu.sqlite3", free_port())
        sandbox = new_sandbox(config, clock)
        base_url = await sandbox.start()
        try:
            here = at_wecom(config, base_url)
            async with running(here, router, folders=Folders.of(root), clock=clock) as app:
                play = Stage(clock, sandbox, app, here)
                await play.until("四个渠道活码", lambda: len(sandbox.world.contact_ways.all()) >= 4)
                await play.settled()
                yield play
        finally:
            await sandbox.stop()


def _copy(root: Path) -> Path:
    """The sample brand's files, for one story."""
    for folder in ("content", "templates"):
        copytree(ROOT / folder, root / folder)
    return root


def deployment(database_url: str, port: int, api_base_url: str = "http://127.0.0.1:1") -> Config:
    """A corp that exists only in the sandbox."""
    app = AppConfig(
        name="main",
        agentid=str(AGENTID),
        secret=SecretStr("demo-secret"),
        callback_token=SecretStr("demoToken"),
        encoding_aes_key=SecretStr("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"),
    )
    return Config(
        corp=CorpConfig(id="ww_demo", api_base_url=api_base_url),
        apps=(app,),
        public_url=f"http://127.0.0.1:{port}",
        orders_key=SecretStr("demo-orders-key-0123456789-abcdef"),
        login=LoginConfig(people=PEOPLE),
        server=ServerConfig(port=port),
        database=DatabaseConfig(url=SecretStr(database_url)),
    )


def at_wecom(config: Config, base_url: str) -> Config:
    """The same deployment, with its WeCom at this address: the API, and where people say who they are."""
    login = {"qr_url": f"{base_url}/wwlogin/sso/login", "in_app_url": f"{base_url}/connect/oauth2/authorize"}
    return config.model_copy(
        update={
            "corp": config.corp.model_copy(update={"api_base_url": base_url}),
            "login": config.login.model_copy(update=login),
        }
    )


def config_text(config: Config) -> str:
    """The deployment as a file for `--config` (JSON is YAML), so that every command can look at a demo's database."""
    held = config.model_dump(exclude_defaults=True)
    return json.dumps(held, ensure_ascii=False, indent=2, default=SecretStr.get_secret_value) + "\n"


def new_sandbox(config: Config, clock: Clock | None = None, before: Sandbox | None = None) -> Sandbox:
    """A WeCom that knows this deployment's app and the sample brand's guides. `before`: what it knows besides."""
    app = config.main_app
    sandbox = Sandbox(clock=clock, seed=7, corpid=config.corp.id, retry_seconds=1, before=before)
    for userid, name in GUIDES.items():
        sandbox.add_member(userid, name)
    for userid, name in STAFF.items():
        sandbox.add_member(userid, name, customer_contact=False)
    sandbox.add_app(
        "知遇",
        int(app.agentid),
        app.secret.get_secret_value(),
        f"{config.public_url}/callback/{app.name}",
        app.callback_token.get_secret_value(),
        app.encoding_aes_key.get_secret_value(),
    )
    return sandbox


async def found_groups(sandbox: Sandbox) -> None:
    """The groups that a demo begins with, so that there is somewhere to send to."""
    for name, guide in GROUPS.items():
        await sandbox.groups.creates(guide, name)


def free_port() -> int:
    """A port on loopback that nobody listens on, outside the range that the system hands out: nobody takes it first."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
