"""Every table that knows a person forgets them, and nobody else; what was counted stays counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, func, select

from bot.store import belongings, erase, people, tombstones
from bot.store.belongings import OF_MEMBERS, PLANS
from bot.store.database import Database
from bot.store.tables import metadata
from bot.store.tombstones import EXTERNAL_USERID
from tests.store.planting import external_userid, plant

AT = 1_795_000_000
RECEIPTS = {"erasures"}
"""That somebody was erased is what is left to say of them."""


def test_every_table_that_knows_a_person_has_a_plan() -> None:
    """By a personal column or by their number alone: who adds one says whose rows they are, for export and erase."""
    with_people = {name for name, table in metadata.tables.items() if belongings.personal(table)}
    by_number = {name for name, table in metadata.tables.items() if "person_id" in table.c}
    assert with_people | by_number == PLANS.keys() | OF_MEMBERS.keys() | RECEIPTS
    assert not PLANS.keys() & OF_MEMBERS.keys()


def test_every_plan_names_columns_that_are_there() -> None:
    """A renamed column must not slip out of erasing."""
    for name, plan in PLANS.items():
        columns = metadata.tables[name].c
        assert {*plan.by, *plan.ids} <= set(columns.keys()), name
        assert plan.by or plan.mentioned, name
        keys = {column.name for column in columns if column.primary_key and column.info["personal"]}
        assert plan.then == "delete" or keys <= {*plan.ids, *plan.kept}, name


async def everything(database: Database) -> dict[str, list[Mapping[str, Any]]]:
    """All tables, row by row."""

    def read(conn: Connection) -> dict[str, list[Mapping[str, Any]]]:
        return {
            name: [dict(row) for row in conn.execute(select(table)).mappings()]
            for name, table in metadata.tables.items()
        }

    return await database.read(read)


async def erased(database: Database, person_id: int) -> dict[str, int]:
    """As `bot.flow.erase` does it, without the files."""
    known = await database.write(partial(erase.begin, person_id=person_id, at=AT))
    found = await database.read(partial(erase.boxes, known=known))
    for name, scrub in (("outbox", erase.scrub_outbox), ("inbox", partial(erase.scrub_inbox, known=known))):
        await database.write(partial(scrub, ids=found[name], at=AT, all_states=True))
    return await database.write(partial(erase.tables, known=known, at=AT))


async def test_one_person_is_forgotten_in_every_table_and_another_kept_to_the_letter(database: Database) -> None:
    """Rows that were counted stay, under a name that is nobody's."""
    for n in (1, 2):
        await database.write(partial(plant, n=n))
    before = await everything(database)
    await erased(database, 1)
    after = await everything(database)
    assert "PLANTED1" not in str(after) and "MARK1" not in str(after)
    for name, plan in PLANS.items():
        assert len(after[name]) == (1 if plan.then == "delete" else 2), name
        assert [row for row in before[name] if mine(row, 2)] == [row for row in after[name] if mine(row, 2)] != [], name


def mine(row: Mapping[str, Any], n: int) -> bool:
    return f"PLANTED{n}" in str(row) or f"MARK{n}" in str(row) or row.get("person_id") == n


async def test_what_is_exported_is_all_of_the_person_and_nothing_of_another(database: Database) -> None:
    """Export and erasing read the same plans."""
    for n in (1, 2):
        await database.write(partial(plant, n=n))
    known = await database.read(partial(belongings.who, person_id=1))
    held = await database.read(partial(belongings.rows, who=known))
    assert {name: len(rows) for name, rows in held.items()} == dict.fromkeys(PLANS, 1)
    assert "PLANTED2" not in str(held) and "MARK2" not in str(held)


async def test_an_id_that_begins_like_another_is_not_it(database: Database) -> None:
    """wmPLANTED1 is erased, wmPLANTED12 is somebody else."""
    for n in (1, 12):
        await database.write(partial(plant, n=n))
    await erased(database, 1)
    kept = await database.read(partial(belongings.who, person_id=12))
    held = await database.read(partial(belongings.rows, who=kept))
    assert {name: len(rows) for name, rows in held.items()} == dict.fromkeys(PLANS, 1)


async def test_erasing_again_or_after_a_kill_does_no_harm(database: Database) -> None:
    """Each step may be repeated; who came back meanwhile can be erased again."""
    await database.write(partial(plant, n=1))
    await erased(database, 1)
    once = await everything(database)
    await erased(database, 1)
    assert await everything(database) == once


async def test_the_tombstone_knows_the_id_and_tells_nothing(database: Database) -> None:
    """Nobody makes that person anew, until they come themselves."""
    await database.write(partial(plant, n=7))
    await erased(database, 7)

    def refused(conn: Connection) -> bool:
        try:
            people.ensure_person(conn, external_userid(7), AT)
        except tombstones.ErasedError:
            return True
        return False

    assert await database.write(refused)
    among = partial(tombstones.erased_among, values=[external_userid(7), external_userid(2)])
    assert await database.read(among) == {external_userid(7): AT}
    assert await database.read(partial(tombstones.erased_at, external_userid=external_userid(7))) == AT
    await database.write(partial(tombstones.lift, external_userid=external_userid(7)))
    assert not await database.write(refused)


def test_a_tombstone_of_another_key_is_another() -> None:
    """So the hash alone cannot be guessed from a list of ids."""
    hashes = {tombstones.hashed(key, EXTERNAL_USERID, "wm-1") for key in (b"a", b"b")}
    assert len(hashes) == 2 and "wm-1" not in str(hashes)


