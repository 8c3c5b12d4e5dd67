"""What a pattern wants, read from its letters without compiling it: a tenth of what compiling costs.

Nearly all patterns find nothing in nearly all texts, and are not even asked: what they find holds one of a few words,
and the automaton knows whether those are there. What this reader does not know is left to `re`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Words = frozenset[str]

_SET = r"\[\^?(?:\\[dnsw]|0-9|1-9|a-z|A-Z|[^\\\[\]^-])+\]"
_BEHIND = rf"\(\?<[!=](?:[^\\()\[\]{{}}|?*+^$]|{_SET})+\)"
_LETTER = r"[^\\()\[\]{}|?*+.^$]"
_MAYBE = r"(?:[?*]|\{0,\d{1,2}\})\??"
_OFTEN = r"(?:\+|\{(?:(?:1,)?[1-9]\d?|2,[2-9]|3,[3-9]|[4-5],[5-9]|[1-9],[1-9]\d)\})\??"
_TOKEN = re.compile(
    rf"(({_LETTER}+(?![?*+{{]))|(?:\(({_LETTER}+(?:\|{_LETTER}+)+)\)|({_LETTER}|\\[?.+*()|n])|({_SET}|\.|\\[dsw])"
    rf"|(\)))(?:({_MAYBE})|({_OFTEN}))?|{_BEHIND}|\^|\$|(\((?:\?[:!=])?)|(\|))"
)
_FEW = 16
"""A set of more signs says little."""


class UnreadError(Exception):
    """This reader does not know."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`firm`: it never finds nothing. `words`: of each of these sets one word stands in whatever it finds."""

    firm: bool
    words: tuple[Words, ...] = ()


@dataclass(slots=True)
class _Way:
    """One alternative, as far as it is read. `run`: letters that stand together, until something else comes."""

    firm: bool = False
    words: tuple[Words, ...] = ()
    run: str = ""

    def ends_run(self) -> None:
        if self.run:
            self.wants(Words((self.run,)))
            self.run = ""

    def wants(self, *words: Words) -> None:
        """Something that must be there."""
        self.firm = True
        self.words += words


def _worth(words: Words) -> tuple[int, int]:
    """The longest say most, then those that have the fewest ways."""
    return min(map(len, words)), -len(words)


@dataclass(slots=True)
class _Bracket:
    looks: bool = False
    ways: list[_Way] = field(default_factory=lambda: [_Way()])

    def shape(self) -> Shape:
        for way in self.ways:
            way.ends_run()
        if self.looks or not all(way.firm for way in self.ways):
            return Shape(firm=False)
        if len(self.ways) == 1:
            return Shape(firm=True, words=self.ways[0].words)
        best = [max(way.words, key=_worth, default=None) for way in self.ways]
        return Shape(firm=True, words=(Words().union(*filter(None, best)),) if all(best) else ())


def shape(spelled: str) -> Shape:
    """Raises UnreadError."""
    brackets, read = [_Bracket()], 0
    for whole, run, words, letter, signs, closed, maybe, often, opened, bar in _TOKEN.findall(spelled):
        read += len(whole)
        way = brackets[-1].ways[-1]
        if run or (letter and not maybe and not often):
            way.run += run or _plain(letter)
            continue
        way.ends_run()
        if bar:
            brackets[-1].ways.append(_Way())
        elif opened:
            brackets.append(_Bracket(looks=opened in ("(?!", "(?=")))
        elif closed:
            _close(brackets, wanted=not maybe)
        elif words and not maybe:
            way.wants(Words(words.split("|")))
        elif letter and not maybe:
            way.wants(Words(_plain(letter)))
        elif signs and not maybe:
            way.wants(*_few(signs))
    if read != len(spelled) or len(brackets) != 1:
        raise UnreadError(spelled)
    return brackets[0].shape()


def _close(brackets: list[_Bracket], *, wanted: bool) -> None:
    inner = brackets.pop().shape()
    if not brackets:
        raise UnreadError("a bracket is closed that nobody opened")
    if wanted and inner.firm:
        brackets[-1].ways[-1].wants(*inner.words)


def _plain(letter: str) -> str:
    return "\n" if letter == r"\n" else letter[-1]


def _few(signs: str) -> tuple[Words, ...]:
    """What a set may hold, where that is said by a few signs."""
    inside = signs[1:-1]
    listed = inside and len(inside) <= _FEW and inside[0] != "^" and not set(inside) & {"\\", "-"}
    return (Words(inside),) if listed else ()
