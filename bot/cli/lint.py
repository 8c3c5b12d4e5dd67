"""`lint`: whether words may be said, with the article and a way to mend them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import Json, known, refuse, say, say_json, warn

if TYPE_CHECKING:
    from bot.scrm.lint import Hit, Linter
    from bot.scrm.persona import Persona

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Found:
    """A hit at a line (from 1) of a file."""

    file: str
    line: int
    hit: Hit


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def lint(
        files: Annotated[
            list[str] | None, typer.Argument(help="要看的文件或文件夹；- 从标准输入读；不写就看整个 content/")
        ] = None,
        persona: Annotated[str, typer.Option("--persona", help="随便一段文字，按哪个人设的口吻看")] = "brand",
        as_json: Json = False,
    ) -> None:
        """检查话能不能说：广告法、平台规则、人设；每一处给出依据和改法。有不能发的，退出码是 1。"""
        kit = _Kit.read(root, persona)
        names = [each for name in files or [str(root / "content")] for each in _files(name)]
        found = [hit for name in names for hit in kit.look(name)]
        _show(found, as_json)
        if any(one.hit.severity == "refuse" for one in found):
            raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class _Kit:
    """The lists, the voices, and the voice of texts that are no content file."""

    root: Path
    linter: Linter
    personas: dict[str, Persona]
    voice: Persona

    @classmethod
    def read(cls, root: Path, persona: str) -> _Kit:
        """Says every problem of the lists, and exits with 2, when they cannot be used."""
        from bot.content.lint_folder import read_linter, read_voices
        from bot.yamlfile import Problems

        try:
            linter, personas = read_linter(root / "content"), read_voices(root / "content")
        except Problems as found:
            for problem in found.problems:
                warn(str(problem))
            raise typer.Exit(2) from None
        known(persona, personas, "人设")
        return cls(root, linter, personas, personas[persona])

    def look(self, name: str) -> Iterator[Found]:
        """The hits of a file, or of what comes in."""
        from bot.content.linted import kind_of

        raw = _bytes(name)
        kind = kind_of(name) if name.endswith(".yaml") else None
        shown = name.removeprefix(f"{self.root}/")
        return self._content(shown, raw, kind) if kind else self._text(shown, raw)

    def _text(self, name: str, raw: bytes) -> Iterator[Found]:
        text = raw.decode("utf-8-sig", errors="replace")
        for hit in self.linter.hits(text, self.voice):
            yield Found(name, text.count("\n", 0, hit.start) + 1, hit)

    def _content(self, name: str, raw: bytes, kind: str) -> Iterator[Found]:
        from bot.content.linted import OFFERS, hits, spoken, voices
        from bot.yamlfile import any_error, parse

        document = parse(name, raw)
        for problem in document.problems:
            warn(str(problem))
        if any_error(document.problems):
            raise typer.Exit(2)
        lines = raw.decode("utf-8-sig", errors="replace").split("\n")
        for one in spoken(document, kind):
            first = document.line(one.path)
            first += lines[first - 1].rstrip().endswith(("|", ">"))  # the words begin below
            for hit in hits(one.text, self.linter, voices(one, self.personas), in_offer=kind == OFFERS):
                yield Found(name, first + one.text.count("\n", 0, hit.start), hit)


def _files(name: str) -> list[str]:
    """A file itself; of a folder, every file in it whose words reach customers."""
    from bot.content.linted import kind_of

    path = Path(name)
    if not path.is_dir():
        return [name]
    found = [str(each) for each in sorted(path.rglob("*.yaml")) if kind_of(str(each))]
    if not found:
        raise refuse(f"{name}: 这个文件夹里没有给客户看的内容")
    return found


def _bytes(name: str) -> bytes:
    if name == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError:
        raise refuse(f"{name}: 找不到这个文件，或者不能读") from None


def _show(found: Iterable[Found], as_json: bool) -> None:
    rows = list(found)
    refused = sum(one.hit.severity == "refuse" for one in rows)
    if as_json:
        say_json({"hits": [{"file": one.file, "line": one.line, **asdict(one.hit)} for one in rows]})
        return
    for one in rows:
        mark = "不能发" if one.hit.severity == "refuse" else "建议改"
        say(f"{one.file}:{one.line}: {mark}：“{one.hit.found}” {one.hit.family}")
        say(f"    依据 {one.hit.article}")
        say(f"    改法 {one.hit.rewrite}")
    say(f"{refused} 处不能发，{len(rows) - refused} 处建议改。" if rows else "没有问题。")
