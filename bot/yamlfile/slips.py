"""Slips that YAML swallows, or blames on another line: looked for in the raw lines, before parsing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DASHES = re.compile(r"(?:-[ ]+)*")
_KEY = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_-]*)(?P<colon>：\s*|:)(?P<rest>.*)")
_FLOW_KEY = re.compile(r"[{,]\s*(?P<key>[A-Za-z_][A-Za-z0-9_-]*)(?:：|:(?=[^\s/]))\s*(?P<rest>[^,}]*)")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'')
_BLOCK = re.compile(r"[|>][+\-1-9]{0,2}(?:\s+#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_SWALLOWED = re.compile(r"(?:^|\s)(#[^\s#].*)")
_NOT_PLAIN = ("@", "`", "&", "*", "%", "!", "{{", "|", ">")


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip at a line (from 1). `key` may be empty."""

    line: int
    key: str
    message: str


def find_slips(text: str) -> Iterator[Slip]:
    """Every slip in the lines of a YAML file; the inside of text blocks is left alone."""
    block: int | None = None
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.lstrip(" ")
        column = len(line) - len(bare)
        if not bare.strip() or bare.startswith(("#", "---")) or (block is not None and column > block):
            continue
        block = None
        if bare.startswith("\t"):
            yield Slip(number, "", "行首是 Tab，请改成两个空格")
            continue
        if depth:
            depth = max(0, depth + _opened(bare))
            continue
        dashes = _DASHES.match(bare)
        start = dashes.end() if dashes else 0
        key, value, slip = _split(bare[start:], listed=start > 0)
        yield from (Slip(number, key, message) for message in ([slip] if slip else _value_slips(key, value)))
        if _BLOCK.match(value):
            block = column + (start if key else max(0, start - 2))
        elif value.startswith(("{", "[")):
            depth = max(0, _opened(value))


def _split(content: str, *, listed: bool) -> tuple[str, str, str | None]:
    """A line as key and value, and what is wrong with the way they are joined."""
    if re.match(r"-[^\s\d-]", content):
        return "", "", f"“-”后面要加一个空格：- {content[1:].strip()}"
    found = _KEY.match(content)
    if not found:
        return "", content.strip() if listed else "", None
    key, colon, rest = found["key"], found["colon"], found["rest"]
    if colon != ":" or (rest and not rest[0].isspace() and not rest.startswith("//")):
        return key, "", _missing_space(key, rest)
    return key, rest.strip(), None


def _value_slips(key: str, value: str) -> Iterator[str]:
    """What is wrong with one value."""
    as_block = f"这样的文字请写 {key}: | ，正文放下一行" if key else "这样的文字请写 - | ，正文放下一行"
    plain = _QUOTED.sub(lambda m: "_" * len(m[0]), value)
    if swallowed := _SWALLOWED.search(plain):
        yield f"“{swallowed[1]}”会被当注释丢掉。{as_block}；真是注释就在 # 后面空一格"
        return
    if value.startswith(("'", '"')):
        rest = _COMMENT.sub("", plain).lstrip("_").strip()
        if rest and _QUOTED.match(value):
            yield f"以引号开头、后面还有字。{as_block}"
    elif value.startswith(("{", "[")) and not value.startswith("{{"):
        yield from (_missing_space(m["key"], m["rest"]) for m in _FLOW_KEY.finditer(plain))
    elif (value.startswith(_NOT_PLAIN) and not _BLOCK.match(value)) or re.search(r":(\s|$)", _COMMENT.sub("", plain)):
        yield as_block


def _missing_space(key: str, rest: str) -> str:
    return f"“{key}”后面要用英文冒号加一个空格：{key}: {rest.strip()}".rstrip()


def _opened(content: str) -> int:
    """How many brackets a line leaves open."""
    plain = _COMMENT.sub("", _QUOTED.sub("", content))
    return sum(plain.count(c) for c in "[{") - sum(plain.count(c) for c in "]}")
