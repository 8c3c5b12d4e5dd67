"""What guides were asked to send at WeCom, and what came of it: mass sends and Moments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, select, update

from bot.scrm.gates.outcome import GOES
from bot.scrm.mix import charged
from bot.scrm.records import Record
from bot.scrm.records.sends import DismissTasks, HearAgain, KeepSend, LookAgain, ReleaseAudience, SettleSend, StartSend
from bot.scrm.send import GIVE_UP_SECONDS, LEFT, next_hear_at
from bot.store.audience import AS_PLANNED, reserved
from bot.store.audience_facts import erased, follows, touches
from bot.store.people import left_the_corp
from bot.store.planning import WAITING_SECONDS, beside_mix, choice_of, keep_mixes, mixes, planned
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


def start(conn: Connection, record: StartSend) -> None:
    """The guide has it, or soon will. Whom WeCom cannot reach has nothing reserved any more."""
    found = {"task_id": record.task_id, "job_id": record.job_id, "state": "waiting", "look_at": record.look_at}
    conn.execute(update(sends).where(sends.c.key == record.key).values(found))
    failed = [Reading(who, NOT_A_FRIEND, 0) for who in record.failed]
    for first in range(0, len(failed), CHUNK):
        note(conn, record.key, failed[first : first + CHUNK], record.at)


def name(conn: Connection, key: str, task_id: str) -> None:
    """What the job of a Moment has made."""
    conn.execute(update(sends).where(sends.c.key == key).values(task_id=task_id))


def look_again(conn: Connection, record: LookAgain) -> None:
    """When to look next."""
    conn.execute(update(sends).where(sends.c.key == record.key).values(look_at=record.at))


def hear_again(conn: Connection, record: HearAgain) -> None:
    """When to read next who commented on a Moment."""
    conn.execute(update(sends).where(sends.c.key == record.key).values(hear_at=record.at))


def settle(conn: Connection, record: SettleSend) -> None:
    """It is over: what was not sent is free again, and what was is charged. What nobody knows counts as sent."""
    row = conn.execute(select(sends).where(sends.c.key == record.key)).mappings().one()
    conn.execute(update(sends).where(sends.c.key == record.key).values(look_at=None))
    if row["ended_at"] is not None:
        return
    hears = row["touchpoint"] == "朋友圈" and record.state == "sent"
    ended = {"state": record.state, "reason": record.reason, "ended_at": record.at, "tell_at": record.tell_at}
    ended |= {"hear_at": next_hear_at(record.at, row["by_at"]) if hears else None}
    conn.execute(update(sends).where(sends.c.key == record.key).values(ended))
    if row["planned_id"] is None:
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
        conn.execute(delete(touches).where(touches.c.planned_id == id_, _customers(id_), touches.c.state == "reserved"))
    _lapse(conn, planned.c.id.in_(record.planned_ids), record.because, record.at)


def note(conn: Connection, key: str, read: Sequence[Reading], now: int) -> None:
    """What was read of receivers, CHUNK at most: who has it, and who never will. Noting it twice changes nothing."""
    row = conn.execute(select(sends).where(sends.c.key == key)).mappings().one()
    told = {each.who: each for each in read if each.status}
    if row["ended_at"] is None and told:
        counts = _note_pools(conn, row, told, now) if row["planned_id"] is None else _note_people(conn, row, told)
        more = {name: sends.c[name] + counts[status] for status, name in _NAMES.items()}
        conn.execute(update(sends).where(sends.c.key == key).values(more))


def _note_pools(conn: Connection, row: Any, told: Mapping[str, Reading], now: int) -> Counter[int]:
    mine = and_(posts_of(row), planned.c.pool.in_(list(told)))
    open_ = conn.execute(select(planned.c.id, planned.c.pool).where(planned.c.id.in_(_open(conn, mine)))).all()
    by_status: dict[int, list[Any]] = defaultdict(list)
    for post in open_:
        by_status[told[post.pool].status].append(post)
    for status, posts in by_status.items():
        which = planned.c.id.in_([post.id for post in posts])
        if status == SENT:
            one = update(planned).where(planned.c.id == bindparam("post")).values(settled_at=bindparam("left_at"))
            conn.execute(one, [{"post": post.id, "left_at": told[post.pool].sent_at or now} for post in posts])
            _charge(conn, which)
        else:
            _lapse(conn, which, _WHY[status], now)
    return Counter({status: len(posts) for status, posts in by_status.items()})


def _note_people(conn: Connection, row: Any, told: Mapping[str, Reading]) -> Counter[int]:
    who = select(touches.c.person_id, follows.c.external_userid).join_from(
        follows, touches, touches.c.person_id == follows.c.person_id
    )
    mine = (touches.c.planned_id == row["planned_id"], touches.c.state == "reserved")
    known = who.where(follows.c.userid == row["userid"], follows.c.external_userid.in_(list(told)), *mine)
    found = [(person_id, told[name]) for person_id, name in conn.execute(known).all()]
    this = (touches.c.planned_id == row["planned_id"], touches.c.person_id == bindparam("who"))
    sent = [{"who": person_id, "left_at": each.sent_at} for person_id, each in found if each.status == SENT]
    gone = [{"who": person_id} for person_id, each in found if each.status != SENT]
    if sent:
        conn.execute(update(touches).where(*this).values(state="sent", at=bindparam("left_at")), sent)
    if gone:
        conn.execute(delete(touches).where(*this), gone)
    return Counter(each.status for _, each in found)


_NAMES: Mapping[int, str] = {SENT: "sent", NOT_A_FRIEND: "not_friends", OVER_QUOTA: "over_quota"}
_WHY: Mapping[int, str] = {NOT_A_FRIEND: "企业微信说发不到这里", OVER_QUOTA: "企业微信说这里收到的群发已到上限"}


def posts_of(row: Any) -> ColumnElement[bool]:
    """The decisions that a send to groups, or a Moment, carries out."""
    slot = ((planned.c[name] == row[name]) for name in ("calendar", "entry", "at"))
    return and_(*slot, planned.c.pool.in_(row["pools"]))


def _lapse(conn: Connection, which: ColumnElement[bool], because: str, at: int) -> None:
    """What was let go and did not leave: it counts for nothing."""
    waiting = (which, planned.c.settled_at.is_(None), planned.c.outcome.in_(GOES))
    conn.execute(update(planned).where(*waiting).values(outcome="lapsed", because=because, settled_at=at))


def _end_plan(conn: Connection, planned_id: int, record: SettleSend) -> None:
    """A guide's plan is over with the last of its mass sends: it left if any of them did, or may have."""
    siblings = sends.c.planned_id == planned_id
    if conn.execute(select(sends.c.key).where(siblings, sends.c.ended_at.is_(None)).limit(1)).first():
        return
    left = conn.execute(select(sends.c.key).where(siblings, (sends.c.sent > 0) | (sends.c.state == "unknown")).limit(1))
    _end(conn, planned.c.id == planned_id, record, left=left.first() is not None)


