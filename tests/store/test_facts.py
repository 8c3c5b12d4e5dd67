"""The facts of one decision."""

from __future__ import annotations

from functools import partial

from bot.scrm.records import SaveMember
from bot.store import people
from bot.store.asked import Asked
from bot.store.database import Database
from bot.store.person_facts import StoredMembers


async def test_all_handlers_of_one_event_see_the_same(database: Database) -> None:
    """What is written between two of them is news to the next decision."""
    of_this = StoredMembers(Asked(database))
    assert await of_this.get("guide-lin") is None
    member = SaveMember(userid="guide-lin", name="林夕", at=1)
    await database.write(partial(people.save_member, record=member))
    assert await of_this.get("guide-lin") is None
    assert await of_this.get("guide-zhou") is None
    of_the_next = await StoredMembers(Asked(database)).get("guide-lin")
    assert of_the_next and of_the_next.name == "林夕"
