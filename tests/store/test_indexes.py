"""No look that comes often, and none in the write gate, walks a table that grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.scrm.calendar import Sequence, Slot
from bot.scrm.records.planning import SetSwitch
from bot.scrm.records.sends import DismissTasks, KeepSend, ReleaseAudience, SettleSend
from bot.scrm.switch import Switch
from bot.store import batches, board, erase, passing, person_now, planning, sends, sends_due, sequences, standing
from bot.store.database import Database
from tests.store.planting import plant

SLOT = Slot(1_000, "dec", "e", 2_000)
SUN = Sequence(id="sun", start_tag="意向/防晒", steps=(), stop=("下单", "打上标签 服务/售后中"))


def plans(conn: Connection, job: Callable[[Connection], Any]) -> Iterator[str]:
    """How SQLite goes about each statement of a job, line by line."""
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, sql: str, values: Any, ___: Any, many: bool) -> None:
        said.append((sql, values[0] if many else values))

    event.listen(conn, "before_cursor_execute", note)
    job(conn)
    event.remove(conn, "before_cursor_execute", note)
    for sql, values in said:
        if sql.startswith(("SELECT", "UPDATE", "DELETE")):
            yield from (row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values))


def forget(conn: Connection) -> None:
    plant(conn, 1)
    erase.tables(conn, erase.begin(conn, 1, 5), 5)


def told_of_stops(conn: Connection) -> None:
    planning.set_switch(conn, SetSwitch(switch=Switch("条目", "dec/e"), on=False, by="wang", because="", at=1))
    sends_due.stopped(conn, 5)
    sends_due.untold(conn, 5)


def read_of_a_send(conn: Connection) -> None:
    slot = {"slot": Slot(1_000, "dec", "cream", 2_000), "item": "i", "people": 1, "at": 1}
    sends.keep(conn, KeepSend(key="k", touchpoint="私聊", userid="guide", planned_id=1, upto=9, **slot))
    sends.note(conn, "k", [sends.Reading("wm-1", sends.SENT, 5)], 5)
    batches.recipients(conn, 1, 0, 9)
    sends.settle(conn, SettleSend(key="k", state="sent", reason="", at=9))
    sends.release(conn, ReleaseAudience(planned_ids=(1,), because="", at=9))


def passed_on(conn: Connection) -> None:
    slot = {"slot": Slot(1_000, "dec", "cream", 2_000), "item": "i", "people": 1, "at": 1}
    sends.keep(conn, KeepSend(key="k", touchpoint="私聊", userid="guide", planned_id=1, upto=9, **slot))
    passing.left_behind(conn, "k")
    passing.shares(conn, "k", ["lin", "zhou"])


LOOKS: dict[str, Callable[[Connection], Any]] = {
    "runs_of": lambda conn: sequences.runs_of(conn, "wm-1"),
    "may_stop": lambda conn: sequences.may_stop(conn, "dec", SUN),
    "held": lambda conn: planning.held(conn, 5),
    "board of groups": lambda conn: board.board(conn, "群", SLOT, (0, 9)),
    "board of a shadow": lambda conn: board.board(conn, "群", SLOT, (0, 9), tried=("dec",)),
    "board of a few groups": lambda conn: board.board(conn, "群", SLOT, (0, 9), only=["wr-1"]),
    "what somebody saw": lambda conn: person_now.lately(conn, 1, 5),
    "held of an entry": lambda conn: standing.held(conn, 5, 0, 25, ("dec", "sun")),
    "board of guides": lambda conn: board.board(conn, "私聊", SLOT, (0, 9)),
    "sends due": lambda conn: sends_due.due(conn, 5),
    "moments to hear of": lambda conn: sends_due.to_hear(conn, 5),
    "stops": told_of_stops,
    "tasks dismissed": lambda conn: sends.dismiss(conn, DismissTasks(userid="guide", because="", entry="dec/e", at=5)),
    "who is away": lambda conn: sends_due.of_away(conn, 5, ["guide"]),
    "a send passed on": passed_on,
    "reminders": lambda conn: sends_due.to_remind(conn, 5, 3),
    "a send": read_of_a_send,
    "steps to gather": sequences.went,
    "steps gathered": lambda conn: sequences.join_slot(conn, "dec", "sun", "one", 5),
    "runs under way": sequences.under_way,
    "erase": forget,
}
GROW = (
    "planned",
    "sequence_runs",
    "inbox",
    "outbox",
    "tasks",
    "unsurveyed",
    "refunds",
    "removed_tags",
    "group_members",
    "sends",
    "touches",
    "reactions",
)
BY_INDEX = (
    "SCAN follows USING COVERING INDEX follows_active",
    "SCAN sequence_runs USING INDEX sequence_runs_went",
    "SCAN sequence_runs USING INDEX sequence_runs_running",
)
"""Nothing but who has customers, who waits for a slot, and who is in a sequence: these indexes hold nothing else."""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_goes_by_an_index(database: Database, look: str) -> None:
    found = await database.write(lambda conn: list(plans(conn, LOOKS[look])))
    walked = [line for line in found if line.startswith(tuple(f"SCAN {name}" for name in (*GROW, "follows")))]
    assert [line for line in walked if line not in BY_INDEX] == []
    assert found


USED = {
    "sequence_runs_of": "may_stop",
    "planned_held": "held",
    "planned_touchpoint": "board of groups",
    "planned_at": "board of groups",
    "follows_active": "board of guides",
    "sends_due": "sends due",
    "sends_heard": "moments to hear of",
    "sends_stopped": "stops",
    "sends_slot": "stops",
    "sends_planned": "a send",
    "sequence_runs_went": "steps gathered",
    "ix_sequence_runs_external_userid": "erase",
    "ix_tasks_external_userid": "erase",
    "ix_group_members_invitor": "erase",
    "ix_refunds_refund_id": "erase",
    "ix_removed_tags_external_userid": "erase",
    "ix_unsurveyed_external_userid": "erase",
}
"""index → the look that it is there for."""


@pytest.mark.parametrize("index", USED)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_index_is_one_that_a_look_goes_by(database: Database, index: str) -> None:
    """Every one costs each write of its table."""
    found = await database.write(lambda conn: list(plans(conn, LOOKS[USED[index]])))
    assert any(f"INDEX {index} (" in f"{line} (" for line in found)
