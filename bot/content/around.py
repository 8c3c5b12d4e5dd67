"""What the files of content/ refer to in one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.media import MediaShelf
from bot.content.period import TIMEZONE
from bot.scrm.channel import Channel
from bot.scrm.persona import BRAND, Persona
from bot.scrm.survey.run import Survey
from bot.scrm.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Around:
    """The rest of the content, for whoever checks a part; None where it could not be read, so nothing is said about it.

    `at`: now, epoch seconds; None: nobody knows. `timezone`: IANA name of the corp's days.
    """

    shelf: MediaShelf
    personas: Mapping[str, Persona] | None
    channels: Mapping[str, Channel] | None
    taxonomy: Taxonomy | None
    surveys: Mapping[str, Survey] | None
    at: int | None = None
    timezone: str = TIMEZONE

    @property
    def tags(self) -> list[str] | None:
        """Every tag, 组/名."""
        return [tag.path for tag in self.taxonomy.tags] if self.taxonomy else None

    @property
    def guides(self) -> frozenset[str] | None:
        """Every member named anywhere."""
        if self.channels is None or self.personas is None:
            return None
        received = (u for c in self.channels.values() for u in (*c.userids, c.spare) if u)
        return frozenset(received) | {u for p in self.personas.values() for u in p.guides}

    def speakers(self, guides: tuple[str, ...]) -> list[Persona]:
        """The personas that may speak to customers of these guides; of all guides when none is named."""
        if self.personas is None:
            return []
        own = {u: p for p in self.personas.values() for u in p.guides}
        return [own.get(u, self.personas[BRAND]) for u in guides] or list(self.personas.values())
