"""What a text must not hold, as values: words with the article they rest on, and effects with their proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.scrm.period import ALWAYS_VALID, Period
from bot.scrm.persona import Experience

Severity = Literal["refuse", "warn"]
REACH: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WordClass:
    """Words that say the same sort of thing. `pattern`: what no list of words can tell, such as numbers.

    `quoted`: as an excuse it counts only for what stands in quotation marks: who says “x” 这个词 speaks of a word.
    """

    name: str
    words: tuple[str, ...] = ()
    pattern: str | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taboo:
    """Words, a pattern (of bot/scrm/lint/pattern.py), or classes said together, that a text must not hold.

    `article`: the law or rule by name and number. `rewrite`: what to say instead. `contexts`: patterns in which it is
    meant otherwise; `~` stands for the word. `experience`: only for voices of this sort; None: for all.
    """

    family: str
    article: str
    rewrite: str
    severity: Severity = "refuse"
    words: tuple[str, ...] = ()
    pattern: str | None = None
    together: tuple[WordClass, ...] = ()
    """One word of each class, in any order, in one sentence."""
    any_of: tuple[WordClass, ...] = ()
    """And of any one of these: many pairs of classes in one row."""
    reach: int = REACH
    """How many characters they may take up, from the first to the last."""
    without: tuple[WordClass, ...] = ()
    """Classes of which any word in the same sentence means it otherwise."""
    contexts: tuple[str, ...] = ()
    valid: Period = ALWAYS_VALID
    experience: Experience | None = None
    offers_may: bool = False
    """Whether the values of offers may say it, such as prices."""
    claim: str | None = None
    """The effect that is claimed by it: allowed to a voice that may claim it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An effect (content/lint/claims.yaml). `proof`: number of registration or filed report; None: there is none."""

    name: str
    taboo: Taboo
    proof: str | None = None
    valid: Period = ALWAYS_VALID

    def proven(self, at: int | None) -> bool:
        """Whether it may be claimed at all; `at` None: at any time."""
        return self.proof is not None and (at is None or self.valid.holds(at))


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Hit:
    """What was found: `found` is text[start:end], as written."""

    start: int
    end: int
    found: str
    family: str
    severity: Severity
    article: str
    rewrite: str
