"""A set planned in SQL and people judged one by one: the same gate for everybody, on both databases."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.util import await_only

from bot.scrm.calendar import Slot
from bot.scrm.care import Away
from bot.scrm.gates.audience import Audience, audience_of, numbered, plan_audience
from bot.scrm.gates.audience import audience as value_of
from bot.scrm.gates.people import Ahead, first_shut
from bot.scrm.gates.reach import Reach
from bot.scrm.holdout import draw
from bot.scrm.period import ALWAYS_VALID
from bot.scrm.rules.condition import Compare, Condition, Const, Fact
from bot.scrm.rules.facts import PersonNow, values_of
from bot.store import audience, batches, erase
from bot.store.audience_facts import CERTAIN, follows, log, members, orders, owners, planned, preferences, touches
from bot.store.condition_sql import person_tags
from bot.store.database import Database
from bot.store.joining import join, people
from bot.store.person_now import person_now, whom
from bot.store.verdicts import verdicts
from tests.scrm.gates.worlds import DAY, HOUR, NOON, TOPICS, reach, touch

PEOPLE = 250
GUIDES = tuple(f"guide-{n}" for n in range(5))
POOLS = GUIDES[:4]
SLOT = Slot(NOON, "dec", "cream", NOON + 2 * HOUR)
LONG_AGO = NOON - 400 * DAY


def plan_of(**values: Any) -> dict[str, Any]:
    row = {"calendar": "dec", "entry": "cream", "at": NOON, "by_at": NOON + 2 * HOUR, "touchpoint": "私聊"}
    row |= {
        "fixed": True,
        "by_hand": False,
        "outcome": "sent",
        "because": "",
        "stops": [],
        "said": {},
        "version": "1",
        "decided_at": 1,
    }
    row |= {"kind": "导购", "topic": "新品", "item": "i0", "digest": "d", "weight": 300}
    return row | {"userid": values["pool"]} | values


def settle(conn: Connection) -> dict[str, int]:
    """The slot itself, decided for four guides. pool → id in planned."""
    conn.execute(insert(planned), [plan_of(pool=userid) for userid in POOLS])
    return {row.pool: row.id for row in conn.execute(select(planned.c.pool, planned.c.id))}


def follow(userid: str, n: int, **values: Any) -> dict[str, Any]:
    row = {"userid": userid, "external_userid": f"wm-{n}", "person_id": n, "status": "active", "channel_id": None}
    return row | {"added_at": NOON - 90 * DAY, "source": "callback", "welcome_reason": "", "version": 1} | values


def populate(conn: Connection, dice: random.Random) -> None:
    """People with histories like those of `worlds`, spread over tables."""
    past = [_past(dice, n) for n in range(120)]
    conn.execute(insert(planned), past)
    of = select(planned.c.id.label("planned_id"), planned.c.kind, planned.c.item, planned.c.weight)
    sent = conn.execute(of.where(planned.c.entry != "cream", planned.c.touchpoint == "私聊")).mappings().all()
    for n in range(1, PEOPLE + 1):
        _person(conn, dice, n, [dict(row) for row in sent])


def _past(dice: random.Random, n: int) -> dict[str, Any]:
    t = touch(dice, NOON)
    pool = f"wr-{dice.randrange(4)}" if t.touchpoint == "群" else dice.choice(GUIDES)
    outcome = dice.choice(("sent", "sent", "swapped", "held", "skipped")) if t.touchpoint != "私聊" else "sent"
    of = {"kind": t.kind, "topic": t.topic, "item": t.item, "weight": t.weight, "outcome": outcome}
    return plan_of(entry=f"e{n}", at=t.at - HOUR, by_at=t.at, pool=pool, touchpoint=t.touchpoint, **of)


def _person(conn: Connection, dice: random.Random, n: int, sent: list[dict[str, Any]]) -> None:
    one = reach(dice).person
    guides = dice.sample(GUIDES, dice.choice((1, 1, 2, 3)))
    status = [dice.choice(("active", "active", "active", "active", "half", "ended")) for _ in guides]
    mine = {"added_at": one.added_at, "channel_id": one.channel}
    rows = [follow(g, n, status=s, **mine) for g, s in zip(guides, status, strict=True)]
    for row in rows[1:]:
        row["added_at"] -= dice.choice((0, 0, 5 * DAY, 20 * HOUR))
        row["channel_id"] = dice.choice((one.channel, "parcel", None))
    conn.execute(insert(follows), rows)
    if dice.random() < 0.7:
        owner = {"person_id": n, "userid": dice.choice(guides), "since_at": 1, "because": "", "by_hand": False}
        conn.execute(insert(owners), [owner])
    _many(conn, person_tags, [{"userid": guides[0], "external_userid": f"wm-{n}", "person_id": n, "tag": tag,
                               "source": "survey", "set_at": 1, "shown": True} for tag in one.tags])  # fmt: skip
    bought = {"person_id": n, "is_first": False, "total_fen": 1, "refunded_fen": 0, "items": [], "saved_at": 1}
    _many(conn, orders, [bought | {"order_id": f"{n}-{i}", "paid_at": at, "state": dice.choice(("paid", "refunded"))}
                         for i, at in enumerate(one.orders)])  # fmt: skip
    wishes = {topic: dice.random() < 0.5 for topic in (*TOPICS, "全部") if dice.random() < 0.08}
    _many(conn, preferences, [{"person_id": n, "topic": topic, "wanted": wanted, "set_by": "customer", "set_at": 1}
                              for topic, wanted in wishes.items()])  # fmt: skip
    whats = [(what, NOON - dice.randrange(60 * DAY)) for what in dice.sample(("added", "lost", "removed", "lost"), 2)]
    _many(conn, log, [{"userid": guides[0], "external_userid": f"wm-{n}", "person_id": n, "what": what, "at": at}
                      for what, at in whats if dice.random() < 0.3])  # fmt: skip
    _many(conn, touches, [{"person_id": n,
                           "at": NOON - dice.randrange(-HOUR, 40 * DAY),
                           "state": dice.choice(("sent", "sent", "reserved", "held_out"))}
                          | of for of in dice.sample(sent, min(len(sent), dice.randrange(8)))])  # fmt: skip
    _many(conn, members, [{"chat_id": f"wr-{i}", "member_id": f"wm-{n}", "kind": "customer", "person_id": n,
                           "joined_at": 1, "left_at": dice.choice((None, None, NOON - DAY))}
                          for i in range(4) if dice.random() < 0.3])  # fmt: skip


def _many(conn: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        conn.execute(insert(table), rows)


def drawn(dice: random.Random) -> Ahead:
    """Gates as in `worlds`, some rules of which ask the item too, and a budget over another span."""
    ahead = reach(dice).ahead
    known = {Fact("kind"): ahead.item.kind, Fact("topic"): ahead.item.topic, Fact("hour"): 12}
    span = dice.choice((3, 7, 14)) * DAY
    care = replace(ahead.care, budget=replace(ahead.care.budget, per_seconds=span, most=dice.randrange(5, 30)))
    mixed = Condition(Compare("==", Fact("kind"), Const("导购")))
    rules = tuple(replace(rule, condition=dice.choice((rule.condition, rule.condition, mixed))) for rule in ahead.rules)
    return replace(ahead, care=care, known=known, rules=rules)


def meant_for(ahead: Ahead) -> Audience:
    """Through the action and back, as performing has it."""
    there = [userid for userid in POOLS if userid not in ahead.care.away_at(ahead.at)]
    return audience_of(plan_audience(value_of(SLOT, ahead, there)))


def absent(dice: random.Random, ahead: Ahead) -> Ahead:
    """One or two guides are away, with somebody or nobody to stand in for them."""
    gone = dice.sample(GUIDES, dice.choice((1, 2)))
    away = tuple(Away(userid, ALWAYS_VALID, dice.choice((*POOLS, None))) for userid in gone)
    return replace(ahead, care=replace(ahead.care, away=away))


def gates_in_sql(conn: Connection, whom: Audience) -> dict[int, int]:
    """person → the number of the gate that is shut."""
    run = audience.prepare(conn, "test", whom)
    audience._fill(conn, run)
    rows = list(conn.execute(verdicts(whom), {"after": 0, "upto": 10**9}))
    found = {row.person_id: row.gate for row in rows}
    assert len(found) == len(rows)
    return found


def hold_equal(conn: Connection, gate_sets: int) -> tuple[int, Counter[str]]:
    """Every gate set drawn, for everybody. (cases compared, gate → how often it was the first that was shut)."""
    dice, cases, first = random.Random(3), 0, Counter[str]()
    settle(conn)
    populate(conn, dice)
    people = {n: whom(conn, n, LONG_AGO) for n in range(1, PEOPLE + 1)}
    for turn in range(gate_sets):
        ahead = drawn(dice) if turn % 3 else absent(dice, drawn(dice))
        asked = meant_for(ahead)
        written = {n: one.written_to(ahead.care, ahead.at) for n, one in people.items() if one}
        meant = {n: one.person for n, one in written.items() if one.person.userid in asked.userids}
        number = {id(gate): n for n, gate in numbered(asked.gates)}
        in_sql, one_by_one = gates_in_sql(conn, asked), {}
        for n, person in meant.items():
            values = Reach(person=replace(person, draw=draw(n, ahead.item.id)), ahead=ahead).values()
            gate = first_shut(asked.gates, values)
            one_by_one[n] = number[id(gate)] if gate else 0
            first[gate.name if gate else "放行"] += 1
        assert in_sql == one_by_one
        cases += PEOPLE
    return cases, first


@pytest.mark.parametrize("gate_sets", [14, pytest.param(42, marks=pytest.mark.slow)])
async def test_the_first_shut_gate_is_the_same_in_sql_and_one_by_one(database: Database, gate_sets: int) -> None:
    cases, first = await database.write(partial(hold_equal, gate_sets=gate_sets))
    assert cases == gate_sets * PEOPLE
    assert set(first) >= {"人群", "退订", "平台额度", "冷静期", "疲劳", "先信任", "重复", "对照组", "个人规则", "放行"}


def run_through(conn: Connection, size: int, key: str, stop_after: int | None = None) -> audience.Progress:
    """Chunk by chunk, as performing does; or some chunks of it."""
    run = audience.prepare(conn, key, meant_for(drawn(random.Random(8))))
    chunks = 0
    now = audience.progress(conn, key)
    while (upto := audience.last_of(conn, now.after, size)) and not now.done:
        now = audience.keep(conn, run, audience.judge(conn, run, now.after, upto))
        chunks += 1
        if chunks == stop_after:
            return now
    return audience.finish(conn, run, NOON)


def kept(conn: Connection) -> list[tuple[Any, ...]]:
    ours = select(planned.c.id).where(planned.c.entry == "cream")
    query = select(touches.c.person_id, touches.c.planned_id, touches.c.at, touches.c.state)
    return [
        tuple(row) for row in conn.execute(query.where(touches.c.planned_id.in_(ours)).order_by(touches.c.person_id))
    ]


def populated(conn: Connection) -> None:
    settle(conn)
    populate(conn, random.Random(3))


async def test_a_run_that_was_killed_between_chunks_goes_on_exactly(database: Database) -> None:
    """The touches and counts are those of a run in one go, and nobody is planned twice."""
    await database.write(populated)

    class RehearsalError(Exception):
        pass

    def at_once(conn: Connection) -> None:
        whole = run_through(conn, 10_000, "whole")
        raise RehearsalError(whole.gates, whole.reached, kept(conn))

    with pytest.raises(RehearsalError) as rehearsed:
        await database.write(at_once)
    await database.write(partial(run_through, size=40, key="parts", stop_after=2))
    with pytest.raises(ZeroDivisionError):  # killed in the middle of a chunk
        await database.write(lambda conn: (run_through(conn, 40, "parts", stop_after=1), 1 // 0))
    done = await database.write(partial(run_through, size=40, key="parts"))
    again = await database.write(partial(run_through, size=40, key="parts"))
    gates, reached, rows = rehearsed.value.args
    assert (done.gates, done.reached, await database.read(kept)) == (gates, reached, rows)
    assert (again.gates, again.done) == (done.gates, True)
    assert sum(done.reached.values()) == sum(state == "reserved" for *_, state in rows) > 0


async def test_what_was_counted_is_kept_by_gate_and_by_pool(database: Database) -> None:
    await database.write(populated)
    done = await database.write(partial(run_through, size=100, key="k"))
    counts = await database.read(lambda conn: conn.execute(select(audience.gate_counts)).mappings().all())
    reached = await database.read(
        lambda conn: conn.execute(select(planned.c.id, planned.c.reached).where(planned.c.entry == "cream")).all()
    )
    assert {row["number"]: row["people"] for row in counts if row["people"]} == {
        n: p for n, p in done.gates.items() if n
    }
    assert all(row["condition"] for row in counts)
    assert {id_: people for id_, people in reached if people} == done.reached
    by_at = await database.read(kept)
    assert {at for _, _, at, _ in by_at} == {SLOT.by_at}  # a budget is reserved to the last moment


def test_what_is_taken_for_certain_is_known_of_everybody() -> None:
    """Of a newcomer nothing else is known; a fact that nobody thought of is guarded."""
    facts = [Fact(name, DAY) for name in ("no_such_fact", *CERTAIN, "channel", "seconds_since_lost")]
    newcomer = PersonNow(userid=POOLS[0], added_at=NOON)
    known = values_of(newcomer, facts, drawn(random.Random(8)).item, NOON, NOON)
    assert {fact.name for fact in known} == set(CERTAIN)


async def test_who_asked_to_be_forgotten_or_left_is_not_in_it(database: Database) -> None:
    def forget(conn: Connection) -> None:
        settle(conn)
        conn.execute(insert(follows), [follow(POOLS[0], n) for n in (1, 2, 3)])
        conn.execute(update(follows).where(follows.c.person_id == 2).values(status="ended"))
        known = erase.begin(conn, 3, NOON)
        erase.tables(conn, replace(known, ids=(("external_userid", "wm-3"),)), NOON)

    await database.write(forget)
    ahead = replace(drawn(random.Random(8)), audience=(), item_audience=())
    found = await database.write(partial(gates_in_sql, whom=meant_for(ahead)))
    assert set(found) == {1}
    left = await database.read(lambda conn: [person_now(conn, n, "i0", 0) for n in (2, 3)])
    assert left == [None, None]


async def test_one_guide_with_two_ids_of_one_person_reaches_them_once(database: Database) -> None:
    def twice(conn: Connection) -> dict[int, int]:
        settle(conn)
        conn.execute(insert(follows), [follow(POOLS[0], 1), follow(POOLS[0], 1, external_userid="wm-other")])
        return gates_in_sql(conn, meant_for(drawn(random.Random(8))))

    assert set(await database.write(twice)) == {1}


async def test_a_chunk_that_somebody_else_has_kept_is_not_kept_again(database: Database) -> None:
    """And what was judged of somebody who is forgotten before it is kept reaches nobody."""
    await database.write(populated)
    run = await database.read(partial(audience.prepare, key="k", audience=meant_for(drawn(random.Random(8)))))
    judged = await database.read(partial(audience.judge, run=run, after=0, upto=10**9))
    [planned_id, *_] = [id_ for _, id_ in json.loads(judged.kept[0])]

    def forget_everybody(conn: Connection) -> None:
        gone = "erased-" + follows.c.external_userid
        conn.execute(update(follows).values(external_userid=gone))

    await database.write(forget_everybody)
    now = await database.write(partial(audience.keep, run=run, judged=judged))
    assert now.reached[planned_id] > 0
    assert await database.read(partial(batches.recipients, planned_id=planned_id, after=0, upto=10**9)) == []
    with pytest.raises(audience.OvertakenError):
        await database.write(partial(audience.keep, run=run, judged=judged))


async def test_of_two_who_keep_the_same_chunk_one_does(database: Database) -> None:
    """Side by side, too: the other is told that it was overtaken."""
    await database.write(populated)
    run = await database.read(partial(audience.prepare, key="k", audience=meant_for(drawn(random.Random(8)))))
    await database.write(partial(audience.progress, key="k"))
    judged = await database.read(partial(audience.judge, run=run, after=0, upto=10**9))
    both = (database.write(partial(audience.keep, run=run, judged=judged)) for _ in range(2))
    one, other = await asyncio.gather(*both, return_exceptions=True)
    assert {type(one), type(other)} == {audience.Progress, audience.OvertakenError}
    assert len(await database.read(kept)) == sum(len(json.loads(rows)) for rows in judged.kept.values())


async def test_nothing_is_added_to_a_run_that_is_over(database: Database) -> None:
    """Its counts were told already."""
    await database.write(populated)
    run = await database.read(partial(audience.prepare, key="k", audience=meant_for(drawn(random.Random(8)))))
    done = await database.write(partial(run_through, size=10_000, key="k"))
    late = audience.Judged(after=done.after, upto=done.after + 1, known=0, gates={0: 1}, kept={})
    with pytest.raises(audience.OvertakenError):
        await database.write(partial(audience.keep, run=run, judged=late))


def humans(conn: Connection) -> None:
    """Everybody of `populated`, as persons."""
    populated(conn)
    conn.execute(insert(people), [{"person_id": n, "created_at": 1} for n in range(1, PEOPLE + 1)])


def of_nobody(conn: Connection) -> list[int]:
    """Whom there are touches of, though they are no person."""
    here = select(people.c.person_id)
    return list(conn.scalars(select(touches.c.person_id).where(touches.c.person_id.not_in(here))))


async def test_who_turned_out_to_be_another_before_the_chunk_was_kept_is_judged_anew(database: Database) -> None:
    """Their touch would else stand under a number that is nobody's, and bind no budget."""
    await database.write(humans)
    run = await database.read(partial(audience.prepare, key="k", audience=meant_for(drawn(random.Random(8)))))
    await database.write(partial(audience.progress, key="k"))
    judged = await database.read(partial(audience.judge, run=run, after=0, upto=PEOPLE))
    [*_, (gone, _)] = json.loads(judged.kept[0])
    await database.write(partial(join, one=1, other=gone))
    with pytest.raises(audience.OvertakenError):
        await database.write(partial(audience.keep, run=run, judged=judged))
    again = await database.read(partial(audience.judge, run=run, after=0, upto=PEOPLE))
    await database.write(partial(audience.keep, run=run, judged=again))
    assert await database.read(of_nobody) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_who_turns_out_to_be_another_while_the_chunk_is_kept_takes_it_along(database: Database) -> None:
    """Side by side neither sees what the other writes, so the joining waits."""
    await database.write(humans)
    run = await database.read(partial(audience.prepare, key="k", audience=meant_for(drawn(random.Random(8)))))
    await database.write(partial(audience.progress, key="k"))
    judged = await database.read(partial(audience.judge, run=run, after=0, upto=PEOPLE))
    [*_, (gone, _)] = json.loads(judged.kept[0])
    joining: list[asyncio.Task[int]] = []

    def keep_meanwhile(conn: Connection) -> None:
        audience.keep(conn, run, judged)
        joining.append(asyncio.create_task(database.write(partial(join, one=1, other=gone))))
        await_only(asyncio.wait(joining, timeout=0.2))

    await database.write(keep_meanwhile)
    assert await joining[0] == 1
    assert await database.read(of_nobody) == []
