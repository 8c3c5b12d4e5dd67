"""templates/messages/**/*.txt: the words of the product itself. One file is one message.

The first line of a file says what it may use: {# 可用：customer.name reason at #}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content.texts import SAMPLES, faults, longest_bytes, too_long
from bot.wecom.messages import APP_TEXT_BYTES
from bot.yamlfile import Problem, did_you_mean

_DECLARATION = re.compile(r"\{# 可用：([a-z_. ]*)#\}\n")


def names(folder: Path) -> dict[str, Path]:
    """Every message file: name such as "guide/customer_lost.txt" → path."""
    return {file.relative_to(folder).as_posix(): file for file in sorted(folder.rglob("*.txt"))}


def problems(parent: str, texts: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with each message. `parent`: how to call the folder that the names are in."""
    for name, text in texts.items():
        yield from (Problem(f"{parent}/{name}", line, "", message) for message, line in _faults(text))


def _faults(text: str) -> Iterator[tuple[str, int]]:
    declared = _DECLARATION.match(text)
    if not declared:
        yield "第一行要写这条消息能用的变量，例如 {# 可用：customer.name at #}", 1
        return
    allowed = declared[1].split()
    if unknown := [name for name in allowed if name not in SAMPLES]:
        yield from ((f"不认识变量 {name}{did_you_mean(name, SAMPLES)}", 1) for name in unknown)
        return
    found = list(faults(text, allowed))
    yield from found
    if not found and (size := longest_bytes(text, allowed)) > APP_TEXT_BYTES:
        yield too_long(size, APP_TEXT_BYTES), 1
