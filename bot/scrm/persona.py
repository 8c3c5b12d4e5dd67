"""Who speaks: a voice that staff describe, and the guides who speak with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.scrm.kind import Outlet
from bot.scrm.words import Words

BRAND: Final = "brand"
"""The persona of every guide whom no other persona names."""

Experience = Literal["不自称使用者", "仅本人真实体验"]
"""Whether a voice may tell what it went through itself: a made-up one has used nothing."""

SIGNED: Final[tuple[Outlet, ...]] = ("私聊", "手发")
"""Where a sign-off stands: where one person writes to one person."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question as customers put it, answered in this voice."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """A voice. What it leaves out it takes from the persona that it `extends`; lists are added up.

    `emoji`: most emoji per message. `never_say`: words that no message of this voice may hold.
    `may_claim`: effects of content/lint/claims.yaml that it may speak of. `sign_off`: a template.
    """

    id: str
    name: str
    role: str
    voice: str
    extends: str | None = None
    guides: tuple[str, ...] = ()
    calls_customer: str = "你"
    emoji: int = 2
    never_say: tuple[str, ...] = ()
    may_claim: tuple[str, ...] = ()
    experience: Experience = "不自称使用者"
    sign_off: str | None = None
    examples: tuple[Example, ...] = ()

    @property
    def values(self) -> Mapping[str, str]:
        """What a text may use as `persona.…`."""
        return {"name": self.name, "role": self.role, "calls_customer": self.calls_customer}

    def signs(self, outlet: Outlet) -> bool:
        """Whether its sign-off stands below what it says there."""
        return bool(self.sign_off) and outlet in SIGNED

    def apart(self, outlets: Sequence[Outlet]) -> list[tuple[Outlet, ...]]:
        """Where its words are the same to the letter: not signed, and signed."""
        parts = [tuple(outlet for outlet in outlets if self.signs(outlet) == signed) for signed in (False, True)]
        return [part for part in parts if part]

    def signed(self, words: Words, outlet: Outlet, values: Mapping[str, object]) -> Words:
        """Words with the sign-off below them, where one belongs. `values`: guide and persona, at least."""
        if not self.signs(outlet):
            return words
        return Words("signed", {"text": words, "sign_off": Words(f"sign_off/{self.id}", values)})
