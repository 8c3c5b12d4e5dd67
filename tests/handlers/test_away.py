"""A guide who is away gets no task: who stands in writes to those who know both; the rest is let be, with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.december import tagged
from demo.stories.calendar_day import approve
from tests.flow.edited import edited
from tests.handlers.test_calendar import at, outcomes
from tests.house import GUIDE, House, reopened

SPARE = "guide-zhou"
AWAY = "away:\n  - {guide: guide-lin, on: 2026-12-28 ~ 2026-12-29, spare: guide-zhou}\n\nhold_out: 5%"
NOTE = "note-care"


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[House]:
    """Two customers of the guide who is away, and one of the other; the other knows the first of the two as well."""
    folders = edited(tmp_path, {"care.yaml": ("hold_out: 5%", AWAY)})
    async with reopened(tmp_path, folders=folders) as home:
        for guide, customers in ((GUIDE, ("wm-both", "wm-alone")), (SPARE, ("wm-both", "wm-hers"))):
            for customer in customers:
                await home.sandbox.customer_adds(userid=guide, external_userid=customer)
            await home.sandbox.callbacks_settled()
            await home.settled()
        await home.sandbox.groups.creates(GUIDE, "会员群一")
        await home.sandbox.callbacks_settled()
        await home.settled()
        await tagged(home, GUIDE, dict.fromkeys(("wm-both", "wm-alone"), "肤质/干性"))
        await tagged(home, SPARE, {"wm-hers": "肤质/干性"})
        await home.look_at(at(27, 9, 0))
        for role in ("", "店长"):
            await approve(home, role)
        yield home


async def recipients(home: House, guide: str) -> list[str]:
    tasks = [task for task in await home.sandbox.mass.tasks(guide) if task["chat_type"] == "single"]
    return sorted(who for task in tasks for who in task["recipients"])


async def test_who_stands_in_writes_to_those_who_know_both(shop: House) -> None:
    """And to their own; nobody gets it twice, and who knows only the one who is away gets nothing."""
    await shop.look_at(at(28, 10, 6))
    await shop.clock.advance(10)
    assert await recipients(shop, SPARE) == ["wm-both", "wm-hers"]
    assert await recipients(shop, GUIDE) == []
    decided = await outcomes(shop, NOTE)
    assert decided[GUIDE] == ("skipped", "guide-lin 这几天不在，也加了 guide-zhou 的客户由 guide-zhou 发")
    [task] = await shop.sandbox.mass.tasks(SPARE)
    await shop.sandbox.mass.member_confirms(SPARE, task["msgid"])
    await shop.look_at(at(28, 10, 30))
    sent = await shop.rows("SELECT person_id FROM touches WHERE state = 'sent'")
    assert len(sent) == len({row.person_id for row in sent}) == 2


async def test_groups_and_moments_of_who_is_away_are_let_be(shop: House) -> None:
    """Only they could press; the day after the last it goes on."""
    await shop.look_at(at(28, 10, 6))
    await shop.look_at(at(28, 19, 36))
    await shop.clock.advance(10)
    for entry in ("moments", "group-evening"):
        found = await outcomes(shop, entry)
        mine = [why for pool, why in found.items() if pool == GUIDE or pool.startswith("wr")]
        assert mine == [("skipped", "guide-lin 这几天不在")]
    assert await shop.sandbox.moments.tasks(GUIDE) == [] and await shop.sandbox.mass.tasks(GUIDE) == []
    await shop.look_at(at(30, 10, 6))
    await shop.clock.advance(10)
    assert len(await shop.sandbox.moments.tasks(GUIDE)) == 1
