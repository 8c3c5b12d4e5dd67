"""A member's customers as WeCom lists them, a page in one go: what changed is written, what did not costs a read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, func, select, update

from bot.scrm.mode import Pool, measured_capacity, pool_of
from bot.scrm.sync import Listed, Ours, Standing, standing
from bot.scrm.tagging import WECOM
from bot.store import syncs, tags
from bot.store.listed import ids_of, persons
from bot.store.people import follows, person_tags
from bot.store.tables import CorpTags, Follows, PersonTags
from bot.store.tables.sync import MemberDays, MemberPools
from bot.store.tombstones import PSEUDONYM, erased_among, lift
from bot.store.upsert import columns, insert, insert_new, save

pools, days, corp_tags = columns(MemberPools), columns(MemberDays), columns(CorpTags)

RECENT = 1_000
"""Working days, of all guides together, that say what a guide can do."""

REMARKS = ("remark", "description", "add_way", "state")

_UPDATE_FOLLOW = update(follows).where(
    follows.c.userid == bindparam("guide"), follows.c.external_userid == bindparam("customer")
)
_AMONG: BindParameter[list[str]] = bindparam("ids", expanding=True)
_FOLLOWED = select(
    *(follows.c[name] for name in ("external_userid", "status", "ended_at", "welcome", *REMARKS)),
).where(follows.c.userid == bindparam("guide"), follows.c.external_userid.in_(_AMONG))
_TAG_PATHS = select(corp_tags.c.tag_id, corp_tags.c.group_name, corp_tags.c.name).where(corp_tags.c.tag_id.in_(_AMONG))
_TAGS = select(person_tags.c.external_userid, person_tags.c.tag).where(
    person_tags.c.userid == bindparam("guide"), person_tags.c.external_userid.in_(_AMONG), person_tags.c.shown
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a page showed. `found`: relations that began after this member's first reading and that nobody told of."""

    history: int = 0
    changed: int = 0
    found: tuple[Listed, ...] = ()

    def __add__(self, other: Saved) -> Saved:
        return Saved(self.history + other.history, self.changed + other.changed, self.found + other.found)


def save_page(conn: Connection, userid: str, listed: Sequence[Listed], *, began_at: int, now: int) -> Saved:
    """Keep a page of a member's customers, or a part of one.

    `began_at`: when this reading began. Who was there before this member could be read is history: kept, and never
    greeted for it. The same page again changes nothing.
    """
    listed = _without_erased(conn, listed)
    known = _followed(conn, userid, listed)
    history_until = _history_until(conn, userid, began_at)
    stands: dict[Standing, list[Listed]] = {"history": [], "seen": [], "found": [], "unsettled": [], "over": []}
    for customer in listed:
        row = known.get(customer.external_userid)
        ours = None if row is None else Ours(row["status"], row["ended_at"], row["welcome"])
        stands[standing(customer, ours, history_until, now)].append(customer)
    fresh, seen = stands["history"], stands["seen"]
    person_ids = persons(conn, [*fresh, *seen], now)
    _insert_history(conn, userid, fresh, person_ids)
    _call_history(conn, userid, [customer for customer in fresh if customer.external_userid in known])
    changed = _update_follows(conn, userid, seen, known)
    _insert_tags(conn, userid, fresh, person_ids, now)
    changed |= _update_tags(conn, userid, seen, person_ids, now)
    return Saved(history=len(fresh), changed=len(changed), found=tuple(stands["found"]))


def active_before(conn: Connection, userid: str, before_at: int) -> set[str]:
    """The customers whom a member has by what we know, and had before an instant."""
    query = select(follows.c.external_userid).where(
        follows.c.userid == userid, follows.c.status == "active", follows.c.added_at < before_at
    )
    return {who for who in conn.execute(query).scalars() if not who.startswith(PSEUDONYM)}


def note_pool(conn: Connection, userid: str, customers: int, began_at: int) -> None:
    """All of a member's customers were read in the reading that began then."""
    first_read_at = _history_until(conn, userid, began_at)
    row = {"userid": userid, "customers": customers, "first_read_at": first_read_at, "read_at": began_at}
    statement = insert(conn, MemberPools).values(row)
    newer = {"customers": statement.excluded.customers, "read_at": statement.excluded.read_at}
    conn.execute(statement.on_conflict_do_update(index_elements=["userid"], set_=newer))


def save_day(conn: Connection, userid: str, day: str, numbers: dict[str, Any]) -> None:
    """A member's day in numbers; WeCom's later word replaces its earlier one."""
    save(conn, MemberDays, ["userid", "day"], {"userid": userid, "day": day, **numbers})


_SUMS = select(func.coalesce(func.sum(pools.c.customers), 0), func.count()).where(pools.c.customers > 0)


def pool(conn: Connection, capacity: int = 0) -> Pool:
    """The pool by the last reading of each member; those without a customer are no guides.

    capacity: customers whom a guide can know in person; 0: as their days show.
    """
    customers, guides = conn.execute(_SUMS).one()
    return pool_of(int(customers), guides, capacity or measured_capacity(_chats_a_day(conn)))


_CHATS = select(days.c.chat_cnt).where(days.c.chat_cnt > 0).order_by(days.c.day.desc()).limit(RECENT)


