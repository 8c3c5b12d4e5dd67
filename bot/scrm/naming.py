"""How a customer is called in what guides read. A nickname is its owner's to choose: it comes with lines of its own,
with links, with marks that nobody sees or that turn the text around. A message says the name and nothing else.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from bot.scrm.person import Person

LONGEST: Final = 24
"""Characters. Nicknames are longer now and then; a guide knows who is meant."""

JOINER: Final = "\u200d"
"""It holds emoji together: 👨‍👩‍👧 is three of them."""

_HIDDEN: Final = ("Cc", "Cf", "Co", "Cs")
"""Controls, marks of direction and width, private and broken characters."""

_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their class that look like nothing."""

_WIDE: Final = str.maketrans("<>/:.", "＜＞／：．")
"""A text message of the app shows <a href> as a link (official page 90236), and clients an address by itself."""


def name_of(person: Person | None) -> str:
    """What to call a customer; empty when they have no name to see."""
    return in_line((person.name if person else None) or "")


def in_line(text: str) -> str:
    """Another's words as a part of a line of ours: short, visible, and nothing to tap on."""
    seen = "".join(c for c in " ".join(text.split()) if _visible(c)).translate(_WIDE)
    line = " ".join(seen.strip(f" {JOINER}").split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip(f" {JOINER}") + "…"


def _visible(character: str) -> bool:
    return character == JOINER or (unicodedata.category(character) not in _HIDDEN and character not in _BLANK)
