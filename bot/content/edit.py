"""Staff's files as staff edit them without Git or a server: look, check with one file changed, write, add a picture.

The files on disk stay the truth. What is written here is seen by `LiveContent` like any other edit.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.content.load import FOLDERS, KNOWN_FILES, load
from bot.content.media import LIMITS
from bot.content.snapshot import Content
from bot.yamlfile import Problem, Problems, did_you_mean

FILE_BYTES: Final = 256 * 1024
_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FILE = re.compile(rf"{_STEM.pattern}\.yaml")
_ID = re.compile(r"""^[ \t]*(?:-[ \t]+)?id:[ \t]*["']?([A-Za-z0-9_-]+)""", re.M)
_STARTS: Final = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
"""How pictures begin: what only is called one is not taken."""


def may_be_edited(name: str) -> bool:
    """Whether a path below content/ is a file that staff write: a known one, or one of a known folder."""
    return not name_fault(name)


def name_fault(name: str) -> str:
    """What keeps a path below content/ from being that of a file that staff write, in Chinese; empty: nothing."""
    folder, slash, file = name.rpartition("/")
    if not slash:
        near = did_you_mean(Path(file).stem, [known.removesuffix(".yaml") for known in KNOWN_FILES])
        hint = near.replace("？", ".yaml？") or "，"
        wrong = f"content/ 下面没有“{name}”{hint}要新建的都在文件夹里，例如 library/hats.yaml"
        return "" if name in KNOWN_FILES else wrong
    if folder not in FOLDERS:
        return f"没有文件夹“{folder}”{did_you_mean(folder, FOLDERS) or '，'}可以写 {'、'.join(FOLDERS)}"
    if not _FILE.fullmatch(file):
        return f"“{file}”不行：文件名用字母、数字、连字符，以 .yaml 结尾，例如 {folder}/hats.yaml"
    return ""


def is_guard(name: str) -> bool:
    """Whether a file says what may be sent at all: who could change it, could approve anything."""
    return name == "care.yaml" or name.startswith(("lint/", "rules/"))


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


def skeleton(skeletons: Path, name: str) -> str:
    """How a new file begins, with blanks 〔…〕 for what only staff know: as this one does, else as those of its folder.
    Empty where nobody knows."""
    alike = f"{name.partition('/')[0]}.yaml"
    return text_of(skeletons, name) or text_of(skeletons, alike) or ""


def digest_of(text: str | None) -> str:
    """By which one sees that a file was changed meanwhile; empty for one that is not there."""
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def checked(
    content_dir: Path, templates_dir: Path, changes: Mapping[str, str | None], at: int, timezone: str
) -> tuple[Content | None, tuple[Problem, ...]]:
    """All of content/ with these files changed, or taken out (None): the edition it would be, if any, and everything
    there is to say of it."""
    with TemporaryDirectory(prefix="zhiyu-check-") as folder:
        copy = Path(folder, content_dir.name)
        _mirror(content_dir, copy)
        for name, text in changes.items():
            _change(copy / name, text)
        try:
            content = load(copy, templates_dir, at=at, timezone=timezone)
        except Problems as found:
            return None, found.problems
        return content, content.warnings


def _change(file: Path, text: str | None) -> None:
    file.unlink(missing_ok=True)
    if text is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


class MovedError(Exception):
    """A file is not what it was when somebody looked at it."""


def write(content_dir: Path, name: str, text: str, base: str) -> None:
    """Put a file in its place. `base`: the digest of what it takes the place of. Raises MovedError when it is not."""
    _unmoved(content_dir, name, base)
    _put(content_dir / name, text.encode())


def remove(content_dir: Path, name: str, base: str) -> None:
    """Take a file out. `base`: the digest of what it says. Raises MovedError when it says something else."""
    _unmoved(content_dir, name, base)
    (content_dir / name).unlink()


def rename(content_dir: Path, name: str, to: str, base: str) -> None:
    """Give a file another name. Raises MovedError when it says something else by now, or the name is taken."""
    _unmoved(content_dir, name, base)
    _unmoved(content_dir, to, "")
    (content_dir / to).parent.mkdir(exist_ok=True)
    (content_dir / name).rename(content_dir / to)


def _unmoved(content_dir: Path, name: str, base: str) -> None:
    if digest_of(text_of(content_dir, name)) != base:
        raise MovedError


def picture_name(filename: str, data: bytes) -> str | None:
    """What a picture is called in content/media: as its file where the name can stay, else by what is in it. None: by
    its bytes it is no picture, or larger than WeCom takes."""
    ending = next((ending for ending, start in _STARTS.items() if data.startswith(start)), None)
    if ending is None or len(data) > LIMITS["image"][1]:
        return None
    stem = Path(filename.replace("\\", "/")).stem
    return f"{stem if _STEM.fullmatch(stem) else f'picture-{hashlib.sha256(data).hexdigest()[:8]}'}.{ending}"


def put_picture(media: Path, name: str, data: bytes) -> bool:
    """Put a picture there. Returns whether it is: none takes the place of another one."""
    file = media / name
    if file.exists():
        return file.read_bytes() == data
    _put(file, data)
    return True


def is_picture(media: Path, path: str) -> bool:
    """Whether there is a picture of this path below content/media."""
    file = media / path
    ours = file.suffix.lstrip(".").lower() in LIMITS["image"][0] and file.is_file()
    return ours and file.resolve().is_relative_to(media.resolve())


def pictures(media: Path) -> list[str]:
    """The path of every picture there is."""
    paths = (file.relative_to(media).as_posix() for file in media.rglob("*"))
    return sorted(path for path in paths if is_picture(media, path))


def ids_in(text: str) -> frozenset[str]:
    """The ids that a file gives, also one that has errors."""
    return frozenset(_ID.findall(text))


def library_file(content_dir: Path, item: str) -> tuple[str, str]:
    """The file of the library that gives an item, and what it says; empty where there is none any more."""
    there = ((name, text_of(content_dir, name) or "") for name in names(content_dir) if name.startswith("library/"))
    return next(((name, text) for name, text in there if item in ids_in(text)), ("", ""))


def _put(file: Path, data: bytes) -> None:
    """At once, so that nobody reads half of it, and for good."""
    file.parent.mkdir(exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)


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