def _end(conn: Connection, which: ColumnElement[bool], record: SettleSend, *, left: bool) -> None:
    """What is still open of these decisions: it left, or it did not."""
    if not left:
        _lapse(conn, which, record.reason, record.at)
        return
    ids = _open(conn, which)
    for first in range(0, len(ids), CHUNK):
        mine = planned.c.id.in_(ids[first : first + CHUNK])
        conn.execute(update(planned).where(mine).values(settled_at=record.at))
        _charge(conn, mine)


def _open(conn: Connection, which: ColumnElement[bool]) -> list[int]:
    """The ids of decisions that wait for a member."""
    open_ = (which, planned.c.settled_at.is_(None), planned.c.outcome.in_(GOES))
    return list(conn.scalars(select(planned.c.id).where(*open_)))


def _charge(conn: Connection, which: ColumnElement[bool]) -> None:
    """What left is charged to the mix of its pool. `which`: some hundred decisions at most, of one touchpoint."""
    columns_ = (planned.c.touchpoint, planned.c.pool, planned.c.said, planned.c.kind)
    rows = conn.execute(select(*columns_).where(which, ~beside_mix()).order_by(planned.c.at)).all()
    if not rows:
        return
    owed = mixes(conn, rows[0].touchpoint, [row.pool for row in rows], lock=True)
    for row in rows:
        if row.pool in owed:
            owed[row.pool] = charged(owed[row.pool], choice_of(row.said), row.kind)
    if owed:
        keep_mixes(conn, rows[0].touchpoint, owed)


def batch_of(row: Any) -> tuple[ColumnElement[bool], ...]:
    """The touches of a mass send to customers."""
    ours = (touches.c.planned_id == row["planned_id"], _customers(row["planned_id"]))
    return (*ours, row["after"] < AS_PLANNED, row["upto"] >= AS_PLANNED)


def _customers(planned_id: int) -> ColumnElement[bool]:
    """Among the customers of the guide of a plan, since no index leads from it to them."""
    whose = select(planned.c.pool).where(planned.c.id == planned_id).scalar_subquery()
    return touches.c.person_id.in_(select(follows.c.person_id).where(follows.c.userid == whose))


def recipients(conn: Connection, planned_id: int, after: int, upto: int, *, left_too: bool = False) -> list[str]:
    """The external_userids of a batch; who left the guide or was forgotten meanwhile is not among them, but for
    `left_too`."""
    query = reserved(func.min(follows.c.external_userid), planned_id, after).where(upto >= AS_PLANNED)
    here = () if left_too else (follows.c.status == "active", ~erased(follows))
    return list(conn.scalars(query.where(*here)))


def recipients_of(conn: Connection, key: str, *, left_too: bool = False) -> list[str]:
    """The same, of a send."""
    which = select(sends.c.planned_id, sends.c.after, sends.c.upto).where(sends.c.key == key)
    planned_id, after, upto = conn.execute(which).one()
    return recipients(conn, planned_id, after, upto, left_too=left_too)


def known(conn: Connection, task_ids: Sequence[str]) -> set[str]:
    """Which of WeCom's mass sends and Moments are known as ours already."""
    return set(conn.scalars(select(sends.c.task_id).where(sends.c.task_id.in_(task_ids))))


def try_it(conn: Connection, key: str, now: int) -> str:
    """A send is about to be asked for at WeCom; why it must not be any more, empty if it may."""
    row = conn.execute(select(sends).where(sends.c.key == key, sends.c.ended_at.is_(None))).mappings().one_or_none()
    if row is None:
        return "已经记为没有发出，不能再发"
    if against := withdrawn(row, switched_off(conn)) or (LEFT if row["userid"] in left_the_corp(conn) else ""):
        return against
    conn.execute(update(sends).where(sends.c.key == key).values(made_at=now))
    return ""


def is_made(conn: Connection, key: str) -> bool:
    """Whether WeCom has it: an event that is handled anew makes nothing twice."""
    made = (sends.c.key == key, (sends.c.task_id != "") | (sends.c.job_id != ""))
    return conn.execute(select(sends.c.key).where(*made)).first() is not None


def tried_at(conn: Connection, key: str) -> tuple[int, int]:
    """The instant of its slot, and when it was last asked for."""
    at, made_at = conn.execute(select(sends.c.at, sends.c.made_at).where(sends.c.key == key)).one()
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
