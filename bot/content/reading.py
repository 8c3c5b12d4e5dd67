"""Reading the files of content/, each once: what they say, what is wrong with them, and a digest of all their bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Concatenate, Generic, ParamSpec, TypeVar

from bot.content import messages
from bot.content.media import MediaShelf
from bot.content.personas import PersonaFile
from bot.content.surveys import SurveyFile
from bot.scrm.persona import BRAND
from bot.yamlfile import Document, Problem, Problems, Row, any_error, parse, validate

M = TypeVar("M", bound=Row)
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Several(Generic[M]):
    """The files of a folder that could be read. `whole`: that is all of them."""

    files: Sequence[tuple[Document, M]]
    whole: bool

    @property
    def one(self) -> tuple[Document, M] | None:
        """The file of which there is at most one."""
        return self.files[0] if self.files else None

    @property
    def row(self) -> M | None:
        """What it says."""
        return self.files[0][1] if self.files else None

    def told(
        self, check: Callable[Concatenate[Document, M, P], Iterable[Problem]], *args: P.args, **kwargs: P.kwargs
    ) -> Iterable[Problem]:
        """What a check says of the file, if it is there."""
        return check(*self.one, *args, **kwargs) if self.one else ()


@dataclass(slots=True)
class Reading:
    """Reads every file once, collecting what is wrong and a digest over all bytes."""

    content_dir: Path
    templates_dir: Path
    problems: list[Problem] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether anything keeps the content from going live; warnings do not."""
        return any_error(self.problems)

    def add(self, problems: Iterable[Problem]) -> None:
        self.problems.extend(problems)

    def optional(self, name: str, model: type[M]) -> Several[M]:
        """A file that need not be there."""
        if not (self.content_dir / name).exists():
            return Several((), whole=True)
        return self.needed(name, model)

    def needed(self, name: str, model: type[M]) -> Several[M]:
        """A file that has to be there."""
        read = self.file(name, model)
        return Several([read] if read else [], whole=read is not None)

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
        read = self.several("personas", PersonaFile)
        if read.whole and not any(file.id == BRAND for _, file in read.files):
            where = f"{self.content_dir.name}/personas/{BRAND}.yaml"
            self.add([Problem(where, 1, "id", f"少了 id: {BRAND} 的人设，没有指定人设的导购都用它")])
            return Several(read.files, whole=False)
        return read

    def surveys(self) -> Several[SurveyFile]:
        """Every survey."""
        return self.several("surveys", SurveyFile)

    def several(self, folder: str, model: type[M], leave_out: str = "") -> Several[M]:
        """Every file of a folder but one of this name."""
        paths = sorted(p for p in (self.content_dir / folder).glob("*.yaml") if p.name != leave_out)
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

    def raw(self, name: str) -> bytes:
        """The bytes of a file of content/."""
        return self._bytes(self.content_dir / name, f"{self.content_dir.name}/{name}") or b""

    def _bytes(self, path: Path, shown: str) -> bytes | None:
        try:
            raw = path.read_bytes()
        except OSError:
            self.add([Problem(shown, 1, "", "找不到这个文件，或者不能读")])
            return None
        self.digests[shown] = hashlib.sha256(raw).hexdigest()
        return raw
