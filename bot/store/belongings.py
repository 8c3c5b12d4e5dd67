"""Which rows are a person's: one plan a table, for export and for erasure alike.

A table with a personal column and no plan here fails a test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Connection, Table, Text, cast, exists, false, or_, select

from bot.store.tables import metadata
from bot.store.tombstones import EXTERNAL_USERID, PSEUDONYM

NOTICE = "SendAppMessage"
NUMBERS = ("member_id", "order_id", "refund_id")
"""Ids that a shop makes: 17 may be anything."""

LINES: Mapping[str, str] = {"external_userid": "customer", "run_id": "survey", "order_id": "order"}
"""kind of id → the line of whoever has it, as `OwnEvent.line`."""

NEVER = "(?!)"
"""The pattern that nothing matches."""

SCAN_ROWS = 20_000
"""Rows of a table looked through by one statement, where nothing but their words says whose they are."""


ALIKE = 100
"""How many ids are looked through for the nearest."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person, and every id of theirs as (kind, value): what `identities` knows, orders and survey runs."""

    person_id: int
    ids: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """names: what they call themselves and guides call them. words: all texts about them, names too."""

    def of(self, kind: str) -> list[str]:
        """Their ids of one kind."""
        return [value for known, value in self.ids if known == kind]

    @property
    def telling(self) -> list[str]:
        """Their ids that are nothing else, wherever they stand."""
        return [value for kind, value in self.ids if kind not in NUMBERS]

    @property
    def lines(self) -> list[str]:
        """The lines that their events wait in."""
        return [f"{LINES[kind]}/{value}" for kind, value in self.ids if kind in LINES]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of a table belong to a person, and what erasing leaves of them.

    by: columns that name the person: person_id, or ids. `mentioned`: it is their words that say so.
    then: `blank` keeps the row, so that what was counted stays counted; `delete` does not.
    ids: column → kind of id: it gets a pseudonym. kept: personal, but not this person's (their guide's, mostly).
    """

    by: tuple[str, ...] = ("person_id",)
    mentioned: bool = False
    then: Literal["blank", "delete"] = "blank"
    ids: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ("userid",)


_CUSTOMER = {"external_userid": "external_userid"}
_RUN = {"run_id": "run_id"}

PLANS: Mapping[str, Plan] = {
    "people": Plan(),
    "identities": Plan(then="delete"),
    "follows": Plan(ids=_CUSTOMER),
    "follow_log": Plan(ids=_CUSTOMER),
    "person_owner": Plan(then="delete"),
    "person_tags": Plan(then="delete"),
    "removed_tags": Plan(by=("external_userid",), then="delete"),
    "deliveries": Plan(),
    "tasks": Plan(by=("external_userid",), ids=_CUSTOMER),
    "consents": Plan(),
    "preferences": Plan(then="delete"),
    "survey_runs": Plan(ids=_CUSTOMER | _RUN),
    "survey_answers": Plan(ids=_RUN),
    "profile_fields": Plan(then="delete"),
    "unsurveyed": Plan(ids=_CUSTOMER),
    "page_seats": Plan(by=("external_userid",), then="delete"),
    "kf_sessions": Plan(ids=_CUSTOMER, kept=("servicer_userid",)),
    "kf_messages": Plan(ids=_CUSTOMER),
    "orders": Plan(ids={"order_id": "order_id"}),
    "order_ids": Plan(by=("order_id",), then="delete"),
    "refunds": Plan(by=("order_id",), ids={"order_id": "order_id", "refund_id": "refund_id"}),
    "group_members": Plan(
        by=("person_id", "member_id"), ids={"member_id": "external_userid", "invitor": "external_userid"}
    ),
    "sequence_runs": Plan(ids=_CUSTOMER),
    "transfers": Plan(by=("external_userid",), ids=_CUSTOMER, kept=("handover", "takeover")),
    "touches": Plan(),
    "given_codes": Plan(ids=_CUSTOMER),
    "reactions": Plan(),
    "inbox": Plan(by=(), mentioned=True),
    "outbox": Plan(by=(), mentioned=True),
}
"""Tables that hold something about customers."""

OF_MEMBERS: Mapping[str, str] = {
    "members": "the corp's own people",
    "channels": "who receives on a code",
    "group_chats": "who owns a group",
    "sync_jobs": "where the reading of a member's customers stands",
    "sync_parts": "whose customers are still to be read",
    "member_pools": "how many customers a member has",
    "member_days": "a member's day in numbers",
    "planned": "what was decided for a guide's customers, and who sends",
    "sends": "what a guide was asked to send, and to which groups",
    "guide_reminders": "when a guide was reminded",
    "mix_states": "what a guide's customers are owed",
    "pool_stages": "the stage of a guide's customers",
    "console_links": "which member a link lets into the console",
    "console_sessions": "which member is in the console",
    "audit_trail": "which member changed what",
    "content_versions": "which member saved a file",
    "approvals": "who approved",
    "switches": "who stopped what",
}
"""Tables whose personal columns are about members only, and what they hold."""

TABLES_WITH_OWN_IDS = {"orders": "order_id", "survey_runs": "run_id", "refunds": "refund_id"}
"""Where a person's other ids stand, which rows of further tables refer to; in this order."""


