"""Where staff's files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """Plans, messages to guides, and how our pages look."""

    content: Path
    messages: Path
    pages: Path

    @classmethod
    def of(cls, root: Path) -> Folders:
        """The usual layout below a root folder."""
        return cls(root / "content", root / "templates" / "messages", root / "templates" / "pages")
