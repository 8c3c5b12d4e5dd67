"""What is wrong with a file, said so that whoever wrote the file can mend it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Final, Literal

Severity = Literal["error", "warning"]

CUTOFF: Final = 0.66
"""Of `SequenceMatcher.ratio`. Where it lies, and that no one number for whole names would do, is shown by the pairs of
tests/yamlfile/test_problem.py."""


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
    return f"，是不是 {best}？" if (best := nearest(word, known)) else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most like `word`; empty when none is near enough to have been meant."""
    alike, name = max(((_alike(word, name), name) for name in known), key=itemgetter(0), default=(0.0, ""))
    return name if alike else ""


def _alike(word: str, name: str) -> float:
    """How alike they are, part by part, since many names begin or end alike; 0: something else was meant. Near enough
    is one slip in three, a part of the name, or one of two characters, the other way to write what sounds the same."""
    for sign in "/.-":
        ours, theirs = word.split(sign), name.split(sign)
        if len(ours) == len(theirs) > 1:
            return math.prod(map(_alike, ours, theirs))
    alike = SequenceMatcher(None, name, word).ratio()
    part = min(len(word), len(name)) > 1 and (word in name or name in word)
    sound = len(word) == len(name) == 2 and word[0] == name[0] and not word.isascii()
    return alike if alike >= CUTOFF or part or sound else 0.0
