"""Read a YAML file into plain values, remembering on which line each stands.

YAML 1.2 without what hides things from a reader: anchors, aliases, tags, merge keys and duplicate keys are refused.
A plain scalar is null, true, false, a decimal number or else text, so that 9:30, 0012 and 是 stay what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.yamlfile.problem import Problem, Problems, Severity
from bot.yamlfile.slips import find_slips

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20

KeyPath = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_KINDS = ("", "str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. `lines` gives the line of each key path; `problems` what was wrong with the spelling."""

    name: str
    data: object
    lines: Mapping[KeyPath, int]
    problems: tuple[Problem, ...] = ()

    def line(self, path: KeyPath) -> int:
        """The line (from 1) of a key path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

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
    slips = [Problem(name, slip.line, slip.key, slip.message) for slip in find_slips(text)]
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError) as error:
        return _unreadable(name, *(slips or [_syntax_problem(name, error)]))
    reader = _Reader(name)
    data = reader.value(root, (), 0) if root is not None else None
    found = {problem.line: problem for problem in [*reader.problems, *slips]}
    return Document(name, data, reader.lines, tuple(found.values()))


@dataclass(slots=True)
class _Reader:
    """Walks composed nodes once, collecting values, lines and problems."""

    name: str
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def value(self, node: Node, path: KeyPath, depth: int) -> object:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if refused := _refusal(node, depth):
            self._complain(node, path, refused)
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, SequenceNode):
            return [self._item(node, child, (*path, i), depth) for i, child in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: KeyPath, depth: int) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else None
            if key is None:
                self._complain(key_node, path, "键要写成简单的英文名")
                continue
            here = (*path, key)
            line = key_node.start_mark.line + 1
            if key in result:
                self._complain(key_node, here, f"写了两次（第 {self.lines[here]}、{line} 行）")
                continue
            self.lines[here] = line
            if node.flow_style and _is_empty(value_node):
                hint = "列表用英文逗号加空格 [干性, 油性]；句子里用中文逗号"
                self._complain(key_node, path, f"“{key}”后面没有冒号和值。{hint}")
                continue
            result[key] = self.value(value_node, here, depth + 1)
        return result

    def _item(self, parent: SequenceNode, node: Node, path: KeyPath, depth: int) -> object:
        if parent.flow_style and isinstance(node, ScalarNode) and not node.style and re.search("[，、]", node.value):
            self._complain(node, path, "列表用英文逗号加空格 [干性, 油性]；句子里用中文逗号")
        return self.value(node, path, depth + 1)

    def _scalar(self, node: ScalarNode, path: KeyPath) -> object:
        text: str = node.value
        if node.style:
            return text
        if text.startswith("【"):
            self._complain(node, path, "列表用英文方括号 [干性, 油性]")
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INT.fullmatch(text):
            return int(text) if len(text) < 20 else text
        return float(text) if _FLOAT.fullmatch(text) else text

    def _complain(self, node: Node, path: KeyPath, message: str) -> None:
        self.problems.append(Problem(self.name, node.start_mark.line + 1, _shown(path), message))


def _refusal(node: Node, depth: int) -> str | None:
    """Why a node is not even looked into."""
    if node.anchor is not None:
        return "不支持 & 和 * 引用，请把内容写全；是文字就写 | ，正文放下一行"
    if (node.tag or "").removeprefix("tag:yaml.org,2002:") not in _KINDS:
        return "不支持 ! 标记；是文字就写 | ，正文放下一行"
    return "嵌套太深" if depth > MAX_DEPTH else None


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style and node.value == ""


def _syntax_problem(name: str, error: Exception) -> Problem:
    mark = _mark(error) if isinstance(error, MarkedYAMLError) else None
    message = "这里读不懂。检查这一行和上一行：缩进是否对齐，引号和括号是否成对"
    if isinstance(error, RecursionError):
        message = "嵌套太深"
    elif mark is None:
        message = "有不能用的控制字符，请删掉"
    return Problem(name, mark.line + 1 if mark else 1, "", message)


def _mark(error: MarkedYAMLError) -> Any:
    """Where to look: for a quote or bracket that nobody closed, where it was opened."""
    unclosed = "quoted" in (error.context or "") or "flow" in (error.context or "")
    return (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark


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
