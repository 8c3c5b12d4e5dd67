"""Lines that people labelled: label (ok or hit), family, text, tab-separated; # begins a comment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    family: str
    text: str

    @property
    def is_hit(self) -> bool:
        return self.label == "hit"


def read(path: Path) -> list[Line]:
    """Every line of a file, in order. A header line is passed over."""
    rows = (row.split("\t") for row in path.read_text(encoding="utf-8").splitlines() if row and row[0] != "#")
    return [Line(*row) for row in rows if row[0] in ("ok", "hit")]
