"""The composition root: opens everything in order, hands plain values down, closes it all in reverse.

async with running(config, router, folders=Folders.of(Path.cwd()), clock=SystemClock()) as app:
    print(app.url)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import structlog
from aiohttp import web

from bot.app.client import open_client
from bot.app.console import console
from bot.app.doors import callback_receivers, web_application
from bot.clock import Clock
from bot.config import Config, RetentionConfig
from bot.content.folders import Folders
from bot.content.live import LiveContent
from bot.content.snapshot import Content
from bot.flow.decide import Decider
from bot.flow.deliver import Lane
from bot.flow.dispatch import Dispatcher
from bot.flow.front import CLOSE_SECONDS, IDLE_SECONDS, Front
from bot.flow.intake import Intake
from bot.flow.loops import forever
from bot.flow.perform import Post
from bot.flow.pressure import Pressure
from bot.flow.schedule import Schedule, tell
from bot.metrics import Metrics
from bot.router import Router
from bot.scrm.events import ContentWentLive
from bot.scrm.links import Links
from bot.scrm.settings import Settings
from bot.store import outbox
from bot.store.database import Database, open_database
from bot.store.migrate import prepare
from bot.store.retention import Keep
from bot.wecom.net.client import WeComClient
from bot.wecom.net.governor import Governor

DAY_SECONDS = 24 * 3600
BACKLOG = 1024
"""Connections that wait to be accepted: a rush of redeliveries comes on new ones."""

WARM_SECONDS = 5
"""How long the first access token is waited for; callbacks are received even while WeCom's API is away."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class App:
    """A running bot. What tests and the demo look at."""

    url: str
    database: Database
    content: LiveContent
    decider: Decider
    dispatcher: Dispatcher
    lanes: tuple[Lane, ...]
    schedule: Schedule
    governor: Governor
    metrics: Metrics
    pressure: Pressure


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
        wecom, governor = await open_client(config, config.main_app, clock, stack)
        app = build(config, router, folders, clock, content, database, wecom, governor)
        await _start(app, config, folders, clock, wecom, stack)
        yield app


async def _open_store(config: Config, clock: Clock, stack: AsyncExitStack) -> Database:
    database = open_database(config.database.url.get_secret_value(), people_key=config.people_key)
    stack.push_async_callback(database.close)
    await database.claim_leadership()
    await prepare(database)
    lost = await database.write(partial(outbox.recover, now=clock.now()))
    if lost:
        log.warning("outcomes_unknown_after_restart", actions=lost)
    return database


def build(
    config: Config,
    router: Router,
    folders: Folders,
    clock: Clock,
    content: LiveContent,
    database: Database,
    wecom: WeComClient,
    governor: Governor,
) -> App:
    """The parts of a bot, put together and at rest: nothing moves before somebody runs it."""
    metrics, pressure = Metrics(), Pressure()
    lanes: list[Lane] = []
    decider = Decider(
        database=database,
        router=router,
        content=lambda: content.current,
        timezone=config.corp.timezone,
        links=partial(Links, config.public_url, config.link_key),
        settings=Settings(
            kf_click_reopens_window=config.unconfirmed.kf_click_reopens_window,
            guide_capacity=config.pool.guide_capacity,
            approvers=tuple(userid for userid, who in config.staff.items() if who.may("approve")),
        ),
        clock=clock,
    )
    dispatcher = Dispatcher(
        decider=decider,
        database=database,
        clock=clock,
        metrics=metrics,
        pressure=pressure,
        decided=lambda: _wake(lanes),
    )
    post = Post(
        wecom,
        database,
        clock,
        agentid=int(config.main_app.agentid),
        media_folder=folders.content / "media",
        timezone=config.corp.timezone,
        data_folder=config.data_folder,
        people_key=config.people_key,
        happened=dispatcher.wake,
        taxonomy=lambda: content.current.taxonomy,
    )
    for urgent, slots in ((True, config.outbound.welcome_concurrency), (False, config.outbound.concurrency)):
        lanes.append(
            Lane(
                urgent=urgent,
                slots=slots,
                database=database,
                post=post,
                clock=clock,
                metrics=metrics,
                pressure=pressure,
                happened=dispatcher.wake,
            )
        )
    schedule = Schedule(
        database=database,
        content=lambda: content.current,
        token=wecom.token,
        timezone=config.corp.timezone,
        clock=clock,
        happened=dispatcher.wake,
        keep=_keep(config.retention),
        codes_left=lambda offer, left: metrics.codes_left.labels(offer).set(left),
    )
    return App("", database, content, decider, dispatcher, tuple(lanes), schedule, governor, metrics, pressure)


