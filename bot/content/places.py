"""Where in the files staff find what would turn a decision: as the files are on disk now, right or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.content import edit
from bot.scrm.gates.changes import Change, Edit, MakeWay, Raise, Stock
from bot.yamlfile import Document, parse
from bot.yamlfile.document import KeyPath

Thing = tuple[str, str]
"""(what, id): item, offer, rule, calendar, entry (calendar/entry), kind (the last item of one), care, quota."""

_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "library": ("items", "item"),
    "rules": ("rules", "rule"),
    "offers.yaml": ("offers", "offer"),
}
_PARTS: Final[Mapping[str, KeyPath]] = {
    "text": ("variants",),
    "after_add": ("before_selling", "after_add"),
    "trust_items": ("before_selling", "trust_items"),
}
"""Where a key is another one's in the file, or below one."""

LIVE: Final = ("notice", "opening", "replay")


@dataclass(frozen=True, slots=True)
class Place:
    """A line, from 1, of a file below content/."""

    name: str
    line: int

    def __str__(self) -> str:
        return f"content/{self.name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Places:
    """Every thing that a change may be about, each with its file and the keys that lead to it. Reads the files when it
    is made."""

    content_dir: Path
    _things: dict[Thing, tuple[Document, KeyPath]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for name in edit.names(self.content_dir):
            with suppress(OSError):  # taken out meanwhile
                document = parse(f"{self.content_dir.name}/{name}", (self.content_dir / name).read_bytes())
                self._things.update((thing, (document, path)) for thing, path in _things(name, document.data))

    def of(self, change: Change, entry: str) -> Place | None:
        """Where somebody would make it who asked about this calendar/entry; None: in no file, or nobody knows."""
        match change:
            case MakeWay(first):
                return self._at(("entry", first))
            case Edit("entry", _, key):
                return self._at(("entry", entry), key)
            case Edit("calendar", id_, key):
                return self._at(("calendar", id_), key)
            case Edit("care", id_, "away"):
                return self._at(("away", id_)) or self._at(("care", ""), "away")
            case Edit("care", _, key):
                return self._at(("care", ""), key)
            case Edit(part, id_, key):
                return self._at((part, id_), key)
            case Raise(source):
                what, *keys = source.split(".")
                return self._at((what, ""), *(int(key) if key.isdecimal() else key for key in keys))
            case Stock(kinds):
                return next((place for kind in kinds if (place := self._at(("kind", kind)))), None)
        return None

    def _at(self, thing: Thing, *keys: str | int) -> Place | None:
        if thing not in self._things:
            return None
        document, path = self._things[thing]
        below = (part for key in keys for part in _PARTS.get(str(key), (key,)))
        return Place(document.name.partition("/")[2], document.line((*path, *below)))


def _things(name: str, data: object) -> Iterator[tuple[Thing, KeyPath]]:
    folder = name.partition("/")[0]
    if not isinstance(data, dict):
        return
    if folder in _LISTS:
        key, what = _LISTS[folder]
        for i, row in _rows(data, key):
            yield (what, str(row["id"])), (key, i)
            if what == "item":
                yield ("kind", str(row.get("kind"))), (key, i)
    elif folder == "calendars":
        yield ("calendar", str(data.get("id"))), ()
        yield from _entries(data)
    elif name in ("care.yaml", "quota.yaml"):
        yield (name.removesuffix(".yaml"), ""), ()
        yield from ((("away", str(row["guide"])), ("away", i)) for i, row in _rows(data, "away", "guide"))


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[Thing, KeyPath]]:
    """calendar/entry, calendar/live-notice and so on, calendar/sequence/step."""
    calendar = data.get("id")
    for i, row in _rows(data, "entries"):
        yield ("entry", f"{calendar}/{row['id']}"), ("entries", i)
    for i, row in _rows(data, "live"):
        yield from ((("entry", f"{calendar}/{row['id']}-{part}"), ("live", i)) for part in LIVE)
    for i, sequence in _rows(data, "sequences"):
        for j, row in _rows(sequence, "steps"):
            yield ("entry", f"{calendar}/{sequence['id']}/{row['id']}"), ("sequences", i, "steps", j)


def _rows(data: Mapping[str, Any], key: str, named: str = "id") -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a list that have a name, whatever else is wrong with it."""
    rows = data.get(key)
    for i, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict) and row.get(named):
            yield i, row
