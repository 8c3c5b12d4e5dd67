"""`sync customers`, `groups`, `behaviour`, `all` and `--status`: the pool read back, with how far that is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.common import moment, opened, run, say, say_json, say_table, warn

if TYPE_CHECKING:
    from bot.config import Config
    from bot.router import Router
    from bot.scrm.mode import Pool
    from bot.scrm.sync import SyncJob, SyncKind
    from bot.store.database import Database

KINDS: dict[str, tuple[SyncKind, ...]] = {
    "customers": ("customers",),
    "groups": ("groups",),
    "behaviour": ("behaviour",),
    "all": ("customers", "groups", "behaviour"),
}
NAMES = {"customers": "客户", "groups": "客户群", "behaviour": "导购数据"}
STATES = {"planning": "准备中", "running": "进行中", "done": "读完了"}
HEAD = ("内容", "状态", "开始", "成员", "读到", "历史", "变化", "补上", "已不在", "读不到的成员")

LOOK_SECONDS = 0.5


def read_pool(config: Config, root: Path, router: Router, what: str, as_json: bool) -> None:
    """Begin or go on, and wait until all is read: by the running server, else by this process."""
    _show(run(_read(config, root, router, KINDS[what], quiet=as_json)), None, config.corp.timezone, as_json)


def show_status(config: Config, as_json: bool) -> None:
    """How far each reading is, how large the pool is, and which mode suits it."""
    jobs, pool = run(_status(config))
    _show(jobs, pool, config.corp.timezone, as_json)


async def _read(
    config: Config, root: Path, router: Router, kinds: Sequence[SyncKind], *, quiet: bool
) -> Sequence[SyncJob]:
    from bot.clock import SystemClock
    from bot.flow.schedule import tell
    from bot.scrm.events.sync import SyncDue

    async with _moved(config, root, router) as database:
        now = SystemClock().now()
        for kind in kinds:
            await tell(database, SyncDue(created_at=now, kind=kind), f"asked/{now}")
        return await _watched(database, kinds, now, quiet=quiet)


@asynccontextmanager
async def _moved(config: Config, root: Path, router: Router) -> AsyncIterator[Database]:
    """A database that somebody moves: the server that runs, or this process as long as it waits."""
    from bot.app import running
    from bot.clock import SystemClock
    from bot.content.folders import Folders
    from bot.store.database import AlreadyRunningError

    anywhere = config.model_copy(update={"server": config.server.model_copy(update={"port": 0})})
    async with AsyncExitStack() as stack:
        try:
            app = running(anywhere, router, folders=Folders.of(root), clock=SystemClock())
            database = (await stack.enter_async_context(app)).database
        except AlreadyRunningError:
            database = await stack.enter_async_context(opened(config))
        yield database


async def _watched(database: Database, kinds: Sequence[SyncKind], since_at: int, *, quiet: bool) -> Sequence[SyncJob]:
    from rich.progress import Progress

    from bot.store import syncs

    if not quiet:
        warn("可以随时按 Ctrl-C 离开，服务会接着读；一直没有动静，就看看 outbox list 里的原因。")
    with Progress(disable=quiet) as progress:
        bars = {kind: progress.add_task(NAMES[kind], total=None) for kind in kinds}
        while True:
            latest = await database.read(syncs.latest)
            jobs = [latest[kind] for kind in kinds if kind in latest]
            for job in jobs:
                said = f"{NAMES[job.kind]}，读到 {job.read}"
                behind = job.total - job.left
                progress.update(bars[job.kind], total=job.total or None, completed=behind, description=said)
            if len(jobs) == len(kinds) and all((job.finished_at or 0) >= since_at for job in jobs):
                return jobs
            await asyncio.sleep(LOOK_SECONDS)


async def _status(config: Config) -> tuple[Sequence[SyncJob], Pool]:
    from bot.store import pool, syncs

    async with opened(config) as database:
        latest = await database.read(syncs.latest)
        about = await database.read(partial(pool.pool, capacity=config.pool.guide_capacity))
        return tuple(latest.values()), about


def _show(jobs: Sequence[SyncJob], pool: Pool | None, timezone: str, as_json: bool) -> None:
    if as_json:
        about = {"pool": {**asdict(pool), "per_guide": pool.per_guide}} if pool else {}
        say_json({"jobs": [asdict(job) for job in jobs], **about})
        return
    if jobs:
        say_table(HEAD, [_row(job, timezone) for job in jobs])
    else:
        say("还没有读过客户池。运行 sync customers 开始；第一次读到的都算历史，不打扰任何人。")
    if pool and pool.customers:
        say(f"{pool.because}。")


def _row(job: SyncJob, timezone: str) -> tuple[str, ...]:
    head = (NAMES[job.kind], STATES[job.state], moment(job.started_at, timezone), f"{job.total - job.left}/{job.total}")
    counts = (job.read, job.history, job.changed, job.found, job.gone, job.skipped)
    return (*head, *map(str, counts))