def test_a_receipt_says_how_much_and_of_nobody() -> None:
    """Its hash changes with anything that it says."""
    said = erase.receipt(7, 1, 2, {"follows": 3, "tasks": 0}, {"exports": 1})
    assert said["rows"] == {"follows": 3} and said["files"] == {"exports": 1}
    assert said["sha256"] != erase.receipt(7, 1, 2, {"follows": 4}, {"exports": 1})["sha256"]


async def test_how_many_people_there_are_does_not_change(database: Database) -> None:
    """A person without a name still counts as one who came."""
    await database.write(partial(plant, n=1))
    await erased(database, 1)
    count = select(func.count()).select_from(metadata.tables["people"])
    assert await database.read(lambda conn: conn.scalar(count)) == 1


def event(name: str, line: str, **body: Any) -> dict[str, Any]:
    """A row of the inbox that waits."""
    key = hashlib.sha256(f"{name}{line}{body}".encode()).digest()[:21]
    given: dict[str, Any] = {
        "id": 100 + int(name[1:]),
        "key": key,
        "app": "own",
        "name": name,
        "line": line,
        "body": json.dumps(body),
        "state": "waiting",
    }
    return {**given, "received_at": AT, "deliveries": 1, "run": 0, "attempts": 0, "retry_at": 0, "reason": ""}


async def scrubbed(database: Database, *rows: dict[str, Any]) -> list[str]:
    """The names of these events that are blanked once person 1 was erased."""
    inbox = metadata.tables["inbox"]
    await database.write(lambda conn: conn.execute(inbox.insert(), list(rows)))
    known = await database.write(partial(erase.begin, person_id=1, at=AT))
    ids = (await database.read(partial(erase.boxes, known=known)))["inbox"]
    await database.write(partial(erase.scrub_inbox, known=known, ids=ids, at=AT, all_states=False))
    query = select(inbox.c.name).where(inbox.c.body == "").order_by(inbox.c.name)
    return [name for name in await database.read(lambda conn: list(conn.scalars(query))) if name.startswith("E")]


async def test_a_number_that_a_shop_gave_them_hits_nobody_elses_events(database: Database) -> None:
    """Member 17 and order 1001: such numbers stand everywhere."""
    await database.write(partial(plant, n=1))
    numbers = {"kind": "member_id", "value": "17", "person_id": 1, "how": "order", "known_at": AT}
    identities, orders = metadata.tables["identities"], metadata.tables["orders"]
    await database.write(lambda conn: conn.execute(identities.insert(), numbers))
    await database.write(lambda conn: conn.execute(orders.update().values(order_id="1001")))
    mine, other = event("E1", "order/1001", total=1), event("E2", "customer/wm-9", version=17, total=1001)
    assert await scrubbed(database, mine, other) == ["E1"]


async def test_what_waits_for_another_and_names_them_is_handled_first(database: Database) -> None:
    """An order of somebody else, or an event on their line, is not lost."""
    await database.write(partial(plant, n=1))
    theirs = {"external_userid": external_userid(1)}
    lines = ("customer/wm-9", "order/o-9", f"customer/{external_userid(1)}")
    rows = [event(f"E{n}", line, **theirs) for n, line in enumerate(lines)]
    assert await scrubbed(database, *rows) == ["E2"]


async def test_a_notice_about_a_namesake_stays(database: Database) -> None:
    """It says nothing but the name; the event that caused it says whose."""
    inbox, outbox, people_ = (metadata.tables[name] for name in ("inbox", "outbox", "people"))
    await database.write(partial(plant, n=1))
    await database.write(lambda conn: conn.execute(people_.update().values(name="小满")))
    causes = [event("E1", f"customer/{external_userid(1)}"), event("E2", "customer/wm-9")]
    await database.write(lambda conn: conn.execute(inbox.insert(), causes))

    def notice(conn: Connection, name: str) -> None:
        cause = conn.scalar(select(inbox.c.id).where(inbox.c.name == name))
        given = {"id": cause, "key": name, "cause": cause, "kind": "SendAppMessage", "payload": {"text": "小满加了你"}}
        conn.execute(outbox.insert().values(**given, due_at=0, priority=1, created_at=AT))

    for name in ("E1", "E2"):
        await database.write(partial(notice, name=name))
    known = await database.write(partial(erase.begin, person_id=1, at=AT))
    found = (await database.read(partial(erase.boxes, known=known)))["outbox"]
    keys = await database.read(lambda conn: list(conn.scalars(select(outbox.c.key).where(outbox.c.id.in_(found)))))
    assert "E1" in keys and "E2" not in keys


async def test_an_export_tells_of_nobody_else(database: Database) -> None:
    """A group that was read names all who came; that is no row to hand over, though it goes when one is erased."""
    inbox = metadata.tables["inbox"]
    await database.write(partial(plant, n=1))
    many = event("E1", "group/g-1", joined=[external_userid(1), "wm-9"], names=["MARK1", "隔壁老王"])
    await database.write(lambda conn: conn.execute(inbox.insert(), [many]))
    known = await database.read(partial(belongings.who, person_id=1))
    held = await database.read(partial(belongings.rows, who=known))
    assert len(held["inbox"]) == 1 and "隔壁老王" not in str(held)
    assert many["id"] in (await database.read(partial(erase.boxes, known=known)))["inbox"]
