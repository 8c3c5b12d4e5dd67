"""The plans among the files: library, offers, calendars, mix, care, quota, rules, and the linter over all words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from bot.content import (
    calendar_check,
    calendar_plan,
    care,
    codes,
    holidays,
    knowledge,
    library_check,
    lint_lists,
    linted,
    mix,
    offers,
    quota,
    rules_check,
)
from bot.content.calendars import CalendarFile, Compile
from bot.content.care import CareFile
from bot.content.cel import Known, compile_when
from bot.content.holidays import HolidaysFile
from bot.content.knowledge import KnowledgeFile
from bot.content.library import LibraryFile, library
from bot.content.lint_lists import CLAIMS_FILE, ClaimsFile, ListFile
from bot.content.media import MediaShelf
from bot.content.mix import MixFile
from bot.content.offers import OffersFile
from bot.content.period import TIMEZONE
from bot.content.quota import QuotaFile
from bot.content.reading import Reading, Several
from bot.content.rules import RulesFile, rules
from bot.scrm.calendar import Calendar
from bot.scrm.care import PLAIN_CARE, Care
from bot.scrm.channel import Channel
from bot.scrm.daybook import PLAIN_DAYS, DayBook
from bot.scrm.item import Item
from bot.scrm.kind import Touchpoint
from bot.scrm.lint import Hit, Linter
from bot.scrm.mix import EVEN_MIX, MixPlan
from bot.scrm.offer import Offer
from bot.scrm.persona import Persona
from bot.scrm.quota import UNLIMITED, Quota
from bot.scrm.rules.condition import Condition
from bot.scrm.rules.rule import Rule
from bot.scrm.rules.vocabulary import Scope
from bot.scrm.taxonomy import Taxonomy
from bot.scrm.week import local_time
from bot.yamlfile import Document, Problem, Row, any_error
from bot.yamlfile.document import KeyPath

F = TypeVar("F", bound=Row)

SINGLE_FILES = ("care.yaml", "holidays.yaml", "mix.yaml", "offers.yaml", "quota.yaml")
FOLDERS = ("calendars", "knowledge", "library", "lint", "rules")
NEEDED = ("care.yaml", "mix.yaml", "quota.yaml")
"""Without these no calendar says what may go out."""

EVERYWHERE: tuple[Scope, ...] = ("内容", "时间", "池子", "个人")
POOLS_ONLY: tuple[Scope, ...] = ("池子",)
SEEN_BY_ALL: tuple[Scope, ...] = ("内容", "时间", "池子")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanValues:
    """The plans of one edition. `refused`: digest of an item → what the linter refuses in it; it is never sent."""

    library: Mapping[str, Item] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calendars: tuple[Calendar, ...] = ()
    days: DayBook = PLAIN_DAYS
    mix: MixPlan = EVEN_MIX
    care: Care = PLAIN_CARE
    quota: Quota = UNLIMITED
    rules: tuple[Rule, ...] = ()
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Around:
    """What plans refer to; None where it could not be read. `at`: now, epoch seconds; None: nobody knows."""

    shelf: MediaShelf
    personas: Mapping[str, Persona] | None
    channels: Mapping[str, Channel] | None
    taxonomy: Taxonomy | None
    at: int | None = None
    timezone: str = TIMEZONE

    @property
    def guides(self) -> frozenset[str] | None:
        """Every member named anywhere."""
        if self.channels is None or self.personas is None:
            return None
        received = (u for c in self.channels.values() for u in (*c.userids, c.spare) if u)
        return frozenset(received) | {u for p in self.personas.values() for u in p.guides}


Heard = tuple[Document, LibraryFile, KeyPath, Hit]
"""Something that the linter found in a file of the library, and where."""


class PlanFiles:
    """Every file of a plan, read."""

    def __init__(self, reading: Reading) -> None:
        self.folder = reading.content_dir
        self.care = reading.optional("care.yaml", CareFile)
        self.quota = reading.optional("quota.yaml", QuotaFile)
        self.mix = reading.optional("mix.yaml", MixFile)
        self.offers = reading.optional("offers.yaml", OffersFile)
        self.holidays = reading.optional("holidays.yaml", HolidaysFile)
        self.library = reading.several("library", LibraryFile)
        self.knowledge = reading.several("knowledge", KnowledgeFile)
        self.rules = reading.several("rules", RulesFile)
        self.calendars = reading.several("calendars", CalendarFile)
        self.lists = reading.several("lint", ListFile, leave_out=CLAIMS_FILE)
        self.claims = reading.optional(f"lint/{CLAIMS_FILE}", ClaimsFile)
        names = sorted(path.name for path in (self.folder / "codes").glob("*.csv"))
        self.codes = {name: codes.read_codes(f"codes/{name}", reading.raw(f"codes/{name}")) for name in names}

    @cached_property
    def linter(self) -> Linter | None:
        """The linter of these lists; None when there are none, or one could not be read."""
        if not self.lists.files or not (self.lists.whole and self.claims.whole) or any_error(self._list_problems):
            return None
        return lint_lists.linter(self.lists.files, self.claims.one[1] if self.claims.one else None)

    def problems(self, around: Around) -> Iterator[Problem]:
        """Everything wrong beyond single values; what needs a file that could not be read is left out."""
        yield from self._list_problems
        yield from (problem for each in self.codes.values() for problem in each.problems)
        yield from self._needed_problems()
        days = self._days(around)
        yield from _each(self.holidays, holidays.problems)
        yield from holidays.unsettled(self._years(around), self._one(self.holidays))
        tags = [tag.path for tag in around.taxonomy.tags] if around.taxonomy else None
        yield from _each(self.care, lambda d, f: care.problems(d, f, care.Around(days, tags)))
        yield from _each(self.quota, quota.problems)
        pooled = mix.Around(lambda text: compile_when(text, self._known(around), POOLS_ONLY), around.guides)
        yield from _each(self.mix, lambda d, f: mix.problems(d, f, pooled))
        used = Counter(row.offer for _, file in self.library.files for row in file.items if row.offer)
        for_offers = offers.Around(self.codes, used, around.at, around.timezone)
        yield from _each(self.offers, lambda d, f: offers.problems(d, f, for_offers))
        yield from knowledge.problems(self.knowledge.files)
        yield from library_check.problems(self.library.files, self._around_library(around))
        yield from rules_check.problems(self.rules.files, rules_check.Around(self._known(around)))
        yield from self._calendar_problems(around, days)

    def values(self, around: Around, heard: Iterable[Heard]) -> PlanValues:
        """Call only when `problems` found no error. `heard`: what the linter found in the library."""
        deals, media = self._offers(around), around.shelf.digests
        items = library(self.library.files, media, deals, around.timezone)
        zone = around.timezone
        return PlanValues(
            library=MappingProxyType(items),
            offers=MappingProxyType(deals),
            codes=MappingProxyType({name: each.codes for name, each in self.codes.items()}),
            calendars=tuple(f.value(zone, self._compiler(around)) for _, f in self.calendars.files),
            days=self._days(around),
            mix=self.mix.one[1].value(lambda t: compile_when(t, scopes=POOLS_ONLY), zone) if self.mix.one else EVEN_MIX,
            care=self.care.one[1].value() if self.care.one else PLAIN_CARE,
            quota=self.quota.one[1].value(zone) if self.quota.one else UNLIMITED,
            rules=rules(self.rules.files, zone),
            refused=MappingProxyType(_refused(heard, items)),
        )

    def heard(self, around: Around) -> list[Heard]:
        """What the linter finds in the library; nothing when lists or voices could not be read."""
        linter, personas = self.linter, around.personas
        if linter is None or personas is None:
            return []
        return [
            (document, file, path, hit)
            for document, file in self.library.files
            for path, hit in linted.heard(document, "library", linter, personas, around.at)
        ]

    @cached_property
    def _list_problems(self) -> tuple[Problem, ...]:
        whole = self.lists.whole and self.claims.whole
        return tuple(lint_lists.problems(self.lists.files, self.claims.one)) if whole else ()

    def _needed_problems(self) -> Iterator[Problem]:
        for name in NEEDED if self.calendars.files else ():
            if not (self.folder / name).exists():
                yield Problem(f"{self.folder.name}/{name}", 1, "", "有日历就要有这个文件，少了它不知道该怎么发")

    def _calendar_problems(self, around: Around, days: DayBook) -> Iterator[Problem]:
        book = calendar_plan.Around(
            days=days,
            timezone=around.timezone,
            compile=self._compiler(around),
            items=self._items(around),
            offers=self._offers(around) if self.offers.whole else None,
            topics=self.care.one[1].topics if self.care.one else None,
            quiet=self.care.one[1].value().quiet if self.care.one else None,
            quota=self.quota.one[1].value(around.timezone) if self.quota.one else None,
            taxonomy=around.taxonomy,
            channels=around.channels,
            guides=around.guides,
            cards_a_day=self.care.one[1].value().guide_load.cards_per_day if self.care.one else None,
            from_at=around.at or 0,
        )
        found = list(calendar_check.problems(self.calendars.files, book))
        yield from found
        if not any_error(found) and self.calendars.whole:
            yield from calendar_plan.problems(self.calendars.files, book)

    def _around_library(self, around: Around) -> library_check.Around:
        return library_check.Around(
            shelf=around.shelf,
            topics=self.care.one[1].topics if self.care.one else None,
            offers=self._offers(around) if self.offers.whole else None,
            personas=around.personas,
            channels=around.channels,
            guides=around.guides,
            taxonomy=around.taxonomy,
            knowledge=knowledge.ids(self.knowledge.files) if self.knowledge.whole else None,
            at=around.at,
            timezone=around.timezone,
        )

    def _known(self, around: Around) -> Known:
        return Known(
            topics=self.care.one[1].topics if self.care.one else None,
            personas=around.personas,
            channels=around.channels,
            tags=[tag.path for tag in around.taxonomy.tags] if around.taxonomy else None,
            items={row.id for _, file in self.library.files for row in file.items} if self.library.whole else None,
            guides=around.guides,
        )

    def _compiler(self, around: Around) -> Compile:
        known = self._known(around)

        def compiled(text: str, touchpoint: Touchpoint) -> Condition:
            return compile_when(text, known, EVERYWHERE if touchpoint == "私聊" else SEEN_BY_ALL)

        return compiled

    def _items(self, around: Around) -> Mapping[str, Item] | None:
        if not self.library.whole:
            return None
        return library(self.library.files, around.shelf.digests, self._offers(around), around.timezone)

    def _offers(self, around: Around) -> dict[str, Offer]:
        return self.offers.one[1].value(around.timezone) if self.offers.one else {}

    def _years(self, around: Around) -> set[int]:
        """The years that calendars speak of, and those around now."""
        bounds = [b for _, f in self.calendars.files for b in (f.valid.start, f.valid.end) if b]
        named = {bound.local.year for bound in bounds}
        if around.at is not None and self.calendars.files:
            this = local_time(around.at, around.timezone).year
            named |= {this, this + 1}
        return named

    def _days(self, around: Around) -> DayBook:
        years = self._years(around)
        around_them = {year + more for year in years for more in (-1, 0, 1)}
        return holidays.book(around_them, self._one(self.holidays)) if years else PLAIN_DAYS

    @staticmethod
    def _one(several: Several[HolidaysFile]) -> HolidaysFile | None:
        return several.one[1] if several.one else None


def _each(several: Several[F], check: Callable[[Document, F], Iterable[Problem]]) -> Iterable[Problem]:
    """What a check says of a file that is there."""
    return check(*several.one) if several.one else ()


def lint_problems(heard: Iterable[Heard]) -> Iterator[Problem]:
    """What the linter says of the library: an item with a refusal stays, and is never sent."""
    for document, _, path, hit in heard:
        problem = linted.problem(document, path, hit)
        refused = problem.severity == "error"
        said = f"{problem.message}。改好以前，这一条不会发出" if refused else problem.message
        yield replace(problem, message=said, severity="warning")


def _refused(heard: Iterable[Heard], items: Mapping[str, Item]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for _, file, path, hit in heard:
        if hit.severity == "refuse":
            row = file.items[int(path[1])]
            found.setdefault(items[row.id].digest, []).append(linted.said(hit))
    return {digest: tuple(said) for digest, said in found.items()}