def _chats_a_day(conn: Connection) -> list[int]:
    return list(conn.scalars(_CHATS))


def _without_erased(conn: Connection, listed: Sequence[Listed]) -> list[Listed]:
    """Those who may be kept. Who was added after they were erased came anew: a callback that told so was lost."""
    erased = erased_among(conn, ids_of(listed))
    back = {c.external_userid for c in listed if c.info.added_at > erased.get(c.external_userid, c.info.added_at)}
    for external_userid in back:
        lift(conn, external_userid)
    return [c for c in listed if c.external_userid in back or c.external_userid not in erased]


_FIRST_READ_AT = select(pools.c.first_read_at).where(pools.c.userid == bindparam("guide"))


def _history_until(conn: Connection, userid: str, began_at: int) -> int:
    """When the first reading of this member began; while it is under way, the last one without them, if there was any:
    what they added since then a callback should have told."""
    read_at: int | None = conn.scalar(_FIRST_READ_AT, {"guide": userid})
    return syncs.before(conn, "customers", began_at) or began_at if read_at is None else read_at


def _followed(conn: Connection, userid: str, listed: Sequence[Listed]) -> dict[str, RowMapping]:
    rows = conn.execute(_FOLLOWED, {"guide": userid, "ids": ids_of(listed)}).mappings()
    return {row["external_userid"]: row for row in rows}


def _remarks(customer: Listed) -> dict[str, object]:
    return {name: getattr(customer.info, name) for name in REMARKS}


def _insert_history(conn: Connection, userid: str, listed: Sequence[Listed], person_ids: dict[str, int]) -> None:
    begun = {"userid": userid, "status": "active", "source": "history", "welcome": "history", "welcome_reason": ""}
    rows = [
        {
            **begun,
            **_remarks(c),
            "external_userid": c.external_userid,
            "person_id": person_ids[c.external_userid],
            "added_at": c.info.added_at,
            "version": 1,
        }
        for c in listed
    ]
    if rows:
        conn.execute(insert_new(conn, Follows), rows)


def _call_history(conn: Connection, userid: str, listed: Sequence[Listed]) -> None:
    """Their customer was read before them, for another guide say."""
    if listed:
        here = (follows.c.userid == userid, follows.c.external_userid.in_(ids_of(listed)), follows.c.welcome.is_(None))
        conn.execute(update(follows).where(*here).values(source="history", welcome="history"))


def _update_follows(conn: Connection, userid: str, listed: Sequence[Listed], known: dict[str, RowMapping]) -> set[str]:
    """Remarks as they are now; one that was half is whole, since WeCom lists no others."""
    changed = [
        {"guide": userid, "customer": c.external_userid, "status": "active", **_remarks(c)}
        for c in listed
        if any(known[c.external_userid][k] != v for k, v in {"status": "active", **_remarks(c)}.items())
    ]
    if changed:
        conn.execute(_UPDATE_FOLLOW.values({name: bindparam(name) for name in ("status", *REMARKS)}), changed)
    return {str(row["customer"]) for row in changed}


def _insert_tags(conn: Connection, userid: str, listed: Sequence[Listed], person_ids: dict[str, int], now: int) -> None:
    """The tags of those who are new to us."""
    paths = _tag_paths(conn, listed)
    rows = [
        {
            "userid": userid,
            "external_userid": c.external_userid,
            "person_id": person_ids[c.external_userid],
            "tag": paths[tag_id],
            "source": WECOM,
            "set_at": now,
        }
        for c in listed
        for tag_id in c.tag_ids
        if tag_id in paths
    ]
    if rows:
        conn.execute(insert_new(conn, PersonTags), rows)


def _update_tags(
    conn: Connection, userid: str, listed: Sequence[Listed], person_ids: dict[str, int], now: int
) -> set[str]:
    """Where a customer's tags are not those that WeCom shows, its word is taken as it is for one customer."""
    paths, carried = _tag_paths(conn, listed), _tags(conn, userid, listed)
    changed: set[str] = set()
    for customer in listed:
        here = carried.get(customer.external_userid, set())
        shown = {paths[tag_id]: tag_id for tag_id in customer.tag_ids if tag_id in paths}
        if len(shown) < len(customer.tag_ids):  # the library does not name one of them yet: it may be any of ours
            shown = dict.fromkeys(here, "") | shown
        if shown.keys() != here:
            info = replace(customer.info, tags=tuple((tag_id, path) for path, tag_id in shown.items()))
            tags.read_back(conn, person_ids[customer.external_userid], customer.external_userid, info, now)
            changed.add(customer.external_userid)
    return changed


def _tag_paths(conn: Connection, listed: Iterable[Listed]) -> dict[str, str]:
    tag_ids = {tag_id for customer in listed for tag_id in customer.tag_ids}
    rows = conn.execute(_TAG_PATHS, {"ids": list(tag_ids)}) if tag_ids else ()
    return {tag_id: f"{group}/{name}" for tag_id, group, name in rows}


def _tags(conn: Connection, userid: str, listed: Sequence[Listed]) -> dict[str, set[str]]:
    carried: dict[str, set[str]] = {}
    for external_userid, tag in conn.execute(_TAGS, {"guide": userid, "ids": ids_of(listed)}):
        carried.setdefault(external_userid, set()).add(tag)
    return carried
