"""Read all of content/ and templates/messages/ into one snapshot, or say everything that is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Generic, TypeVar

from bot.content import channels, groups, kf, messages, personas, survey_check, surveys, tags, welcome, welcome_check
from bot.content.channels import ChannelsFile
from bot.content.groups import GroupsFile
from bot.content.kf import KfFile
from bot.content.media import MediaShelf
from bot.content.personas import PersonaFile
from bot.content.snapshot import Content
from bot.content.surveys import SurveyFile
from bot.content.tags import TagsFile
from bot.content.welcome import WelcomeFile
from bot.scrm.persona import BRAND, Persona
from bot.templates import Templates
from bot.yamlfile import Document, Problem, Problems, Row, did_you_mean, parse, validate

M = TypeVar("M", bound=Row)

KNOWN_FILES = ("channels.yaml", "groups.yaml", "kf.yaml", "mix.yaml", "tags.yaml", "welcome.yaml")


def load(content_dir: Path, templates_dir: Path) -> Content:
    """The content of `content_dir`, with the messages of `templates_dir` (templates/messages).

    Raises Problems with everything wrong over all files at once; warnings alone raise nothing.
    """
    reading = _Reading(content_dir, templates_dir)
    texts = reading.messages()
    voices = reading.personas()
    taxonomy = reading.file("tags.yaml", TagsFile)
    ways = reading.file("channels.yaml", ChannelsFile)
    greetings = reading.file("welcome.yaml", WelcomeFile)
    questions = reading.surveys()
    wants_kf = (content_dir / "kf.yaml").exists()
    desks = reading.file("kf.yaml", KfFile) if wants_kf else None
    wants_groups = (content_dir / "groups.yaml").exists()
    rooms = reading.file("groups.yaml", GroupsFile) if wants_groups else None
    shelf = MediaShelf(content_dir / "media")
    reading.add(_stray_files(content_dir))
    reading.add(_cross_problems(voices, taxonomy, ways, greetings, questions, shelf))
    reading.add(_kf_problems(None if wants_kf and not desks else ways, desks, questions, shelf))
    reading.add(groups.problems(*rooms, shelf) if rooms else ())
    if taxonomy is None or ways is None or greetings is None or reading.failed:
        raise Problems(reading.problems)
    welcomes = greetings[1].value()
    return Content(
        version=reading.version(shelf),
        channels=MappingProxyType(ways[1].value()),
        kf_accounts=MappingProxyType(desks[1].value() if desks else {}),
        welcomes=welcomes,
        surveys=MappingProxyType(surveys.surveys(questions.files)),
        group_welcomes=rooms[1].value() if rooms else (),
        taxonomy=taxonomy[1].value(),
        personas=MappingProxyType(personas.personas(voices.files)),
        media=MappingProxyType(shelf.digests),
        templates=Templates(texts | welcome.texts(welcomes)),
        warnings=tuple(sorted(reading.problems)),
    )


def _cross_problems(
    voices: Several[PersonaFile],
    taxonomy: tuple[Document, TagsFile] | None,
    ways: tuple[Document, ChannelsFile] | None,
    greetings: tuple[Document, WelcomeFile] | None,
    questions: Several[SurveyFile],
    shelf: MediaShelf,
) -> Iterable[Problem]:
    """Everything beyond single values; what needs a file that could not be read is left out."""
    voice_problems = list(personas.problems(voices.files, whole=voices.whole))
    yield from voice_problems
    if taxonomy:
        yield from tags.problems(*taxonomy)
    if ways:
        yield from channels.problems(*ways)
    if ways and taxonomy:
        yield from channels.tag_problems(*ways, taxonomy[1].value())
    spoken = personas.personas(voices.files) if voices.whole and not voice_problems else None
    yield from survey_check.problems(questions.files, _around_surveys(spoken, taxonomy, ways))
    if greetings:
        around = welcome_check.Around(
            channels=ways[1].value() if ways else None,
            personas=spoken,
            shelf=shelf,
            surveys=surveys.surveys(questions.files) if questions.whole else None,
        )
        yield from welcome_check.problems(*greetings, around)


def _around_surveys(
    spoken: Mapping[str, Persona] | None,
    taxonomy: tuple[Document, TagsFile] | None,
    ways: tuple[Document, ChannelsFile] | None,
) -> survey_check.Around:
    known = ways[1].value() if ways else {}
    return survey_check.Around(
        taxonomy=taxonomy[1].value() if taxonomy else None,
        channels=known if ways else None,
        guides={userid for channel in known.values() for userid in channel.userids} if ways else None,
        channel_tags={tag for channel in known.values() for tag in channel.tags},
        never_say=spoken[BRAND].never_say if spoken else (),
    )


def _kf_problems(
    ways: tuple[Document, ChannelsFile] | None,
    desks: tuple[Document, KfFile] | None,
    questions: Several[SurveyFile],
    shelf: MediaShelf,
) -> Iterable[Problem]:
    if desks:
        around = kf.Around(
            channels=ways[1].value() if ways else None,
            surveys=surveys.surveys(questions.files) if questions.whole else None,
            shelf=shelf,
        )
        yield from kf.problems(*desks, around)
    if ways:
        yield from kf.way_problems(*ways, desks[1] if desks else None)


@dataclass(frozen=True, slots=True)
class Several(Generic[M]):
    """The files of a folder that could be read. `whole`: that is all of them."""

    files: Sequence[tuple[Document, M]]
    whole: bool


@dataclass(slots=True)
class _Reading:
    """Reads every file once, collecting what is wrong and a digest over all bytes."""

    content_dir: Path
    templates_dir: Path
    problems: list[Problem] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    def add(self, problems: Iterable[Problem]) -> None:
        self.problems.extend(problems)

    def file(self, name: str, model: type[M]) -> tuple[Document, M] | None:
        """One file of content/ as its model, or None."""
        shown = f"{self.content_dir.name}/{name}"
        raw = self._bytes(self.content_dir / name, shown)
        if raw is None:
            return None
        document = parse(shown, raw)
        try:
            return document, validate(document, model)
        except Problems as found:
            self.add(found.problems)
            return None

    def personas(self) -> Several[PersonaFile]:
        """Every persona; the brand's has to be there."""
        read = self._several("personas", PersonaFile)
        if read.whole and not any(file.id == BRAND for _, file in read.files):
            where = f"{self.content_dir.name}/personas/{BRAND}.yaml"
            self.add([Problem(where, 1, "id", f"少了 id: {BRAND} 的人设，没有指定人设的导购都用它")])
            return Several(read.files, whole=False)
        return read

    def surveys(self) -> Several[SurveyFile]:
        """Every survey."""
        return self._several("surveys", SurveyFile)

    def _several(self, folder: str, model: type[M]) -> Several[M]:
        paths = sorted((self.content_dir / folder).glob("*.yaml"))
        files = [self.file(f"{folder}/{path.name}", model) for path in paths]
        good = [file for file in files if file]
        return Several(good, whole=len(good) == len(files))

    def messages(self) -> dict[str, str]:
        """Every message template: name → text."""
        parent = f"{self.templates_dir.parent.name}/{self.templates_dir.name}"
        texts: dict[str, str] = {}
        for name, path in messages.names(self.templates_dir).items():
            raw = self._bytes(path, f"{parent}/{name}") or b""
            try:
                texts[name] = raw.decode()
            except UnicodeDecodeError:
                self.add([Problem(f"{parent}/{name}", 1, "", "不是 UTF-8 编码，请用 UTF-8 另存")])
        self.add(messages.problems(parent, texts))
        return texts

    def version(self, shelf: MediaShelf) -> str:
        """sha256 over everything read."""
        parts = sorted({**self.digests, **{f"media/{path}": digest for path, digest in shelf.digests.items()}}.items())
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def _bytes(self, path: Path, shown: str) -> bytes | None:
        try:
            raw = path.read_bytes()
        except OSError:
            self.add([Problem(shown, 1, "", "找不到这个文件，或者不能读")])
            return None
        self.digests[shown] = hashlib.sha256(raw).hexdigest()
        return raw


def _stray_files(content_dir: Path) -> Iterable[Problem]:
    """Files that look like content but that nothing reads: a mistyped name must not go unseen."""
    known = [content_dir / name for name in KNOWN_FILES]
    strays = (*content_dir.glob("*.y*ml"), *content_dir.glob("personas/*.yml"), *content_dir.glob("surveys/*.yml"))
    for path in sorted(strays):
        if path not in known:
            shown = f"{content_dir.name}/{path.relative_to(content_dir).as_posix()}"
            hint = did_you_mean(path.stem, [name.removesuffix(".yaml") for name in KNOWN_FILES])
            yield Problem(shown, 1, "", f"这个文件没有用到，里面的内容不会生效{hint}（文件名以 .yaml 结尾）", "warning")
