"""A person asks to be forgotten: not a byte is left, nothing that was counted changes, and nothing brings them back."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.flow.schedule import tell
from bot.scrm.events import SyncAsked
from bot.scrm.events.orders import OrderImported
from bot.scrm.events.privacy import EraseAsked
from bot.scrm.week import local_time
from bot.store import belongings, database, inbox, papers, people
from bot.store.tables import metadata
from tests.house import GUIDE, House, customer_xml, house, reopened
from tests.store.planting import external_userid, plant
from tests.store.test_orders import order

WHO, NAME, REMARK = "wm-marked-person", "马可漫", "马可漫-闺蜜"
PLANTED = 77
MARKS = [WHO, NAME, f"MARK{PLANTED}x", f"PLANTED{PLANTED}"]

COUNTED = (
    "SELECT channel_id, status, welcome, count(*) FROM follows GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT channel_id, what, count(*) FROM follow_log GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT channel_id, is_first, count(*), sum(total_fen), sum(refunded_fen) FROM orders GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT kind, state, count(*) FROM tasks GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT state, count(*) FROM survey_runs GROUP BY 1 ORDER BY 1",
    "SELECT touchpoint, count(*) FROM deliveries GROUP BY 1 ORDER BY 1",
    "SELECT origin, count(*) FROM kf_messages GROUP BY 1 ORDER BY 1",
    "SELECT chat_id, count(*) FROM group_members GROUP BY 1 ORDER BY 1",
    "SELECT count(*) FROM people",
)


async def counted(home: House) -> list[list[Any]]:
    return [[tuple(row) for row in await home.rows(query)] for query in COUNTED]


def spots(folder: Path) -> list[tuple[str, str]]:
    """Every file with a mark of the person in it, whichever way it may be spelt, and which."""
    spelt = {mark: {mark.encode(), json.dumps(mark)[1:-1].encode(), mark.encode("gbk")} for mark in MARKS}
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        found += [(file.name, mark) for mark, spellings in spelt.items() if any(s in data for s in spellings)]
    return found


async def live(home: House) -> None:
    """A person comes, is tagged, buys, is lost; and rows like theirs lie in every table."""
    await home.sandbox.customer_adds(userid=GUIDE, external_userid=WHO, state="store", name=NAME)
    await home.wait(4)
    await home.sandbox.member_edits(GUIDE, WHO, remark=REMARK)
    bought = order("order-marked", ids=(("external_userid", WHO),))
    await home.put(inbox.own_arrival(OrderImported(created_at=home.clock.now(), order=bought), "shop"))
    await home.wait(4)
    await home.app.database.write(partial(plant, n=PLANTED))


def leave_papers(folder: Path, person_id: int) -> None:
    """An export, a log, a backup."""
    papers.write_privately(papers.export_file(folder, person_id, 5), json.dumps({"name": NAME}))
    lines = [
        f'{{"event": "x", "who": "{WHO}"}}',
        '{"event": "nothing"}',
        f"said MARK{PLANTED}xtasksxready_textx{PLANTED}",
    ]
    papers.write_privately(folder / "logs" / "zhiyu.log", "\n".join(lines) + "\n")
    papers.write_privately(folder / "exports" / "report.csv", f"name,orders\n{NAME},3\nsomebody,4\n")
    papers.back_up(folder / "zhiyu.sqlite3", folder / "backups" / "zhiyu-1.sqlite3")


async def person_of(home: House, external: str) -> int:
    found = await home.app.database.read(partial(belongings.find, customer=external))
    assert found is not None
    return found


async def erase(home: House, person_id: int) -> None:
    """As the command asks for it."""
    await tell(home.app.database, EraseAsked(created_at=home.clock.now(), person_id=person_id), f"erase/{person_id}")
    home.app.dispatcher.wake()
    await home.until("回执", lambda: home.rows("SELECT 1 FROM erasures WHERE person_id = :id", id=person_id))
    await home.settled()


async def test_not_a_byte_is_left_and_what_was_counted_stays_counted(tmp_path: Path) -> None:
    """Database, its log, logs, exports and backups, searched as bytes."""
    async with reopened(tmp_path) as home:
        await live(home)
        person_id = await person_of(home, WHO)
        leave_papers(tmp_path, person_id)
        before = await counted(home)
        assert {mark for _, mark in spots(tmp_path)} == set(MARKS)
        assert {"zhiyu-1.sqlite3", "zhiyu.log", "report.csv"} <= {file for file, _ in spots(tmp_path)}
        await erase(home, person_id)
        await erase(home, PLANTED)
        assert spots(tmp_path) == []
        assert await counted(home) == before
        assert (tmp_path / "logs" / "zhiyu.log").read_text() == '{"event": "nothing"}\n'
        assert (tmp_path / "exports" / "report.csv").read_text() == "name,orders\nsomebody,4\n"
        [receipt] = (tmp_path / "receipts").glob(f"erase-{person_id}-*.json")
        said = json.loads(receipt.read_text())
        assert said["files"] == {"backups": 1, "exports": 2, "logs": 1}
        assert said["rows"]["follows"] == said["rows"]["orders"] == 1 and said["rows"]["inbox"] > 3
    assert spots(tmp_path) == []


async def test_a_large_file_is_written_anew_at_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers would wait by day; the receipt says when the gaps go, and then that they are gone."""
    monkeypatch.setattr(database, "SMALL_BYTES", 0)
    async with reopened(tmp_path) as home:
        await live(home)
        await erase(home, PLANTED)
        [paper] = (tmp_path / "receipts").glob("erase-*.json")
        before = json.loads(paper.read_text())
        at = local_time(before["compact_after_at"], "Asia/Shanghai")
        assert before["compacted_at"] is None and (at.hour, at.minute) == (3, 0) and spots(tmp_path) != []
        waits = before["compact_after_at"] - home.clock.now()
        for seconds in (waits - 60, 120):
            assert await home.scalar("SELECT compacted_at FROM erasures") is None
            await home.clock.advance(seconds)
            await home.app.schedule.tick()
            await home.settled()
        after = json.loads(paper.read_text())
        row = (await home.rows("SELECT compacted_at, sha256 FROM erasures"))[0]
        assert tuple(row) == (after["compacted_at"], after["sha256"]) != (None, before["sha256"])
        marks = {mark for _, mark in spots(tmp_path)}
        assert f"MARK{PLANTED}x" not in marks and f"PLANTED{PLANTED}" not in marks


