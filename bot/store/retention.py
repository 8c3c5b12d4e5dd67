"""Forgetting: what has been kept long enough is dropped, a chunk at a time so that nobody waits.

Closed rows of the boxes go whole. What people said goes as words: that they said something stays counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Table,
    Text,
    Update,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from bot.store.tables import (
    AudienceRuns,
    AuditTrail,
    Clicks,
    Follows,
    GateCounts,
    GuideReminders,
    Inbox,
    KfMessages,
    KfSessions,
    OrderIds,
    Orders,
    Outbox,
    Planned,
    ProfileFields,
    Reactions,
    Sends,
    SequenceRuns,
    Slots,
    SurveyAnswers,
    Touches,
    TrackedLinks,
)
from bot.store.upsert import columns

CHUNK = 200
AT_MOST = 5_000
"""Rows of a table that one look lets go."""

DAY_SECONDS = 24 * 3600

inbox, outbox, follows = columns(Inbox), columns(Outbox), columns(Follows)
kf_messages, answers, fields = columns(KfMessages), columns(SurveyAnswers), columns(ProfileFields)
orders, order_ids, kf_sessions = columns(Orders), columns(OrderIds), columns(KfSessions)
sequence_runs = columns(SequenceRuns)

PLANNED = (
    (columns(Touches), "at"),
    (columns(Planned), "at"),
    (columns(Slots), "at"),
    (columns(GateCounts), "at"),
    (columns(AudienceRuns), "done_at"),
    (columns(AuditTrail), "at"),
    (columns(Sends), "at"),
    (columns(GuideReminders), "at"),
    (columns(Reactions), "at"),
    (columns(Clicks), "day_at"),
    (columns(TrackedLinks), "kept_at"),
)
"""What was planned, and when it was to be or was done; and what people changed."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How long what is kept, in seconds."""

    inbox_seconds: int
    outbox_seconds: int
    kf_text_seconds: int = 180 * DAY_SECONDS
    answers_seconds: int = 180 * DAY_SECONDS
    order_ids_seconds: int = 180 * DAY_SECONDS
    planned_seconds: int = 400 * DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Stale:
    """Rows whose time is over, and what becomes of them."""

    table: Table
    over: Callable[[int, Keep], ColumnElement[bool]]
    then: Update | Delete


def forget(conn: Connection, now: int, keep: Keep) -> int:
    """Drop at most CHUNK events and CHUNK actions that were closed long enough ago. Returns how many."""
    # The oldest come first by id, so neither table needs an index that every callback would have to write. The very
    # newest stays: SQLite numbers on from it, and a number must never name two events.
    events = select(inbox.c.id).where(inbox.c.state == "done").order_by(inbox.c.id).limit(CHUNK)
    actions = select(outbox.c.id).where(outbox.c.settled_at.is_not(None)).order_by(outbox.c.id).limit(CHUNK)
    newest = select(func.max(inbox.c.id)).scalar_subquery()
    old_events = delete(inbox).where(
        inbox.c.id.in_(events), inbox.c.done_at < now - keep.inbox_seconds, inbox.c.id < newest
    )
    old_actions = delete(outbox).where(outbox.c.id.in_(actions), outbox.c.settled_at < now - keep.outbox_seconds)
    return conn.execute(old_events).rowcount + conn.execute(old_actions).rowcount


def stale(conn: Connection, name: str, now: int, keep: Keep) -> list[tuple[Any, ...]]:
    """The keys of at most AT_MOST rows of a table whose time is over. Only reads, however long it takes."""
    what = STALE[name]
    query = select(*what.table.primary_key).where(what.over(now, keep)).limit(AT_MOST)
    return [tuple(row) for row in conn.execute(query)]


def let_go(conn: Connection, name: str, keys: Sequence[tuple[Any, ...]]) -> int:
    """Let some of them go. Returns how many."""
    what = STALE[name]
    return conn.execute(what.then.where(tuple_(*what.table.primary_key).in_(keys))).rowcount


def _kf_texts(now: int, keep: Keep) -> ColumnElement[bool]:
    told = or_(kf_messages.c.text != "", kf_messages.c.menu_id.is_not(None), kf_messages.c.media_id.is_not(None))
    return (kf_messages.c.said_at < now - keep.kf_text_seconds) & told


def _parted(person_id: ColumnElement[Any], before_at: int) -> ColumnElement[bool]:
    """Every relation of this person ended, the last one before an instant."""
    theirs = follows.c.person_id == person_id
    still = theirs & ((follows.c.status != "ended") | (follows.c.ended_at >= before_at))
    return exists(select(1).where(theirs)) & ~exists(select(1).where(still))


def _unattended(person_id: ColumnElement[Any], said_at: ColumnElement[Any], before_at: int) -> ColumnElement[bool]:
    """Said before an instant by somebody without any guide, ever, who has not spoken in 微信客服 since; or by nobody
    whom we know."""
    guided = exists(select(1).where(follows.c.person_id == person_id))
    heard = exists(select(1).where(kf_sessions.c.person_id == person_id, kf_sessions.c.customer_at >= before_at))
    return (said_at < before_at) & ~guided & ~heard


def _answers(now: int, keep: Keep) -> ColumnElement[bool]:
    said, before_at = cast(answers.c.answers, Text) != "[]", now - keep.answers_seconds
    alone = _unattended(answers.c.person_id, answers.c.answered_at, before_at)
    return said & (_parted(answers.c.person_id, before_at) | alone)


def _fields(now: int, keep: Keep) -> ColumnElement[bool]:
    before_at = now - keep.answers_seconds
    return _parted(fields.c.person_id, before_at) | _unattended(fields.c.person_id, fields.c.set_at, before_at)


def _order_ids(now: int, keep: Keep) -> ColumnElement[bool]:
    long_ago = (orders.c.order_id == order_ids.c.order_id) & (orders.c.saved_at < now - keep.order_ids_seconds)
    return exists(select(1).where(long_ago))


def _before(at: ColumnElement[Any]) -> Callable[[int, Keep], ColumnElement[bool]]:
    return lambda now, keep: at < now - keep.planned_seconds


def _reasons(now: int, keep: Keep) -> ColumnElement[bool]:
    return (sequence_runs.c.ended_at < now - keep.planned_seconds) & (sequence_runs.c.because != "")


STALE: Mapping[str, Stale] = {
    "kf_messages": Stale(kf_messages, _kf_texts, update(kf_messages).values(text="", menu_id=None, media_id=None)),
    "survey_answers": Stale(answers, _answers, update(answers).values(answers=[])),
    "profile_fields": Stale(fields, _fields, delete(fields)),
    "order_ids": Stale(order_ids, _order_ids, delete(order_ids)),
    "sequence_runs": Stale(sequence_runs, _reasons, update(sequence_runs).values(because="")),
    **{table.name: Stale(table, _before(table.c[at]), delete(table)) for table, at in PLANNED},
}
"""What people said or are known by, and what was planned for them, beside the boxes."""
