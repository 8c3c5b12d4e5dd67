"""Where a text holds what is forbidden: words, patterns, and words of several classes said together."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ahocorasick_rs

from bot.scrm.lint.normal import Span, spelled
from bot.scrm.lint.pattern import branches, compiled, covers, hints
from bot.scrm.lint.taboo import Taboo, WordClass

Found = tuple[int, int, Taboo]
Seen = Mapping[str, Sequence[tuple[int, int]]]
"""Where a text holds words of each class, by the name of the class."""

Rule = tuple[Taboo, frozenset[str]]
"""What must not be said, and the names of the classes that say it together."""

NEAR: Final = 16
"""How many characters away a word may stand that means it otherwise."""
_ENDS = frozenset("!\n")
"""A question belongs to what follows it: 没钱？用爸妈手机."""
_CLAUSES = frozenset(",;")


Holder = Taboo | WordClass


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """A pattern, compiled when a text first holds all that it wants. `wants`: how many different things.

    `rank`: of what is found in one place, the pattern that was written first speaks.
    """

    rank: int
    pattern: str
    holder: Holder
    wants: int

    def places(self, text: str) -> Iterator[tuple[int, int, Holder]]:
        return ((*found.span(), self.holder) for found in compiled(self.pattern).finditer(text) if found[0])


class Search:
    """All words in one automaton: those of lists, those of classes, and those without which a pattern finds nothing.

    So a text is read once, and of a thousand patterns those few are asked that could find something in it.
    """

    def __init__(self, taboos: Iterable[Taboo]) -> None:
        known = tuple(taboos)
        classes = {one.name: one for taboo in known for one in (*taboo.together, *taboo.any_of, *taboo.without)}
        self._together = _by_rarest([taboo for taboo in known if taboo.together])
        self._written: list[_Written] = []
        meant: defaultdict[str, list[Holder | tuple[_Written, int]]] = defaultdict(list)
        holders: list[Holder] = [*known, *classes.values()]
        for holder in holders:
            for word in holder.words:
                meant[spelled(word)].append(holder)
            for part in filter(None, branches(holder.pattern or "")):
                self._learn(part, holder, meant)
        meant.pop("", None)
        self._always = [one for one in self._written if not one.wants]
        self._meant = list(meant.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(meant))

    def _learn(self, pattern: str, holder: Holder, meant: Mapping[str, list[Holder | tuple[_Written, int]]]) -> None:
        wanted = hints(pattern)
        written = _Written(len(self._written), pattern, holder, len(wanted))
        self._written.append(written)
        for n, words in enumerate(wanted):
            for word in words:
                meant[word].append((written, n))

    def found(self, text: str, quoted: Sequence[Span] = ()) -> list[Found]:
        """Every stretch that is meant as it is forbidden; stretches may overlap. `quoted`: what the text only cites."""
        hits: list[Found] = []
        seen: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, end, holder in self._places(text):
            if isinstance(holder, WordClass):
                seen[holder.name].append((start, end))
            else:
                hits.append((start, end, holder))
        parted = [i for i, letter in enumerate(text) if letter in _ENDS]
        clauses = [i for i, letter in enumerate(text) if letter in _CLAUSES]
        hits += (hit for hit in self._by_classes(seen, parted) if _is_one_statement(hit, clauses))
        return [hit for hit in hits if not _excused(hit, text, seen, parted, quoted)]

    def _places(self, text: str) -> Iterator[tuple[int, int, Holder]]:
        """Where words and patterns stand; what is compiled is asked only where it can be."""
        there: defaultdict[_Written, set[int]] = defaultdict(set, {one: set() for one in self._always})
        for n, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for one in self._meant[n]:
                if isinstance(one, tuple):
                    there[one[0]].add(one[1])
                else:
                    yield start, end, one
        asked = [pattern for pattern, found in there.items() if len(found) == pattern.wants]
        for pattern in sorted(asked, key=lambda one: one.rank):
            yield from pattern.places(text)

    def _by_classes(self, seen: Seen, parted: Sequence[int]) -> Iterator[Found]:
        near = ((name, other) for name in tuple(seen) for other in self._together.get(name, ()) if other in seen)
        for taboo, names in (rule for name, other in near for rule in self._together[name][other]):
            if names <= seen.keys():
                said = sorted((start, end, name) for name in names for start, end in seen[name])
                yield from ((start, end, taboo) for start, end in _together(said, names, taboo.reach, parted))


def _by_rarest(taboos: Iterable[Taboo]) -> Mapping[str, Mapping[str, Sequence[Rule]]]:
    """Rules by those two classes of theirs which have the fewest words: a text without them need not ask for them."""
    rules: defaultdict[str, defaultdict[str, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    for taboo in taboos:
        for classes in _said(taboo):
            first, second, *_ = sorted(classes, key=lambda one: (one.pattern is not None, len(one.words)))
            rules[first.name][second.name].append((taboo, frozenset(one.name for one in classes)))
    return rules


def _said(taboo: Taboo) -> Iterable[tuple[WordClass, ...]]:
    """The classes that together are a hit, each way it can be said."""
    return [(*taboo.together, one) for one in taboo.any_of] or [taboo.together]


def _together(
    said: Sequence[tuple[int, int, str]], names: frozenset[str], reach: int, parted: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Stretches of one sentence that hold a word of each class; no word counts for two classes."""
    for n, (start, end, name) in enumerate(said):
        missing, last = set(names) - {name}, end
        for begin, until, other in said[n + 1 :]:
            if begin - start > reach or bisect(parted, start) != bisect(parted, begin):
                break
            if other in missing and begin >= last and until - start <= reach:
                missing.discard(other)
                last = until
            if not missing:
                yield start, last
                break


def _is_one_statement(hit: Found, clauses: Sequence[int]) -> bool:
    """Each class may bring a clause of its own: what stands farther apart only happens to be said one after another."""
    start, end, taboo = hit
    return bisect(clauses, end - 1) - bisect(clauses, start) < len(taboo.together) + bool(taboo.any_of)


def _excused(hit: Found, text: str, seen: Seen, parted: Sequence[int], quoted: Sequence[Span]) -> bool:
    """Whether it is meant otherwise, by a word of the same sentence or by what stands around it."""
    start, end, taboo = hit
    here = bisect(parted, start)
    cited = any(begin < end and start < until for begin, until in quoted)
    said = (place for one in taboo.without if cited or not one.quoted for place in seen.get(one.name, ()))
    return any(bisect(parted, b) == here and b - end <= NEAR and start - e <= NEAR for b, e in said) or any(
        covers(context, text, start, end) for context in taboo.contexts
    )
