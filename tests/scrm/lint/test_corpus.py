"""How the lists do on lines labelled by people who have not seen them.

Open: tests/data/lint/labelled.tsv, second_open.tsv, third_practice.tsv, third_open.tsv, fourth_practice.tsv,
fourth_open.tsv, fifth_practice.tsv, sixth_practice.tsv, sixth_open.tsv, sixth_harmless.tsv, seventh_practice.tsv;
misses there may be mended.
second_frozen.tsv, third_frozen.tsv, fourth_frozen.tsv and sixth_frozen.tsv are never read: only their figures are.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.lint_folder import read_linter, read_voices
from bot.scrm.lint.normal import blanked
from tests.scrm.lint.labelled import Line, read

ROOT = Path(__file__).parent.parent.parent.parent
LINES = ROOT / "tests/data/lint"
REACHED = {
    "labelled": (0.99, 0.99),
    "second_open": (0.99, 0.98),
    "second_frozen": (0.96, 0.88),
    "third_practice": (0.98, 0.98),
    "third_open": (0.98, 0.98),
    "third_frozen": (0.96, 0.90),
    "fourth_practice": (0.98, 0.98),
    "fourth_open": (0.98, 0.98),
    "fourth_frozen": (0.96, 0.93),
    "fifth_practice": (0.99, 0.99),
    "sixth_practice": (0.99, 0.98),
    "sixth_open": (0.99, 0.98),
    "sixth_frozen": (0.96, 0.95),
    "seventh_practice": (0.99, 0.96),
}
"""Precision and recall: what is asserted was reached; what is meant to be reached on unread lines is 0.95 and 0.90.

Before anybody who keeps the lists had read them, the lists came to these. The second half of `labelled`: 0.904 and
0.895. `second_open`: 0.969 and 0.855. `second_frozen`: 0.965 and 0.755, then, with words of classes said together, and
still unread, 0.969 and 0.845. `third_practice`: 0.920 and 0.687 with the lists as they were; its even lines, mended by
the odd ones alone, 0.950 and 0.874. `third_open`: 0.961 and 0.698 with the lists as they were, 0.967 and 0.840 when
both halves of the practice had been read. `third_frozen`: run once after all of that, 0.950 and 0.833. (Of
`second_frozen` and `third_frozen` the figures were seen often while the lists grew, so they say less; with the lists
of today 0.960 and 0.873, 0.953 and 0.895.) `fourth_practice`, three times 440 lines by three hands: 0.953 and 0.823,
0.967 and 0.791, 0.957 and 0.805 with the lists as they were; the second 440, when the first had been read, 0.970 and
0.868; the third, when both had been read, 0.956 and 0.891. `fourth_open`: 0.966 and 0.850 with the lists as they
were, 0.959 and 0.930 when the whole practice had been read. `fifth_practice`, twice 330 lines by two hands: 0.917
and 0.873, 0.987 and 0.915 with the lists as they were; the second 330, when the first had been read, 0.987 and
0.921. `fourth_frozen`: run once after all of that, 0.938 and 0.910. `sixth_practice`, 300 lines by another hand: 0.938
and 0.913 with the lists as they were. `sixth_open`: 0.929 and 0.901 with the lists as they were, and the same when the
practice and the harmless lines had been read: what they taught was not what it held. `sixth_harmless`, twice 300 lines
by two hands, two thirds of them written to lie near what is forbidden: 41 and 35 refused with the lists as they were.
With the lists that all of this left, and words taken out of classes that harmless lines hold more often than others,
the three frozen sets, whose figures were looked at meanwhile, came to 0.970 and 0.882, 0.980 and 0.877, 0.958 and
0.910. `seventh_practice`, three times 300 lines by three hands: 0.965 and 0.913, 0.945 and 0.920, 0.970 and 0.873 with
the lists as they were; the second 300, still unread, 0.946 and 0.940 when pairs of classes had been counted in the
others. The frozen sets, looked at meanwhile, then came to 0.970 and 0.891, 0.972 and 0.912, 0.969 and 0.940.
`sixth_frozen`, 199 lines whose other half is `sixth_open`: sealed until all of that was done, run once, 0.969 and
0.960."""


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
    lines = read(path)
    precision, recall, wrong = measured(lines)
    least_precision, least_recall = REACHED[name]
    # Frozen lines are not shown: whoever mends the lists must not see them.
    shown = f"{len(wrong)} of {len(lines)} lines" if "frozen" in name else "\n".join(wrong)
    assert precision >= least_precision and recall >= least_recall, f"{precision:.3f} {recall:.3f}\n{shown}"


@pytest.mark.parametrize("name", ["harmless", "sixth_harmless"])
def test_harmless_lines_pass(name: str) -> None:
    """A wide rule says nothing about what only stands near it. (`harmless` is by those who keep the lists.)"""
    lines = read(LINES / f"{name}.tsv")
    linter, brand = read_linter(ROOT / "content"), read_voices(ROOT / "content")["brand"]
    refused = [line.text for line in lines if linter.hits(line.text, brand)]
    assert (len(lines) > 300, refused) == (True, [])


def test_the_measure_itself() -> None:
    """It counts as it says."""
    lines = [Line("hit", "x", "最有效"), Line("hit", "x", "你好"), Line("ok", "", "根治"), Line("ok", "", "早上好")]
    assert measured(lines) == (0.5, 0.5, ["hit x 你好", "ok  根治"])
