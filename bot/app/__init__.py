"""The composition root: opens everything in order, hands plain values down, closes it all in reverse.

async with running(config, router, folders=Folders.of(Path.cwd()), clock=SystemClock()) as app:
    print(app.url)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

import structlog
from aiohttp import web

from bot.app.client import open_client
from bot.app.console import console
from bot.app.doors import callback_receivers, web_application
from bot.app.parts import App, build
from bot.clock import Clock
from bot.config import Config
from bot.content.folders import Folders
from bot.content.live import LiveContent
from bot.content.snapshot import Content
from bot.flow.front import CLOSE_SECONDS, IDLE_SECONDS, Front
from bot.flow.intake import Intake
from bot.flow.loops import forever
from bot.flow.schedule import tell
from bot.router import Router
from bot.scrm.events import ContentWentLive
from bot.store import outbox
from bot.store.database import Database, open_database
from bot.store.migrate import prepare

__all__ = ["App", "build", "running"]

BACKLOG = 1024
"""Connections that wait to be accepted: a rush of redeliveries comes on new ones."""

WARM_SECONDS = 5
"""How long the first access token is waited for; callbacks are received even while WeCom's API is away."""

log = structlog.get_logger()


@asynccontextmanager
async def running(
    config: Config, router: Router, *, folders: Folders, clock: Clock, content: LiveContent | None = None
) -> AsyncIterator[App]:
    """A bot that receives, decides and delivers until the block ends. `content`: of these folders, if it was read.

    Raises:
        Problems: content is wrong.
        AlreadyRunningError: another process moves this database.
    """
    async with AsyncExitStack() as stack:
        content = content or LiveContent(folders.content, folders.messages, clock.now, config.corp.timezone)
        database = await _open_store(config, clock, stack)
        wecom = await open_client(config, config.main_app, clock, stack)
        app = build(config, router, folders, clock, content, database, wecom)
        yield await _start(app, stack)


async def _open_store(config: Config, clock: Clock, stack: AsyncExitStack) -> Database:
    database = open_database(config.database.url.get_secret_value(), people_key=config.people_key)
    stack.push_async_callback(database.close)
    await database.claim_leadership()
    await prepare(database)
    lost = await database.write(partial(outbox.recover, now=clock.now()))
    if lost:
        log.warning("outcomes_unknown_after_restart", actions=lost)
    return database


async def _start(app: App, stack: AsyncExitStack) -> App:
    started_at = app.clock.now()

    async def announce(content: Content) -> None:
        event = ContentWentLive(created_at=app.clock.now(), version=content.version)
        await tell(app.database, event, f"{started_at}/{content.version}")
        app.dispatcher.wake()

    await announce(app.content.current)
    for name, run in (
        ("dispatch", app.dispatcher.run),
        ("deliver_urgent", app.lanes[0].run),
        ("deliver", app.lanes[1].run),
        ("watch_content", partial(app.content.watch, asyncio.Event(), announce)),
    ):
        _spawn(stack, forever(name, run, app.clock))
    app.schedule.start()
    stack.callback(app.schedule.stop)
    url = await _listen(app, stack)
    with suppress(TimeoutError):
        async with app.clock.timeout(WARM_SECONDS):
            await app.schedule.tick()
    return replace(app, url=url)


def _spawn(stack: AsyncExitStack, work: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(work)

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(stop)


async def _listen(app: App, stack: AsyncExitStack) -> str:
    intake = Intake(app.database, app.metrics, app.pressure, app.dispatcher.wake)
    receivers, site = callback_receivers(app, intake), console(app)
    stack.push_async_callback(site.room.overviews.close)
    stack.push_async_callback(site.room.spans.close)
    # Unasked, aiohttp would wait an hour for the rest of a head, and a minute at the end.
    runner = web.AppRunner(
        web_application(app, receivers, site),
        access_log=None,
        keepalive_timeout=IDLE_SECONDS,
        shutdown_timeout=CLOSE_SECONDS,
    )
    await runner.setup()
    assert runner.server
    front = Front(receivers, runner.server, app.clock)

    async def close() -> None:
        await asyncio.gather(front.close(), runner.cleanup())

    stack.push_async_callback(close)
    _spawn(stack, forever("front", front.watch, app.clock))
    host, port = app.config.server.host, app.config.server.port
    server = await asyncio.get_running_loop().create_server(front, host, port, backlog=BACKLOG)
    stack.callback(server.close)
    return f"http://{host}:{server.sockets[0].getsockname()[1]}"
