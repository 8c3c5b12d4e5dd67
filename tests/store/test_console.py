"""Links, sessions, the audit trail and what pages read. Both databases."""

from __future__ import annotations

from functools import partial

from sqlalchemy import text

from bot.flow import deeds
from bot.scrm.switch import Switch
from bot.store import audit, console, in_hand, inbox, outbox, planning, standing
from bot.store.audit import Doer
from bot.store.console import LINK_SECONDS, SESSION_SECONDS
from bot.store.database import Database
from bot.store.standing import Stood

NOW = 1_796_090_400
BY = Doer("zhou-lan", "控制台", NOW)


async def test_a_link_opens_once_and_in_time(database: Database) -> None:
    async def use(secret: str, now: int) -> str | None:
        return await database.write(partial(console.use_link, secret=secret, now=now))

    for secret in ("a", "b"):
        await database.write(partial(console.make_link, secret=secret, userid="he-yun", now=NOW))
    assert await use("c", NOW) is None
    assert await use("a", NOW + LINK_SECONDS - 1) == "he-yun"
    assert await use("a", NOW) is None
    assert await use("b", NOW + LINK_SECONDS) is None
    await database.write(partial(console.make_link, secret="d", userid="he-yun", now=NOW + LINK_SECONDS))
    assert len(await database.read(lambda conn: conn.execute(console.links.select()).all())) == 1, "old ones are gone"


async def test_a_session_lasts_a_day_of_work(database: Database) -> None:
    async def there(now: int) -> bool:
        return await database.read(partial(console.session, secret="s", now=now)) is not None

    await database.write(partial(console.begin, secret="s", userid="he-yun", now=NOW))
    found = await database.read(partial(console.session, secret="s", now=NOW))
    assert found and found.userid == "he-yun" and found.key != "s"
    assert await there(NOW + SESSION_SECONDS - 1) and not await there(NOW + SESSION_SECONDS)
    await database.write(partial(console.end, key=found.key))
    assert not await there(NOW)


async def test_a_change_and_its_line_are_one(database: Database) -> None:
    """What changes nothing is not noted; the last comes first, a page at a time."""
    switch = Switch("触点", "群")

    async def turn(*, on: bool) -> bool:
        return await database.write(partial(deeds.set_switch, by=BY, switch=switch, on=on, because="试试"))

    assert not await turn(on=True)
    assert await turn(on=False) and not await turn(on=False) and await turn(on=True)
    first, second = await database.read(partial(audit.changes, offset=0, limit=9))
    assert (first.what, first.before, first.after) == ("恢复", {"on": False}, {"on": True})
    assert (second.by, second.target, second.because) == (BY, "触点/群", "试试")
    assert await database.read(partial(audit.changes, offset=1, limit=1)) == [second]
    assert not await database.read(planning.stopped)


async def test_what_was_given_up_says_how_it_stood(database: Database) -> None:
    row = """INSERT INTO outbox (key, cause, kind, payload, state, due_at, priority, not_before_at, attempts, in_doubt,
    created_at, reason) VALUES ('k', 1, 'RemarkCustomer', :payload, 'pending', 9, 1, 5, 3, false, 1, '')"""
    payload = '{"userid": "guide-lin", "external_userid": "wm-1", "line_added": "x"}'
    await database.write(lambda conn: conn.execute(text(row), {"payload": payload}))
    assert not await database.write(partial(deeds.drop, by=BY, outbox_id=99))
    assert await database.write(partial(deeds.drop, by=BY, outbox_id=1))
    assert await database.write(partial(deeds.retry, by=BY, outbox_id=1))
    assert not await database.write(partial(deeds.replay, by=BY, inbox_id=1))
    told = await database.read(partial(audit.changes, offset=0, limit=9))
    assert [(each.what, each.before["state"], each.after["state"]) for each in told] == [
        ("重试", "dropped", "pending"),
        ("放弃", "pending", "dropped"),
    ]
    assert await database.read(partial(outbox.counts_of, states=("pending", "failed"))) == {"pending": 1}
    assert await database.read(inbox.parked_count) == 0


PLANNED = """INSERT INTO planned (calendar, entry, at, by_at, pool, userid, touchpoint, fixed, by_hand, outcome,
because, kind, item, weight, stops, said, version, decided_at, settled_at)
VALUES ('a', 'e', :at, :by, :pool, 'guide-lin', '群', true, false, :outcome, '因为', :kind, 'i', 1, '[]', '{}', 'v', 1,
:settled)"""


async def test_what_became_of_a_day_is_summed_up(database: Database) -> None:
    def pool(name: str, outcome: str, kind: str | None, settled: int | None, at: int = NOW) -> dict[str, object]:
        return {"at": at, "by": at + 9, "pool": name, "outcome": outcome, "kind": kind, "settled": settled}

    rows = [pool("g1", "sent", "科普", NOW), pool("g2", "sent", "科普", None), pool("g3", "held", None, None)]
    rows.append(pool("g1", "sent", "活动", NOW, NOW + 86_400))
    others = [pool("g4", "tried", "互动", None), pool("g5", "taken_over", "互动", None)]
    await database.write(lambda conn: conn.execute(text(PLANNED), others))
    key, stood = (NOW, "a", "e"), partial(standing.stood, from_at=NOW, until_at=NOW + 1)
    assert await database.read(stood) == {key: Stood(None, frozenset({"tried"}))}
    await database.write(lambda conn: conn.execute(text("DELETE FROM planned")))
    await database.write(lambda conn: conn.execute(text(PLANNED), rows))
    held, sent = await database.read(partial(standing.came, from_at=NOW, until_at=NOW + 86_400))
    assert (held.outcome, held.pools) == ("held", 1)
    assert (sent.pools, sent.waiting, sent.kind, sent.because) == (2, 1, "科普", "因为")
    assert await database.read(stood) == {key: Stood("科普", frozenset({"sent", "waiting", "held"}))}
    newest, *others = await database.read(partial(standing.decisions, calendar="a", entry="e", offset=0, limit=3))
    assert newest.at == NOW + 86_400 and [each.pool for each in others] == ["g1", "g2"]


