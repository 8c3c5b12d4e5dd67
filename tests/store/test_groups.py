"""Customer groups: whatever the order in which answers arrive, the newest reading stands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from bot.scrm.group import GroupSnapshot, Seat
from bot.scrm.records.groups import DismissGroup, NoteGroupLeft
from bot.store import groups, migrate, people
from bot.store.database import Database

CHAT = "wr-1"


def snapshot(version: int, *people: str, at: int | None = None) -> GroupSnapshot:
    """The group in its n-th version, read at its own second unless said."""
    seats = tuple(Seat(member_id=who, kind="customer", joined_at=10, join_scene=3, state="store") for who in people)
    return GroupSnapshot(
        chat_id=CHAT,
        name=f"群{version}",
        owner="guide-lin",
        notice="",
        created_at=1,
        member_version=f"{version:032x}",
        seats=seats,
        read_at=at or 100 + version,
        read_no=version,
    )


def inside(conn: Connection) -> set[str]:
    return set(conn.execute(text("SELECT member_id FROM group_members WHERE left_at IS NULL")).scalars())


@pytest.fixture(scope="module")
def memory() -> Iterator[Connection]:
    """A database that forgets: each example is rolled back."""
    with create_engine("sqlite://").connect() as conn:
        migrate.upgrade(conn)
        conn.commit()
        yield conn.execution_options(people_key=b"k" * 32)


@settings(max_examples=60, deadline=None)
@given(
    versions=st.lists(st.frozensets(st.sampled_from("abcdef")), min_size=1, max_size=7),
    same_second=st.booleans(),
    data=st.data(),
)
def test_any_order_of_late_answers_ends_in_the_newest(
    memory: Connection, versions: list[frozenset[str]], same_second: bool, data: st.DataObject
) -> None:
    """Each answer may come late, twice, or in the same second as another."""
    shots = [snapshot(n, *sorted(people), at=100 if same_second else None) for n, people in enumerate(versions)]
    try:
        for shot in data.draw(st.permutations([*shots, *shots])):
            groups.save_group(memory, shot)
        known = groups.group(memory, CHAT)
        assert known is not None and known.name == shots[-1].name
        assert known.member_version == shots[-1].member_version
        assert inside(memory) == versions[-1]
    finally:
        memory.rollback()


async def test_joins_and_leaves_are_told_once(database: Database) -> None:
    """Nobody is new in a group that we read for the first time."""
    first = await database.write(partial(groups.save_group, snapshot=snapshot(1, "a", "b")))
    assert first is not None and first.first and len(first.joined) == 2
    second = await database.write(partial(groups.save_group, snapshot=snapshot(2, "b", "c")))
    assert second is not None and not second.first
    assert ([seat.member_id for seat in second.joined], second.left) == (["c"], ("a",))
    assert await database.write(partial(groups.save_group, snapshot=snapshot(1, "a", "b"))) is None


async def test_who_comes_back_is_inside_again(database: Database) -> None:
    """And how they had left is not said any more."""
    for shot in (snapshot(1, "a", "b"), snapshot(2, "b"), snapshot(3, "a", "b")):
        await database.write(partial(groups.save_group, snapshot=shot))
    assert await database.read(inside) == {"a", "b"}


async def test_a_callback_says_how_somebody_left(database: Database) -> None:
    """An answer that was read before it does not bring them back; one that was read after it keeps the scene."""
    await database.write(partial(groups.save_group, snapshot=snapshot(1, "a", "b")))
    left = NoteGroupLeft(chat_id=CHAT, member_ids=("a",), scene=1, at=103)
    await database.write(partial(groups.note_left, record=left))
    await database.write(partial(groups.save_group, snapshot=snapshot(2, "a", "b")))
    assert await database.read(inside) == {"b"}
    await database.write(partial(groups.save_group, snapshot=snapshot(4, "b")))
    [row] = await database.read(
        lambda conn: conn.execute(text("SELECT left_at, left_scene FROM group_members WHERE member_id = 'a'")).all()
    )
    assert tuple(row) == (103, 1)


async def test_a_dismissed_group_stays_dismissed(database: Database) -> None:
    """A late answer does not open it again."""
    await database.write(partial(groups.save_group, snapshot=snapshot(1, "a")))
    await database.write(partial(groups.dismiss, record=DismissGroup(chat_id=CHAT, at=200)))
    assert await database.write(partial(groups.save_group, snapshot=snapshot(9, "a"))) is None
    known = await database.read(partial(groups.group, chat_id=CHAT))
    assert known is not None and known.state == "dismissed" and await database.read(inside) == set()


async def test_who_becomes_a_customer_after_they_came_in_is_known(database: Database) -> None:
    """The seat says whose it is from the next reading on."""
    await database.write(partial(groups.save_group, snapshot=snapshot(1, "wm-1", "wm-2")))
    person_id = await database.write(partial(people.ensure_person, external_userid="wm-1", at=1))
    await database.write(partial(groups.save_group, snapshot=snapshot(2, "wm-1", "wm-2")))
    seats = text("SELECT member_id, person_id FROM group_members ORDER BY 1")
    found = await database.read(lambda conn: [tuple(row) for row in conn.execute(seats)])
    assert found == [("wm-1", person_id), ("wm-2", None)]


async def test_a_customers_groups_are_known_by_name_and_id(database: Database) -> None:
    """As long as they are in, and the group is there."""
    await database.write(partial(groups.save_group, snapshot=snapshot(1, "a", "b")))
    assert await database.read(partial(groups.joined_by, external_userid="a")) == {CHAT, "群1"}
    assert await database.read(partial(groups.joined_by, external_userid="c")) == frozenset()
    await database.write(partial(groups.save_group, snapshot=snapshot(2, "b")))
    assert await database.read(partial(groups.joined_by, external_userid="a")) == frozenset()
