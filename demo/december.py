"""December of the sample brand, as stories about sends play it: groups, guides, approvals, moments of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from demo.stage import Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")
MEMBERS = 20
"""Of each group: in a smaller one nothing is sold (content/rules/)."""

SHOWN_SECONDS = 10
"""So long WeCom takes until members have what was made for them."""


def at(day: int, hour: int, minute: int) -> int:
    """A moment of December 2026."""
    return int(datetime(2026, 12, day, hour, minute, tzinfo=SHANGHAI).timestamp())


async def groups(stage: Stage, of: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Customer groups, (guide, name), each full enough to be sold to. name → chat_id."""
    made = {}
    for guide, name in of:
        people = await stage.sandbox.existing_pool(MEMBERS, guides=[guide])
        made[name] = await stage.sandbox.groups.creates(guide, name, people=people)
    await stage.sandbox.callbacks_settled()
    await stage.settled()
    return made


async def approved(stage: Stage) -> None:
    """Somebody has read the whole library, the shop's manager too."""
    for by, *role in (("zhou-lan",), ("he-yun", "--role", "店长")):
        await stage.command("approve", "--all", "--by", by, *role)


async def shown(stage: Stage, moment: int) -> None:
    """A slot has come round, and members see what was made of it."""
    await stage.look_at(moment)
    await stage.wait(SHOWN_SECONDS)


async def tagged(stage: Stage, guide: str, tags: Mapping[str, str]) -> None:
    """A guide tags customers in WeCom: external_userid → 组/名."""
    known = {f"{g.name}/{t.name}": t.id for g in stage.sandbox.world.tags.groups() for t in g.tags.values()}
    for customer, tag in tags.items():
        await stage.sandbox.member_edits(guide, customer, add_tags=[known[tag]])
    await stage.sandbox.callbacks_settled()
    await stage.settled()


async def group_shows(stage: Stage, chat_id: str, text: str) -> int:
    """How often everybody in a group has these words on the screen."""
    return [line["text"] for line in await stage.sandbox.groups.reads(chat_id)].count(text)


async def phone_shows(stage: Stage, customer: str, guide: str, text: str) -> int:
    """How often a customer has these words in the chat with a guide."""
    return [line["text"] for line in await stage.sandbox.customer_reads(customer, guide)].count(text)


async def feed_shows(stage: Stage, customer: str, text: str) -> int:
    """How often a customer has these words in the Moments."""
    return [post["text"] for post in await stage.sandbox.moments.feed(customer)].count(text)


async def became(stage: Stage, entry: str) -> dict[str, Any]:
    """pool → what the bot's books say of an entry."""
    query = "SELECT pool, outcome, because, settled_at FROM planned WHERE entry = :entry AND kind IS NOT NULL"
    return {row.pool: row for row in await stage.rows(query, entry=entry)}


async def notices(stage: Stage, guide: str, word: str) -> list[str]:
    """The app's messages to a guide that say a word."""
    said = [str(m["content"].get("content", "")) for m in await stage.sandbox.member_reads(guide)]
    return [text for text in said if word in text]
