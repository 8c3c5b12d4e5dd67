"""A brand with all its people in the database, and every page of the console that shows them."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path
from typing import Final

from bench.crowd import GUIDES, populate
from bench.plan import AT
from bot.app import App
from bot.flow import deeds
from bot.store import migrate
from bot.store.audit import Doer
from bot.store.database import open_database
from bot.web.console.site import PAGES

GROUPS: Final = 2000
_NAMED = "CASE n % 5 WHEN 0 THEN '小' WHEN 1 THEN '林' WHEN 2 THEN '陈' WHEN 3 THEN 'Ann' ELSE '爱吃草莓的' END || n"
_RATIO = '{"科普": 40, "活动": 20, "互动": 25, "导购": 15}'
_OWED = '{"科普": 0, "活动": 0, "互动": 0, "导购": 0}'
_GROUP = "CASE n % 3 WHEN 0 THEN '屿禾会员福利群（第 ' || n || ' 群，满员请加下一个）' ELSE '会员群' || n END"
_MORE: Final = (
    """UPDATE planned SET settled_at = by_at,
    said = '{"order": ["科普"], "due": "科普", "missing": null, "fixed": true}'""",
    f"INSERT INTO people (person_id, name, created_at) SELECT n, {_NAMED}, 1 FROM n",
    "INSERT INTO identities (kind, value, person_id, how, known_at) "
    "SELECT 'external_userid', 'wmbenchAAAAAAAAAAAAAAAA' || n, n, 'add', 1 FROM n",
    "INSERT INTO members (userid, name, seen_at) "
    f"SELECT printf('guide-%03d', n - 1), '导购' || n, 1 FROM n WHERE n <= {GUIDES}",
    "INSERT INTO group_chats (chat_id, name, owner, state, notice, created_at, member_version, read_at) "
    f"SELECT 'wr-' || n, {_GROUP}, printf('guide-%03d', n % {GUIDES}), 'active', '', 1, '', 1 "
    f"FROM n WHERE n <= {GROUPS}",
    "INSERT INTO mix_states (pool, touchpoint, ratio, balance, since_at) "
    f"SELECT DISTINCT pool, touchpoint, '{_RATIO}', '{_OWED}', 1 FROM planned WHERE touchpoint IN ('群', '朋友圈')",
    "INSERT INTO sends (key, touchpoint, calendar, entry, at, by_at, userid, item, people, pools, task_id, state, "
    "look_at, made_at) SELECT 'waits-' || n, '私聊', 'bench', 'cream', 1796270400, 1796277600, "
    "printf('guide-%03d', n - 1), 'dg-cream-set', 180 + n, '[]', 'm' || n, 'waiting', 1796280000, 1796270400 "
    f"FROM n WHERE n <= {GUIDES}",
    "UPDATE follows SET welcome = 'sent', welcome_at = added_at + 1 WHERE person_id % 9 > 0",
    "UPDATE follows SET welcome = 'refused', welcome_reason = '客户和别的导购聊过，企业微信不让再发欢迎语' "
    "WHERE person_id % 9 = 0",
    "UPDATE follow_log SET channel_id = CASE person_id % 4 WHEN 0 THEN 'parcel' WHEN 1 THEN 'store' END",
    "UPDATE orders SET is_first = 1, channel_id = CASE person_id % 4 WHEN 0 THEN 'parcel' WHEN 1 THEN 'store' END "
    "WHERE order_id LIKE '%-0'",
    "UPDATE touches SET state = 'held_out' WHERE person_id % 20 = 3 AND kind = '导购'",
    "INSERT INTO outbox (key, cause, kind, payload, state, due_at, priority, attempts, in_doubt, created_at, reason) "
    "SELECT 'k' || n, n, 'MarkTags', '{}', "
    "CASE WHEN n % 97 = 0 THEN 'failed' ELSE 'sent' END, 1, 1, 1, 0, 1, '' FROM n",
    "INSERT INTO inbox (key, app, name, line, body, received_at, deliveries, state, done_at) "
    "SELECT CAST(printf('%021d', n) AS BLOB), 'main', 'CustomerAdded', 'customer/' || n, '<xml/>', 1, 1, "
    "CASE WHEN n % 997 = 0 THEN 'parked' ELSE 'done' END, 1 FROM n",
)
"""What the crowd of `bench.plan` has no use for."""


async def made(path: Path, people: int) -> None:
    """The database of one with so many customers, 500 guides and 2,000 groups."""
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
        for statement in _MORE:
            conn.execute(statement)
        conn.execute("ANALYZE")
    conn.close()


async def approved(app: App) -> None:
    """As in a brand that runs: nothing waits for anybody's word."""
    by = Doer("he-yun", "命令行", AT)
    for role in ("", "店长"):
        items = list(app.content.current.library.values())
        await app.database.write(partial(deeds.approve, by=by, items=items, role=role))


def addresses(person: str = "77") -> list[str]:
    """Every page, with something on it; `person`: the number of a customer."""
    paths = [page.path for page in PAGES if page.method == "GET"]
    known = {"{item}": "dg-cream-set", "{name:.+}": "library/talks.yaml", "{person}": person}
    for part, value in known.items():
        paths = [path.replace(part, value) for path in paths]
    more = ("/console/calendar?by=week", "/console/why?q=dec-2026/group-cream-set", "/console/why?q=post/p3")
    return [
        *paths,
        *more,
        "/console/why?q=林7",
        "/console/customers?q=林7",
        "/console/boxes?state=sent",
        "/console/ledger?days=30",
    ]
