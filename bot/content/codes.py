"""content/codes/*.csv: one-use codes of an offer, one column named `code`. The store draws them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from bot.yamlfile import Problem

COLUMN = "code"
LONGEST = 64


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of a file in their order, each once; and what is wrong with the file."""

    codes: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def read_codes(name: str, raw: bytes) -> CodeList:
    """Parse a file; `name` is what problems call it. Never raises. Codes themselves are never shown in full."""
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        return CodeList((), (Problem(name, 1, "", "读不懂，请用 UTF-8 另存为 CSV"),))
    if not rows or [cell.strip() for cell in rows[0]] != [COLUMN]:
        return CodeList((), (Problem(name, 1, COLUMN, f"只要一列，第一行写 {COLUMN}，下面一行一个码"),))
    lines: dict[str, int] = {}
    found = tuple(_faults(name, rows, lines))
    return CodeList(tuple(lines), found or _empty(name, lines))


def _faults(name: str, rows: list[list[str]], lines: dict[str, int]) -> Iterator[Problem]:
    for number, row in enumerate(rows[1:], start=2):
        code = row[0].strip() if row else ""
        if not code and number == len(rows):
            continue
        if not code:
            yield Problem(name, number, COLUMN, "空行，请删掉")
        elif len(row) > 1:
            yield Problem(name, number, COLUMN, "只要一列，这行有逗号")
        elif len(code) > LONGEST or any(letter.isspace() for letter in code):
            yield Problem(name, number, COLUMN, f"一个码不超过 {LONGEST} 个字，中间没有空格")
        elif code in lines:
            yield Problem(name, number, COLUMN, f"和第 {lines[code]} 行重复，一个码只能给一个人")
        else:
            lines[code] = number


def _empty(name: str, lines: dict[str, int]) -> tuple[Problem, ...]:
    return () if lines else (Problem(name, 1, COLUMN, "一个码也没有"),)
