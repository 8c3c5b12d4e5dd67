"""Customers by the million with histories like those of a brand, made by the database itself: the same each time."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

DAY: Final = 86_400
GUIDES: Final = 500
MAILS: Final = 20
"""One-to-one items that each guide's customers were planned for in 60 days."""

CALENDAR, ENTRY, ITEM = "bench", "cream", "dg-cream"


def guides() -> tuple[str, ...]:
    """Their userids."""
    return tuple(f"guide-{n:03}" for n in range(GUIDES))


def populate(path: Path, people: int, at: int) -> None:
    """Fill a migrated SQLite file. `at`: of the slot (epoch seconds); histories lie in the 60 days before."""
    conn = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=OFF", "cache_size=-200000", "temp_store=MEMORY"):
        conn.execute(f"PRAGMA {pragma}")
    conn.execute("BEGIN")
    conn.execute("CREATE TEMP TABLE n (n INTEGER PRIMARY KEY)")
    conn.execute(
        f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {people}) "
        "INSERT INTO n SELECT n FROM c"
    )
    for statement in _STATEMENTS:
        conn.execute(statement, {"at": at, "guides": GUIDES, "mails": MAILS, "day": DAY} if ":" in statement else {})
    conn.execute("COMMIT")
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


_R = "((n * 48271 + {0} * 7919) % 2147483647 * ((n * 48271 + {0} * 7919) % 2147483647) % 2147483647 % {1})"


def _r(salt: int, sides: int) -> str:
    """SQL for a number below `sides` that depends on the person."""
    return _R.format(salt, sides)


_PLANNED = """INSERT INTO planned (calendar, entry, at, by_at, pool, userid, touchpoint, fixed, by_hand, outcome,
because, kind, topic, item, digest, weight, stops, said, version, decided_at) """
_STATEMENTS: Final = (
    # The past of every guide, then of every group, then the slot itself.
    _PLANNED
    + """SELECT 'past', 'e' || m.n, :at - m.n * 3 * :day, :at - m.n * 3 * :day + 7200, printf('guide-%03d', g.n - 1),
    printf('guide-%03d', g.n - 1), '私聊', 1, 0, 'sent', '日历指定', CASE m.n % 4 WHEN 0 THEN '导购' WHEN 1 THEN '科普'
    WHEN 2 THEN '互动' ELSE '活动' END, '护肤知识', CASE m.n WHEN 12 THEN 'dg-cream' ELSE 'item-' || m.n END, 'd', 300,
    '[]', '{}', '1', 1 FROM n m JOIN n g ON g.n <= :guides WHERE m.n <= :mails ORDER BY m.n, g.n""",
    _PLANNED
    + """SELECT 'post', 'p' || m.n, :at - m.n * :day / 2, :at - m.n * :day / 2 + 7200, 'wr-' || g.n, 'guide-001', '群',
    1, 0, 'sent', '日历指定', '科普', '护肤知识', 'post-' || m.n, 'd', 100, '[]', '{}', '1', 1
    FROM n m JOIN n g ON g.n <= 2000 WHERE m.n <= 28""",
    _PLANNED
    + """SELECT 'feed', 'f' || m.n, :at - m.n * :day, :at - m.n * :day + 7200, printf('guide-%03d', g.n - 1),
    printf('guide-%03d', g.n - 1), '朋友圈', 1, 0, 'sent', '日历指定', '科普', '护肤知识', 'feed-' || m.n, 'd', 25,
    '[]', '{}', '1', 1 FROM n m JOIN n g ON g.n <= :guides WHERE m.n <= 30""",
    _PLANNED
    + """SELECT 'bench', 'cream', :at, :at + 7200, printf('guide-%03d', n - 1), printf('guide-%03d', n - 1), '私聊', 1,
    0, 'sent', '日历指定', '导购', '新品', 'dg-cream', 'd', 300, '[]', '{}', '1', 1 FROM n WHERE n <= :guides""",
    f"""INSERT INTO follows (userid, external_userid, person_id, status, channel_id, added_at, version, welcome_reason)
    SELECT printf('guide-%03d', n % :guides), 'wmbenchAAAAAAAAAAAAAAAA' || n, n,
    CASE {_r(1, 20)} WHEN 0 THEN 'ended' ELSE 'active' END, CASE {_r(2, 3)} WHEN 0 THEN 'parcel' END,
    :at - {_r(3, 400)} * :day - {_r(4, 86400)}, 1, '' FROM n""",
    """INSERT INTO person_owner (person_id, userid, since_at, because, by_hand)
    SELECT n, printf('guide-%03d', n % :guides), 1, '', 0 FROM n WHERE n % 3 <> 0""",
    f"""INSERT INTO follow_log (userid, external_userid, person_id, what, at) SELECT printf('guide-%03d', n % :guides),
    'wmbenchAAAAAAAAAAAAAAAA' || n, n, CASE {_r(5, 25)} WHEN 0 THEN 'lost' ELSE 'added' END, :at - {_r(6, 60)} * :day
    FROM n""",
    f"""INSERT INTO preferences (person_id, topic, wanted, set_by, set_at)
    SELECT n, CASE {_r(8, 3)} WHEN 0 THEN '全部' ELSE '新品' END, 0, 'customer', 1 FROM n WHERE {_r(7, 30)} = 0""",
    f"""INSERT INTO orders (order_id, person_id, is_first, paid_at, total_fen, refunded_fen, state, items, saved_at)
    SELECT 'o' || n || '-' || k.k, n, 0, :at - {_r(9, 120)} * :day - k.k * :day, 9900, 0, 'paid', '[]', 1
    FROM n JOIN (SELECT 0 AS k UNION SELECT 1 UNION SELECT 2) k WHERE {_r(10, 4)} = 0 AND k.k <= {_r(11, 3)}""",
    """INSERT INTO person_tags (userid, external_userid, tag, person_id, source, set_at, shown)
    SELECT printf('guide-%03d', n % :guides), 'wmbenchAAAAAAAAAAAAAAAA' || n, t.tag, n, 'survey', 1, 1 FROM n
    JOIN (SELECT '肤质/敏感肌' AS tag, 0 AS k UNION SELECT '会员/付费会员', 1 UNION SELECT '服务/投诉中', 2) t
    WHERE (n * 7 + t.k * 13) % 10 < 3 - t.k""",
    f"""INSERT INTO group_members (chat_id, member_id, kind, person_id, joined_at)
    SELECT 'wr-' || (n % 2000 + 1), 'wmbenchAAAAAAAAAAAAAAAA' || n, 'customer', n, 1 FROM n WHERE {_r(12, 5)} < 2""",
    f"""INSERT INTO touches (person_id, planned_id, at, state, kind, item, weight)
    SELECT n, p.id, :at - m.m * 3 * :day + 3600, 'sent', p.kind, p.item, p.weight
    FROM n CROSS JOIN (SELECT n AS m FROM n WHERE n <= :mails) m
    CROSS JOIN planned p ON p.id = (m.m - 1) * :guides + n % :guides + 1
    WHERE (n * 31 + m.m * 17) % 100 < {_r(13, 50)}""",
)
