"""What a page of the console says, as values: sections of words, tables, forms. How it looks is in the templates."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["", "good", "warn", "bad", "soft", "科普", "活动", "互动", "导购"]

ROWS = 25
"""Of one page of a table."""

CSV_ROWS = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet would take for a formula when a cell begins with it, full width as Chinese ones do."""

WHEN = re.compile(r"\d+ 月 \d+ 日( \d\d:\d\d)?")
BRIEF = 9
"""Characters below which a cell is not broken into lines."""

NAME_BYTES = 24
"""Bytes up to which a link is not."""

NUMBER = re.compile(r"[+-]\d+(\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    to: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that stand out."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form. `options`: (value, words) of a choice."""

    name: str
    label: str = ""
    value: str = ""
    kind: Literal["hidden", "line", "choice", "area", "file"] = "line"
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Something to send. `method` get: it asks; post: it changes something. `more`: other buttons, (action, words).
    `check`: an address that says what it thinks of it while somebody types."""

    to: str
    button: str
    fields: tuple[Field, ...] = ()
    more: tuple[tuple[str, str], ...] = ()
    method: Literal["get", "post"] = "post"
    tone: Literal["main", "plain", "danger"] = "plain"
    check: str = ""
    kind: str = field(default="form", init=False)


@dataclass(frozen=True, slots=True)
class Lines:
    """Several things in one cell, each on a line of its own."""

    lines: tuple[str | Link, ...]


Cell = str | int | Link | Mark | Form | Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head, of which this is one page. `name`: of its CSV file. `next`: whether there is a page after it;
    `cut`: whether there are more rows."""

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    empty: str = "没有。"
    page: int = 1
    next: bool = False
    cut: bool = False
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. `line`: of the text that it is about, from 1; 0: of none. `to`: where it leads."""

    text: str
    tone: Tone = ""
    line: int = 0
    to: str = ""
    kind: str = field(default="words", init=False)


@dataclass(frozen=True, slots=True)
class Live:
    """Words that are replaced while somebody types, and read out to who does not see them."""

    words: tuple[Words, ...]
    kind: str = field(default="live", init=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """A few numbers that are looked at first: (what, how much, where it leads)."""

    rows: tuple[tuple[str, str, str], ...]
    kind: str = field(default="figures", init=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, as the address of an image; `words` say the same to who cannot see it."""

    source: str
    words: str
    kind: str = field(default="picture", init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """What people would see: words as rendered, and what comes with them, as (what, address of a picture or '')."""

    whose: str
    text: str
    with_it: tuple[tuple[str, str], ...] = ()
    kind: str = field(default="bubble", init=False)


@dataclass(frozen=True, slots=True)
class Diff:
    """Lines that went (-), came (+) or stand around (space)."""

    lines: tuple[str, ...]
    kind: str = field(default="diff", init=False)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a calendar: its heading, whether it is today, whether it is of another month. `lines`: words, kind,
    where it leads, how it stands."""

    heading: str
    lines: tuple[tuple[str, Tone, str, str], ...]
    today: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """Days in weeks from Monday."""

    days: tuple[Day, ...]
    kind: str = field(default="days", init=False)


@dataclass(frozen=True, slots=True)
class Legend:
    """What colours and short words stand for, to be opened by who does not know. `rows`: (samples with their colours,
    what they mean)."""

    title: str
    rows: tuple[tuple[tuple[tuple[str, Tone], ...], str], ...]
    kind: str = field(default="legend", init=False)


Part = Table | Words | Live | Form | Figures | Picture | Bubble | Diff | Days | Legend


@dataclass(frozen=True, slots=True)
class Section:
    """Parts under a heading. `how`: where its numbers come from, and how old they are."""

    title: str
    parts: tuple[Part, ...]
    how: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page. `said`: what came of what was just done."""

    title: str
    sections: tuple[Section, ...]
    said: str = ""
    status: int = 200

    def table(self, name: str) -> Table | None:
        """The table of this name."""
        return next((part for part in self._parts() if isinstance(part, Table) and part.name == name), None)

    @property
    def checks(self) -> bool:
        """Whether something is checked on it while somebody types, which needs a script."""
        return any(isinstance(part, Form) and part.check for part in self._parts())

    def _parts(self) -> Iterator[Part]:
        return (part for section in self.sections for part in section.parts)


def stays_whole(cell: Cell) -> bool:
    """Whether a cell is easier to read in one line: a number, a few characters, a time, the name of an entry."""
    if isinstance(cell, Link):
        return len(cell.text.encode()) <= NAME_BYTES
    text = cell.text if isinstance(cell, Mark) else cell
    return isinstance(text, int) or (isinstance(text, str) and (len(text) < BRIEF or bool(WHEN.fullmatch(text))))


def as_csv(table: Table) -> bytes:
    """A file that spreadsheets open as it is: UTF-8 with a mark, and no cell that they take for a formula. Columns
    without a heading hold buttons, and are left out."""
    kept = [number for number, title in enumerate(table.head) if title]
    file = io.StringIO()
    write = csv.writer(file)
    write.writerow([table.head[number] for number in kept])
    write.writerows([_plain(row[number]) for number in kept] for row in table.rows)
    if table.cut:
        write.writerow([f"后面还有，这个文件只到第 {len(table.rows)} 行"])
    return "\ufeff".encode() + file.getvalue().encode()


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, int):
        return cell
    text = _text(cell)
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text


def _text(cell: str | Link | Mark | Form | Lines) -> str:
    if isinstance(cell, Lines):
        return "；".join(_text(each) for each in cell.lines)
    return cell if isinstance(cell, str) else cell.button if isinstance(cell, Form) else cell.text
