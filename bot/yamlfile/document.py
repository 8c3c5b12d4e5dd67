"""Read a YAML file into plain values, remembering on which line each stands.

YAML 1.2 without what hides things from a reader: anchors, aliases, tags, merge keys and duplicate keys are refused.
A plain scalar is null, true, false, a decimal number or else text, so that 9:30, 0012 and 是 stay what was typed.
PyYAML's parser (libyaml) only says where things begin and end: what a scalar means is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.yamlfile.problem import Problem, Problems, Severity
from bot.yamlfile.slips import find_slips

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

KeyPath = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLANK = re.compile(r"\s*〔([^〕]*)〕\s*")
"""A value that is still to be written: nothing but what belongs there, in these brackets."""

_LISTED = re.compile("[，、]")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. `lines` gives the line of each key path; `problems` what was wrong with the spelling; `text`: all
    of it."""

    name: str
    data: object
    lines: Mapping[KeyPath, int]
    problems: tuple[Problem, ...] = ()
    text: str = ""

    def line(self, path: KeyPath) -> int:
        """The line (from 1) of a key path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def line_of(self, path: KeyPath, words: str) -> int:
        """The line below a key path in which words stand, as in a text of several lines; else that of the path."""
        first = self.line(path)
        lines = self.text.splitlines()
        end = min((line - 1 for line in self.lines.values() if line > first), default=len(lines))
        return next((n for n in range(first, end + 1) if words in lines[n - 1]), first)

    def problem(self, path: KeyPath, message: str, severity: Severity = "error") -> Problem:
        """A problem at a key path."""
        return Problem(self.name, self.line(path), _shown(path), message, severity)


def read(path: Path, name: str) -> Document:
    """Read a file; `name` is what problems call it. Raises Problems when there is no such file."""
    try:
        return parse(name, path.read_bytes())
    except OSError:
        raise Problems([Problem(name, 1, "", "找不到这个文件，或者不能读")]) from None


@lru_cache(maxsize=256)
def parse(name: str, raw: bytes) -> Document:
    """Parse bytes. Never raises: what is wrong is in `problems`, and `data` is then what could be read, or None.

    What was parsed is kept: of an edition in which one file changed, one file is parsed anew. Nobody changes `data`.
    """
    if len(raw) > MAX_BYTES:
        return _unreadable(name, Problem(name, 1, "", "文件超过 1 MiB，请拆成几个"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return _unreadable(name, Problem(name, line, "", "不是 UTF-8 编码，请用 UTF-8 另存"))
    slips = [_spelling(name, slip.line, slip.key, slip.message) for slip in find_slips(text)]
    reader = _Reader(name, yaml.parse(text, Loader=_PARSER))
    try:
        data = reader.document()
    except yaml.YAMLError as error:
        said = _syntax_problem(name, error, reader.brackets, last=len(text.splitlines()))
        known = any(slip.line in (said.line - 1, said.line) for slip in slips)
        return _unreadable(name, *_with(slips, reader.problems), *(() if known else (said,)))
    return Document(name, data, reader.lines, _with(slips, reader.problems), text)


def _with(slips: Sequence[Problem], found: Sequence[Problem]) -> tuple[Problem, ...]:
    """Slips, and what was found when reading: a slip explains what was read on its line."""
    slipped = {slip.line for slip in slips}
    return (*slips, *(problem for problem in found if problem.line not in slipped))


@dataclass(slots=True)
class _Reader:
    """Walks the parser's events once, collecting values, lines and problems."""

    name: str
    events: Iterator[Any]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    brackets: list[int] = field(default_factory=list)
    """The lines of the brackets that are open."""

    def document(self) -> object:
        """The value of the only document; None of an empty file."""
        documents, data = 0, None
        for event in self.events:
            if isinstance(event, NodeEvent):
                data = self._value(event, (), 0)
            documents += isinstance(event, DocumentStartEvent)
            if documents > 1:
                raise MarkedYAMLError(problem="a second document", problem_mark=event.start_mark)
        return data

    def _value(self, event: Any, path: KeyPath, depth: int) -> object:
        line = _line(event)
        if not path or self.lines.get(path[:-1]) != line:  # what is in one line is found by what it is in
            self.lines.setdefault(path, line)
        if refused := _refusal(event, depth):
            self._complain(event, path, refused)
            self._skip(event)
            return None
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if event.flow_style:
            self.brackets.append(_line(event))
        inside = self._mapping if isinstance(event, MappingStartEvent) else self._sequence
        value = inside(event, path, depth)
        if event.flow_style:
            self.brackets.pop()
        return value

    def _mapping(self, start: MappingStartEvent, path: KeyPath, depth: int) -> dict[str, object]:
        result: dict[str, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, path, result)
            value = next(self.events)
            if key is None:
                self._skip(value)
            elif start.flow_style and _is_empty(value):
                hint = "列表用英文逗号加空格 [干性, 油性]；句子里用中文逗号"
                self._complain(event, path, f"“{key}”后面没有冒号和值。{hint}")
            else:
                result[key] = self._value(value, (*path, key), depth + 1)
        return result

    def _key(self, event: Any, path: KeyPath, known: Mapping[str, object]) -> str | None:
        """A key that may stand here; None when it may not, and people were told."""
        if not isinstance(event, ScalarEvent):
            self._complain(event, path, "键要写成简单的英文名")
            self._skip(event)
            return None
        key: str = event.value
        here = (*path, key)
        if key in known:
            self._complain(event, here, f"写了两次（第 {self.lines[here]}、{_line(event)} 行）")
            return None
        self.lines[here] = _line(event)
        return key

    def _sequence(self, start: SequenceStartEvent, path: KeyPath, depth: int) -> list[object]:
        result: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            here = (*path, len(result))
            if start.flow_style and _is_plain(event) and _LISTED.search(event.value):
                self._complain(event, here, "列表用英文逗号加空格 [干性, 油性]；句子里用中文逗号")
            result.append(self._value(event, here, depth + 1))
        return result

    def _skip(self, event: Any) -> None:
        """Pass over the rest of a node."""
        depth = int(isinstance(event, CollectionStartEvent))
        while depth:
            inner = next(self.events)
            depth += isinstance(inner, CollectionStartEvent) - isinstance(inner, CollectionEndEvent)

    def _scalar(self, event: ScalarEvent, path: KeyPath) -> object:
        text: str = event.value
        if blank := _BLANK.fullmatch(text):
            self._complain(event, path, "还空着：" + blank[1].replace("\n", ""))
        if not _is_plain(event):
            return text
        if text.startswith("【"):
            self._complain(event, path, "列表用英文方括号 [干性, 油性]")
        if not text.isascii():  # most are: words
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INT.fullmatch(text):
            return int(text) if len(text) < 20 else text
        return float(text) if _FLOAT.fullmatch(text) else text

    def _complain(self, event: Any, path: KeyPath, message: str) -> None:
        self.problems.append(_spelling(self.name, _line(event), _shown(path), message))


