"""What every page of the console works with, and what one visit brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from bot.content.snapshot import Content
from bot.scrm.role import Permission, Staff
from bot.scrm.week import spoken
from bot.store import standing
from bot.store.audit import Doer
from bot.store.database import Database
from bot.web.console.overview import Overviews
from bot.web.console.sheet import CSV_ROWS, ROWS, Cell, Field, Form, Sheet, Table
from bot.web.console.spans import SPANS, Spans
from bot.web.console.turns import Turns
from bot.web.pages import Form as Sent
from bot.web.pages import Refused
from bot.wecom.net.governor import Governor
from bot.yamlfile import Problem

BECAUSE = 200
"""Characters of a reason."""

PAGES = 200
"""No table is read further than this many pages: who looks for more takes the CSV file, or asks more narrowly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`content`: what is in use, and `problems`: why the files on disk are not. `wake`: those who act look at
    once. `staff`: who may come in. `turns`: of who checks content. `data`, `media`, `folder` (content/), `messages`,
    `skeletons`: folders."""

    database: Database
    content: Callable[[], Content]
    problems: Callable[[], tuple[Problem, ...]]
    timezone: str
    overviews: Overviews
    spans: Spans
    governor: Governor
    wake: Callable[[], None]
    data: Path
    media: Path
    folder: Path
    messages: Path
    skeletons: Path
    link_key: bytes = field(repr=False)
    staff: Mapping[str, Staff]
    turns: Turns = field(default_factory=Turns)

    def changed(self) -> None:
        """Something was changed on which what is foreseen rests."""
        self.overviews.stale()
        self.wake()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who is in. `form`: what they sent, checked to be of a page of ours; `files`: field →
    (name, bytes); `once`: unique to the form."""

    staff: Staff
    now: int
    query: Mapping[str, str]
    path: Mapping[str, str]
    form: Sent = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    once: str = ""

    @property
    def doer(self) -> Doer:
        """Who does what is done here."""
        return Doer(self.staff.userid, "控制台", self.now)

    def field(self, name: str) -> str:
        """A field of the form; empty when it was not sent."""
        return self.form.get(name, [""])[0].strip()

    @property
    def because(self) -> str:
        """Why, in their words, no longer than the field takes."""
        return self.field("because")[:BECAUSE]

    def number(self, name: str) -> int:
        """The same, as a number. Raises Refused."""
        if not (value := self.field(name)).isdecimal() or len(value) > 18:
            raise Refused("sense")
        return int(value)

    def page(self, table: str) -> int:
        """Which page of a table is asked for, from 1."""
        asked = self.query.get(table, "1")
        return min(max(1, int(asked)), PAGES) if asked.isdecimal() and len(asked) < 6 else 1

    def window(self, table: str) -> tuple[int, int]:
        """(offset, limit) of the rows of a table: one page, or all that a CSV file holds. The limit is one more than
        is shown, by which one sees whether there are more."""
        if self.query.get("csv") == table:
            return 0, CSV_ROWS + 1
        return (self.page(table) - 1) * ROWS, ROWS + 1

    def days(self, usual: int) -> int:
        """How many days are asked for, of those that one can choose."""
        asked = self.query.get("days", "")
        return int(asked) if asked in map(str, SPANS) else usual


def span_form(to: str, days: int) -> Form:
    """A choice of how many days to look at."""
    options = tuple((str(each), f"最近 {each} 天") for each in SPANS)
    field = Field(name="days", label="看多久，今天也算", kind="choice", options=options, value=str(days))
    return Form(to=to, button="看", fields=(field,), method="get")


Answer = Sheet | str
"""A page, or the address to go on to."""

Handler = Callable[[Room, Visit], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Page:
    """An address of the console, and what one must be permitted to go there. `asks`: what is sent there changes
    nothing, so the same form may be sent again and again; `acts`: of its buttons only this one changes anything."""

    method: Literal["GET", "POST"]
    path: str
    may: Permission
    handler: Handler
    asks: bool = False
    acts: str | None = None

    def looks(self, visit: Visit) -> bool:
        """Whether this visit can change nothing."""
        return self.method == "GET" or self.asks or (self.acts is not None and visit.field("action") != self.acts)


def paged(
    visit: Visit, name: str, head: tuple[str, ...], rows: Sequence[Sequence[Cell]], empty: str = "没有。"
) -> Table:
    """A page of a table, of the rows that were read by `visit.window(name)`."""
    shown = rows[: CSV_ROWS if visit.query.get("csv") == name else ROWS]
    page, more = visit.page(name), len(rows) > len(shown)
    return Table(name=name, head=head, rows=shown, empty=empty, page=page, next=more and page < PAGES, cut=more)


def cut(
    visit: Visit,
    name: str,
    head: tuple[str, ...],
    rows: Sequence[Any],
    empty: str = "没有。",
    row: Callable[[Any], Sequence[Cell]] = tuple,
) -> Table:
    """The same, of all there are; `row` makes a row of one of them."""
    offset, limit = visit.window(name)
    return paged(visit, name, head, [row(each) for each in rows[offset : offset + limit]], empty)


def title_of(content: Content, item: str | None) -> str:
    """What people call an item; one that was taken out has its id only."""
    found = content.library.get(item or "")
    return f"{found.kind} {found.title}" if found else item or ""


async def called(room: Room, userids: Iterable[str]) -> dict[str, str]:
    """userid → what people call them; whose name nobody told us, by their userid."""
    wanted = sorted(set(userids))
    names = await room.database.read(partial(standing.names, userids=wanted))
    return {userid: names.get(userid, userid) for userid in wanted}


def clock(at: int | None, timezone: str) -> str:
    """An instant as people read it; empty when there is none."""
    return spoken(at, timezone) if at else ""
