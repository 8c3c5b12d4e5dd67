"""What is known of the pools of a touchpoint when a slot comes round."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal_column, or_, select

from bot.scrm.calendar import Slot, SlotKey
from bot.scrm.gates.board import Board, PoolSeen, Tried
from bot.scrm.gates.outcome import GOES, Outcome
from bot.scrm.gates.situation import Met
from bot.scrm.gates.situations import AROUND_SECONDS
from bot.scrm.kind import Kind, Touchpoint
from bot.scrm.mix import Choice
from bot.scrm.rules.condition import Fact
from bot.store.people import left_the_corp
from bot.store.planning import (
    TOO_LATE,
    WAITING_SECONDS,
    approved,
    beside_mix,
    choice_of,
    first_seen,
    in_shadow,
    mixes,
    planned,
    pool_stages,
    posts_lately,
    staged_of,
    stopped,
)
from bot.store.tables import Follows, GroupChats, Members
from bot.store.upsert import columns

chats, follows, members = columns(GroupChats), columns(Follows), columns(Members)

MET_SECONDS = 90 * 86_400
"""How far back everything that a pool met is read; of what lies before, the last time of each item."""


def board(
    conn: Connection,
    touchpoint: Touchpoint,
    slot: Slot,
    day: tuple[int, int],
    tried: Collection[str] = (),
    only: Sequence[str] | None = None,
) -> Board:
    """Every pool of a touchpoint at a slot. Who has left the corp posts no Moments, and their groups wait for another
    owner; one-to-one they are asked, for what they leave behind is passed on. `day`: when the slot's local day begins
    and ends, epoch seconds. `tried`: calendars of which it is to be seen what was only tried. `only`: the pools that
    somebody wants to know of; what became of the others is not read."""
    there = planned.c.touchpoint == touchpoint
    there = there if only is None else there & planned.c.pool.in_(only)
    met, outcomes, waiting = _met(conn, there, slot), _outcomes(conn, there, slot), _waiting(conn, there, slot)
    posts = posts_lately(conn, touchpoint, slot, tried_too=bool(tried)) if only is None else {}
    owed = mixes(conn, touchpoint, only)
    stages, cards = _stages(conn, touchpoint), _cards(conn, slot, day, _went())
    shadow = _tried(conn, there, slot, tried)
    cards_tried = _cards(conn, slot, day, _only_tried(tried)) if tried else Counter()
    left_corp = left_the_corp(conn) if touchpoint != "私聊" else frozenset()
    pools = []
    for id_, name, userid in conn.execute(_pools(touchpoint)):
        if touchpoint == "朋友圈" and userid in left_corp:
            continue
        stage = stages.get(id_)
        pools.append(
            PoolSeen(
                id=id_,
                name=name or id_,
                userid=userid,
                staged=staged_of(stage) if stage else None,
                facts={Fact(fact): value for fact, value in (stage["facts"] if stage else {}).items()},
                mix=owed.get(id_),
                waiting=tuple(waiting[id_]),
                met=tuple(met[id_]),
                cards=cards[userid],
                posts=posts.get(id_, 0),
                outcomes=outcomes[id_],
                tried=tuple(shadow[id_]),
                cards_tried=cards_tried[userid],
                has_left=userid in left_corp,
            )
        )
    return Board(
        pools=tuple(pools),
        approved=approved(conn),
        switches=stopped(conn),
        first_seen_at=first_seen(conn),
        day=day,
    )


def names(conn: Connection, touchpoint: Touchpoint) -> dict[str, str]:
    """What people call each pool: id → name."""
    return {id_: name or id_ for id_, name, _ in conn.execute(_pools(touchpoint))}


def _pools(touchpoint: Touchpoint) -> Select[Any]:
    """(id, name, who sends) of every pool: the groups that are there, or the guides who have customers."""
    if touchpoint == "群":
        alive = select(chats.c.chat_id, chats.c.name, chats.c.owner).where(chats.c.state == "active")
        return alive.order_by(chats.c.chat_id)
    # Spelt out, for only so it fits the index of those who have customers.
    active = follows.c.status == literal_column("'active'")
    guides = select(follows.c.userid).where(active).distinct().subquery()
    named = select(guides.c.userid, members.c.name, guides.c.userid.label("sender"))
    return named.join_from(guides, members, members.c.userid == guides.c.userid, isouter=True).order_by(guides.c.userid)


_MET = (planned.c.item, planned.c.kind, planned.c.topic, planned.c.entry, planned.c.fixed, planned.c.by_hand)


def _met(conn: Connection, there: ColumnElement[bool], slot: Slot) -> dict[str, list[Met]]:
    went = (there, planned.c.outcome.in_(GOES))
    since_at = slot.at - MET_SECONDS
    lately = select(planned.c.pool, planned.c.at, *_MET).where(*went, planned.c.at > since_at)
    last = select(planned.c.pool, planned.c.item, func.max(planned.c.at).label("at"))
    last_of = last.where(*went, planned.c.at <= since_at).group_by(planned.c.pool, planned.c.item).subquery()
    same = (planned.c.pool == last_of.c.pool, planned.c.item == last_of.c.item, planned.c.at == last_of.c.at)
    before = select(planned.c.pool, planned.c.at, *_MET).where(*went, *same)
    found: dict[str, list[Met]] = defaultdict(list)
    for query in (before, lately):
        for pool, *met in conn.execute(query.order_by(planned.c.at)):
            found[pool].append(Met(*met))
    return found


def _waiting(conn: Connection, there: ColumnElement[bool], slot: Slot) -> dict[str, list[tuple[Choice, Kind | None]]]:
    """What was let go to a pool and waits for its guide to press."""
    open_ = (
        there,
        planned.c.outcome.in_(GOES),
        planned.c.settled_at.is_(None),
        ~beside_mix(),
    )
    query = select(planned.c.pool, planned.c.said, planned.c.kind).where(
        *open_, planned.c.at > slot.at - WAITING_SECONDS
    )
    found: dict[str, list[tuple[Choice, Kind | None]]] = defaultdict(list)
    for pool, said, kind in conn.execute(query.order_by(planned.c.at)):
        found[pool].append((choice_of(said), kind))
    return found


def _outcomes(conn: Connection, there: ColumnElement[bool], slot: Slot) -> dict[str, dict[SlotKey, Outcome]]:
    """What became of the slots around this one, and of itself, pool by pool."""
    around = planned.c.at.between(slot.at - AROUND_SECONDS, slot.at + AROUND_SECONDS)
    which = (planned.c.pool, planned.c.calendar, planned.c.entry, planned.c.at, planned.c.outcome)
    query = select(*which).where(there, around)
    found: dict[str, dict[SlotKey, Outcome]] = defaultdict(dict)
    for pool, calendar, entry, at, outcome in conn.execute(query):
        found[pool][calendar, entry, at] = outcome
    return found


def _stages(conn: Connection, touchpoint: Touchpoint) -> dict[str, Any]:
    rows = conn.execute(select(pool_stages).where(pool_stages.c.touchpoint == touchpoint)).mappings()
    return {row["pool"]: row for row in rows}


def _cards(conn: Connection, slot: Slot, day: tuple[int, int], went: ColumnElement[bool]) -> Counter[str]:
    """How many messages each member has to act on that day, this slot aside: one for an item, however many pools."""
    which = (planned.c.userid, planned.c.item, planned.c.calendar, planned.c.entry, planned.c.at)
    query = select(*which).where(planned.c.at >= day[0], planned.c.at < day[1], went).distinct()
    return Counter(row[0] for row in conn.execute(query) if tuple(row[2:]) != slot.key)


def _went() -> ColumnElement[bool]:
    return planned.c.outcome.in_(GOES)


def _only_tried(calendars: Collection[str]) -> ColumnElement[bool]:
    return and_(planned.c.calendar.in_(calendars), planned.c.outcome == "tried")


def _tried(
    conn: Connection, there: ColumnElement[bool], slot: Slot, calendars: Collection[str]
) -> dict[str, list[Tried]]:
    """What these calendars tried in 90 days, and what they skipped meanwhile; what was held to its end is charged to no
    mix."""
    found: dict[str, list[Tried]] = defaultdict(list)
    if not calendars:
        return found
    lately = (there, planned.c.at > slot.at - MET_SECONDS)
    skipped = and_(planned.c.outcome == "skipped", ~planned.c.because.startswith(TOO_LATE))
    tried = and_(planned.c.outcome == "tried", planned.c.kind.is_not(None))  # of older rows the kind is not known
    mine = (planned.c.calendar.in_(calendars), or_(tried, skipped))
    which = (planned.c.pool, planned.c.outcome, planned.c.stops, planned.c.said, planned.c.decided_at)
    query = select(*which, beside_mix(), planned.c.at, *_MET).where(*lately, *mine)
    for pool, outcome, stops, said, decided_at, beside, *met in conn.execute(query.order_by(planned.c.at)):
        if outcome == "tried" or in_shadow(stops):
            one = Met(*met) if outcome == "tried" else None
            found[pool].append(Tried(met=one, choice=choice_of(said), decided_at=decided_at, of_mix=not beside))
    return found
