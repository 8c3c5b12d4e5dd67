"""Files held against what the corp lives with: names that no group has, one wording for many, rules that do
nothing, codes that run out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.content import calendars, library, rules
from bot.content.offers import OffersFile
from bot.scrm.gift import CodeStock
from bot.yamlfile import Document, Problem
from bot.yamlfile.document import KeyPath

IDLE_DAYS = 30
"""A rule that kept nothing back for so long is asked about."""

TELLING = ("跳过", "推迟", "换类")
"""What leaves a trace whenever it is followed; who let something through, or approved in time, leaves none."""

NAMED = 3
"""Items named of a file; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """group_names: of the groups that are there. spoken: the rules that kept something back in IDLE_DAYS; None: it is
    not so long that anything is decided. shared: people with several guides, and how many guides those are."""

    group_names: Collection[str] = ()
    spoken: Collection[str] | None = None
    shared: tuple[int, int] = (0, 0)


def stock_problems(files: Iterable[tuple[Document, OffersFile]], stocks: Mapping[str, CodeStock]) -> Iterator[Problem]:
    """One-use codes that will not last, where the offer names them."""
    for document, file in files:
        for i, row in enumerate(file.offers):
            stock = stocks.get(row.id)
            if stock and stock.low:
                yield document.problem(("offers", i, "codes"), stock.said, "warning")


def group_problems(files: calendars.Files, use: InUse) -> Iterator[Problem]:
    """Patterns of group names that no group has; nothing is said before groups were read."""
    for document, file in files if use.group_names else ():
        for path, pattern in _patterns(file):
            if not any(fnmatchcase(name, pattern) for name in use.group_names):
                yield document.problem(path, f"没有群名符合“{pattern}”", "warning")


def _patterns(file: calendars.CalendarFile) -> Iterator[tuple[KeyPath, str]]:
    whom = {("entries", i): row.who for i, row in enumerate(file.entries)}
    whom |= {("live", i): row.who for i, row in enumerate(file.live)}
    for here, who in whom.items():
        for j, pattern in enumerate(who.groups if who else ()):
            yield (*here, "who", "groups", j), pattern


def wording_problems(files: library.Files, use: InUse) -> Iterator[Problem]:
    """One wording for Moments that the same customers see from several guides; a line a file, at its first item."""
    people, guides = use.shared
    for document, file in files if people else ():
        once = [i for i, row in enumerate(file.items) if not row.draft and _wordings(row) == 1]
        if once:
            named = "、".join(file.items[i].id for i in once[:NAMED])
            more = f"等 {len(once)} 条" if len(once) > NAMED else ""
            said = f"{named}{more}的朋友圈只有 1 版，{guides} 位导购有 {people:,} 位共同客户，再写 2 版吧"
            yield document.problem(("items", once[0], "variants"), said, "warning")


def _wordings(row: library.ItemRow) -> int:
    return sum("朋友圈" in variant.outlets for variant in row.variants)


def idle_problems(files: rules.Files, use: InUse) -> Iterator[Problem]:
    """Rules without any effect: perhaps they say something else than was meant."""
    for document, file in files if use.spoken is not None else ():
        for i, row in enumerate(file.rules):
            if row.then in TELLING and not row.off and row.id not in (use.spoken or ()):
                yield _idle(document, i, row.id)


def _idle(document: Document, i: int, rule: str) -> Problem:
    return document.problem(("rules", i, "id"), f"{rule} 近 {IDLE_DAYS} 天没有改变任何决定", "warning")
