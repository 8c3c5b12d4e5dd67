"""A guide's description of a customer gets a line, and keeps all it had."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot.scrm.actions.remark import RemarkCustomer
from bot.store import outbox
from tests.house import GUIDE, House, reopened


async def remark(home: House, line: str, cause: int) -> str:
    """What the description says after it."""
    action = RemarkCustomer(userid=GUIDE, external_userid="wm-1", line_added=line)
    put = partial(outbox.put, cause=cause, run=0, actions=[action], now=home.clock.now())
    await home.app.database.write(put)
    for lane in home.app.lanes:
        lane.wake()
    await home.settled()
    [row] = await home.rows("SELECT state FROM outbox WHERE cause = :cause", cause=cause)
    assert row.state == "sent"
    return home.sandbox.world.people.follow(GUIDE, "wm-1").description


async def test_a_line_is_added_once_below_the_guides_own_words(tmp_path: Path) -> None:
    """Nothing is overwritten, nothing added twice, and what does not fit is left."""
    async with reopened(tmp_path) as home:
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="store")
        await home.wait(3)
        home.sandbox.world.people.follow(GUIDE, "wm-1").description = "周末来店"
        assert await remark(home, "皮肤：干", 9001) == "周末来店\n皮肤：干"
        assert await remark(home, "皮肤：干", 9002) == "周末来店\n皮肤：干"
        assert await remark(home, "长" * 145, 9003) == "周末来店\n皮肤：干"
