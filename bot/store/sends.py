"""What guides were asked to send at WeCom, and what came of it: mass sends and Moments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, select, update

from bot.scrm.records import Record
from bot.scrm.records.sends import DismissTasks, HearAgain, KeepSend, LookAgain, ReleaseAudience, SettleSend, StartSend
from bot.scrm.send import GIVE_UP_SECONDS, LEFT, next_hear_at
from bot.store.audience_facts import follows, touches
from bot.store.batches import batch_of, customers_of
from bot.store.people import left_the_corp
from bot.store.planning import WAITING_SECONDS, planned
from bot.store.send_posts import charge, hold, lapse, open_posts, posts_of
from bot.store.stops import switched_off, withdrawn
from bot.store.tables import Sends
from bot.store.upsert import columns, insert_new

sends = columns(Sends)

CHUNK = 500
"""Names in one statement."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What WeCom says of one receiver: an external_userid, a chat_id, or of a Moment a userid. `status`: 0 to 3, page
    93338; a guide who posted a Moment has SENT."""

    who: str
    status: int
    sent_at: int


SENT, NOT_A_FRIEND, OVER_QUOTA = 1, 2, 3
_SLOT = ("calendar", "entry", "at", "by_at")


def keep(conn: Connection, record: KeepSend) -> None:
    """A send is about to be made."""
    slot = record.slot
    own = ("key", "touchpoint", "userid", "item", "people", "planned_id", "after", "upto")
    row = {name: getattr(record, name) for name in own} | {name: getattr(slot, name) for name in _SLOT}
    row |= {"pools": list(record.pools), "state": "making", "made_at": record.at}
    conn.execute(insert_new(conn, Sends), [row])


_ONE = sends.c.key == bindparam("send")
_BY_KEY = select(sends).where(_ONE)
_UPDATE = update(sends).where(_ONE)
"""Whatever else it is given is set, if it is a column (spelling.py)."""


def _update(conn: Connection, key: str, **values: object) -> None:
    conn.execute(_UPDATE, {"send": key, **values})


def start(conn: Connection, record: StartSend) -> None:
    """The guide has it, or soon will. Whom WeCom cannot reach has nothing reserved any more."""
    ids = {"task_id": record.task_id, "job_id": record.job_id}
    _update(conn, record.key, **ids, state="waiting", look_at=record.look_at)
    failed = [Reading(who, NOT_A_FRIEND, 0) for who in record.failed]
    for first in range(0, len(failed), CHUNK):
        note(conn, record.key, failed[first : first + CHUNK], record.at)


def name(conn: Connection, key: str, task_id: str) -> None:
    """What the job of a Moment has made."""
    _update(conn, key, task_id=task_id)


def look_again(conn: Connection, record: LookAgain) -> None:
    """When to look next."""
    _update(conn, record.key, look_at=record.at)


def hear_again(conn: Connection, record: HearAgain) -> None:
    """When to read next who commented on a Moment."""
    _update(conn, record.key, hear_at=record.at)


def settle(conn: Connection, record: SettleSend) -> None:
    """It is over: what was not sent is free again, and what was is charged. What nobody knows counts as sent."""
    row = conn.execute(_BY_KEY, {"send": record.key}).mappings().one()
    _update(conn, record.key, look_at=None)
    if row["ended_at"] is not None:
        return
    hears = row["touchpoint"] == "朋友圈" and record.state == "sent"
    ended = {"state": record.state, "reason": record.reason, "ended_at": record.at, "tell_at": record.tell_at}
    _update(conn, record.key, **ended, hear_at=next_hear_at(record.at, row["by_at"]) if hears else None)
    if row["planned_id"] is None:
        if record.held and row["touchpoint"] == "群" and record.at <= row["by_at"]:
            hold(conn, posts_of(row), record)
        else:
            _end(conn, posts_of(row), record, left=record.state == "unknown")
        return
    if record.state != "unknown":
        conn.execute(delete(touches).where(*batch_of(row), touches.c.state == "reserved"))
    _end_plan(conn, row["planned_id"], record)


def dismiss(conn: Connection, record: DismissTasks) -> int:
    """What a guide has in hand alone is taken back at the next look; what WeCom was not asked for yet never is. Returns
    how many."""
    same = and_(*(sends.c[name] == planned.c[name] for name in ("calendar", "entry", "at")))
    mine = (planned.c.userid == record.userid, planned.c.at > record.at - WAITING_SECONDS - GIVE_UP_SECONDS)
    open_ = (sends.c.ended_at.is_(None), sends.c.reason == "", planned.c.settled_at.is_(None))
    found = select(sends.c.key, sends.c.userid, sends.c.pools).join_from(planned, sends, same).where(*mine, *open_)
    if record.key:
        found = found.where(sends.c.key == record.key)
    if record.entry:
        found = found.where(planned.c.calendar + "/" + planned.c.entry == record.entry)
    if record.touchpoint:
        found = found.where(planned.c.touchpoint == record.touchpoint)
    keys = {row.key for row in conn.execute(found) if row.userid == record.userid or row.pools == [record.userid]}
    look_at = case((sends.c.look_at.is_not(None), record.at))
    conn.execute(update(sends).where(sends.c.key.in_(keys)).values(reason=record.because, look_at=look_at))
    return len(keys)


def release(conn: Connection, record: ReleaseAudience) -> None:
    """Whom a slot was planned for does not get it."""
    for id_ in record.planned_ids:
        mine = (touches.c.planned_id == id_, customers_of(id_), touches.c.state == "reserved")
        conn.execute(delete(touches).where(*mine))
    lapse(conn, planned.c.id.in_(record.planned_ids), record.because, record.at)


_NAMES: Mapping[int, str] = {SENT: "sent", NOT_A_FRIEND: "not_friends", OVER_QUOTA: "over_quota"}
_COUNT = _UPDATE.values({name: sends.c[name] + bindparam(f"more_{name}") for name in _NAMES.values()})


def note(conn: Connection, key: str, read: Sequence[Reading], now: int) -> None:
    """What was read of receivers, CHUNK at most: who has it, and who never will. Noting it twice changes nothing."""
    row = conn.execute(_BY_KEY, {"send": key}).mappings().one()
    told = {each.who: each for each in read if each.status}
    if row["ended_at"] is None and told:
        counts = _note_pools(conn, row, told, now) if row["planned_id"] is None else _note_people(conn, row, told)
        more = {f"more_{name}": counts[status] for status, name in _NAMES.items()}
        conn.execute(_COUNT, {"send": key, **more})


def _note_pools(conn: Connection, row: Any, told: Mapping[str, Reading], now: int) -> Counter[int]:
    mine = and_(posts_of(row), planned.c.pool.in_(list(told)))
    open_ = conn.execute(select(planned.c.id, planned.c.pool).where(planned.c.id.in_(open_posts(conn, mine)))).all()
    by_status: dict[int, list[Any]] = defaultdict(list)
    for post in open_:
        by_status[told[post.pool].status].append(post)
    for status, posts in by_status.items():
        which = planned.c.id.in_([post.id for post in posts])
        if status == SENT:
            conn.execute(_LEFT, [{"post": post.id, "left_at": told[post.pool].sent_at or now} for post in posts])
            charge(conn, which)
        else:
            lapse(conn, which, _WHY[status], now)
    return Counter({status: len(posts) for status, posts in by_status.items()})


_LEFT = update(planned).where(planned.c.id == bindparam("post")).values(settled_at=bindparam("left_at"))
_WHO = (
    select(touches.c.person_id, follows.c.external_userid)
    .join_from(follows, touches, touches.c.person_id == follows.c.person_id)
    .where(follows.c.userid == bindparam("guide"), follows.c.external_userid.in_(bindparam("told", expanding=True)))
    .where(touches.c.planned_id == bindparam("plan"), touches.c.state == "reserved")
)
_TOUCH = (touches.c.planned_id == bindparam("plan"), touches.c.person_id == bindparam("who"))
_REACHED = update(touches).where(*_TOUCH).values(state="sent", at=bindparam("left_at"))
_NOT_REACHED = delete(touches).where(*_TOUCH)


def _note_people(conn: Connection, row: Any, told: Mapping[str, Reading]) -> Counter[int]:
    plan = {"plan": row["planned_id"]}
    known = conn.execute(_WHO, {**plan, "guide": row["userid"], "told": list(told)}).all()
    found = [(person_id, told[name]) for person_id, name in known]
    sent = [{**plan, "who": person_id, "left_at": each.sent_at} for person_id, each in found if each.status == SENT]
    gone = [{**plan, "who": person_id} for person_id, each in found if each.status != SENT]
    if sent:
        conn.execute(_REACHED, sent)
    if gone:
        conn.execute(_NOT_REACHED, gone)
    return Counter(each.status for _, each in found)


_WHY: Mapping[int, str] = {NOT_A_FRIEND: "企业微信说发不到这里", OVER_QUOTA: "企业微信说这里收到的群发已到上限"}


_OF_PLAN = select(sends.c.key).where(sends.c.planned_id == bindparam("plan")).limit(1)
_ANY_OPEN = _OF_PLAN.where(sends.c.ended_at.is_(None))
_ANY_LEFT = _OF_PLAN.where((sends.c.sent > 0) | (sends.c.state == "unknown"))


def _end_plan(conn: Connection, planned_id: int, record: SettleSend) -> None:
    """A guide's plan is over with the last of its mass sends: it left if any of them did, or may have."""
    plan = {"plan": planned_id}
    if conn.execute(_ANY_OPEN, plan).first():
        return
    _end(conn, planned.c.id == planned_id, record, left=conn.execute(_ANY_LEFT, plan).first() is not None)


