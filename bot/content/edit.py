"""Staff's files as staff edit them without Git or a server: look, check with one file changed, write, add a picture.

The files on disk stay the truth. What is written here is seen by `LiveContent` like any other edit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.content.load import FOLDERS, KNOWN_FILES, load
from bot.content.media import LIMITS
from bot.content.snapshot import Content
from bot.yamlfile import Problem, Problems

FILE_BYTES: Final = 256 * 1024
_NAME = re.compile(r"(?:([a-z]+)/)?([A-Za-z0-9][A-Za-z0-9_-]{0,63})\.yaml")
_PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.([a-z0-9]{3,4})")
_STARTS: Final = {"png": (b"\x89PNG\r\n\x1a\n",), "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",)}
"""How pictures begin: what only is called one is not taken."""


def may_be_edited(name: str) -> bool:
    """Whether a path below content/ is a file that staff write: a known one, or one of a known folder."""
    found = _NAME.fullmatch(name)
    return found is not None and (name in KNOWN_FILES if found[1] is None else found[1] in FOLDERS)


def names(content_dir: Path) -> list[str]:
    """Every file there is that may be edited."""
    found = (file.relative_to(content_dir).as_posix() for file in content_dir.rglob("*.yaml"))
    return sorted(name for name in found if may_be_edited(name))


def text_of(content_dir: Path, name: str) -> str | None:
    """What a file says; None: there is none."""
    try:
        return (content_dir / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None


def digest_of(text: str | None) -> str:
    """By which one sees that a file was changed meanwhile; empty for one that is not there."""
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def checked(
    content_dir: Path, templates_dir: Path, name: str, text: str, at: int, timezone: str
) -> tuple[Content | None, tuple[Problem, ...]]:
    """All of content/ with this file changed: the edition it would be, if any, and everything there is to say of it."""
    with TemporaryDirectory(prefix="zhiyu-check-") as folder:
        copy = Path(folder, content_dir.name)
        _mirror(content_dir, copy)
        file = copy / name
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_text(text, encoding="utf-8")
        try:
            content = load(copy, templates_dir, at=at, timezone=timezone)
        except Problems as found:
            return None, found.problems
        return content, content.warnings


def write(content_dir: Path, name: str, text: str) -> None:
    """Put a file in its place at once, so that nobody reads half of it."""
    file = content_dir / name
    file.parent.mkdir(exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def picture_fault(filename: str, data: bytes) -> str:
    """Why a file cannot be put into content/media as a picture; empty when it can."""
    found, (endings, most) = _PICTURE.fullmatch(filename), LIMITS["image"]
    if not found:
        return "文件名用字母、数字、连字符，例如 winter-01.png"
    if found[1] not in endings or not data.startswith(_STARTS[found[1]]):
        return f"要真的是图片：{'、'.join(endings)}"
    return "" if len(data) <= most else f"太大了，最多 {most // 1024 // 1024} MB"


def _mirror(content_dir: Path, copy: Path) -> None:
    """The same tree by links; media as one, since files there have to lie below their folder."""
    copy.mkdir()
    for file in _files(content_dir):
        there = copy / file.relative_to(content_dir)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.symlink_to(file.resolve())
    if (content_dir / "media").is_dir():
        (copy / "media").symlink_to((content_dir / "media").resolve())


def _files(content_dir: Path) -> Iterator[Path]:
    media = content_dir / "media"
    return (file for file in content_dir.rglob("*") if file.is_file() and not file.is_relative_to(media))
