"""What the passing of time brings about: media at WeCom before anybody needs it, and nothing kept for ever."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.content.load import load
from bot.flow.schedule import due_media, kind_of
from bot.scrm.events import MediaDue
from bot.store import retention
from bot.store.tables import metadata
from tests.house import FOLDERS, GUIDE, House, house, sqlite_url

UPLOAD = "media/upload"
HOUR, DAY = 3600, 86_400


async def pass_hours(home: House, hours: int, step: int = 1) -> None:
    """Hours go by; the tick looks at every `step`th."""
    for _ in range(0, hours, step):
        await home.look_at(home.clock.now() + step * HOUR)


def uploads(home: House) -> list[int]:
    """When the picture was uploaded, as the sandbox saw it."""
    return [c["at"] for c in tries(home) if c["errcode"] == 0]


def tries(home: House) -> list[Any]:
    """Every try to upload the picture; the avatar of 微信客服 is uploaded when its account is made."""
    return [c for c in home.sandbox.log.calls(UPLOAD) if c["upload"]["filename"] == "first-week.png"]


async def test_a_picture_is_uploaded_beforehand_and_renewed_before_its_three_days_end(tmp_path: Path) -> None:
    """A welcome never waits for an upload, on whatever day it is sent."""
    async with house(sqlite_url(tmp_path)) as home:
        began = home.clock.now()
        await home.until("上传好了", lambda: uploads(home))
        await pass_hours(home, 7 * 24, step=4)
        at = [upload - began for upload in uploads(home)]
        assert len(at) == 3
        assert all(later - earlier < 3 * DAY for earlier, later in pairwise(at))
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="parcel")
        await home.until("欢迎语", home.welcomes)
        assert [c["errcode"] for c in home.welcomes()] == [0]
        [message] = await home.sandbox.customer_reads("wm-1", GUIDE)
        assert [a["msgtype"] for a in message["attachments"]] == ["image"]


async def test_an_upload_that_fails_is_due_again_an_hour_later(tmp_path: Path) -> None:
    """Refused, not repeated at once, and not given up."""
    files = len(load(FOLDERS.content, FOLDERS.messages).media)
    refusals = 2 * files + 1  # every file twice, and the avatar of 微信客服 when its account is made
    refusal = {"kind": "errcode", "where": UPLOAD, "errcode": 40009, "count": refusals}
    async with house(sqlite_url(tmp_path), faults=[refusal]) as home:
        began = home.clock.now()
        for _ in range(20):
            await home.app.schedule.tick()
            await home.clock.advance(15)
        await home.settled()
        assert len(tries(home)) == 1
        await pass_hours(home, 3)
        assert [at - began >= HOUR for at in uploads(home)] == [True]
        assert len(tries(home)) == 3


async def test_a_restart_does_not_upload_what_is_there(tmp_path: Path) -> None:
    """The database knows."""
    async with house(sqlite_url(tmp_path)) as home:
        await home.until("上传好了", lambda: uploads(home))
        await home.settled()
        clock = home.clock
    async with house(sqlite_url(tmp_path), clock=clock, waits=False) as home:
        await home.settled()
        await asyncio.sleep(0.05)
        assert uploads(home) == []


async def test_what_is_done_long_ago_is_forgotten_and_what_waits_is_not(home: House) -> None:
    """Closed rows go after their time."""
    assert await home.scalar("SELECT count(*) FROM inbox WHERE state = 'done'") > 0
    await home.clock.advance(31 * DAY)
    await home.app.schedule.tick()
    await home.settled()
    old = "SELECT count(*) FROM inbox WHERE state = 'done' AND done_at < :at"
    assert await home.scalar(old, at=home.clock.now() - 30 * DAY) == 0


async def test_where_more_is_over_than_one_look_lets_go_the_next_tick_goes_on(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large audience leaves more rows in a day than that."""
    monkeypatch.setattr(retention, "AT_MOST", 2)
    await home.clock.advance(25 * HOUR)
    slot = {"calendar": "old", "entry": "e", "by_at": 1, "state": "decided", "version": "1", "found_at": 1}
    rows = [slot | {"at": n} for n in range(5)]
    await home.app.database.write(lambda conn: conn.execute(metadata.tables["slots"].insert(), rows))
    left = []
    for _ in range(3):
        await home.app.schedule.tick()
        left.append(await home.scalar("SELECT count(*) FROM slots WHERE calendar = 'old'"))
    assert left == [3, 1, 0]


def test_due_is_what_wecom_has_not() -> None:
    """Missing, or in another edition."""
    wanted = {"a.png": "1", "b.mp4": "2", "c.pdf": "3"}
    due = due_media(wanted, {"a.png": "1", "b.mp4": "old"}, 5)
    assert due == [
        MediaDue(created_at=5, path="b.mp4", sha256="2", kind="video"),
        MediaDue(created_at=5, path="c.pdf", sha256="3", kind="file"),
    ]
    assert kind_of("x/y.JPG") == "image"
