"""What people said goes after its time, and that they said it stays counted."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection, text

from bot.config import RetentionConfig
from bot.store import retention
from bot.store.database import Database
from bot.store.retention import Keep
from bot.store.tables import metadata
from tests.store.planting import plain_value, plant

DAY = 24 * 3600
KEEP = Keep(
    30 * DAY,
    90 * DAY,
    kf_text_seconds=10 * DAY,
    answers_seconds=20 * DAY,
    order_ids_seconds=5 * DAY,
    planned_seconds=40 * DAY,
)
NOW = 100 * DAY


async def passed(database: Database, *, ended_at: int | None, status: str = "ended") -> dict[str, Any]:
    """One person with rows everywhere, made just now but for the day their relation ended; then what is left."""

    def set_times(conn: Connection) -> None:
        plant(conn, 1)
        for table, column in (("kf_messages", "said_at"), ("orders", "saved_at")):
            conn.execute(text(f"UPDATE {table} SET {column} = :at"), {"at": ended_at or NOW})
        conn.execute(text("UPDATE follows SET status = :status, ended_at = :at"), {"status": status, "at": ended_at})

    await database.write(set_times)
    gone = {}
    for name in retention.STALE.keys() - PLANNED:
        keys = await database.read(partial(retention.stale, name=name, now=NOW, keep=KEEP))
        gone[name] = await database.write(partial(retention.let_go, name=name, keys=keys)) if keys else 0
    return gone


@pytest.mark.parametrize(
    ("days_ago", "gone"),
    [
        (1, []),
        (6, ["order_ids"]),
        (11, ["kf_messages", "order_ids"]),
        (21, ["kf_messages", "order_ids", "profile_fields", "survey_answers"]),
    ],
)
async def test_each_has_a_time_of_its_own(database: Database, days_ago: int, gone: list[str]) -> None:
    """Counted from when it was said, or from when the last relation ended."""
    left = await passed(database, ended_at=NOW - days_ago * DAY)
    assert sorted(name for name, rows in left.items() if rows) == gone


async def test_answers_stay_while_a_guide_knows_them(database: Database) -> None:
    """However long ago they were given."""
    left = await passed(database, ended_at=None, status="active")
    assert (left["survey_answers"], left["profile_fields"]) == (0, 0)


async def test_what_went_once_is_not_looked_at_again(database: Database) -> None:
    """The words go, the row that counts stays."""
    await passed(database, ended_at=NOW - 30 * DAY)
    for name in retention.STALE.keys() - PLANNED:
        assert await database.read(partial(retention.stale, name=name, now=NOW, keep=KEEP)) == []
    rows = text("SELECT (SELECT count(*) FROM kf_messages), (SELECT count(*) FROM survey_answers)")
    assert await database.read(lambda conn: tuple(conn.execute(rows).one())) == (1, 1)


ANSWERS = ("survey_answers", "profile_fields")


@pytest.mark.parametrize(
    ("said_days_ago", "heard_days_ago", "goes"), [(21, None, True), (19, None, False), (40, 21, True), (40, 19, False)]
)
async def test_who_never_had_a_guide_is_forgotten_after_their_last_word(
    database: Database, said_days_ago: int, heard_days_ago: int | None, goes: bool
) -> None:
    """Known from 微信客服 alone: counted from what they said, or from when they were last heard."""

    def set_times(conn: Connection) -> None:
        plant(conn, 1)
        conn.execute(text("DELETE FROM follows"))
        said_at, heard_at = NOW - said_days_ago * DAY, NOW - (heard_days_ago or 90) * DAY
        conn.execute(text("UPDATE survey_answers SET answered_at = :at"), {"at": said_at})
        conn.execute(text("UPDATE profile_fields SET set_at = :at"), {"at": said_at})
        conn.execute(text("UPDATE kf_sessions SET customer_at = :at"), {"at": heard_at})

    await database.write(set_times)
    for name in ANSWERS:
        keys = await database.read(partial(retention.stale, name=name, now=NOW, keep=KEEP))
        assert bool(keys) == goes, name


async def test_what_nobody_known_said_is_forgotten_too(database: Database) -> None:
    """A run by a forwarded link: its words go, that it was answered stays."""

    def by_nobody(conn: Connection) -> None:
        plant(conn, 1)
        conn.execute(text("UPDATE survey_answers SET person_id = NULL, answered_at = :at"), {"at": NOW - 21 * DAY})

    await database.write(by_nobody)
    [key] = await database.read(partial(retention.stale, name="survey_answers", now=NOW, keep=KEEP))
    await database.write(partial(retention.let_go, name="survey_answers", keys=[key]))
    assert await database.read(lambda conn: conn.execute(text("SELECT answers FROM survey_answers")).scalar()) in (
        "[]",
        [],
    )


PLANNED = {
    "planned": "at",
    "touches": "at",
    "slots": "at",
    "gate_counts": "at",
    "sends": "at",
    "guide_reminders": "at",
    "reactions": "at",
    "clicks": "day_at",
    "tracked_links": "kept_at",
    "audience_runs": "done_at",
    "sequence_runs": "ended_at",
}
"""What was planned: table → the column that says when it was."""


def one_each(conn: Connection, at: int | None) -> None:
    """A row of each, of an instant; None: where it may be, not over yet."""
    for name, column in PLANNED.items():
        table = metadata.tables[name]
        row = {c.name: plain_value(c, 1, "word") for c in table.columns} | {column: at}
        if at is not None or table.c[column].nullable:
            conn.execute(table.insert().values(**row))


async def forgotten(database: Database, at: int | None) -> dict[str, int]:
    """What of it goes. Table → rows."""
    await database.write(partial(one_each, at=at))
    gone = {}
    for name in PLANNED:
        keys = await database.read(partial(retention.stale, name=name, now=NOW, keep=KEEP))
        gone[name] = await database.write(partial(retention.let_go, name=name, keys=keys)) if keys else 0
        assert await database.read(partial(retention.stale, name=name, now=NOW, keep=KEEP)) == []
    return {name: rows for name, rows in gone.items() if rows}


async def test_what_was_planned_goes_after_its_time(database: Database) -> None:
    """That somebody was in a sequence stays, so that they do not begin it again; why it ended does not."""
    assert await forgotten(database, NOW - 41 * DAY) == dict.fromkeys(PLANNED, 1)
    left = text("SELECT because FROM sequence_runs")
    assert await database.read(lambda conn: list(conn.scalars(left))) == [""]


@pytest.mark.parametrize("at", [NOW - 39 * DAY, None])
async def test_what_was_planned_not_long_ago_or_is_under_way_stays(database: Database, at: int | None) -> None:
    assert await forgotten(database, at) == {}


def test_what_was_planned_stays_longer_than_any_item_rests_and_any_campaign_is_looked_back_at() -> None:
    """An item that rests for 180 days, and a festival a year ago, are still found."""
    assert RetentionConfig().planned_days >= 400
    with pytest.raises(ValidationError, match="400"):
        RetentionConfig(planned_days=399)


def test_every_plan_has_an_end() -> None:
    """Tables that grow with each slot."""
    assert retention.STALE.keys() >= PLANNED.keys()
