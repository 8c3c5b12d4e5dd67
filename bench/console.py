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
import sqlite3
import tempfile
import time
from functools import partial
from pathlib import Path

import aiohttp

from bench.crowd import GUIDES, populate
from bench.plan import AT
from bench.welcome import percentile
from bot.app import App, running
from bot.clock import VirtualClock
from bot.content.folders import Folders
from bot.flow import deeds
from bot.store import console, migrate
from bot.store.audit import Doer
from bot.store.database import open_database
from bot.web.console.door import COOKIE
from bot.web.console.overview import FRESH_SECONDS
from bot.web.console.site import PAGES
from demo.stage import ROOT, at_wecom, deployment, free_port, new_sandbox
from handlers import router

GROUPS = 2000
MORE = (
    """UPDATE planned SET settled_at = by_at,
    said = '{"order": ["科普"], "due": "科普", "missing": null, "fixed": true}'""",
    "INSERT INTO people (person_id, name, created_at) SELECT n, '客户' || n, 1 FROM n",
    "INSERT INTO identities (kind, value, person_id, how, known_at) "
    "SELECT 'external_userid', 'wmbenchAAAAAAAAAAAAAAAA' || n, n, 'add', 1 FROM n",
    "INSERT INTO members (userid, name, seen_at) "
    f"SELECT printf('guide-%03d', n - 1), '导购' || n, 1 FROM n WHERE n <= {GUIDES}",
    "INSERT INTO group_chats (chat_id, name, owner, state, notice, created_at, member_version, read_at) "
    "SELECT 'wr-' || n, '会员群' || n, "
    f"printf('guide-%03d', n % {GUIDES}), 'active', '', 1, '', 1 FROM n WHERE n <= {GROUPS}",
    "INSERT INTO outbox (key, cause, kind, payload, state, due_at, priority, attempts, in_doubt, created_at, reason) "
    "SELECT 'k' || n, n, 'MarkTags', '{}', "
    "CASE WHEN n % 97 = 0 THEN 'failed' ELSE 'sent' END, 1, 1, 1, 0, 1, '' FROM n",
    "INSERT INTO inbox (key, app, name, line, body, received_at, deliveries, state, done_at) "
    "SELECT CAST(printf('%021d', n) AS BLOB), 'main', 'CustomerAdded', 'customer/' || n, '<xml/>', 1, 1, "
    "CASE WHEN n % 997 = 0 THEN 'parked' ELSE 'done' END, 1 FROM n",
)
"""What the crowd of `bench.plan` has no use for."""


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
        await _made(path, people)
        clock = VirtualClock(AT)
        config = deployment(f"sqlite:///{path}", free_port())
        sandbox = new_sandbox(config, clock)
        here = at_wecom(config, await sandbox.start())
        try:
            async with running(here, router, folders=Folders.of(ROOT), clock=clock) as app:
                return {"people": people, **await _asked(app, clock, rounds)}
        finally:
            await sandbox.stop()


async def _made(path: Path, people: int) -> None:
    database = open_database(f"sqlite:///{path}")
    await database.write(migrate.upgrade)
    await database.close()
    populate(path, people, AT)
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TEMP TABLE n (n INTEGER PRIMARY KEY)")
        numbers = (
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) INSERT INTO n SELECT n FROM c"
        )
        conn.execute(numbers, (people,))
        for statement in MORE:
            conn.execute(statement)
        conn.execute("ANALYZE")
    conn.close()


async def _asked(app: App, clock: VirtualClock, rounds: int) -> dict[str, float]:
    secret = "bench"
    await app.database.write(partial(console.begin, secret=secret, userid="he-yun", now=clock.now()))
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, cookies={COOKIE: secret}) as http:
        await _approved(app)
        began = time.perf_counter()
        while "正在推算" in await _open(http, app, "/console/plan"):
            await asyncio.sleep(0.2)
        figures = {"overview_seconds": round(time.perf_counter() - began, 1)}
        all_of_them: list[float] = []
        for address in _addresses():
            took = []
            for number in range(rounds):
                at = time.perf_counter()
                await _open(http, app, address.replace("{person}", str(77 + 13 * number)))
                took.append(time.perf_counter() - at)
            all_of_them += took
            figures[f"{address} p95_ms"] = round(percentile(took, 0.95) * 1000, 1)
        while_reckoning = []
        for address in _addresses():
            await clock.leap(clock.now() + FRESH_SECONDS)  # what was reckoned is too old now
            at = time.perf_counter()
            await _open(http, app, address.replace("{person}", "77"))
            while_reckoning.append(time.perf_counter() - at)
        whole = {"all_p95_ms": all_of_them, "while_reckoning_p95_ms": while_reckoning}
        return figures | {name: round(percentile(took, 0.95) * 1000, 1) for name, took in whole.items()}


async def _approved(app: App) -> None:
    """As in a brand that runs: nothing waits for anybody's word."""
    by = Doer("he-yun", "命令行", AT)
    for role in ("", "店长"):
        items = list(app.content.current.library.values())
        await app.database.write(partial(deeds.approve, by=by, items=items, role=role))


async def _open(http: aiohttp.ClientSession, app: App, address: str) -> str:
    async with http.get(app.url + address) as answer:
        text = await answer.text()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        return text


def _addresses() -> list[str]:
    paths = [page.path for page in PAGES if page.method == "GET"]
    filled = [path.replace("{item}", "dg-cream-set").replace("{name:.+}", "library/talks.yaml") for path in paths]
    more = ("/console/calendar?by=week", "/console/why?q=dec-2026/group-cream-set", "/console/why?q=post/p3")
    return [*filled, *more, "/console/customers?q=客户7", "/console/boxes?state=sent", "/console/ledger?days=30"]


if __name__ == "__main__":
    main()
