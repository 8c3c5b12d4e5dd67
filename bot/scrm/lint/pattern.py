"""How staff write what no list of words can tell: regular expressions in which … skips a few characters.

…  up to 12 characters of one clause;  ……  up to 30 of one sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.scrm.lint.normal import normal
from bot.scrm.lint.shape import UnreadError, shape

CLAUSE, SENTENCE = "…", "……"
_GAPS = {CLAUSE: r"(?:[^,!?;\n]{0,12}?)", SENTENCE: r"(?:[^!?\n]{0,30}?)"}
_LONGEST_CONTEXT = 64


@lru_cache(maxsize=4_096)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as it is matched. Raises re.error."""
    return re.compile(spelled_out(pattern))


@lru_cache(maxsize=4_096)
def matches_nothing(pattern: str) -> bool:
    """Whether it matches where nothing stands. Raises re.error.

    Most patterns meet no text that could hold what they find, so they are compiled only when one does.
    """
    try:
        return not shape(spelled_out(pattern)).firm and bool(compiled(pattern).match(""))
    except UnreadError:
        return bool(compiled(pattern).match(""))


def hints(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of words, spelled as texts are: of each set one word stands in whatever it finds. None are known: ()."""
    try:
        return shape(spelled_out(pattern)).words
    except UnreadError:
        return ()


def covers(context: str, text: str, start: int, end: int) -> bool:
    """Whether what stands at text[start:end] stands in this context."""
    if "~" not in context:
        known = (found for part in branches(context) for found in compiled(part).finditer(text))
        return any(found.start() <= start and end <= found.end() for found in known)
    before, _, after = context.partition("~")
    # What follows is asked first: it is tried in one place.
    return bool(compiled(after).match(text, end)) and bool(
        _ends_with(before).search(text[max(0, start - _LONGEST_CONTEXT) : start])
    )


@lru_cache(maxsize=4_096)
def _ends_with(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{spelled_out(pattern)})\Z")


def spelled_out(pattern: str) -> str:
    """Chinese spelled as texts are, and the gaps spelled out; signs of regular expressions stay."""
    return "".join(_GAPS.get(part) or _plain(part) for part in re.split("(……|…)", pattern))


def _plain(part: str) -> str:
    return "".join(map(_letter, part))


@lru_cache(maxsize=4_096)
def _letter(letter: str) -> str:
    return letter if letter.isascii() else (normal(letter).text or letter)


@lru_cache(maxsize=4_096)
def branches(pattern: str) -> tuple[str, ...]:
    """The alternatives of a pattern that stand in no bracket.

    One by one they are found faster: re skips to where a match may begin only if it can tell the first letters.
    """
    depth = start = 0
    parts = []
    for sign in re.finditer(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", pattern):
        depth += {"(": 1, ")": -1}.get(sign[0], 0)
        if sign[0] == "|" and depth == 0:
            parts.append(pattern[start : sign.start()])
            start = sign.end()
    return (*parts, pattern[start:])
