"""A calendar or a rule is tried in a few places first, or without sending anything at all."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from demo.stories.calendar_day import approve
from tests.flow.edited import edited, go_live
from tests.handlers.test_calendar import at, outcomes
from tests.house import House, reopened

NOON, EVENING = "group-cream-set", "group-evening"
TITLE = "title: 12 月日历\n"
PILOT = "pilot: {groups: [会员群一], guides: [guide-wu]}\n"
CALENDAR = "calendars/2026-12.yaml"


@asynccontextmanager
async def two_groups(
    tmp_path: Path, changes: Mapping[str, tuple[str, str]]
) -> AsyncIterator[tuple[House, dict[str, str]]]:
    """A group of each of two guides on the tenth of December, with edited files. name → chat_id."""
    folders = edited(tmp_path, changes)
    async with reopened(tmp_path, folders=folders) as home:
        made = {}
        for guide, name in (("guide-lin", "会员群一"), ("guide-zhou", "会员群二")):
            made[name] = await home.sandbox.groups.creates(guide, name)
        await home.sandbox.callbacks_settled()
        await home.look_at(at(10, 9, 0))
        for role in ("", "店长"):
            await approve(home, role)
        yield home, made


async def test_a_pilot_goes_to_the_first_ones_alone_and_then_to_all(tmp_path: Path) -> None:
    """Taking the line out is all it takes."""
    async with two_groups(tmp_path, {CALENDAR: (TITLE, TITLE + PILOT)}) as (home, made):
        await home.look_at(at(10, 12, 6))
        await home.clock.advance(5)
        assert await outcomes(home, NOON) == {made["会员群一"]: ("sent", "日历指定")}
        assert await home.sandbox.mass.tasks("guide-zhou") == []
        path = tmp_path / "content" / CALENDAR
        path.write_text(path.read_text(encoding="utf-8").replace(PILOT, ""), encoding="utf-8")
        await go_live(home)
        await home.look_at(at(10, 19, 36))
        assert set(await outcomes(home, EVENING)) == set(made.values())


async def test_a_shadow_decides_and_sends_nothing(tmp_path: Path) -> None:
    """It says what it would have sent; no task is made, and nothing is charged, counted, or kept from others."""
    async with two_groups(tmp_path, {CALENDAR: (TITLE, TITLE + "shadow: 是\n")}) as (home, made):
        for hour, minute in ((12, 6), (12, 20), (19, 36), (21, 10)):
            await home.look_at(at(10, hour, minute))
        for entry in (NOON, EVENING):
            decided = await outcomes(home, entry)
            assert set(decided) == set(made.values()) and {outcome for outcome, _ in decided.values()} == {"tried"}
            assert all("试跑，没有发。要是真发，是“" in because for _, because in decided.values())
        assert await home.rows("SELECT 1 FROM sends") == []
        assert home.sandbox.log.calls("externalcontact/add_msg_template") == []
        owed = [json.loads(row.balance) for row in await home.rows("SELECT balance FROM mix_states")]
        assert all(set(balance.values()) <= {0} for balance in owed)


async def test_a_rule_on_trial_holds_where_it_is_tried(tmp_path: Path) -> None:
    """Everywhere else it is not asked."""
    rule = """
  - id: no-cream
    what: {items: [dg-cream-set]}
    then: 跳过
    because: 先不在这里卖
    priority: 90
    pilot: {guides: [guide-zhou]}
"""
    async with two_groups(tmp_path, {}) as (home, made):
        path = next((tmp_path / "content" / "rules").glob("*.yaml"))
        path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + rule, encoding="utf-8")
        await go_live(home)
        await home.look_at(at(10, 12, 6))
        decided = await outcomes(home, NOON)
        assert decided[made["会员群一"]][0] == "sent"
        assert decided[made["会员群二"]] == ("skipped", "先不在这里卖")
