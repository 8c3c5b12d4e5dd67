"""Tables as files that spreadsheets open."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from bot.web.console.sheet import FORMULA, NUMBER, Cell, Field, Form, Link, Mark, Table, as_csv, stays_whole

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
CELLS = st.one_of(
    TEXTS,
    st.integers(),
    st.builds(Link, TEXTS, st.just("/console/x")),
    st.builds(Mark, TEXTS, st.just("bad")),
    st.sampled_from(FORMULA).flatmap(lambda start: TEXTS.map(lambda rest: start + rest)),
)


def read(table: Table) -> list[list[str]]:
    data = as_csv(table)
    assert data.startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8 only with the mark"
    return list(csv.reader(io.StringIO(data[3:].decode(), newline="")))


def words(cell: Cell) -> str:
    return str(cell) if isinstance(cell, str | int) else cell.text  # type: ignore[union-attr]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_every_cell_arrives_and_none_is_a_formula(rows: list[tuple[Cell, Cell]]) -> None:
    """What people typed, nicknames too, stays text; numbers stay numbers."""
    found = read(Table(name="t", head=("甲", "乙"), rows=rows))
    assert found[0] == ["甲", "乙"]
    for row, cells in zip(found[1:], rows, strict=True):
        for text, cell in zip(row, cells, strict=True):
            assert text.removeprefix("'") == words(cell).removeprefix("'")
            assert isinstance(cell, int) or not text.startswith(FORMULA) or NUMBER.fullmatch(text)


def test_numbers_with_a_sign_stay_numbers() -> None:
    rows = [("+3",), ("-1.5%",), (Mark("+12", "bad"),), ("+3 !",), ("-1+cmd",), ("＝1+1",)]
    found = read(Table(name="t", head=("差",), rows=rows))
    assert [row[0] for row in found[1:]] == ["+3", "-1.5%", "+12", "'+3 !", "'-1+cmd", "'＝1+1"]


def test_a_file_that_is_not_all_says_so() -> None:
    assert read(Table(name="t", head=("甲",), rows=[("1",), ("2",)], cut=True))[-1] == ["后面还有，这个文件只到第 2 行"]


def test_columns_of_buttons_are_left_out() -> None:
    """They have no heading."""
    button = Form(to="/console/x", button="重试", fields=(Field(name="number", value="1", kind="hidden"),))
    table = Table(name="t", head=("编号", ""), rows=[(7, button), (-7, button)])
    assert read(table) == [["编号"], ["7"], ["-7"]]


def test_what_is_read_at_a_look_stays_in_one_line() -> None:
    """Numbers, a few characters, times, names of entries; not what may be long."""
    for cell in (
        12_345,
        "推迟",
        "12 月 14 日 10:05",
        "1 月 2 日",
        Mark("已发出", "good"),
        Link("dec-2026/group-cream", "/x"),
    ):
        assert stays_whole(cell), cell
    for cell in ("配比轮到互动，但这里不发活动", "12 月 14 日 10:05 还有话", Link("一条名字很长的内容", "/x")):
        assert not stays_whole(cell), cell
