"""The whole bot starts, lives through trouble, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import running
from bot.clock import VirtualClock
from bot.config import Config
from bot.content.folders import Folders
from bot.store.database import AlreadyRunningError, open_database
from bot.store.inbox import arrival
from bot.store.migrate import prepare
from bot.store.tables import metadata
from bot.store.tombstones import PeopleKeyChangedError
from bot.yamlfile import Problems
from demo.stage import OPENING, ROOT, Stage, deployment, new_sandbox
from handlers import router
from tests.chaos.process import lasting_port
from tests.house import FOLDERS, GUIDE, SEND, House, customer_xml, house, reopened, sqlite_url


def own_folders(folder: Path) -> Folders:
    """A copy of what staff wrote, to be edited."""
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copytree(ROOT / "templates", folder / "templates")
    return Folders.of(folder)


async def test_it_closes_without_leaving_anything(database_url: str) -> None:
    """No task, no thread, no socket of its own, though much was under way."""
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    async with house(database_url) as home:
        edits = [customer_xml("edit_external_contact", n, home.clock.now()) for n in range(500)]
        assert await home.push(edits[0]) == 200
        await home.put(
            *(arrival("main", "CustomerEdited", f"customer/wm-{n}", e, None, 1) for n, e in enumerate(edits))
        )
        await home.until("在处理", lambda: not home.app.dispatcher.idle)
        url = home.app.url
    await asyncio.sleep(0.05)
    assert asyncio.all_tasks() == tasks
    assert not [t for t in set(threading.enumerate()) - threads if t.name.startswith("store-")]
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"{url}/healthz")


async def test_what_was_under_way_at_the_end_is_done_at_the_next_start(database_url: str) -> None:
    """A clean end is no different from a crash: the rows say what is left."""
    async with house(database_url) as home:
        home.sandbox.faults.add("slow", where=SEND, seconds=5)
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="store")
        await home.sandbox.callbacks_settled()
        await home.until(
            "欢迎语在路上", lambda: home.rows("SELECT id FROM outbox WHERE kind = 'SendWelcome' AND state = 'sending'")
        )
        clock = home.clock
        await clock.advance(1)
    async with house(database_url, clock=clock, waits=False) as home:
        query = "SELECT state, in_doubt FROM outbox WHERE kind = 'SendWelcome' AND attempts > 0"
        await home.until("有了结果", lambda: home.rows(query))
        [(_, in_doubt)] = await home.rows(query)
        assert in_doubt


async def test_a_start_where_an_opening_left_off_finds_nothing_to_do(tmp_path: Path) -> None:
    """Not a row more, and WeCom is asked for a token and nothing else."""
    (tmp_path / "opened").mkdir()
    async with house(sqlite_url(tmp_path / "opened")) as home:
        rows, asked = await held(home), sorted(call["api"] for call in home.sandbox.log.calls())
    async with reopened(tmp_path) as home:
        assert await held(home) == rows
        assert sorted(call["api"] for call in home.sandbox.log.calls()) == sorted([*asked, "gettoken"])


async def held(home: House) -> dict[str, int]:
    """How many rows each table holds."""
    return {name: await home.scalar(f"SELECT count(*) FROM {name}") for name in metadata.tables}


async def test_a_second_process_is_refused(database_url: str) -> None:
    """Two would do everything twice."""
    async with house(database_url, waits=False):
        with pytest.raises(AlreadyRunningError):
            async with house(database_url, waits=False):
                pass


async def test_wrong_content_does_not_start(tmp_path: Path) -> None:
    """It says what is wrong, and nothing is left open."""
    folders = own_folders(tmp_path)
    (folders.content / "welcome.yaml").write_text("welcomes: []\n", encoding="utf-8")
    with pytest.raises(Problems):
        async with house(sqlite_url(tmp_path), folders=folders, waits=False):
            pass


@asynccontextmanager
async def edited(tmp_path: Path) -> AsyncIterator[tuple[House, Path]]:
    """A house whose words can be edited on disk."""
    folders = own_folders(tmp_path)
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        await asyncio.sleep(0.2)  # the watcher needs a moment to look at what is there
        yield home, folders.content / "welcome.yaml"


async def welcome_of(home: House, n: int) -> str:
    await home.sandbox.customer_adds(userid=GUIDE, external_userid=f"wm-{n}", state="friend")
    await home.until("欢迎语", lambda: len(home.welcomes()) == n)
    return str((await home.sandbox.customer_reads(f"wm-{n}", GUIDE))[0]["text"])


async def test_a_valid_edit_goes_live_and_an_invalid_one_never_does(tmp_path: Path) -> None:
    """Without a restart; what is wrong is said, and the old words stay in use."""
    async with edited(tmp_path) as (home, path):
        before = home.app.content.current.version
        words = path.read_text(encoding="utf-8")
        assert "不着急买什么" in await welcome_of(home, 1)
        path.write_text(words.replace("不着急买什么", "慢慢来"), encoding="utf-8")
        await home.until("新版上线", lambda: home.app.content.current.version != before)
        assert "慢慢来" in await welcome_of(home, 2)
        live = home.app.content.current.version
        path.write_text(words.replace("{{ guide.name }}", "{{ customer.name }}"), encoding="utf-8")
        await home.until("说出了问题", lambda: home.app.content.problems)
        assert home.app.content.current.version == live
        assert "慢慢来" in await welcome_of(home, 3)


async def test_it_starts_while_wecom_is_away_and_greets_when_it_is_back(tmp_path: Path) -> None:
    """Callbacks are received all the same; what they ask for is done as soon as it can be."""
    clock, port = VirtualClock(OPENING), lasting_port()
    config = deployment(sqlite_url(tmp_path), lasting_port(), api_base_url=f"http://127.0.0.1:{port}")
    sandbox = new_sandbox(config, clock)
    async with running(config, router, folders=FOLDERS, clock=clock) as app:
        stage = Stage(clock, sandbox, app, config)
        await asyncio.sleep(0.1)
        for _ in range(5):
            await clock.advance(1)
            await asyncio.sleep(0.02)
        await sandbox.start(port=port)
        try:
            customer = await sandbox.customer_adds(userid=GUIDE, state="store")
            await sandbox.callbacks_settled()
            for _ in range(30):
                await clock.advance(1)
                await asyncio.sleep(0.01)
                if sandbox.log.calls(SEND):
                    break
            await stage.until("欢迎语", lambda: sandbox.log.calls(SEND))
            assert sandbox.log.calls(SEND)[0]["errcode"] == 0
            assert len(await sandbox.customer_reads(customer, GUIDE)) == 1
        finally:
            await sandbox.stop()


async def test_a_database_takes_no_other_people_key(tmp_path: Path) -> None:
    """Said with what to do; the signing key may change when the old one stays as people_key."""
    config = deployment(sqlite_url(tmp_path), port=0)
    url = config.database.url.get_secret_value()

    async def opens(config: Config) -> None:
        database = open_database(url, people_key=config.people_key)
        try:
            await prepare(database)
        finally:
            await database.close()

    old, new = SecretStr("o" * 32), SecretStr("n" * 32)
    await opens(config.model_copy(update={"signing_key": old}))
    with pytest.raises(PeopleKeyChangedError, match="把 people_key 写成原来的 signing_key"):
        await opens(config.model_copy(update={"signing_key": new}))
    await opens(config.model_copy(update={"signing_key": new, "people_secret": old}))