SEND = """INSERT INTO sends (key, touchpoint, calendar, entry, at, by_at, userid, item, people, pools, state, made_at,
look_at) VALUES (:key, '群', 'a', 'e', 1, :by, :who, 'i', 3, '["g1"]', :state, 1, :look)"""


async def test_what_waits_for_guides_is_told_by_what_ends_first(database: Database) -> None:
    def send(key: str, by: int, who: str, state: str, look: int | None) -> dict[str, object]:
        return {"key": key, "by": by, "who": who, "state": state, "look": look}

    rows = [
        send("late", NOW + 9000, "guide-lin", "waiting", 1),
        send("soon", NOW + 60, "guide-wu", "waiting", 1),
        send("over", NOW + 60, "guide-lin", "sent", None),
        send("new", NOW + 8000, "guide-lin", "making", None),
    ]
    await database.write(lambda conn: conn.execute(text(SEND), rows))
    assert await database.read(partial(in_hand.in_hand_count, now=NOW)) == (3, 1)
    everybody = await database.read(partial(in_hand.in_hand, offset=0, limit=9))
    assert [each.by_at - NOW for each in everybody] == [60, 8000, 9000] and everybody[0].pools == ["g1"]
    mine = await database.read(partial(in_hand.in_hand, offset=0, limit=9, userid="guide-lin"))
    assert [each.by_at - NOW for each in mine] == [8000, 9000]


async def test_a_moment_of_several_is_in_the_hands_of_each_who_has_not_posted_it(database: Database) -> None:
    """And only of those: another Moment of the same slot, in other words, is other guides'."""
    moment = SEND.replace("'群', 'a', 'e', 1", "'朋友圈', 'a', 'm', 1").replace("""'["g1"]'""", ":pools")
    of = {"by": NOW + 60, "who": "", "state": "waiting", "look": 1}
    rows = [of | {"key": "ab", "pools": '["guide-a", "guide-b"]'}, of | {"key": "c", "pools": '["guide-c"]'}]
    post = """INSERT INTO planned (calendar, entry, at, by_at, pool, userid, touchpoint, fixed, by_hand, outcome,
    because, item, weight, stops, said, version, decided_at, settled_at)
    VALUES ('a', 'm', 1, 2, :who, :who, '朋友圈', true, false, 'sent', '', 'i', 25, '[]', '{}', '1', 1, :left)"""
    posts = [{"who": f"guide-{each}", "left": 5 if each == "b" else None} for each in "abc"]
    await database.write(lambda conn: (conn.execute(text(moment), rows), conn.execute(text(post), posts)))

    async def has(userid: str) -> list[str]:
        mine = partial(in_hand.in_hand, offset=0, limit=9, userid=userid)
        return [each.key for each in await database.read(mine)]

    assert [await has(f"guide-{each}") for each in "abcd"] == [["ab"], [], ["c"], []]
    task = await database.read(partial(in_hand.one, key="ab"))
    assert (
        task
        and task.shared
        and await database.read(partial(in_hand.left_of, task=task)) == {"guide-a": None, "guide-b": 5}
    )
    assert await database.read(partial(in_hand.one, key="x")) is None


async def test_customers_are_found_by_their_name_and_what_a_guide_noted(database: Database) -> None:
    """By any part of either, capital letters or not; signs stand for themselves."""
    people = "INSERT INTO people (person_id, name, created_at) VALUES (:id, :name, 1)"
    named = [
        {"id": 1, "name": "何女士"},
        {"id": 2, "name": "何先生"},
        {"id": 3, "name": "小何"},
        {"id": 4, "name": None},
    ]
    follow = """INSERT INTO follows (userid, external_userid, person_id, status, added_at, version, welcome_reason,
    remark) VALUES ('guide-lin', 'wm-1', 1, 'active', 5, 1, '', 'VIP 干皮')"""
    await database.write(lambda conn: (conn.execute(text(people), named), conn.execute(text(follow))))
    found = await database.read(partial(standing.search, words="何", limit=9))
    assert {each.person_id: each.guides for each in found} == {1: "guide-lin", 2: "", 3: ""}
    for noted in ("vip", "干皮"):
        assert [each.person_id for each in await database.read(partial(standing.search, words=noted, limit=9))] == [1]
    assert sorted(await database.read(partial(standing.names_like, words="何小姐", limit=9))) == ["何先生", "何女士"]
    assert await database.read(partial(standing.search, words="%", limit=9)) == []
    assert await database.read(partial(standing.name_of, person_id=4)) == ""
    assert await database.read(partial(standing.name_of, person_id=5)) is None
    [relation] = await database.read(partial(standing.relations, person_id=1))
    assert (relation.userid, relation.added_at, relation.status) == ("guide-lin", 5, "active")
    assert await database.read(partial(standing.names, userids=["guide-lin"])) == {}
    assert await database.read(partial(standing.open_tasks, userid="guide-lin", limit=9)) == []
    assert await database.read(partial(standing.lapsed, from_at=0, until_at=NOW)) == []
    assert await database.read(standing.off) == []
    assert await database.read(partial(standing.approved_by, digests=["d"])) == []