def _spelling(name: str, line: int, key: str, message: str) -> Problem:
    return Problem(name, line, key, message, spelling=True)


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def _refusal(event: Any, depth: int) -> str | None:
    """Why a node is not even looked into."""
    if event.anchor is not None:
        return "不支持 & 和 * 引用，请把内容写全；是文字就写 | ，正文放下一行"
    if getattr(event, "tag", None) is not None:
        return "不支持 ! 标记；是文字就写 | ，正文放下一行"
    return "嵌套太深" if depth > MAX_DEPTH else None


def _is_plain(event: Any) -> bool:
    """A scalar without quotes or | or >."""
    return isinstance(event, ScalarEvent) and not event.style


def _is_empty(event: Any) -> bool:
    return _is_plain(event) and event.value == ""


def _syntax_problem(name: str, error: yaml.YAMLError, brackets: Sequence[int], last: int) -> Problem:
    """Where to look: for a bracket that nobody closed, where it was opened; for what is missing at the end, at `last`,
    the last line there is."""
    mark = _mark(error) if isinstance(error, MarkedYAMLError) else None
    message = "这里读不懂。检查这一行和上一行：缩进是否对齐，引号和括号是否成对"
    if mark is None:
        message = "有不能用的控制字符，请删掉"
    line = brackets[-1] if brackets else min(mark.line + 1, last) if mark else 1
    return _spelling(name, line, "", message)


def _mark(error: MarkedYAMLError) -> Any:
    begun = any(what in (error.context or "") for what in ("quoted", "simple key"))
    return (error.context_mark if begun else None) or error.problem_mark or error.context_mark


def _unreadable(name: str, *problems: Problem) -> Document:
    return Document(name, None, {}, problems)


def _shown(path: KeyPath) -> str:
    """A key path as people read it: the keys below the last list entry, else the last key."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    names: list[str] = []
    for part in reversed(path):
        if isinstance(part, int):
            break
        names.append(part)
    return ".".join(reversed(names))
