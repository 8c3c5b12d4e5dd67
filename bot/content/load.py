"""Read all of content/ and templates/messages/ into one snapshot, or say everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

from bot.content import personas, plans, received, welcome
from bot.content.library import texts as library_texts
from bot.content.media import MediaShelf
from bot.content.period import TIMEZONE
from bot.content.reading import Reading
from bot.content.snapshot import Content
from bot.scrm.lint.linter import search_for
from bot.scrm.lint.pattern import branches, matches_nothing
from bot.templates import Templates
from bot.yamlfile import Problem, Problems, did_you_mean, parse

KNOWN_FILES = (*received.SINGLE_FILES, *plans.SINGLE_FILES)
FOLDERS = (*received.FOLDERS, *plans.FOLDERS)


def load(content_dir: Path, templates_dir: Path, *, at: int | None = None, timezone: str = TIMEZONE) -> Content:
    """The content of `content_dir`, with the messages of `templates_dir` (templates/messages).

    `at`: now, epoch seconds, for what is valid for a time; None: nothing is said about that. `timezone`: IANA name of
    the corp's days. Raises Problems with everything wrong over all files at once; warnings alone raise nothing.
    """
    reading, shelf = Reading(content_dir, templates_dir), MediaShelf(content_dir / "media")
    texts = reading.messages()
    ours, planned = received.ReceivedFiles(reading), plans.PlanFiles(reading)
    voices = ours.voice_problems(planned.allowed(timezone), at)
    around = ours.around(shelf, voices, at, timezone)
    reading.add(_stray_files(content_dir))
    reading.add(voices)
    reading.add(ours.problems(around, planned.offer_ids))
    reading.add(planned.problems(around))
    heard = planned.heard(around)
    reading.add(plans.lint_problems(heard))
    if reading.failed:
        raise Problems(reading.problems)
    greeted, values = ours.values(around), planned.values(around, heard)
    texts |= welcome.texts(greeted.welcomes) | library_texts(values.library) | personas.texts(greeted.personas)
    return Content(
        version=reading.version(shelf),
        media=MappingProxyType(shelf.digests),
        templates=Templates(texts),
        warnings=tuple(sorted(reading.problems)),
        **{each.name: getattr(part, each.name) for part in (greeted, values) for each in fields(part)},
    )


def forget() -> None:
    """Drop what was kept to read the next edition faster: 10 MB that a check fills again, once somebody edits."""
    for kept in (parse, matches_nothing, branches, search_for):
        kept.cache_clear()


def _stray_files(content_dir: Path) -> Iterable[Problem]:
    """Files that look like content but that nothing reads: a mistyped name must not go unseen."""
    known = [content_dir / name for name in KNOWN_FILES]
    strays = [*content_dir.glob("*.y*ml"), *(path for name in FOLDERS for path in content_dir.glob(f"{name}/*.yml"))]
    for path in sorted(strays):
        if path not in known:
            shown = f"{content_dir.name}/{path.relative_to(content_dir).as_posix()}"
            hint = did_you_mean(path.stem, [name.removesuffix(".yaml") for name in KNOWN_FILES])
            yield Problem(shown, 1, "", f"这个文件没有用到，里面的内容不会生效{hint}（文件名以 .yaml 结尾）", "warning")
