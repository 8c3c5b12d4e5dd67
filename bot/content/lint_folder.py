"""The lists and the voices of a content folder, by themselves: what `lint` needs, without the rest being valid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from bot.content import lint_lists, personas
from bot.content.lint_lists import CLAIMS_FILE, ClaimsFile, ListFile
from bot.content.personas import PersonaFile
from bot.scrm.lint import Linter
from bot.scrm.persona import Persona
from bot.yamlfile import Document, Problem, Problems, Row, any_error, read, validate

M = TypeVar("M", bound=Row)


def read_linter(content_dir: Path) -> Linter:
    """The linter of content/lint/. Raises Problems when a list is wrong; advice raises nothing."""
    names = sorted(path.name for path in (content_dir / "lint").glob("*.yaml"))
    lists = [_read(content_dir, f"lint/{name}", ListFile) for name in names if name != CLAIMS_FILE]
    claims = _read(content_dir, f"lint/{CLAIMS_FILE}", ClaimsFile) if CLAIMS_FILE in names else None
    _raise(lint_lists.problems(lists, claims))
    return lint_lists.linter(lists, claims[1] if claims else None)


def read_voices(content_dir: Path) -> dict[str, Persona]:
    """Every persona. Raises Problems."""
    files = [_read(content_dir, f"personas/{p.name}", PersonaFile) for p in sorted(content_dir.glob("personas/*.yaml"))]
    _raise(personas.problems(files))
    return personas.personas(files)


def _read(content_dir: Path, name: str, model: type[M]) -> tuple[Document, M]:
    document = read(content_dir / name, f"{content_dir.name}/{name}")
    return document, validate(document, model)


def _raise(found: Iterator[Problem]) -> None:
    problems = list(found)
    if any_error(problems):
        raise Problems(problems)