async def test_a_late_callback_and_a_reconcile_do_not_bring_them_back(tmp_path: Path) -> None:
    """Nor an order; each is closed with the reason, and leaves nothing."""
    async with reopened(tmp_path) as home:
        await live(home)
        before, person_id = home.clock.now(), await person_of(home, WHO)
        await erase(home, person_id)
        await home.wait(2)
        late = customer_xml("edit_external_contact", "marked-person", before)
        again = customer_xml("add_external_contact", "marked-person", before, WelcomeCode="CODE")
        for xml in (late, again):
            assert await home.push(xml) == 200
        synced = SyncAsked(created_at=home.clock.now(), external_userid=WHO)
        bought = OrderImported(created_at=home.clock.now(), order=order("order-marked"))
        await home.put(inbox.own_arrival(synced, "late"), inbox.own_arrival(bought, "late"))
        await home.settled()
        assert await home.app.database.read(partial(people.person, external_userid=WHO)) is None
        closed = await home.scalar("SELECT count(*) FROM inbox WHERE reason = :why AND body = ''", why=inbox.ERASED)
        assert closed >= 4
        event = await home.scalar("SELECT max(id) FROM inbox WHERE body = ''")
        replayed = partial(inbox.replay, inbox_id=event, again=True)
        assert not await home.app.database.write(replayed)
        await home.app.database.compact()
        assert [spot for spot in spots(tmp_path) if spot[1] in (WHO, NAME)] == []


async def test_it_is_the_same_on_both_databases(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL has no file of its own to search; its tables tell."""
    monkeypatch.chdir(tmp_path)
    async with house(database_url) as home:
        await live(home)
        before, person_id = await counted(home), await person_of(home, WHO)
        await erase(home, person_id)
        await erase(home, PLANTED)
        assert await counted(home) == before

        def everything(conn: Connection) -> str:
            return str([conn.execute(select(table)).all() for table in metadata.tables.values()])

        words = await home.app.database.read(everything)
        assert [mark for mark in MARKS if mark in words] == []
        assert len(list(tmp_path.rglob("erase-*.json"))) == 2


async def test_who_comes_anew_of_their_own_accord_is_welcome(tmp_path: Path) -> None:
    """As somebody we never met."""
    async with reopened(tmp_path) as home:
        await live(home)
        person_id = await person_of(home, WHO)
        await erase(home, person_id)
        await home.wait(10)
        greeted = len(home.welcomes())
        await home.sandbox.customer_deletes(WHO, GUIDE)
        await home.sandbox.customer_adds(userid=GUIDE, external_userid=WHO, state="store", name=NAME)
        await home.wait(4)
        assert len(home.welcomes()) == greeted + 1
        assert await person_of(home, WHO) != person_id


async def test_what_waits_to_be_sent_is_not_sent_any_more(tmp_path: Path) -> None:
    """A task of ours about them ends with them."""
    async with reopened(tmp_path) as home:
        home.sandbox.faults.add("errcode", where="externalcontact/get", errcode=-1, count=100)
        await home.sandbox.customer_adds(userid=GUIDE, external_userid=WHO, state="store", name=NAME)
        await home.wait(3)
        waits = "SELECT count(*) FROM outbox WHERE not_before_at IS NOT NULL"
        assert await home.scalar(waits) > 0
        await erase(home, await person_of(home, WHO))
        assert await home.scalar(waits) == 0
        assert await home.scalar("SELECT count(*) FROM outbox WHERE state = 'dropped'") > 0


async def test_planting_is_what_a_person_would_leave(tmp_path: Path) -> None:
    """More than twenty marks, each in a cell of its own: the search above does look for something."""
    async with reopened(tmp_path) as home:
        await home.app.database.write(partial(plant, n=PLANTED))

        def marks(conn: Connection) -> int:
            known = belongings.who(conn, PLANTED)
            return str(belongings.rows(conn, known)).count(f"MARK{PLANTED}x")

        assert await home.app.database.read(marks) >= 20
        assert external_userid(PLANTED)
