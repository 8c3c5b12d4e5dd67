"""How long a page of the console takes with a whole brand in the database: 100,000 customers, 500 guides, 2,000 groups.

The whole bot runs beside a sandbox; each page is asked for over HTTP, again and again, by one who is in. What takes
seconds to reckon (the week to come for every pool) is reckoned beside: how long that takes is told for itself, and
pages are asked for again while it is reckoned.

    python -m bench.console --json          (--quick: 10,000 people, fewer rounds)
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from functools import partial
from pathlib import Path

import aiohttp

from bench.brand import addresses, approved, made
from bench.plan import AT
from bench.welcome import percentile
from bot.app import App, running
from bot.clock import VirtualClock
from bot.content.folders import Folders
from bot.store import console
from bot.web.console.door import COOKIE
from bot.web.console.overview import FRESH_SECONDS
from demo.stage import ROOT, at_wecom, deployment, free_port, new_sandbox
from handlers import router


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="only the last line, a JSON object")
    options.add_argument("--quick", action="store_true", help="10,000 people, fewer rounds")
    asked = options.parse_args()
    people, rounds = (10_000, 10) if asked.quick else (100_000, 40)
    figures = asyncio.run(measure(people, rounds))
    if not asked.json:
        for name, value in figures.items():
            print(f"{name:44} {value}")
    print(json.dumps(figures))


async def measure(people: int, rounds: int) -> dict[str, float]:
    """p95 of every page, in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="zhiyu-bench-") as folder:
        path = Path(folder) / "zhiyu.sqlite3"
        await made(path, people)
        clock = VirtualClock(AT)
        config = deployment(f"sqlite:///{path}", free_port())
        sandbox = new_sandbox(config, clock)
        here = at_wecom(config, await sandbox.start())
        try:
            async with running(here, router, folders=Folders.of(ROOT), clock=clock) as app:
                return {"people": people, **await _asked(app, clock, rounds)}
        finally:
            await sandbox.stop()


async def _asked(app: App, clock: VirtualClock, rounds: int) -> dict[str, float]:
    secret = "bench"
    await app.database.write(partial(console.begin, secret=secret, userid="he-yun", now=clock.now()))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, cookies={COOKIE: secret}) as http:
        await approved(app)
        began = time.perf_counter()
        while "正在推算" in await _open(http, app, "/console/plan"):
            await asyncio.sleep(0.2)
        figures = {"overview_seconds": round(time.perf_counter() - began, 1)}
        all_of_them: list[float] = []
        for address in addresses("{person}"):
            took = []
            for number in range(rounds):
                at = time.perf_counter()
                await _open(http, app, address.replace("{person}", str(77 + 13 * number)))
                took.append(time.perf_counter() - at)
            all_of_them += took
            figures[f"{address} p95_ms"] = round(percentile(took, 0.95) * 1000, 1)
        while_reckoning = []
        for address in addresses():
            await clock.leap(clock.now() + FRESH_SECONDS)  # what was reckoned is too old now
            at = time.perf_counter()
            await _open(http, app, address)
            while_reckoning.append(time.perf_counter() - at)
        whole = {"all_p95_ms": all_of_them, "while_reckoning_p95_ms": while_reckoning}
        return figures | {name: round(percentile(took, 0.95) * 1000, 1) for name, took in whole.items()}


async def _open(http: aiohttp.ClientSession, app: App, address: str) -> str:
    async with http.get(app.url + address) as answer:
        text = await answer.text()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        return text


if __name__ == "__main__":
    main()
