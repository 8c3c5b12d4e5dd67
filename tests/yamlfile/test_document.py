"""Files are read strictly, into plain values with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.yamlfile import Problems, parse, read
from bot.yamlfile.document import MAX_BYTES


def test_scalars_stay_what_was_typed() -> None:
    """Times, leading zeros and 是 are text; only plain decimal numbers are numbers."""
    raw = "a: 9:30\nb: 0012\nc: 是\nd: 12\ne: 1.5\nf: true\ng: yes\nh: 2026-12-01\ni: '12'\nj:\nk: 1_000\n"
    assert parse("k.yaml", raw.encode()).data == {
        "a": "9:30",
        "b": "0012",
        "c": "是",
        "d": 12,
        "e": 1.5,
        "f": True,
        "g": "yes",
        "h": "2026-12-01",
        "i": "12",
        "j": None,
        "k": "1_000",
    }


def test_every_key_path_has_its_line() -> None:
    """Lines count from 1, and what has none takes the line around it."""
    document = parse("k.yaml", b"# c\nrows:\n  - id: a\n    tags: [x, y]\n  - id: b\n")
    assert [document.line(p) for p in [(), ("rows",), ("rows", 0, "tags"), ("rows", 1, "id"), ("rows", 1, "no")]] == [
        2, 2, 4, 5, 5,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "lines"),
    [
        ("a:\n  - b: 冬天 #帽子\n    c: 1\n   d: 2\n", [2, 4]),
        ("a:\n  - b：1\n    c: 2\n", [2]),
        ("a:\n  -b: 1\n    c: 2\n", [2]),
    ],
)
def test_why_a_file_cannot_be_read_is_said_beside_its_slips(raw: str, lines: list[int]) -> None:
    """Unless a slip there says it already."""
    assert [problem.line for problem in parse("k.yaml", raw.encode()).problems] == lines


def test_the_shown_key_leaves_out_list_positions() -> None:
    """People look for a key, not for a position."""
    document = parse("k.yaml", b"rows:\n  - link: {url: x}\n    tags: [x]\ncorp: {id: a}\n")
    shown = [document.problem(p, "m").key for p in [("rows", 0, "link", "url"), ("rows", 0, "tags", 0), ("corp", "id")]]
    assert shown == ["link.url", "tags", "corp.id"]


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        ("中文: 1".encode("gbk"), 1, "不是 UTF-8"),
        (b"a: 1\nb: " + "中文".encode("gbk"), 2, "不是 UTF-8"),
        (b"a" * (MAX_BYTES + 1), 1, "超过 1 MiB"),
        (b"[" * 20_000, 1, "嵌套太深"),
        (b"a: " + b"[" * 30 + b"]" * 30, 1, "嵌套太深"),
        (b"a: 1\nb: \x00", 1, "控制字符"),
        (b"a: 1\n  b: 2\n", 2, "这里读不懂"),
        (b'a: "x\nb: 1\nc: 2\n', 1, "这里读不懂"),
        (b"a: [x\nb: 1\nc: 2\n", 1, "这里读不懂"),
        (b"a: [", 1, "这里读不懂"),
        (b"a:\n  - b\n c\nd: 1\n", 3, "这里读不懂"),
        (b"a: 1\n---\nb: 2\n", 2, "这里读不懂"),
        (b"? [a]\n: b\n", 1, "键要写成"),
        (b"a:\n  !!python/name:os.system x\n", 2, "! 标记"),
        (b"a:\n  - &x [1]\n", 2, "| ，正文放下一行"),
    ],
)
def test_what_cannot_be_read_says_why(raw: bytes, line: int, said: str) -> None:
    """Encoding, size, depth, tags and anchors are refused with a line."""
    problem = parse("k.yaml", raw).problems[0]
    assert problem.line == line
    assert said in problem.message


def test_an_alias_bomb_is_not_unfolded() -> None:
    """References are refused where they are defined, so nothing grows."""
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    document = parse("k.yaml", bomb.encode())
    assert document.problems
    assert document.data == dict.fromkeys("abcdefghi")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    """Windows editors write one."""
    assert parse("k.yaml", "\ufeffa: 1".encode()).data == {"a": 1}


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    """Not an exception of the operating system."""
    with pytest.raises(Problems, match=r"^k\.yaml:1: 找不到这个文件"):
        read(tmp_path / "k.yaml", "k.yaml")


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text("ab:：-#[]{}|>'\"&*!%@`, \n\t，", max_size=60).map(str.encode))
def test_parse_never_raises(raw: bytes) -> None:
    """Whatever people save, they get problems or a value, with lines that exist."""
    document = parse("k.yaml", raw)
    lines = raw.count(b"\n") + raw.count(b"\r") + raw.count(b"\xc2\x85") + raw.count(b"\xe2\x80") + 1
    assert all(1 <= problem.line <= lines + 1 for problem in document.problems)


_words = st.text("abc中文字 ", min_size=1, max_size=8).map(str.strip).filter(bool)
_keys = st.text("abcdef", min_size=1, max_size=6).filter(lambda k: k not in ("true", "false", "null"))
_values = st.recursive(
    _words | st.integers(-999, 999) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(_keys, _values, max_size=4))
def test_what_yaml_writes_is_read_back(data: dict[str, object]) -> None:
    """The strict reader agrees with YAML on what both allow."""

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    written = yaml.dump(data, Dumper=Dumper, allow_unicode=True)
    document = parse("k.yaml", written.encode())
    assert (document.data, document.problems) == (data, ())


@pytest.mark.parametrize("raw", ["a: !!str 5\n", "a: ! 5\n", "!!map {a: 1}\n"])
def test_no_tag_is_obeyed(raw: str) -> None:
    """Not even those that would do no harm: a reader of the file should not have to know them."""
    assert [problem.line for problem in parse("k.yaml", raw.encode()).problems] == [1]


def test_what_stands_before_a_mistake_is_said_too() -> None:
    """One reading names all that it saw."""
    problems = parse("k.yaml", b"a: 1\na: 2\nb: [x\n").problems
    assert [problem.line for problem in problems] == [2, 3]
