"""The plans among the files: library, offers, calendars, mix, care, quota, rules, and the linter over all words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

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
from bot.content.around import Around
from bot.content.calendars import CalendarFile, Compile
from bot.content.care import CareFile
from bot.content.cel import Known, compile_when
from bot.content.holidays import HolidaysFile
from bot.content.knowledge import KnowledgeFile
from bot.content.library import LibraryFile, library
from bot.content.lint_lists import CLAIMS_FILE, ClaimsFile, ListFile
from bot.content.mix import MixFile
from bot.content.offers import OffersFile
from bot.content.quota import QuotaFile
from bot.content.reading import Reading
from bot.content.rules import RulesFile, rules
from bot.scrm.calendar import Calendar
from bot.scrm.care import PLAIN_CARE, Care
from bot.scrm.daybook import PLAIN_DAYS, DayBook
from bot.scrm.item import Item
from bot.scrm.kind import Touchpoint
from bot.scrm.lint import Claim, Hit, Linter
from bot.scrm.mix import EVEN_MIX, MixPlan
from bot.scrm.offer import Offer
from bot.scrm.quota import UNLIMITED, Quota
from bot.scrm.rules.condition import Condition
from bot.scrm.rules.rule import Rule
from bot.scrm.rules.vocabulary import Scope
from bot.scrm.week import local_time
from bot.yamlfile import Document, Problem, any_error
from bot.yamlfile.document import KeyPath

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

    @property
    def offer_ids(self) -> set[str] | None:
        """The offers there are; None where they could not be read."""
        return {row.id for _, file in self.offers.files for row in file.offers} if self.offers.whole else None

    def allowed(self, timezone: str) -> Mapping[str, Claim] | None:
        """The effects that lint/claims.yaml allows; None when there is no such file, or it could not be read."""
        return self.claims.row.value(timezone) if self.claims.row else None

    @cached_property
    def linter(self) -> Linter | None:
        """The linter of these lists; None when there are none, or one could not be read."""
        if not self.lists.files or not (self.lists.whole and self.claims.whole) or any_error(self._list_problems):
            return None
        return lint_lists.linter(self.lists.files, self.claims.row)

    def problems(self, around: Around) -> Iterator[Problem]:
        """Everything wrong beyond single values; what needs a file that could not be read is left out."""
        yield from self._list_problems
        yield from (problem for each in self.codes.values() for problem in each.problems)
        yield from self._needed_problems()
        days = self._days(around)
        yield from self.holidays.told(holidays.problems)
        yield from holidays.unsettled(self._years(around), self.holidays.row)
        yield from self.care.told(care.problems, care.Around(days, around.tags))
        yield from self.quota.told(quota.problems)
        pooled = mix.Around(lambda text: compile_when(text, self._known(around), POOLS_ONLY), around.guides)
        yield from self.mix.told(mix.problems, pooled)
        used = Counter(row.offer for _, file in self.library.files for row in file.items if row.offer)
        yield from self.offers.told(offers.problems, offers.Around(self.codes, used, around.at, around.timezone))
        yield from knowledge.problems(self.knowledge.files)
        yield from library_check.problems(self.library.files, self._around_library(around))
        yield from rules_check.problems(self.rules.files, self._known(around))
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
            mix=self.mix.row.value(lambda t: compile_when(t, scopes=POOLS_ONLY), zone) if self.mix.row else EVEN_MIX,
            care=self.care.row.value() if self.care.row else PLAIN_CARE,
            quota=self.quota.row.value(zone) if self.quota.row else UNLIMITED,
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
        care, limits = self.care.row, self.quota.row
        book = calendar_plan.Around(
            days=days,
            timezone=around.timezone,
            compile=self._compiler(around),
            items=self._items(around),
            offers=self._offers(around) if self.offers.whole else None,
            topics=self._topics,
            quiet=care.value().quiet if care else None,
            quota=limits.value(around.timezone) if limits else None,
            taxonomy=around.taxonomy,
            channels=around.channels,
            guides=around.guides,
            cards_a_day=care.value().guide_load.cards_per_day if care else None,
            from_at=around.at or 0,
        )
        found = list(calendar_check.problems(self.calendars.files, book))
        yield from found
        if not any_error(found) and self.calendars.whole:
            yield from calendar_plan.problems(self.calendars.files, book)

    @property
    def _topics(self) -> Collection[str] | None:
        return self.care.row.topics if self.care.row else None

    def _around_library(self, around: Around) -> library_check.Around:
        return library_check.Around(
            shelf=around.shelf,
            topics=self._topics,
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
            topics=self._topics,
            personas=around.personas,
            channels=around.channels,
            tags=around.tags,
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
        return self.offers.row.value(around.timezone) if self.offers.row else {}

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
        return holidays.book(around_them, self.holidays.row) if years else PLAIN_DAYS


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