def _keep(days: RetentionConfig) -> Keep:
    return Keep(
        inbox_seconds=days.inbox_days * DAY_SECONDS,
        outbox_seconds=days.outbox_days * DAY_SECONDS,
        kf_text_seconds=days.kf_text_days * DAY_SECONDS,
        answers_seconds=days.answers_days * DAY_SECONDS,
        order_ids_seconds=days.order_ids_days * DAY_SECONDS,
        planned_seconds=days.planned_days * DAY_SECONDS,
    )


def _wake(lanes: list[Lane]) -> None:
    for lane in lanes:
        lane.wake()


def _wake_all(app: App) -> None:
    app.dispatcher.wake()
    _wake(list(app.lanes))


async def _start(
    app: App, config: Config, folders: Folders, clock: Clock, wecom: WeComClient, stack: AsyncExitStack
) -> None:
    started_at = clock.now()

    async def announce(content: Content) -> None:
        event = ContentWentLive(created_at=clock.now(), version=content.version)
        await tell(app.database, event, f"{started_at}/{content.version}")
        app.dispatcher.wake()

    await announce(app.content.current)
    for name, run in (
        ("dispatch", app.dispatcher.run),
        ("deliver_urgent", app.lanes[0].run),
        ("deliver", app.lanes[1].run),
        ("watch_content", partial(app.content.watch, asyncio.Event(), announce)),
    ):
        _spawn(stack, forever(name, run, clock))
    app.schedule.start()
    stack.callback(app.schedule.stop)
    url = await _listen(app, config, folders, clock, wecom, stack)
    object.__setattr__(app, "url", url)
    with suppress(TimeoutError):
        async with clock.timeout(WARM_SECONDS):
            await app.schedule.tick()


def _spawn(stack: AsyncExitStack, work: Coroutine[None, None, None]) -> None:
    task = asyncio.create_task(work)

    async def stop() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(stop)


async def _listen(
    app: App, config: Config, folders: Folders, clock: Clock, wecom: WeComClient, stack: AsyncExitStack
) -> str:
    intake = Intake(app.database, app.metrics, app.pressure, app.dispatcher.wake)
    receivers = callback_receivers(config, intake, clock, app.metrics)
    site = console(config, folders, clock, app.database, app.content, wecom, app.governor, partial(_wake_all, app))
    stack.push_async_callback(site.room.overviews.close)
    stack.push_async_callback(site.room.spans.close)
    application = web_application(
        config, folders.pages, clock, app.database, app.content, app.metrics, receivers, app.dispatcher.wake, site
    )
    # Unasked, aiohttp would wait an hour for the rest of a head, and a minute at the end.
    runner = web.AppRunner(application, access_log=None, keepalive_timeout=IDLE_SECONDS, shutdown_timeout=CLOSE_SECONDS)
    await runner.setup()
    assert runner.server
    front = Front(receivers, runner.server, clock)

    async def close() -> None:
        await asyncio.gather(front.close(), runner.cleanup())

    stack.push_async_callback(close)
    _spawn(stack, forever("front", front.watch, clock))
    host, port = config.server.host, config.server.port
    server = await asyncio.get_running_loop().create_server(front, host, port, backlog=BACKLOG)
    stack.callback(server.close)
    return f"http://{host}:{server.sockets[0].getsockname()[1]}"
