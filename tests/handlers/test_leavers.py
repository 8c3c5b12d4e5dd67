"""Who has left the corp: nothing is asked for in their name, and no message is tried that WeCom would only refuse."""

from __future__ import annotations

from pathlib import Path

from tests.flow.test_passing import OTHER, SPARE, leaves, opened
from tests.handlers.test_calendar import at, outcomes
from tests.house import GUIDE, customer_xml, reopened


async def test_no_moment_is_made_in_their_name(tmp_path: Path) -> None:
    """The others post theirs. One-to-one they are asked still: what they leave behind is passed on from there."""
    async with reopened(tmp_path) as home:
        await opened(home, until=at(28, 9, 0))
        await leaves(home, GUIDE, ())
        await home.look_at(at(28, 10, 6))
        await home.clock.advance(10)
        assert set(await outcomes(home, "moments")) == {SPARE, OTHER}
        asked = await home.rows("SELECT payload FROM outbox WHERE kind = 'CreateMoment'")
        assert asked and not [row for row in asked if GUIDE in row.payload]
        assert GUIDE in await outcomes(home, "note-care")


async def test_no_message_of_the_app_is_tried(tmp_path: Path) -> None:
    """A customer who deletes them later is no news to them; that it was not told says why."""
    async with reopened(tmp_path) as home:
        await opened(home, until=at(28, 9, 0))
        await leaves(home, GUIDE, ())
        before = len(home.sandbox.log.calls("message/send"))
        assert await home.push(customer_xml("del_follow_user", "alone", home.clock.now(), userid=GUIDE)) == 200
        await home.settled()
        assert len(home.sandbox.log.calls("message/send")) == before
        query = (
            "SELECT state, reason FROM outbox WHERE kind = 'SendAppMessage' AND payload LIKE '%guide-lin%' ORDER BY id"
        )
        assert tuple((await home.rows(query))[-1]) == ("refused", "已经离开企业，没有发")


async def test_a_code_leads_to_who_is_there(tmp_path: Path) -> None:
    """The others of the shift, then the spare; with nobody it stays as it is, and that is said once a day."""
    async with reopened(tmp_path) as home:

        async def after(guide: str) -> list[str]:
            await leaves(home, guide, ())
            await home.app.schedule.tick()
            await home.settled()
            return home.sandbox.world.contact_ways.find("parcel", None).users

        refused = "SELECT kind FROM outbox WHERE kind = 'KeepContactWay' AND state <> 'sent'"
        said = "SELECT reason FROM inbox WHERE name = 'DutyChanged' AND reason LIKE '%parcel%没有人%' ORDER BY id"
        assert await after(GUIDE) == ["guide-zhou"]
        assert await after("guide-zhou") == ["guide-chen"]
        await after("guide-chen")
        for _ in range(3):
            await home.clock.advance(3600)
            await home.app.schedule.tick()
            await home.settled()
        assert not await home.rows(refused)
        [row] = await home.rows(said)
        assert row.reason.endswith("guide-lin、guide-zhou 已离开企业，也没有 spare 可以接，现在没有人接待，码先不动")
        await home.clock.advance(24 * 3600 - 3 * 3600)
        await home.app.schedule.tick()
        await home.settled()
        assert len(await home.rows(said)) == 2
