"""A text without its disguises, and where each of its characters stood before.

Half and full width are one (NFKC), traditional characters become simplified, capitals small, Cyrillic and Greek
letters the Latin ones they look like, pictures that are read aloud the character they stand for (闲🐟), characters
that only Cantonese writes those of the common language (冇 没). What is only put between the characters of a word goes:
zero-width characters, blanks, emoji, dots, dashes, brackets. What parts sentences and clauses stays, and a plus before
letters: +vx. A full stop is a new line.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import opencc

_LOOK_ALIKE = str.maketrans("аеорсухвмткіνχορα", "aeopcyxbmtkivxopa")
_FULL_STOP = str.maketrans("。", "\n")
"""A full stop ends a sentence as a line does. And sets of signs compile much faster when all of them are ASCII."""
_READ_ALOUD = str.maketrans("🐟🐠🍑🍠🐱🐈🐶🐕🔪💊⚪🛰➕💰💴💵💲", "鱼鱼桃薯猫猫狗狗刀药白星+¥¥¥¥")
_CANTONESE = str.maketrans("冇嘅佢唔咗喺俾畀哋嗰睇嚟咁啲", "没的他不了在给给们那看来这些")
_PARTING = frozenset(",，!！?？;；:：、…\n《》")
_FILLED_IN = "\ufffc"
_MEANING = frozenset("%‰¥$€£₤@" + _FILLED_IN)
"""Signs that are more than decoration."""

_QUOTED = re.compile(r"“[^”\n]{1,40}”|「[^」\n]{1,40}」|『[^』\n]{1,40}』|\"[^\"\n]{1,40}\"")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_TO_SIMPLIFIED = opencc.OpenCC("t2s")


_UNCHANGED: set[str] = set()
"""Chinese characters that were seen to be spelled as they are."""


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Normal:
    """`text`, and for each of its characters where that begins and ends in the text that it was made of."""

    text: str
    positions: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Where a stretch of `text`, not an empty one, stands in the original."""
        return self.positions[start], self.ends[end - 1]

    def place(self, start: int, end: int) -> Span:
        """Where a stretch of the original stands in `text`."""
        return bisect_left(self.positions, start), bisect_left(self.positions, end)


def normal(text: str) -> Normal:
    """The text as the lists are matched against."""
    parts = [(letter, i) for i, original in enumerate(text) for letter in _letters(original)]
    kept = list(_without_decoration(parts))
    return Normal("".join(letter for letter, _ in kept), tuple(i for _, i in kept), tuple(i + 1 for _, i in kept))


def quotations(text: str) -> list[Span]:
    """Where something stands in quotation marks; they are gone from the normal text."""
    return [found.span() for found in _QUOTED.finditer(text)]


def spelled(word: str) -> str:
    """A word of a list as texts are matched. Quick and small: of thousands most are Chinese characters alone."""
    if _UNCHANGED.issuperset(word):
        return word
    if word.isalpha() and min(word) > "\u2e7f":
        plain = "".join(map(_letters, word))
        if plain != word:
            return plain
        _UNCHANGED.update(word)
        return word
    return _spelled(word)


@lru_cache(maxsize=4_096)
def _spelled(word: str) -> str:
    return normal(word).text


def blanked(template: str) -> str:
    """A template with each of its tags as so many signs for "something is filled in here"; nothing moves."""
    return _TAG.sub(lambda tag: _FILLED_IN * len(tag[0]), template)


@lru_cache(maxsize=16_384)
def _letters(original: str) -> str:
    """What one character comes to: nothing for a mark or a zero-width character."""
    if unicodedata.category(original) in ("Cf", "Mn", "Me"):
        return ""
    spelled = (
        unicodedata.normalize("NFKC", original)
        .lower()
        .translate(_LOOK_ALIKE)
        .translate(_READ_ALOUD)
        .translate(_FULL_STOP)
        .translate(_CANTONESE)
    )
    return "".join(_simplified(letter) for letter in spelled)


def _simplified(letter: str) -> str:
    """One character for one, so that positions hold."""
    found = _TO_SIMPLIFIED.convert(letter) if letter > "\u2e7f" else letter
    return found if len(found) == 1 else letter


def _without_decoration(parts: list[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Signs go, unless they stand between Latin letters or digits: 9.9, yuhe.example, 138-0000; or are a + before them.

    A blank between letters that each stand alone goes: 1 9 8.
    """
    latin = [False, *(_is_latin(letter) for letter, _ in parts), False]
    for n, (letter, i) in enumerate(parts):
        inside = latin[n] and latin[n + 2]
        alone = letter == " " and inside and not latin[max(0, n - 1)] and not latin[min(n + 3, len(parts) + 1)]
        added = letter == "+" and latin[n + 2]
        if letter.isalnum() or letter in _PARTING or letter in _MEANING or added or (inside and not alone):
            yield letter, i


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
