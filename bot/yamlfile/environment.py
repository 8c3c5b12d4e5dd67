"""What a file takes from the environment.

`${NAME}` anywhere in a value is replaced by the environment variable NAME, else by the content of the file that
NAME_FILE names (as container secrets are given), else by what follows `:-` in `${NAME:-default}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.yamlfile.document import Document, KeyPath
from bot.yamlfile.problem import Problem

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


def filled(document: Document, environ: Mapping[str, str]) -> Document:
    """The document with every reference replaced; what could not be is among its problems."""
    filler = _Filler(document, environ)
    data = filler.fill(document.data, ())
    return replace(document, data=data, problems=(*document.problems, *filler.missing))


@dataclass(slots=True)
class _Filler:
    """Replaces `${NAME}` all over a document; `missing` collects what could not be replaced."""

    document: Document
    environ: Mapping[str, str]
    missing: list[Problem] = field(default_factory=list)

    def fill(self, value: object, path: KeyPath) -> object:
        if isinstance(value, dict):
            return {key: self.fill(child, (*path, key)) for key, child in value.items()}
        if isinstance(value, list):
            return [self.fill(child, (*path, i)) for i, child in enumerate(value)]
        if isinstance(value, str):
            return _REFERENCE.sub(lambda found: self._look_up(found[1], found[2], path), value)
        return value

    def _look_up(self, name: str, default: str | None, path: KeyPath) -> str:
        if value := self.environ.get(name):
            return value
        if file := self.environ.get(f"{name}_FILE"):
            return self._read(Path(file), name, path)
        if default is None:
            self._miss(path, f"没有环境变量 {name}，也没有 {name}_FILE。请写进 .env 或环境")
        return default or ""

    def _read(self, file: Path, name: str, path: KeyPath) -> str:
        try:
            return file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self._miss(path, f"读不了环境变量 {name}_FILE 指的文件")
            return ""

    def _miss(self, path: KeyPath, message: str) -> None:
        self.missing.append(self.document.problem(path, message))
