"""One person's story, from every table that remembers a part of it."""

from __future__ import annotations

from functools import partial

from bot.store import belongings
from bot.store.database import Database
from bot.store.tables import metadata
from bot.store.timeline import READ, timeline, yuan
from tests.store.planting import plant


async def test_every_part_of_the_story_is_told_and_of_nobody_else(database: Database) -> None:
    """In order of time; a table that cannot be read fails here."""
    for n in (1, 2):
        await database.write(partial(plant, n=n))
    story = await database.read(partial(timeline, person_id=1))
    expected = {
        "朋友圈",
        "流失",
        "标签",
        "调研",
        "回答",
        "客服",
        "进群",
        "退群",
        "订单",
        "退款",
        "任务",
        "授权",
        "偏好",
        "序列",
        "券码",
    }
    assert {moment.what for moment in story} == expected
    assert [moment.at for moment in story] == sorted(moment.at for moment in story)
    assert "MARK1" in str(story) and "MARK2" not in str(story)


def test_the_story_is_read_from_tables_that_belong_to_people() -> None:
    """The plans of export and erasing say how."""
    assert READ.keys() <= belongings.PLANS.keys() <= metadata.tables.keys()


def test_money_is_written_in_yuan() -> None:
    """Exactly."""
    assert (yuan(26800), yuan(5), yuan(123456789)) == ("268.00 元", "0.05 元", "1,234,567.89 元")
