"""What an item says rests on an entry of the knowledge that is there."""

from __future__ import annotations

import pytest

from bot.content.folders import Folders
from bot.content.knowledge import KnowledgeFile, ids
from bot.content.load import load
from bot.content.reading import Reading
from demo.stage import ROOT
from tests.content.conftest import Folder

KNOWLEDGE = """\
entries:
  - id: kb-redness
    title: 换季泛红
    facts:
      - say: 先停去角质
        from: 自己的经验
"""
LIBRARY = """\
items:
  - id: kp-redness
    title: 换季泛红
    kind: 科普
    topic: 护肤知识
    source: kb-redness
    variants:
      - for: 群
        text: 先停去角质。
"""


@pytest.fixture
def brand(folder: Folder) -> Folder:
    """One item and what it rests on."""
    folder.write("content/knowledge/skin.yaml", KNOWLEDGE)
    return folder.write("content/library/skin.yaml", LIBRARY)


def test_a_source_that_is_there_is_accepted(brand: Folder) -> None:
    """And it is a part of the edition: another fact is another edition."""
    before = brand.load()
    assert before.library["kp-redness"].source == "kb-redness"
    assert brand.edit("content/knowledge/skin.yaml", "先停去角质", "先停三样").load().version != before.version


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "library",
            "source: kb-redness",
            "source: kb-rednes",
            "content/library/skin.yaml:6: source: knowledge/ 里没有知识“kb-rednes”，是不是 kb-redness？",
        ),
        (
            "knowledge",
            "        from: 自己的经验\n",
            "",
            "content/knowledge/skin.yaml:5: from: ",
        ),
        (
            "knowledge",
            "    title: 换季泛红\n",
            "    title: 换季泛红\n    short: 先停三样\n",
            "content/knowledge/skin.yaml:4: short: 这个版本还不支持：拿知识回答客户",
        ),
    ],
)
def test_a_slip_is_named_at_its_line(brand: Folder, file: str, old: str, new: str, expected: str) -> None:
    """A name that nobody knows, with the nearest; a fact that comes from nowhere; a key that nothing follows."""
    found = brand.edit(f"content/{file}/skin.yaml", old, new).problems()
    assert any(problem.startswith(expected) for problem in found), found


def test_an_id_names_one_entry(brand: Folder) -> None:
    """Over all files."""
    brand.write("content/knowledge/winter.yaml", KNOWLEDGE)
    assert any("“kb-redness”写了两次" in problem for problem in brand.problems())


def test_without_any_knowledge_no_source_is_known(folder: Folder) -> None:
    """It is not taken on trust."""
    found = folder.write("content/library/skin.yaml", LIBRARY).problems()
    assert any("knowledge/ 里没有知识“kb-redness”" in problem for problem in found)


def test_every_entry_that_ships_is_used() -> None:
    """By an item of the library; the facts of the others would be kept for nobody."""
    folders = Folders.of(ROOT)
    read = Reading(folders.content, folders.messages).several("knowledge", KnowledgeFile)
    used = {item.source for item in load(folders.content, folders.messages).library.values()}
    assert ids(read.files) == used - {None}
