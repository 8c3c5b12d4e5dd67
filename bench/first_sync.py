"""How long the first reading of a large pool takes, what it needs of memory, and whether it slows as the pool fills.

A sandbox WeCom in a process of its own has CUSTOMERS of GUIDES already; `main.py serve` on SQLite reads them all.

    python -m bench.first_sync --customers 300000 --guides 100 --json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import tempfile
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import aiohttp

from bench.payloads import CORPID
from bench.processes import Server, sandbox, zhiyu
from bench.welcome import hire, tell, until_ready
from bot.flow.schedule import tell as tell_bot
from bot.scrm.events.sync import SyncDue
from bot.store.database import open_database

PARTS = 4
"""The pool is timed in so many equal parts."""

JOB = "SELECT read, state, skipped FROM sync_jobs WHERE kind = 'customers'"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="only the last line, a JSON object")
    options.add_argument("--customers", type=int, default=300_000)
    options.add_argument("--guides", type=int, default=100)
    asked = options.parse_args()
    figures = asyncio.run(measure(asked.customers, asked.guides))
    if not asked.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))


async def measure(customers: int, guides: int) -> dict[str, object]:
    """One pool, one first reading."""
    with tempfile.TemporaryDirectory(prefix="zhiyu-bench-") as folder, sandbox(CORPID) as wecom:
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{wecom.port}", timeout=timeout) as control:
            await hire(control, "")
            await tell(control, "existing_pool", customers=customers, guides=guides)
            with zhiyu(Path(folder), f"http://127.0.0.1:{wecom.port}") as bot:
                await until_ready(control)
                return await _read(bot, Path(folder) / "zhiyu.sqlite3", customers)


async def _read(bot: Server, file: Path, customers: int) -> dict[str, object]:
    idle_mb, began = bot.rss_mb(), time.perf_counter()
    database = open_database(f"sqlite:///{file}", readers=1)
    try:
        await tell_bot(database, SyncDue(created_at=int(time.time()), kind="customers"), "bench")
    finally:
        await database.close()
    marks, most_mb = [began], idle_mb
    read, state, skipped = 0, "", 0
    while state != "done":
        await asyncio.sleep(0.5)
        read, state, skipped = _job(file) or (0, "", 0)
        most_mb = max(most_mb, bot.rss_mb())
        if len(marks) < PARTS and read >= customers * len(marks) // PARTS:
            marks.append(time.perf_counter())
    marks.append(time.perf_counter())
    seconds = marks[-1] - began
    return {
        "customers": customers,
        "relations_read": read,
        "skipped": skipped,
        "seconds": round(seconds, 1),
        "customers_per_second": round(customers / seconds),
        "part_seconds": [round(after - before, 1) for before, after in pairwise(marks)],
        "idle_mb": round(idle_mb),
        "most_mb": round(most_mb),
        "file_mb": round(file.stat().st_size / 1e6),
    }


def _job(file: Path) -> tuple[int, str, int] | None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as conn:
        row: tuple[int, str, int] | None = conn.execute(JOB).fetchone()
        return row


if __name__ == "__main__":
    main()
