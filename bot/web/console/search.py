"""What somebody means who asks why: lines of calendars by their ids or by what they send, customers by what people call
them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from bot.content.snapshot import Content
from bot.flow.outlook import Outlook, entries_of
from bot.scrm.calendar import Entry
from bot.store import standing
from bot.store.standing import Found
from bot.web.console.room import Answer, Room, Visit, clock, cut, title_of
from bot.web.console.sheet import ROWS, Cell, Form, Link, Section, Sheet, Table, Words
from bot.yamlfile import nearest

DECIDED_SECONDS: Final = 7 * 86_400
"""How far back it is looked which lines sent something."""

ALIKE: Final = 200
"""Names that are held against what was asked for, where nothing was found."""

LOOKED_FOR: Final = "找过：条目的编号，内容的编号、标题和话，直播间的名字，客户的名字、备注和编号。"


@dataclass(frozen=True, slots=True)
class Hits:
    """`entries`: calendar/entry. `near`: what was perhaps meant where nothing was found; empty: nothing is near."""

    entries: list[str]
    people: list[Found]
    near: str = ""


async def searched(room: Room, visit: Visit, asked: str, form: Form) -> Answer:
    """What it may mean; at once there, where it can mean but one. `form`: to ask for something else."""
    hits = await _hits(room, visit, asked)
    if len(hits.entries) + len(hits.people) == 1:
        return _why(hits.entries[0]) if hits.entries else _customer(hits.people[0])
    sections = [Section("", (form,))]
    if hits.entries:
        table = cut(visit, "entries", ("条目", "发到", "内容", "下一次"), await _lines(room, visit, hits.entries))
        sections.append(Section("条目", (table,)))
    if hits.people:
        sections.append(Section("客户", (_people(hits.people), _all_of(asked))))
    if not hits.entries and not hits.people:
        near = [Words(f"是不是“{hits.near}”？", to=_why(hits.near))] if hits.near else []
        said = Words(f"没有和“{asked}”有关的。", "bad")
        sections.append(Section("没有找到", (said, *near, Words(LOOKED_FOR, "soft"))))
    return Sheet("为什么", tuple(sections))


async def _lines(room: Room, visit: Visit, entries: list[str]) -> list[tuple[Cell, ...]]:
    content, overview = room.content(), await room.overviews.newest()
    known, coming = entries_of(content), dict[str, int]()
    for each in overview.outlook.after(visit.now).foreseen if overview else ():
        coming.setdefault(f"{each.situation.calendar.id}/{each.situation.entry.id}", each.situation.slot.at)
    rows: list[tuple[Cell, ...]] = []
    for name in entries:
        entry = known.get(name)
        what = (entry.touchpoint, _what(content, entry)) if entry else ("", "已经不在日历里")
        rows.append((Link(name, _why(name)), *what, clock(coming.get(name), room.timezone)))
    return rows


def _what(content: Content, entry: Entry) -> str:
    return title_of(content, entry.item) if entry.item else f"由配比来挑：{'、'.join(entry.pick)}"


def _people(people: list[Found]) -> Table:
    """Without headings, and so no file: that is the matter of the page of customers."""
    rows = [(Link(each.name or f"#{each.person_id}", _customer(each)), each.guides) for each in people[:ROWS]]
    return Table(name="people", head=("", ""), rows=rows)


def _all_of(asked: str) -> Words:
    return Words("在“客户”里看", to=f"/console/customers?{urlencode({'q': asked})}")


def _customer(found: Found) -> str:
    return f"/console/customers/{found.person_id}"


def _why(words: str) -> str:
    return f"/console/why?{urlencode({'q': words})}"


async def _hits(room: Room, visit: Visit, words: str) -> Hits:
    content, overview = room.content(), await room.overviews.newest()
    entries, may = set(_by_their_ids(content, words)), visit.staff.may("people")
    if items := set(_items(content, words)):
        since_at = visit.now - DECIDED_SECONDS
        sent = await room.database.read(partial(standing.entries_with, items=items, since_at=since_at))
        entries |= {f"{calendar}/{entry}" for calendar, entry in sent}
        entries |= set(_sending(content, overview.outlook if overview else None, items))
    people = await room.database.read(partial(standing.search, words=words, limit=ROWS + 1)) if may else []
    if entries or people:
        return Hits(sorted(entries), people)
    return Hits([], [], await room.database.read(partial(_near, content=content, words=words, people=may)))


def _by_their_ids(content: Content, words: str) -> Iterator[str]:
    asked = words.casefold()
    for name, entry in entries_of(content).items():
        if asked in name.casefold() or (entry.live and asked in entry.live.room.casefold()):
            yield name


def _items(content: Content, words: str) -> Iterator[str]:
    """The items that are called so, or say so."""
    asked = words.casefold()
    for item in content.library.values():
        said = (item.id, item.title, *(variant.text for variant in item.variants))
        if any(asked in each.casefold() for each in said):
            yield item.id


def _sending(content: Content, outlook: Outlook | None, items: set[str]) -> Iterator[str]:
    """The lines that name one of these items, or would send it in the days to come."""
    yield from (name for name, entry in entries_of(content).items() if entry.item in items)
    for each in outlook.foreseen if outlook else ():
        if each.decision.item and each.decision.item.id in items:
            yield f"{each.situation.calendar.id}/{each.situation.entry.id}"


def _near(conn: Connection, content: Content, words: str, *, people: bool) -> str:
    entries = entries_of(content)
    known = {*entries, *(name.partition("/")[2] for name in entries)}
    known |= {item.title for item in content.library.values()}
    return nearest(words, [*known, *(standing.names_like(conn, words, ALIKE) if people else ())])
