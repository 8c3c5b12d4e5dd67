"""What is wrong with a file, said so that whoever wrote the file can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `line` counts from 1; `message` says in Chinese what is wrong and how to mend it.

    A warning is advice and stops nothing. `spelling`: it is about how the file is written, whatever it says; what is
    read wrongly for it may be wrong elsewhere.
    """

    file: str
    line: int
    key: str
    message: str
    severity: Severity = "error"
    spelling: bool = False

    def __str__(self) -> str:
        advice = "提醒: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}: {advice}{self.said}"

    @property
    def said(self) -> str:
        """Where in the entry, and what: without the file, and without whether it is advice."""
        return f"{self.key}: {self.message}" if self.key else self.message


class Problems(Exception):  # noqa: N818 (it is a list of problems, and reads so at every use)
    """Everything found wrong, in the order of files and lines; at least one is an error."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def any_error(found: Iterable[Problem]) -> bool:
    """Whether there is more among them than advice."""
    return any(problem.severity == "error" for problem in found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "，是不是 X？" for the known name nearest to `word`; empty when none is near."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    best = max(near, key=lambda name: (_alike(word, name), name[:1] == word[:1]), default="")
    return f"，是不是 {best}？" if best else ""


def _alike(word: str, name: str) -> float:
    return difflib.SequenceMatcher(None, name, word).ratio()
