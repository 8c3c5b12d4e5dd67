"""Everything that there is to say of one customer and what is sent: what reached them, what is to come, and why not."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from bot.content.snapshot import Content
from bot.flow.outlook import Outlook, reckoned
from bot.scrm.customer_stage import customer_stage
from bot.scrm.gates.answer import Explained, of_customer
from bot.scrm.gates.for_person import Whom, coming
from bot.scrm.gates.situations import find_entry
from bot.scrm.quota import allowance
from bot.scrm.rules.condition import Fact
from bot.scrm.rules.facts import counted, quota_used
from bot.scrm.week import DAY_SECONDS
from bot.store.database import Database
from bot.store.evidence import evidence
from bot.store.person_now import external_userids, lately, refused, whom
from bot.store.sequences import of_person

LATELY_DAYS: Final = 28


async def about(
    database: Database, content: Content, timezone: str, person_id: int, now: int, outlook: Outlook | None
) -> dict[str, Any]:
    """For pages and scripts; instants in epoch seconds. `outlook`: of everything that may reach them; None: not yet.
    `guide` None: they are nobody's customer."""
    since_at = now - content.care.budget.per_seconds
    one = await database.read(partial(whom, person_id=person_id, exposed_since_at=since_at))
    told = await database.read(partial(_known_of, person_id=person_id, content=content, now=now))
    if one is None:
        return told | {"guide": None, "points": None, "quota": None, "coming": []}
    if outlook is None:
        return told | {"guide": one.person.userid, **_spent(one, content, now, timezone), "coming": []}
    ids = await database.read(partial(external_userids, person_id=person_id))
    mine = frozenset(each.slot.key for each in outlook.steps if ids & {step.external_userid for step in each.steps})
    answers = await asyncio.to_thread(_answers, replace(one, steps=mine), outlook, content, timezone)
    return told | {"guide": one.person.userid, **_spent(one, content, now, timezone), "coming": answers}


def _answers(one: Whom, outlook: Outlook, content: Content, timezone: str) -> list[Explained]:
    mine = {
        one.person.userid,
        *one.guides,
        *(pool.userid for pool in outlook.boards["群"].pools if pool.id in one.groups),
    }
    if outlook.guides is not None and not mine.issubset(outlook.guides):
        outlook = reckoned(_until_last_private(outlook, content), content, timezone, frozenset(mine))
    return [of_customer(each) for each in coming(one, outlook.foreseen)]


def _until_last_private(outlook: Outlook, content: Content) -> Outlook:
    """What comes after the last one-to-one slot matters to none of them."""
    private = [s.at for s in outlook.slots if (line := find_entry(content, s)) and line.entry.touchpoint == "私聊"]
    return outlook.until(max(private, default=0) + 1)


def _known_of(conn: Connection, person_id: int, content: Content, now: int) -> dict[str, Any]:
    titles = {item.id: item.title for item in content.library.values()}
    reached = [
        {**asdict(each), "title": titles.get(each.item, each.item)}
        for each in lately(conn, person_id, now - LATELY_DAYS * DAY_SECONDS)
    ]
    return {
        "person_id": person_id,
        "stage": asdict(customer_stage(evidence(conn, person_id), now)),
        "refused": sorted(refused(conn, person_id)),
        "sequences": [asdict(run) for run in of_person(conn, person_id)],
        "lately": reached,
    }


def _spent(one: Whom, content: Content, now: int, timezone: str) -> dict[str, Any]:
    """Points and quota used, each beside its bound."""
    budget, window = content.care.budget, allowance(content.quota, now, timezone)
    used = counted(one.person, Fact("points", budget.per_seconds), now)
    points = {"used": used / 100, "most": budget.most, "per_seconds": budget.per_seconds}
    if window is None:
        return {"points": points, "quota": None}
    reserve = content.quota.reserve.get("私聊", 0)
    of_quota = {"used": quota_used(one.person, window.start_at), "most": window.most, "reserve": reserve}
    return {"points": points, "quota": of_quota | {"until_at": window.end_at}}