def _end(conn: Connection, which: ColumnElement[bool], record: SettleSend, *, left: bool) -> None:
    """What is still open of these decisions: it left, or it did not."""
    if not left:
        lapse(conn, which, record.reason, record.at)
        return
    ids = open_posts(conn, which)
    for first in range(0, len(ids), CHUNK):
        mine = planned.c.id.in_(ids[first : first + CHUNK])
        conn.execute(update(planned).where(mine).values(settled_at=record.at))
        charge(conn, mine)


def known(conn: Connection, task_ids: Sequence[str]) -> set[str]:
    """Which of WeCom's mass sends and Moments are known as ours already."""
    return set(conn.scalars(select(sends.c.task_id).where(sends.c.task_id.in_(task_ids))))


def try_it(conn: Connection, key: str, now: int) -> str:
    """A send is about to be asked for at WeCom; why it must not be any more, empty if it may."""
    row = conn.execute(_BY_KEY, {"send": key}).mappings().one_or_none()
    if row is None or row["ended_at"] is not None:
        return "已经记为没有发出，不能再发"
    if against := withdrawn(row, switched_off(conn)) or (LEFT if row["userid"] in left_the_corp(conn) else ""):
        return against
    _update(conn, key, made_at=now)
    return ""


_MADE = select(sends.c.key).where(_ONE, (sends.c.task_id != "") | (sends.c.job_id != ""))


def is_made(conn: Connection, key: str) -> bool:
    """Whether WeCom has it: an event that is handled anew makes nothing twice."""
    return conn.execute(_MADE, {"send": key}).first() is not None


_TRIED_AT = select(sends.c.at, sends.c.made_at).where(_ONE)


def tried_at(conn: Connection, key: str) -> tuple[int, int]:
    """The instant of its slot, and when it was last asked for."""
    at, made_at = conn.execute(_TRIED_AT, {"send": key}).one()
    return at, made_at


def _of(store: Callable[[Connection, Any], object]) -> Callable[[Connection, int, Any], None]:
    def stored(conn: Connection, _: int, record: Any) -> None:
        store(conn, record)

    return stored


STORE: dict[type[Record], Callable[[Connection, int, Any], None]] = {
    KeepSend: _of(keep),
    StartSend: _of(start),
    LookAgain: _of(look_again),
    HearAgain: _of(hear_again),
    SettleSend: _of(settle),
    DismissTasks: _of(dismiss),
    ReleaseAudience: _of(release),
}
