"""The days to come: some guides stand for all, and for them it comes to the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bot.content.load import load
from bot.flow.outlook import TO_ALL_AND_EACH, Outlook, foresee, reckoned
from bot.store.database import Database
from demo.stories.calendar_day import at

ROOT = Path(__file__).parent.parent.parent
SHANGHAI = "Asia/Shanghai"
GUIDES, GROUPS = 7, 3
NOW = at(9, 0)


def brand(conn: Connection) -> None:
    """Guides with customers and some groups each."""
    for n in range(GUIDES):
        row: dict[str, Any] = {"guide": f"guide-{n}", "who": f"wm-{n}", "n": n + 1}
        conn.execute(text("INSERT INTO members (userid, name, seen_at) VALUES (:guide, :guide, 1)"), row)
        follow = """INSERT INTO follows (userid, external_userid, person_id, status, added_at, version, welcome_reason)
        VALUES (:guide, :who, :n, 'active', 1, 1, '')"""
        conn.execute(text(follow), row)
        for g in range(GROUPS):
            chat = """INSERT INTO group_chats (chat_id, name, owner, notice, created_at, member_version, read_at)
            VALUES (:chat, :name, :guide, '', 1, '', 1)"""
            conn.execute(text(chat), row | {"chat": f"wr-{n}-{g}", "name": f"会员群{n}-{g}"})


async def look(database: Database, most: int | None) -> tuple[Outlook, Any]:
    content = load(ROOT / "content", ROOT / "templates" / "messages")
    return await foresee(database, content, SHANGHAI, 7, NOW, TO_ALL_AND_EACH, most), content


def lines(outlook: Outlook, guides: frozenset[str]) -> list[Any]:
    mine = [each for each in outlook.foreseen if each.situation.pool.userid in guides]
    return [(each.situation.slot, each.situation.pool.id, each.situation.cards, each.decision) for each in mine]


async def test_for_the_guides_looked_at_it_comes_to_the_same(database: Database) -> None:
    await database.write(brand)
    whole, content = await look(database, None)
    assert whole.guides is None and len(whole.everybody) == GUIDES and len(whole.foreseen) > 50
    some, _ = await look(database, len(whole.foreseen) // 3)
    assert some.guides and 1 < len(some.guides) < GUIDES and len(some.foreseen) < len(whole.foreseen) / 2
    assert lines(some, frozenset(some.guides)) == lines(whole, frozenset(some.guides))
    others = frozenset(whole.everybody - set(some.guides))
    assert lines(reckoned(some, content, SHANGHAI, others), others) == lines(whole, others)
    assert (await look(database, 10**6))[0].guides is None, "all of them where it is not too much"
