"""Steps of sequences: who comes to one gets it, together with who comes at about the same time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from tests.cli.typed import command
from tests.flow.perform.test_tags import library
from tests.handlers.test_calendar import at
from tests.handlers.test_calendar import home as home
from tests.house import GUIDE, House

BODY = "意向/身体护理"
STEP = "bridge-body/d1"


@pytest.fixture
async def tagged(home: House) -> AsyncIterator[House]:
    """Two customers who turn to body care, at noon; a third who does not."""
    for n in range(3):
        await home.sandbox.customer_adds(userid=GUIDE, external_userid=f"wm-{n}")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(14, 12, 0))
    for n in range(2):
        await home.sandbox.member_edits(GUIDE, f"wm-{n}", add_tags=[library(home)[BODY]])
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(at(14, 12, 5))
    yield home


async def slots(home: House) -> int:
    """How often the step came round."""
    return len(await home.rows("SELECT 1 FROM slots WHERE entry = :step", step=STEP))


async def test_who_comes_to_a_step_gets_it_together(tagged: House) -> None:
    """One task for their guide, for the two and nobody else; the guide's mix is not charged for it."""
    for minute in (36, 37, 38):
        await tagged.look_at(at(15, 15, minute))
    [task] = [t for t in await tagged.sandbox.mass.tasks(GUIDE) if t["chat_type"] == "single"]
    assert sorted(task["recipients"]) == ["wm-0", "wm-1"]
    await tagged.sandbox.mass.member_confirms(GUIDE, task["msgid"])
    await tagged.look_at(at(15, 15, 50))
    query = "SELECT outcome, settled_at FROM planned WHERE entry = :step AND kind IS NOT NULL"
    [row] = await tagged.rows(query, step=STEP)
    assert row.outcome == "sent" and row.settled_at
    [owed] = await tagged.rows("SELECT balance FROM mix_states WHERE touchpoint = '私聊' AND pool = :who", who=GUIDE)
    assert not any(json.loads(owed.balance).values())
    running = await tagged.rows("SELECT step FROM sequence_runs WHERE state = 'running'")
    assert {row.step for row in running} == {"d4"}


async def test_who_is_let_go_of_a_sequence_gets_no_step(tagged: House) -> None:
    """One of them has a case open: only the other gets it."""
    await tagged.sandbox.member_edits(GUIDE, "wm-1", add_tags=[library(tagged)["服务/售后中"]])
    await tagged.sandbox.callbacks_settled()
    await tagged.settled()
    for minute in (36, 37, 38):
        await tagged.look_at(at(15, 15, minute))
    [task] = [t for t in await tagged.sandbox.mass.tasks(GUIDE) if t["chat_type"] == "single"]
    assert task["recipients"] == ["wm-0"]


async def test_who_comes_later_waits_for_the_next_slot_of_the_step(tagged: House) -> None:
    """No guide gets a task for each customer."""
    for minute in (36, 37):
        await tagged.look_at(at(15, 15, minute))
    assert await slots(tagged) == 1
    late = "UPDATE sequence_runs SET went = 'd1', slot_at = NULL WHERE external_userid = 'wm-0'"
    await tagged.app.database.write(lambda conn: conn.exec_driver_sql(late))
    await tagged.look_at(at(15, 15, 50))
    assert await slots(tagged) == 1
    await tagged.look_at(at(15, 16, 10))
    assert await slots(tagged) == 2


async def test_who_is_let_go_while_the_step_gathers_does_not_go_with_it(tagged: House) -> None:
    """A slot of the step came a moment before, so they wait; meanwhile one has a case open."""
    before = f"""INSERT INTO slots (calendar, entry, at, by_at, state, because, version, found_at, decided_at)
        VALUES ('sequences', '{STEP}', {at(15, 15, 20)}, {at(15, 18, 0)}, 'decided', '', 'x', 0, 0)"""
    await tagged.app.database.write(lambda conn: conn.exec_driver_sql(before))
    await tagged.look_at(at(15, 15, 36))
    await tagged.sandbox.member_edits(GUIDE, "wm-1", add_tags=[library(tagged)["服务/售后中"]])
    await tagged.sandbox.callbacks_settled()
    await tagged.settled()
    for minute in (40, 51, 52, 53):
        await tagged.look_at(at(15, 15, minute))
    [task] = [t for t in await tagged.sandbox.mass.tasks(GUIDE) if t["chat_type"] == "single"]
    assert task["recipients"] == ["wm-0"]


async def test_a_guide_of_whom_nobody_is_reached_has_nothing_waiting(tagged: House) -> None:
    """No card, no charge: the decision says so."""
    await tagged.sandbox.customer_adds(userid="guide-zhou", external_userid="wm-z")
    await tagged.sandbox.callbacks_settled()
    await tagged.settled()
    for minute in (36, 37, 38):
        await tagged.look_at(at(15, 15, minute))
    [row] = await tagged.rows("SELECT outcome, because FROM planned WHERE entry = :e AND pool = 'guide-zhou'", e=STEP)
    assert (row.outcome, row.because) == ("lapsed", "没有客户要收")


async def test_plan_and_explain_say_who_comes_to_which_step_when(tagged: House) -> None:
    """Of those whose sequence is on its way; and what then comes is what was said."""
    step, day = f"sequences/{STEP}", ("--from", "2026-12-14")
    code, said, slip = await command(tagged, "plan", *day, "--days", "3", "--json")
    assert code == 0, slip
    [row] = json.loads(said)["steps"]
    assert (row["at"], row["entry"], row["people"], row["guides"]) == ("12-15 15:35", step, 2, 1)
    assert row["outcome"] == "发出"
    text = (await command(tagged, "plan", *day, "--days", "3"))[1]
    assert "序列的一步" in text and "explain 客户" in text
    [one] = json.loads((await command(tagged, "explain", "wm-0", step, *day, "--json"))[1])["coming"]
    assert (one["at"], one["outcome"]) == (at(15, 15, 35), "会收到")
    whole = (await command(tagged, "explain", "wm-0", *day))[1]
    assert "序列 sequences/bridge-body：" in whole and "下一步 d1" in whole
    code, said, _ = await command(tagged, "explain", "wm-2", step, *day)
    assert code == 1 and "没有要发给这位客户的" in said
    await test_who_comes_to_a_step_gets_it_together(tagged)


async def test_why_a_step_will_not_reach_somebody_is_said(tagged: House) -> None:
    """By the plan for all, where it is stopped; by explain for one, who wants no more of the topic."""
    step, day = f"sequences/{STEP}", ("--from", "2026-12-14")
    refusal = (
        "INSERT INTO preferences (person_id, topic, wanted, set_by, set_at) VALUES ({}, '全部', false, 'customer', 1)"
    )
    person_id = await tagged.scalar("SELECT person_id FROM sequence_runs WHERE external_userid = 'wm-0'")
    await tagged.app.database.write(lambda conn: conn.exec_driver_sql(refusal.format(person_id)))
    [one] = json.loads((await command(tagged, "explain", "wm-0", step, *day, "--json"))[1])["coming"]
    assert one["outcome"] == "收不到" and [stop["gate"] for stop in one["stops"]] == ["退订"]
    await command(tagged, "switch", "触点/私聊", "--off", "--by", "zhou-lan", "--because", "先停一下")
    [row] = json.loads((await command(tagged, "plan", *day, "--days", "3", "--json"))[1])["steps"]
    assert (row["people"], row["outcome"], row["because"]) == (2, "跳过", "触点“私聊”被人停掉了")
