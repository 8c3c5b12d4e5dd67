"""Content files as they were saved: a file's versions go with it when it gets another name."""

from __future__ import annotations

from functools import partial

import pytest

from bot.store import versions
from bot.store.audit import Doer
from bot.store.database import Database

HATS, CAPS, WINTER = "library/hats.yaml", "library/caps.yaml", "library/winter.yaml"


async def save(database: Database, at: int, name: str, before: str, text: str, who: str = "zhou-lan") -> None:
    by = Doer(who, "控制台", at)
    await database.write(partial(versions.keep, by=by, name=name, before=before, text=text, because=f"{at}"))


async def rename(database: Database, at: int, name: str, to: str, text: str) -> None:
    by = Doer("zhou-lan", "控制台", at)
    await database.write(partial(versions.rename, by=by, name=name, to=to, text=text, because=f"{at}"))


async def history(database: Database, name: str) -> list[tuple[str, int]]:
    """(name then, when), the newest first."""
    found = await database.read(partial(versions.versions, name=name, offset=0, limit=50))
    return [(each.name, each.at) for each in found]


async def removed(database: Database, there: tuple[str, ...] = ()) -> list[str]:
    found = await database.read(partial(versions.removed, there=there, offset=0, limit=50))
    return [each.name for each in found]


async def test_what_a_file_was_is_seen_under_each_later_name(database: Database) -> None:
    await save(database, 1, HATS, "", "a")
    await save(database, 2, HATS, "a", "b")
    await rename(database, 3, HATS, CAPS, "b")
    await save(database, 4, CAPS, "b", "c")
    await rename(database, 5, CAPS, WINTER, "c")
    assert await history(database, WINTER) == [(WINTER, 5), (CAPS, 4), (CAPS, 3), (HATS, 2), (HATS, 1)]
    [*_, first] = await database.read(partial(versions.versions, name=WINTER, offset=0, limit=50))
    old = await database.read(partial(versions.version, name=WINTER, number=first.id))
    assert old is not None and old.last == "a"
    assert await database.read(partial(versions.version, name="tags.yaml", number=first.id)) is None


async def test_a_name_that_is_used_anew_has_nothing_of_the_file_that_left_it_later(database: Database) -> None:
    await save(database, 1, HATS, "", "a")
    await rename(database, 2, HATS, CAPS, "a")
    await save(database, 3, HATS, "", "other")
    assert await history(database, CAPS) == [(CAPS, 2), (HATS, 1)]
    await rename(database, 4, CAPS, WINTER, "a")
    await rename(database, 5, HATS, CAPS, "other")
    assert (CAPS, 5) not in await history(database, WINTER)
    assert await history(database, CAPS) == [(CAPS, 5), (HATS, 3)]


async def test_what_went_and_came_back_ends(database: Database) -> None:
    await save(database, 1, HATS, "", "a")
    await rename(database, 2, HATS, CAPS, "a")
    await rename(database, 3, CAPS, HATS, "a")
    assert await history(database, HATS) == [(HATS, 3), (CAPS, 2), (HATS, 1)]


@pytest.mark.parametrize("who", ["zhou-lan", "he-yun"])
async def test_only_what_is_nowhere_any_more_is_removed(database: Database, who: str) -> None:
    """Not what has another name; but that, once it is taken out there."""
    await save(database, 1, HATS, "", "a")
    await rename(database, 2, HATS, CAPS, "a")
    assert await removed(database, (CAPS,)) == []
    await save(database, 3, CAPS, "a", "", who)
    assert await removed(database) == [CAPS]
    await save(database, 4, CAPS, "", "a", who)
    assert await removed(database, (CAPS,)) == []
