"""explain CUSTOMER: what one person is to get and why not the rest, as staff ask for it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.cli.typed import command
from tests.house import House, reopened

FROM = ("--from", "2026-12-01")
NOTE = "dec-2026/note-cream-set"
LIN = "wm-1"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A running bot; one customer of one guide, added today, in one group."""
    async with reopened(tmp_path) as home:
        await home.sandbox.customer_adds(userid="guide-lin", external_userid=LIN, state="parcel")
        await home.sandbox.groups.creates("guide-lin", "会员群一", people=[LIN])
        await home.sandbox.callbacks_settled()
        await home.settled()
        await home.look_at(home.clock.now() + 3_600)
        await command(home, "approve", "--all", "--by", "zhou-lan")
        yield home


async def asked(home: House, *words: str) -> dict[str, Any]:
    """The answer as scripts read it."""
    code, said, slip = await command(home, "explain", *words, *FROM, "--json")
    assert code == 0, slip
    return dict(json.loads(said))


async def test_every_shut_gate_is_named_and_what_would_open_them(home: House) -> None:
    """Who is not in the audience, and has been given nothing yet, is not sold to."""
    (note,) = (await asked(home, LIN, NOTE))["coming"]
    assert note["outcome"] == "收不到"
    gates = [stop["gate"] for stop in note["stops"]]
    assert gates == sorted(gates, key=["审批", "人群", "先信任", "对照组"].index)
    assert {"审批", "人群", "先信任"} <= set(gates)
    assert any("who" in change for change in note["changes"]) and any("trust_items" in c for c in note["changes"])
    said = (await command(home, "explain", LIN, NOTE, *FROM))[1]
    assert "收不到“修护霜双支组”" in said and "最少这样改就能发" in said


async def test_whoever_refused_hears_no_way_round_it(home: House) -> None:
    """No change is named."""
    at = home.clock.now()
    columns = "(person_id, topic, wanted, set_by, set_at) VALUES (1, '全部', false, 'customer', :at)"
    await home.app.database.write(lambda conn: conn.execute(text("INSERT INTO preferences " + columns), {"at": at}))
    told = await asked(home, LIN)
    assert told["refused"] == ["全部"]
    assert all(note["changes"] is None for note in told["coming"])
    assert "没有办法改到能发" in (await command(home, "explain", LIN, NOTE, *FROM))[1]


async def test_all_that_is_to_come_counts_on_what_came_before(home: House) -> None:
    """Of a month of notes for everybody the caps of a person let some through, and the rest say which cap."""
    told = await asked(home, LIN)
    assert told["guide"] == "guide-lin" and told["points"]["most"] == 14 and told["quota"]["most"] == 31
    assert told["coming"] and all(note["outcome"] == "会收到" or note["stops"] for note in told["coming"])
    said = (await command(home, "explain", LIN, *FROM))[1]
    assert "guide-lin 的客户" in said and "疲劳：7 天里" in said and "群发额度：" in said


async def test_who_has_no_guide_is_told_so(home: House) -> None:
    """What is known of them is still shown."""
    await home.sandbox.customer_deletes(LIN, "guide-lin")
    await home.sandbox.callbacks_settled()
    await home.settled()
    told = await asked(home, LIN)
    assert told["guide"] is None and told["coming"] == [] and told["stage"]["stage"] in ("沉默", "未知")
    code, said, _ = await command(home, "explain", LIN, NOTE, *FROM)
    assert code == 1 and "不是任何一位导购的客户" in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("wm-11",), "没有客户“wm-11”，是不是 wm-1？"),
        (("note-cream-se",), "没有客户“note-cream-se”，是不是 note-cream-set？要问条目就写 日历/条目"),
        ((LIN, "dec-2026/note-cream"), "没有条目“dec-2026/note-cream”，是不是"),
        ((LIN, "dec-2026/group-evening"), "不按人决定：main.py explain dec-2026/group-evening"),
        ((NOTE,), f"一个一个看：main.py explain 客户 {NOTE}"),
    ],
)
async def test_a_wrong_name_is_refused(home: House, words: tuple[str, ...], expected: str) -> None:
    """With the nearest, or with what to ask instead."""
    code, _, slip = await command(home, "explain", *words, *FROM)
    assert code == 2 and expected in slip
