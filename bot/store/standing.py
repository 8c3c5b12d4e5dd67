"""How everything stands, for people to read: sums, and lists of which a page at a time is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bot.scrm.gates.outcome import GOES
from bot.scrm.switch import Switch
from bot.store.audience_facts import follows
from bot.store.planning import approvals, planned, switches
from bot.store.slots import table as slots
from bot.store.tables import Members, People, Tasks
from bot.store.upsert import columns

guides, people, tasks = columns(Members), columns(People), columns(Tasks)

AT_ONCE: Final = 1000
"""Ids of one question to the database."""


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a slot: so many pools of one outcome. `because`: of one of them; `kind`: of what went; `waiting`:
    in their guides' hands."""

    at: int
    calendar: str
    entry: str
    touchpoint: str
    outcome: str
    kind: str | None
    item: str | None
    by_hand: bool
    because: str
    pools: int
    waiting: int


def came(conn: Connection, from_at: int, until_at: int) -> list[Came]:
    """The decided slots from an instant to before another (epoch seconds), by time."""
    of = (planned.c.at, planned.c.calendar, planned.c.entry, planned.c.touchpoint, planned.c.outcome)
    what = (planned.c.kind, planned.c.item, planned.c.by_hand)
    query = select(
        *of, *what, func.min(planned.c.because), func.count(), func.count() - func.count(planned.c.settled_at)
    )
    here = (planned.c.at >= from_at, planned.c.at < until_at)
    rows = conn.execute(query.where(*here).group_by(*of, *what).order_by(*of))
    return [Came(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Stood:
    """How a slot stands: the kind that most pools got, and what became of it for any of them: outcomes, and "waiting"
    where it is in their guide's hands."""

    kind: str | None
    outcomes: frozenset[str]


def stood(conn: Connection, from_at: int, until_at: int) -> dict[tuple[int, str, str], Stood]:
    """(at, calendar, entry) of the decided slots of some days → how they stand. What was only tried got to nobody, and
    what was taken over belongs to the slot before it."""
    of = (planned.c.at, planned.c.calendar, planned.c.entry)
    what = (planned.c.kind, planned.c.outcome, planned.c.settled_at.is_(None))
    here = (planned.c.at >= from_at, planned.c.at < until_at, planned.c.outcome != "taken_over")
    kinds: dict[tuple[int, str, str], Counter[str | None]] = {}
    outcomes: dict[tuple[int, str, str], set[str]] = {}
    for *key, kind, outcome, waits, count in conn.execute(
        select(*of, *what, func.count()).where(*here).group_by(*of, *what)
    ):
        slot = (key[0], key[1], key[2])
        kinds.setdefault(slot, Counter())[kind if outcome != "tried" else None] += count
        outcomes.setdefault(slot, set()).add("waiting" if waits and outcome in GOES else outcome)
    return {slot: Stood(_most(counted), frozenset(outcomes[slot])) for slot, counted in kinds.items()}


def _most(counted: Counter[str | None]) -> str | None:
    return next((kind for kind, _ in counted.most_common() if kind), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one slot for one pool. `settled_at`: when it left, or was known not to."""

    at: int
    pool: str
    outcome: str
    item: str | None
    because: str
    stops: list[dict[str, Any]]
    retry_at: int | None
    decided_at: int
    by_hand: bool
    settled_at: int | None


def decisions(conn: Connection, calendar: str, entry: str, offset: int, limit: int) -> list[Decision]:
    """Of an entry, the newest slot first, by pool."""
    of = (planned.c.calendar == calendar, planned.c.entry == entry)
    query = select(*(planned.c[name] for name in Decision.__slots__)).where(*of)
    rows = conn.execute(query.order_by(planned.c.at.desc(), planned.c.pool).offset(offset).limit(limit))
    return [Decision(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Held:
    """A pool that a slot is held back from, until it is asked again at `retry_at`."""

    calendar: str
    entry: str
    at: int
    by_at: int
    touchpoint: str
    pool: str
    userid: str
    retry_at: int


def held(conn: Connection, now: int, offset: int, limit: int, of: tuple[str, str] | None = None) -> list[Held]:
    """What is held back and may still leave, the newest slot first, by pool. `of`: (calendar, entry); None: of all."""
    which = () if of is None else (planned.c.calendar == of[0], planned.c.entry == of[1])
    waits = (planned.c.retry_at.is_not(None), planned.c.by_at >= now)
    order = (planned.c.at.desc(), planned.c.calendar, planned.c.entry, planned.c.pool)
    query = select(*(planned.c[name] for name in Held.__slots__)).where(*which, *waits)
    return [Held(*row) for row in conn.execute(query.order_by(*order).offset(offset).limit(limit))]


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A slot that nobody decided in time."""

    at: int
    calendar: str
    entry: str
    because: str


def lapsed(conn: Connection, from_at: int, until_at: int) -> list[Lapsed]:
    """The slots of some days that came and went."""
    query = select(*(slots.c[name] for name in Lapsed.__slots__)).where(slots.c.state == "lapsed")
    return [Lapsed(*row) for row in conn.execute(query.where(slots.c.at >= from_at, slots.c.at < until_at))]


@dataclass(frozen=True, slots=True)
class Off:
    """Something that a person stopped."""

    switch: Switch
    by: str
    because: str
    stopped_at: int


def off(conn: Connection) -> list[Off]:
    """Everything that is stopped, the last first."""
    rows = conn.execute(select(switches).order_by(switches.c.stopped_at.desc(), switches.c.scope, switches.c.name))
    return [Off(Switch(row.scope, row.name), row.by, row.because, row.stopped_at) for row in rows]


def approved_by(conn: Connection, digests: Collection[str]) -> list[tuple[str, str, str, int]]:
    """(digest, role, who, when) of the words given on these."""
    query = select(approvals.c.digest, approvals.c.role, approvals.c.by, approvals.c.approved_at)
    return [tuple(row) for row in conn.execute(query.where(approvals.c.digest.in_(digests)))]


def names(conn: Connection, userids: Sequence[str]) -> dict[str, str]:
    """userid → what a member is called; those without a name are left out."""
    query = select(guides.c.userid, guides.c.name).where(guides.c.userid.in_(userids), guides.c.name.is_not(None))
    return {userid: name for userid, name in conn.execute(query)}


@dataclass(frozen=True, slots=True)
class Found:
    """A customer whom a search found."""

    person_id: int
    name: str
    guides: str


def search(conn: Connection, words: str, limit: int) -> list[Found]:
    """Customers in whose name, or in whose guides' remark, these words stand; by name."""
    noted = select(follows.c.person_id).where(follows.c.remark.icontains(words, autoescape=True))
    theirs = people.c.name.icontains(words, autoescape=True) | people.c.person_id.in_(noted)
    ids = select(people.c.person_id).where(theirs).order_by(people.c.name, people.c.person_id).limit(limit)
    known_as = func.coalesce(people.c.name, "")
    whose = func.coalesce(func.min(follows.c.userid), "")
    query = select(people.c.person_id, known_as, whose).where(people.c.person_id.in_(ids))
    query = query.outerjoin(follows, follows.c.person_id == people.c.person_id)
    rows = conn.execute(query.group_by(people.c.person_id, people.c.name).order_by(people.c.name, people.c.person_id))
    return [Found(*row) for row in rows]


def names_like(conn: Connection, words: str, limit: int) -> list[str]:
    """A few names that begin as these words do, to find whom somebody may have meant."""
    begins = people.c.name.startswith(words[: max(1, len(words) // 2)], autoescape=True)
    return list(conn.scalars(select(people.c.name).where(begins).distinct().limit(limit)))


def entries_with(conn: Connection, items: Collection[str], since_at: int) -> list[tuple[str, str]]:
    """(calendar, entry) of the slots since an instant (epoch seconds) that were decided with one of these items."""
    query = select(planned.c.calendar, planned.c.entry).where(planned.c.at >= since_at, planned.c.item.in_(items))
    return [tuple(row) for row in conn.execute(query.distinct())]


@dataclass(frozen=True, slots=True)
class Relation:
    """One guide of a customer. `left`: when they parted."""

    userid: str
    channel: str | None
    added_at: int
    ended_at: int | None
    status: str


def relations(conn: Connection, person_id: int) -> list[Relation]:
    """The guides of a customer, the last first."""
    of = (follows.c.userid, follows.c.channel_id, follows.c.added_at, follows.c.ended_at, follows.c.status)
    query = select(*of).where(follows.c.person_id == person_id).order_by(follows.c.added_at.desc()).limit(50)
    return [Relation(*row) for row in conn.execute(query)]


def name_of(conn: Connection, person_id: int) -> str | None:
    """What a customer is called; None: nobody of this number, empty: no name known."""
    row = conn.execute(select(people.c.name).where(people.c.person_id == person_id)).one_or_none()
    return None if row is None else row[0] or ""


def names_of(conn: Connection, person_ids: Sequence[int]) -> dict[int, str]:
    """person → what they are called, for a page of them; those without a name are left out."""
    named = select(people.c.person_id, people.c.name).where(people.c.name.is_not(None))
    return {
        person: name
        for first in range(0, len(person_ids), AT_ONCE)
        for person, name in conn.execute(named.where(people.c.person_id.in_(person_ids[first : first + AT_ONCE])))
    }


def open_tasks(conn: Connection, userid: str, limit: int) -> list[tuple[int, str, str]]:
    """(when, what, why) of what a guide should do, the newest first."""
    query = select(tasks.c.created_at, tasks.c.kind, tasks.c.reason)
    mine = query.where(tasks.c.userid == userid, tasks.c.state == "open")
    return [tuple(row) for row in conn.execute(mine.order_by(tasks.c.id.desc()).limit(limit))]
