"""Which sends are to be looked at, and of which stops their guides have to hear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select, update

from bot.scrm.events.sends import GuideAway, OpenTask, ReactionsDue, SendDue, SendsStopped, TasksOpen
from bot.scrm.gates.outcome import GOES
from bot.scrm.send import APART_SECONDS, BEFORE_SECONDS, marks
from bot.store.people import left_the_corp
from bot.store.planning import planned
from bot.store.send_posts import posts_of
from bot.store.sends import sends
from bot.store.stops import said, stop_of, switched_off, withdrawn
from bot.store.tables import GuideReminders
from bot.store.upsert import columns, insert_new

reminders = columns(GuideReminders)

DAY_SECONDS = 86_400
TOLD = 0
"""`tell_at` of what its guides know."""


_DUE = select(sends).where(sends.c.look_at <= bindparam("now")).order_by(sends.c.look_at).limit(bindparam("most"))


def due(conn: Connection, now: int, limit: int = 200) -> list[tuple[SendDue, str]]:
    """Sends that are to be looked at, each with its cause."""
    off = switched_off(conn)
    rows = conn.execute(_DUE, {"now": now, "most": limit}).mappings()
    return [(_due(row, now, withdrawn(row, off)), f"send/{row['look_at']}") for row in rows]


_TO_HEAR = (
    select(sends.c.key, sends.c.task_id, sends.c.by_at, sends.c.hear_at)
    .where(sends.c.hear_at <= bindparam("now"))
    .order_by(sends.c.hear_at)
    .limit(bindparam("most"))
)


def to_hear(conn: Connection, now: int, limit: int = 200) -> list[tuple[ReactionsDue, str]]:
    """Moments of which it is to be read who commented, each with its cause."""
    return [
        (ReactionsDue(created_at=now, key=row.key, task_id=row.task_id, by_at=row.by_at), f"hear/{row.hear_at}")
        for row in conn.execute(_TO_HEAR, {"now": now, "most": limit})
    ]


_IN_HAND = select(sends).where(sends.c.look_at > 0)


def stopped(conn: Connection, now: int) -> list[tuple[SendDue, str]]:
    """Sends that guides have in hand and that somebody has just stopped, each with its cause."""
    off = switched_off(conn)
    rows = conn.execute(_IN_HAND).mappings().all() if off else ()
    found = ((row, stop_of(row, off)) for row in rows)
    return [
        (_due(row, now, said(stop)), f"stop/{stop.scope}/{stop.name}/{stop.stopped_at}")
        for row, stop in found
        if stop is not None
    ]


_OF_AWAY = (
    select(sends.c.userid)
    .where(sends.c.look_at > 0, sends.c.planned_id.is_not(None), sends.c.state == "waiting", sends.c.reason == "")
    .where(sends.c.userid.in_(bindparam("away", expanding=True)))
    .distinct()
)


def of_away(conn: Connection, now: int, away: Collection[str]) -> list[tuple[GuideAway, str]]:
    """Guides who are `away` with one-to-one sends in hand that are not being taken back yet, each with its cause."""
    found = conn.scalars(_OF_AWAY, {"away": list(away)}) if away else ()
    return [(GuideAway(created_at=now, userid=userid), f"away/{now}") for userid in found]


def any_untold(conn: Connection, now: int) -> bool:
    """Whether somebody is to hear of a stop."""
    return conn.execute(select(sends.c.key).where(_untold(conn, now)).limit(1)).first() is not None


def untold(conn: Connection, now: int) -> list[SendsStopped]:
    """For each guide who is in the corp what was stopped under their hands, once: whoever asks has to tell them."""
    off, which, left_corp = switched_off(conn), _untold(conn, now), left_the_corp(conn)
    rows = conn.execute(select(sends).where(which).order_by(sends.c.at, sends.c.key)).mappings().all()
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for row in rows:
        because = withdrawn(row, off)
        for userid, has_left in ((who, left) for who, left in _hands(conn, row).items() if who not in left_corp):
            found[userid, because][has_left].append(row["item"])
    conn.execute(update(sends).where(which).values(tell_at=TOLD))
    return [
        SendsStopped(
            created_at=now, userid=userid, because=because,
            taken_back=tuple(dict.fromkeys(back)), left=tuple(dict.fromkeys(left)),
        )
        for (userid, because), (back, left) in found.items()
    ]  # fmt: skip


def _untold(conn: Connection, now: int) -> ColumnElement[bool]:
    """What was taken back a minute ago; and of an entry that is stopped before its end what had all been sent."""
    taken_back = and_(sends.c.tell_at > TOLD, sends.c.tell_at <= now)
    return or_(taken_back, *(_left(each.name, now) for each in switched_off(conn) if each.scope == "条目"))


def _left(name: str, now: int) -> ColumnElement[bool]:
    calendar, _, entry = name.partition("/")
    mine = (sends.c.calendar == calendar, sends.c.entry == entry, sends.c.by_at >= now)
    return and_(*mine, sends.c.state == "sent", sends.c.tell_at.is_(None))


def _hands(conn: Connection, row: Any) -> dict[str, bool]:
    """Each guide of a send, and whether they had sent it before it was taken back."""
    if row["userid"]:
        return {row["userid"]: row["state"] == "sent"}
    posted = select(planned.c.pool).where(posts_of(row), planned.c.outcome.in_(GOES), planned.c.settled_at.is_not(None))
    mine = set(conn.scalars(posted))
    return {userid: userid in mine for userid in row["pools"]}


def _due(row: Any, now: int, stopped: str) -> SendDue:
    names = ("key", "userid", "by_at", "item", "look_at", "made_at", "task_id", "job_id")
    about = {name: row[name] for name in names}
    return SendDue(created_at=now, stopped=stopped, slot_at=row["at"], **about)


_OPEN = (
    select(sends)
    .where(sends.c.look_at > 0, sends.c.state == "waiting", sends.c.by_at > bindparam("until"))
    .order_by(sends.c.by_at, sends.c.key)
)


def to_remind(conn: Connection, now: int, most: int, away: Collection[str] = ()) -> list[TasksOpen]:
    """Guides who are to be reminded now, each with all that they have not pressed: of a task whose mark has come since
    they were reminded last, `most` times in a day; not who is `away`. What came after a mark is not spoken of by it."""
    open_, due, off = defaultdict[str, list[OpenTask]](list), dict[str, int](), switched_off(conn)
    rows = conn.execute(_OPEN, {"until": now + BEFORE_SECONDS}).mappings().all()
    not_there = left_the_corp(conn).union(away)
    posted = _posted(conn, min((row["at"] for row in rows), default=now))
    for row in (row for row in rows if not withdrawn(row, off)):
        mark = max((mark for mark in marks(row["at"], row["by_at"]) if row["made_at"] < mark <= now), default=0)
        for userid in (each for each in _not_pressed(row, posted) if each not in not_there):
            open_[userid].append(OpenTask(row["touchpoint"], row["item"], row["by_at"]))
            due[userid] = max(due.get(userid, 0), mark)
    before = _reminded(conn, now)
    return [
        TasksOpen(created_at=now, userid=userid, tasks=tuple(open_[userid]))
        for userid, mark in due.items()
        if mark > before[userid][-1] and now >= before[userid][-1] + APART_SECONDS and len(before[userid]) <= most
    ]


def note_reminders(conn: Connection, userids: Iterable[str], now: int) -> None:
    """They hear of it now."""
    rows = [{"userid": userid, "at": now} for userid in userids]
    if rows:
        conn.execute(insert_new(conn, GuideReminders), rows)


_POSTED = (
    select(planned.c.calendar, planned.c.entry, planned.c.at, planned.c.pool)
    .where(planned.c.touchpoint == "朋友圈", planned.c.at >= bindparam("since"), planned.c.outcome.in_(GOES))
    .where(planned.c.settled_at.is_not(None))
)


def _posted(conn: Connection, since_at: int) -> set[tuple[str, str, int, str]]:
    """(calendar, entry, at, userid) of Moments that their guides have posted."""
    return {tuple(row) for row in conn.execute(_POSTED, {"since": since_at})}


def _not_pressed(row: Any, posted: Collection[tuple[str, str, int, str]]) -> list[str]:
    """Who of a send's guides has it in hand still, as far as was read."""
    if row["userid"]:
        return [] if row["sent"] or row["not_friends"] or row["over_quota"] else [row["userid"]]
    slot = (row["calendar"], row["entry"], row["at"])
    return [userid for userid in row["pools"] if (*slot, userid) not in posted]


_REMINDED = (
    select(reminders.c.userid, reminders.c.at).where(reminders.c.at > bindparam("since")).order_by(reminders.c.at)
)


def _reminded(conn: Connection, now: int) -> dict[str, list[int]]:
    """userid → when they were reminded in the last day, after a 0."""
    found = defaultdict[str, list[int]](lambda: [0])
    for userid, at in conn.execute(_REMINDED, {"since": now - DAY_SECONDS}):
        found[userid].append(at)
    return found
