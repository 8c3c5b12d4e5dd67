"""A new content file begins with what has to be in it: only the blanks are wrong with it, each says what belongs there,
and with its examples in their place it is a file like any other."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest

from bot.content import edit
from bot.content.folders import Folders
from bot.content.load import FOLDERS, KNOWN_FILES, load
from bot.content.schema import KINDS
from bot.yamlfile import Problem, Problems, parse, validate
from demo.stage import ROOT

SKELETONS = Folders.of(ROOT).skeletons
NAMES = [*KNOWN_FILES, *(f"{folder}/hats.yaml" for folder in FOLDERS), "lint/claims.yaml"]
"""Every kind of file that can be new."""

BLANK = re.compile(r"〔([^〕]*?)[， ]例如 ([^〕]*)〕")


def filled(name: str) -> str:
    """With every blank's example in its place."""
    return BLANK.sub(r"\2", edit.skeleton(SKELETONS, name))


def kind(text: str) -> str:
    """Of the schema that its first line names."""
    found = re.match(r"# yaml-language-server: \$schema=[./]*schema/(\w+)\.schema\.json\n", text)
    return found[1] if found else ""


def test_there_is_one_for_every_kind_of_file() -> None:
    assert {kind(edit.skeleton(SKELETONS, name)) for name in NAMES} == set(KINDS)


def test_it_is_of_the_kind_of_its_file() -> None:
    """The first line is that of the sample's files, by which editors complete and underline."""
    for name in edit.names(ROOT / "content"):
        theirs = (edit.text_of(ROOT / "content", name) or "").partition("\n")[0]
        assert edit.skeleton(SKELETONS, name).partition("\n")[0] == theirs, name


@pytest.mark.parametrize("name", NAMES)
def test_only_the_blanks_are_wrong_with_it(name: str) -> None:
    """Each is named at its line, with what belongs there."""
    text = edit.skeleton(SKELETONS, name)
    blanks = re.findall("〔([^〕]*)〕", text)
    assert [each.message for each in wrong_with(name, text)] == [f"还空着：{said}" for said in blanks]
    assert len(BLANK.findall(text)) == len(blanks), "every blank has its example"


def wrong_with(name: str, text: str) -> tuple[Problem, ...]:
    try:
        validate(parse(name, text.encode()), KINDS[kind(text)])
    except Problems as found:
        return found.problems
    return ()


@pytest.mark.parametrize("name", NAMES)
def test_with_its_examples_it_is_right(name: str) -> None:
    text = filled(name)
    assert wrong_with(name, text) == () and "〔" not in text


def test_with_its_examples_it_goes_live(tmp_path: Path) -> None:
    """Beside all that the sample brand has, nothing is wrong with any of them."""
    copytree(ROOT / "content", tmp_path / "content")
    new = [name for name in NAMES if "/" in name and "claims" not in name]
    for name in new:
        (tmp_path / "content" / name).write_text(filled(name), encoding="utf-8")
    content = load(tmp_path / "content", ROOT / "templates" / "messages")
    mine = [str(each) for each in content.warnings if any(each.file.endswith(name) for name in new)]
    assert mine == [] and content.refused == {}
    assert "kp-hats" in content.library and "first" in [each.id for each in content.calendars]


def test_the_handbook_begins_with_the_same() -> None:
    """Its first item and its first calendar are the skeletons with the examples in them; the words are longer."""
    handbook = (ROOT / "docs" / "handbook.zh-CN.md").read_text(encoding="utf-8")
    blocks = [block for block in re.findall(r"```yaml\n(.*?)```", handbook, re.S) if kind(block)]
    assert [kind(block) for block in blocks] == ["library", "calendar"]
    for name, block in zip(("library/hats.yaml", "calendars/first.yaml"), blocks, strict=True):
        ours, theirs = (parse(name, text.encode()).data for text in (filled(name), block))
        assert without_words(ours) == without_words(theirs)


def without_words(data: object) -> object:
    """The same without what is said to customers."""
    if isinstance(data, dict):
        return {key: without_words(value) for key, value in data.items() if key != "text"}
    return [without_words(each) for each in data] if isinstance(data, list) else data


def test_a_value_of_brackets_alone_is_a_blank() -> None:
    """In a line, in quotation marks, in a text block; brackets within words are words."""
    text = "a: 〔名字〕\nb: '〔名字〕'\nc: |\n  〔话，\n  两行〕\nd: 国市监广〔2023〕5 号\n"
    found = [(each.line, each.message) for each in parse("x.yaml", text.encode()).problems]
    assert found == [(1, "还空着：名字"), (2, "还空着：名字"), (3, "还空着：话，两行")]
