"""What is only tried comes to what it would have come to in earnest; and what is in earnest knows nothing of it."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from bot.scrm.calendar import Calendar, Entry
from bot.scrm.care import Cap, GuideLoad
from bot.scrm.decision import Decision
from bot.scrm.events.planning import SlotHeld
from bot.scrm.gates.ahead import look_ahead
from bot.scrm.item import Item, Variant
from bot.scrm.kind import KINDS
from bot.scrm.persona import Persona
from bot.scrm.records.planning import Approval
from bot.scrm.slots import slots
from bot.scrm.who import Pilot
from bot.store import board, mix, planning, records
from bot.store.database import Database
from bot.store.facts import stored_facts
from handlers.calendar import slot_due
from tests.fakes import links_at
from tests.scrm.gates.plain import EASY, entry, item
from tests.scrm.gates.test_ahead import TODAY, plans
from tests.scrm.gates.worlds import DAY, NOON, SHANGHAI

DAYS, GUIDES = 6, 2
BRAND = Persona(id="brand", name="屿禾", role="品牌", voice="短")
ALONE = {"a": "live", "b": "both", "c": "try", "d": "both"}
"""calendar → whose groups it is for. The first two are in earnest, the others are tried."""


def library(dice: random.Random) -> dict[str, Item]:
    """A few items; of some kind there may be none."""
    words = (Variant(outlets=("群",), text="…"),)
    made = [item(f"i{n}", dice.choice(KINDS), variants=words) for n in range(dice.randrange(3, 9))]
    return {one.id: replace(one, repeat_after_seconds=dice.randrange(1, 5) * DAY) for one in made}


def lines(dice: random.Random, items: dict[str, Item]) -> list[Entry]:
    """Some a day, near each other now and then."""
    made = []
    for n in range(dice.randrange(2, 5)):
        what: dict[str, Any] = {"pick": tuple(dice.sample(KINDS, dice.randrange(1, 5)))}
        if dice.random() < 0.3:
            what = {"item": dice.choice(list(items))}
        when = {"minute": dice.randrange(40, 80) * 15, "priority": dice.choice((40, 50, 60))}
        made.append(entry(f"e{n}", via="导购手发", **when, **what))
    return made


def brand(seed: int) -> Any:
    dice = random.Random(seed)
    items = library(dice)
    given = lines(dice, items)
    calendars = []
    for name, whose in ALONE.items():
        pilot = Pilot(groups=(f"{whose}*",))
        mine = tuple(replace(line, pilot=pilot) for line in given)
        calendars.append(Calendar(id=name, title=name, entries=mine, shadow=name in ("c", "d")))
    caps = (
        Cap(touchpoint="群", per_seconds=3 * DAY, most=4),
        Cap(touchpoint="群", per_seconds=DAY, most=1, kind="活动"),
    )
    care = replace(EASY, caps=caps, guide_load=GuideLoad(cards_per_day=2))
    how = {"library": items, "care": care, "persona_of": lambda _: BRAND, "version": "v1"}
    return plans(calendars=tuple(calendars), **how)


def open_shop(conn: Connection, plan: Any) -> None:
    """Groups of each sort, and all but one item approved."""
    for whose in sorted(set(ALONE.values())):
        for n in range(GUIDES):
            group = {
                "chat_id": f"{whose}-{n}",
                "name": f"{whose}-{n}",
                "owner": f"guide-{whose}-{n}",
                "state": "active",
            }
            read = {"created_at": 1, "read_at": 1, "read_no": 1}
            conn.execute(insert(board.chats).values(group | {k: v for k, v in read.items() if k in board.chats.c}))
    ids = list(plan.library)
    given = (Approval(item=i, digest=plan.library[i].digest, role="", by="周岚", at=1) for i in ids[1:])
    planning.approve(conn, *given)


def remember(conn: Connection, decision: Decision) -> None:
    for record in decision.records:
        records.apply(conn, 1, record)


async def lived(database: Database, plan: Any) -> None:
    for slot in slots(plan.calendars, plan.days, TODAY, TODAY + DAYS * DAY, SHANGHAI):
        held = SlotHeld(created_at=slot.at, calendar=slot.calendar, entry=slot.entry, at=slot.at, by_at=slot.by_at)
        facts = stored_facts(database, plan, SHANGHAI, slot.at + 60, links_at(NOON))
        await database.write(partial(remember, decision=await slot_due(held, facts)))


def came(conn: Connection, calendar: str) -> list[tuple[object, ...]]:
    """What became of its slots, by the end of the name of each group; tried is as good as sent."""
    query = "SELECT at, entry, pool, outcome, item, because FROM planned WHERE calendar = '{}' ORDER BY at, entry, pool"
    found = []
    for at, line, pool, outcome, what, because in conn.exec_driver_sql(query.format(calendar)):
        said = "sent" if outcome in ("tried", "swapped") else outcome
        why = because.partition("是“")[2].partition("：")[2] if outcome == "tried" else because
        found.append((at, line, pool.partition("-")[2], said, what, why.replace(pool.partition("-")[0], "")))
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_a_shadow_decides_as_it_would_in_earnest(database: Database, seed: int) -> None:
    """Mix, rests, caps, cards, and rivals among themselves."""
    plan = brand(seed)
    await database.write(partial(open_shop, plan=plan))
    await lived(database, plan)
    live, beside, tried = [await database.read(partial(came, calendar=name)) for name in ("a", "b", "c")]
    assert tried == live
    assert beside == live, "what is in earnest is decided as if nothing were tried"
    assert len({outcome for _, _, _, outcome, _, _ in live}) > 1


async def test_what_is_tried_is_charged_to_nobody(database: Database) -> None:
    """Not even a shortage that it met."""
    plan = brand(1)
    await database.write(partial(open_shop, plan=plan))
    await lived(database, plan)
    owed = await database.read(lambda conn: planning.mixes(conn, "群"))
    assert {tuple(state.balance.values()) for pool, state in owed.items() if pool.startswith("try")} == {(0, 0, 0, 0)}
    charged = await database.read(lambda conn: mix.charges(conn, "群", 0))
    assert not [pool for pool in charged if pool.startswith("try")]


@pytest.mark.parametrize("seed", range(3))
async def test_looking_ahead_tries_as_it_then_comes(database: Database, seed: int) -> None:
    """`plan` shows of a shadow what the shadow then says."""
    plan = brand(seed)
    await database.write(partial(open_shop, plan=plan))
    due = slots(plan.calendars, plan.days, TODAY, TODAY + DAYS * DAY, SHANGHAI)
    on = await database.read(lambda conn: board.board(conn, "群", due[0], (0, 0), tried=("c", "d")))
    seen = list(look_ahead(due, {"群": on}, plan, SHANGHAI))
    said = {
        name: [
            (
                f.situation.slot.at,
                f.situation.entry.id,
                f.situation.pool.id.partition("-")[2],
                f.decision.item,
                f.decision.outcome in ("sent", "swapped", "tried"),
            )
            for f in seen
            if f.situation.calendar.id == name
        ]
        for name in ALONE
    }
    assert said["a"] == said["b"] == said["c"]
