"""Where a text holds what is forbidden: words, patterns, and words of several classes said together."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import ahocorasick_rs

from bot.scrm.lint.normal import spelled
from bot.scrm.lint.pattern import branches, compiled, covers
from bot.scrm.lint.taboo import Taboo, WordClass

Found = tuple[int, int, Taboo]
Seen = Mapping[str, Sequence[tuple[int, int]]]
"""Where a text holds words of each class, by the name of the class."""

NEAR: Final = 16
"""How many characters away a word may stand that means it otherwise."""
_ENDS = frozenset("!\n")
"""A question belongs to what follows it: 没钱？用爸妈手机."""


class Search:
    """All words in one automaton, those of classes too; then the patterns one by one, then what was said together."""

    def __init__(self, taboos: Iterable[Taboo]) -> None:
        known = tuple(taboos)
        classes = {one.name: one for taboo in known for one in (*taboo.together, *taboo.without)}
        holders: list[Taboo | WordClass] = [*known, *classes.values()]
        written = ((spelled(word), holder) for holder in holders for word in holder.words)
        self._words = [(word, holder) for word, holder in written if word]
        self._automaton = ahocorasick_rs.AhoCorasick([word for word, _ in self._words])
        patterns = ((compiled(p), held) for held in holders for p in branches(held.pattern or "") if p)
        self._patterns = [(pattern.search, pattern, held) for pattern, held in patterns]
        self._together = [(taboo, frozenset(one.name for one in taboo.together)) for taboo in known if taboo.together]

    def found(self, text: str) -> list[Found]:
        """Every stretch that is meant as it is forbidden; stretches may overlap."""
        hits: list[Found] = []
        seen: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, end, holder in (*self._by_word(text), *self._by_pattern(text)):
            if isinstance(holder, WordClass):
                seen[holder.name].append((start, end))
            else:
                hits.append((start, end, holder))
        parted = [i for i, letter in enumerate(text) if letter in _ENDS]
        hits += self._by_classes(seen, parted)
        return [hit for hit in hits if not _excused(hit, text, seen, parted)]

    def _by_word(self, text: str) -> Iterator[tuple[int, int, Taboo | WordClass]]:
        for n, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            yield start, end, self._words[n][1]

    def _by_pattern(self, text: str) -> Iterator[tuple[int, int, Taboo | WordClass]]:
        """Most patterns are in no text: asking for the first place is cheaper than asking for all."""
        there = [(pattern, holder) for search, pattern, holder in self._patterns if search(text)]
        for pattern, holder in there:
            for found in pattern.finditer(text):
                if found.end() > found.start():
                    yield found.start(), found.end(), holder

    def _by_classes(self, seen: Seen, parted: Sequence[int]) -> Iterator[Found]:
        for taboo, names in self._together:
            if names <= seen.keys():
                said = sorted((start, end, name) for name in names for start, end in seen[name])
                yield from ((start, end, taboo) for start, end in _together(said, names, taboo.reach, parted))


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


def _excused(hit: Found, text: str, seen: Seen, parted: Sequence[int]) -> bool:
    """Whether it is meant otherwise, by a word of the same sentence or by what stands around it."""
    start, end, taboo = hit
    here = bisect(parted, start)
    said = (place for one in taboo.without for place in seen.get(one.name, ()))
    return any(bisect(parted, b) == here and b - end <= NEAR and start - e <= NEAR for b, e in said) or any(
        covers(context, text, start, end) for context in taboo.contexts
    )