def who(conn: Connection, person_id: int) -> Who:
    """A person with all their ids."""
    identities = metadata.tables["identities"]
    mine = select(identities.c.kind, identities.c.value).where(identities.c.person_id == person_id)
    found = Who(person_id, tuple((kind, value) for kind, value in conn.execute(mine)))
    for name, column in TABLES_WITH_OWN_IDS.items():
        table = metadata.tables[name]
        values = conn.scalars(select(table.c[column]).where(belongs(table, found)))
        own = [(column, value) for value in values if not value.startswith(PSEUDONYM)]
        found = Who(person_id, (*found.ids, *own))
    return found


def find(conn: Connection, customer: str) -> int | None:
    """The person that any id of theirs names, or `#` and the number that we give people."""
    if re.fullmatch("#[0-9]{1,18}", customer):
        people = metadata.tables["people"]
        return conn.scalar(select(people.c.person_id).where(people.c.person_id == int(customer[1:])))
    identities = metadata.tables["identities"]
    return conn.scalar(select(identities.c.person_id).where(identities.c.value == customer).limit(1))


def alike(conn: Connection, customer: str) -> list[str]:
    """A few ids of which this one has the first half, to find what somebody may have meant."""
    identities = metadata.tables["identities"]
    begins = identities.c.value.startswith(customer[: max(1, len(customer) // 2)], autoescape=True)
    return list(conn.scalars(select(identities.c.value).where(begins).limit(ALIKE)))


def belongs(table: Table, who: Who) -> ColumnElement[bool]:
    """The rows that a column says are this person's."""
    plan = PLANS[table.name]
    return or_(false(), *(_named(table.c[name], plan.ids.get(name, name), who) for name in plan.by))


def _named(column: Column[Any], kind: str, who: Who) -> ColumnElement[bool]:
    return column == who.person_id if kind == "person_id" else column.in_(who.of(kind))


def rows(conn: Connection, who: Who) -> dict[str, list[dict[str, Any]]]:
    """table → every row about a person and nobody else, all columns. Of the boxes: the events of their own lines, and
    what these brought about."""
    held: dict[str, list[dict[str, Any]]] = {}
    for name, plan in PLANS.items():
        table = metadata.tables[name]
        held[name] = list(_rows(conn, table, _in_their_line(table, who) if plan.mentioned else belongs(table, who)))
    return held


def _in_their_line(table: Table, who: Who) -> ColumnElement[bool]:
    inbox = metadata.tables["inbox"]
    theirs = inbox.c.line.in_(who.lines)
    return theirs if table is inbox else table.c.cause.in_(select(inbox.c.id).where(theirs))


def named(conn: Connection, who: Who) -> list[int]:
    """Everybody whom a customer id of theirs names here: in an older state they may be two, or have another number."""
    identities = metadata.tables["identities"]
    theirs = (identities.c.kind == EXTERNAL_USERID, identities.c.value.in_(who.of(EXTERNAL_USERID)))
    return list(conn.scalars(select(identities.c.person_id).where(*theirs).distinct()))


def _rows(conn: Connection, table: Table, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    return (dict(row) for row in conn.execute(select(table).where(condition)).mappings())


def mentions(conn: Connection, table: Table, who: Who) -> list[dict[str, Any]]:
    """The rows of a box that are about a person: they stand in their line, or name them by any id."""
    columns = [cast(column, Text) for column in personal(table)]
    theirs, exactly = table.c.line.in_(who.lines), naming(who.telling)
    named = _scanned(conn, table, theirs | _contains(columns, who.telling))
    found = {row["id"]: row for row in named if row["line"] in who.lines or exactly.search(as_text(row))}
    if who.names and "kind" in table.c:
        found |= {row["id"]: row for row in _notices(conn, table, who, _contains(columns, who.names))}
    return list(found.values())


def _notices(conn: Connection, table: Table, who: Who, named: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """Notices to guides that say nothing but the name; not those that somebody else of that name caused."""
    inbox, exactly = metadata.tables["inbox"], naming(who.names)
    other = inbox.c.line.startswith(LINES["external_userid"] + "/") & inbox.c.line.not_in(who.lines)
    caused = exists(select(1).where(inbox.c.id == table.c.cause, other))
    for row in _scanned(conn, table, (table.c.kind == NOTICE) & named & ~caused):
        if exactly.search(as_text(row)):
            yield row


def _scanned(conn: Connection, table: Table, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    last = conn.execute(select(table.c.id).order_by(table.c.id.desc()).limit(1)).scalar() or 0
    for first in range(0, last + 1, SCAN_ROWS):
        yield from _rows(conn, table, condition & (table.c.id > first - 1) & (table.c.id < first + SCAN_ROWS))


def _contains(columns: Iterable[ColumnElement[str]], words: Iterable[str]) -> ColumnElement[bool]:
    spelt = _spellings(words)
    return or_(false(), *(column.contains(word, autoescape=True) for column in columns for word in spelt))


def naming(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of these ids, none as a part of a longer one."""
    either = "|".join(re.escape(spelt) for spelt in sorted(_spellings(words), key=len, reverse=True)) or NEVER
    return re.compile(f"(?<![A-Za-z0-9_-])(?:{either})(?![A-Za-z0-9_-])")


def as_text(row: Mapping[str, Any]) -> str:
    """Everything a row says, as one text."""
    return json.dumps(row, ensure_ascii=False, default=str)


def personal(table: Table) -> list[Column[Any]]:
    """The columns about people."""
    return [column for column in table.columns if column.info["personal"]]


def _spellings(words: Iterable[str]) -> set[str]:
    """Each word as it is, and as JSON may spell it."""
    return {
        spelt for word in words for spelt in (word, json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1])
    }
