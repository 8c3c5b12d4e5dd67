"""content/knowledge/*.yaml: what our words rest on. An item of the library names one entry as its `source`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from bot.content.fields import Id, Line
from bot.yamlfile import Document, Problem, Row


class FactRow(Row):
    """一个事实，和它的出处"""

    say: Line = Field(description="一句话，一个事实")
    origin: Line = Field(alias="from", description="出处：谁在哪里说的；查不到的写“自己的经验”")


class EntryRow(Row):
    """一条知识"""

    id: Id = Field(description="编号，内容库的 source 写它")
    title: Line = Field(description="内部用的名字")
    facts: tuple[FactRow, ...] = Field(min_length=1, description="这条知识里的事实，每个都写出处")

    not_yet: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("questions", "short", "answered_by", "valid", "hand_over_if", "topic", "products", "offer", "who"),
        "拿知识回答客户的功能上线后再写",
    )


class KnowledgeFile(Row):
    """知识：content/knowledge/*.yaml，一个文件放几条都行"""

    entries: tuple[EntryRow, ...] = Field(min_length=1, description="一条知识一项")


Files = Sequence[tuple[Document, KnowledgeFile]]


def ids(files: Files) -> set[str]:
    """Every entry that a `source` may name."""
    return {row.id for _, file in files for row in file.entries}


def problems(files: Files) -> Iterator[Problem]:
    """Ids that are used twice: nobody could tell which is meant."""
    used = Counter(row.id for _, file in files for row in file.entries)
    for document, file in files:
        for i, row in enumerate(file.entries):
            if used[row.id] > 1:
                yield document.problem(("entries", i, "id"), f"“{row.id}”写了两次，每条知识的编号只用一次")
