"""What is known of one person: what reached them, what they refused, and the signs that they are still lively."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert

from bot.scrm.customer_stage import customer_stage
from bot.store.audience_facts import follows, log, members, orders, planned, preferences, touches
from bot.store.database import Database
from bot.store.evidence import answers, evidence, kf
from bot.store.person_now import Reached, lately, whom
from tests.scrm.gates.worlds import DAY, HOUR, NOON
from tests.store.test_audience import follow, plan_of


def seat(chat_id: str, scene: int, **more: Any) -> dict[str, Any]:
    row = {"chat_id": chat_id, "member_id": "wm-1", "kind": "customer", "person_id": 1, "joined_at": NOON - DAY}
    return row | {"join_scene": scene, "left_at": None} | more


def said(msgid: str, at: int, origin: str = "customer") -> dict[str, Any]:
    ids = {"open_kfid": "kf", "msgid": msgid, "external_userid": "wm-1", "person_id": 1}
    return ids | {"origin": origin, "msgtype": "text", "text": "", "said_at": at, "state": "", "counted": False,
                  "reason": "", "recalled": False, "history": False}  # fmt: skip


def bought(order_id: str, state: str) -> dict[str, Any]:
    row = {"order_id": order_id, "person_id": 1, "is_first": False, "total_fen": 1, "refunded_fen": 0, "items": []}
    return row | {"paid_at": NOON - 3 * DAY, "state": state, "saved_at": 1}


def lived(conn: Connection) -> None:
    """A person who talked on one day, answered a survey, bought twice and gave one back, joined a group by its code
    and was put into another, and left a guide."""
    conn.execute(insert(kf), [said("1", NOON), said("2", NOON + 60), said("3", NOON, "servicer")])
    answer = {"run_id": "r", "person_id": 1, "answers": ["干性"], "surface": "H5"}
    conn.execute(insert(answers), [answer | {"question_id": q, "answered_at": NOON - DAY} for q in ("a", "b")])
    conn.execute(insert(orders), [bought("A", "paid"), bought("B", "refunded")])
    conn.execute(insert(members), [seat("wr-1", 3), seat("wr-2", 1)])
    parted = {"userid": "guide-1", "external_userid": "wm-1", "person_id": 1, "at": NOON - 90 * DAY}
    conn.execute(insert(log), [parted | {"what": "lost"}, parted | {"what": "removed"}])


async def test_what_a_person_did_is_found_where_it_is_remembered(database: Database) -> None:
    """A survey counts once, and so does a day of talk; what others did, and what was given back, is no sign of life."""
    await database.write(lived)
    found = await database.read(partial(evidence, person_id=1))
    assert Counter(e.trace for e in found) == {"下单": 1, "客服消息": 1, "调研回答": 1, "进群": 1, "删除导购": 1}
    assert customer_stage(found, NOON + DAY).stage == "活跃"


async def test_who_left_no_trace_is_unknown(database: Database) -> None:
    """However much was sent to them."""
    found = await database.read(partial(evidence, person_id=2))
    assert found == [] and customer_stage(found, NOON).stage == "未知"


def reached(conn: Connection) -> None:
    """A note sent, one to come, one kept from them; a post in their group and one in a group they left."""
    conn.execute(insert(follows), [follow("guide-1", 1)])
    conn.execute(insert(members), [seat("wr-1", 1), seat("wr-2", 1, left_at=NOON - HOUR)])
    rows = [plan_of(id=n, entry=f"e{n}", pool="guide-1", item=f"i{n}", settled_at=None) for n in (1, 2, 3)]
    post = {"touchpoint": "群", "weight": 100, "settled_at": NOON + 2 * HOUR}
    posts = [plan_of(id=n, entry=f"e{n}", pool=f"wr-{n - 3}", item=f"i{n}", **post) for n in (4, 5)]
    conn.execute(insert(planned), [*rows, *posts])
    states = ((1, "sent", NOON - DAY), (2, "reserved", NOON + HOUR), (3, "held_out", NOON))
    of = {"person_id": 1, "kind": "导购", "weight": 300}
    conn.execute(
        insert(touches), [{**of, "planned_id": n, "item": f"i{n}", "state": s, "at": at} for n, s, at in states]
    )
    no = {"person_id": 1, "topic": "新品", "wanted": False, "set_by": "customer", "set_at": 1}
    conn.execute(insert(preferences), [no, no | {"topic": "活动", "wanted": True}])


async def test_what_reached_a_person_is_told_and_what_was_kept_from_them(database: Database) -> None:
    """In order; of what was posted to all, what their groups saw."""
    await database.write(reached)
    found = await database.read(partial(lately, person_id=1, since_at=NOON - 7 * DAY))
    assert [(r.item, r.how) for r in found] == [
        ("i1", "sent"), ("i3", "held_out"), ("i2", "reserved"), ("i4", "seen"),
    ]  # fmt: skip
    assert found[0] == Reached(NOON - DAY, "私聊", "导购", "i1", "sent")
    one = await database.read(partial(whom, person_id=1, exposed_since_at=NOON - 7 * DAY))
    assert one and (one.groups, one.guides) == ({"wr-1"}, {"guide-1"})
    assert one.person.refused == {"新品"} and [t.item for t in one.person.touches] == ["i1", "i2", "i4"]
    assert await database.read(partial(whom, person_id=2, exposed_since_at=0)) is None


def came_and_went(conn: Connection) -> None:
    """In a group for six hours, with a guide since; posts before, during, after, and one that nobody has pressed."""
    conn.execute(insert(follows), [follow("guide-1", 1, added_at=NOON - 2 * HOUR)])
    conn.execute(insert(members), [seat("wr-1", 1, joined_at=NOON - 8 * HOUR, left_at=NOON - 2 * HOUR)])
    hours = {"before": 9, "during": 5, "after": 1}
    posts = [
        plan_of(id=n, entry=item, pool="wr-1", item=item, touchpoint="群", settled_at=NOON - ago * HOUR)
        for n, (item, ago) in enumerate(hours.items(), 1)
    ]
    posts.append(plan_of(id=8, entry="waits", pool="guide-1", item="waits", touchpoint="朋友圈", settled_at=None))
    old = plan_of(id=9, entry="old", pool="guide-1", item="old", touchpoint="朋友圈", settled_at=NOON - 3 * HOUR)
    fresh = plan_of(id=10, entry="new", pool="guide-1", item="new", touchpoint="朋友圈", settled_at=NOON - HOUR)
    conn.execute(insert(planned), [*posts, old, fresh])


async def test_nobody_saw_what_left_before_they_came_or_after_they_went(database: Database) -> None:
    """And what they may have seen, they saw when it left, not when it had to leave at the latest."""
    await database.write(came_and_went)
    found = await database.read(partial(lately, person_id=1, since_at=NOON - 7 * DAY))
    assert [(each.item, each.at) for each in found] == [("during", NOON - 5 * HOUR), ("new", NOON - HOUR)]
