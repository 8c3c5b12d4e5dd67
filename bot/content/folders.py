"""Where staff's files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """Plans, messages to guides, how our pages look, and how a new file of plans begins."""

    content: Path
    messages: Path
    pages: Path
    skeletons: Path

    @classmethod
    def of(cls, root: Path) -> Folders:
        """The usual layout below a root folder."""
        templates = root / "templates"
        return cls(root / "content", templates / "messages", templates / "pages", templates / "content")
