"""content/tags.yaml: the taxonomy of tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.content.fields import Line, Span
from bot.scrm.tag_plan import MAX_NAME, MAX_PER_GROUP, MAX_TAGS
from bot.scrm.taxonomy import Pick, SetBy, Sync, Tag, TagGroup, Taxonomy
from bot.yamlfile import Document, Problem, Row

FITS_A_PHONE = 15
"""Our own advice: WeCom takes twice as much, but a guide would not see it whole."""


class TagRow(Row):
    """一个标签"""

    name: Line = Field(description=f"标签名，最好不超过 {FITS_A_PHONE} 字")
    was: Line | None = Field(default=None, description="改名前叫什么；客户身上的标签会跟着改")
    means: Line | None = Field(default=None, description="什么时候打这个标签，给导购看")


def _named(value: object) -> object:
    """A tag may be written as its name alone."""
    return {"name": value} if isinstance(value, str) else value


class GroupRow(Row):
    """一组标签"""

    group: Line = Field(description=f"组名，最好不超过 {FITS_A_PHONE} 字")
    tags: tuple[Annotated[TagRow, BeforeValidator(_named, json_schema_input_type=str | TagRow)], ...] = Field(
        description="标签名，或 {name, was, means}"
    )
    pick: Pick = Field(default="多选", description="单选：新标签顶掉同组的旧标签")
    expires: Span | None = Field(default=None, description="多久后失效，例如 90天；不写就一直有效")
    set_by: SetBy = Field(default="都可", description="谁来打；人工打的标签系统不会改")
    sync: Sync = Field(default="企微", description="仅系统：不同步到企业微信")
    was: Line | None = Field(default=None, description="组改名前叫什么")

    def value(self) -> TagGroup:
        return TagGroup(
            name=self.group,
            tags=tuple(Tag(self.group, t.name, t.was, t.means) for t in self.tags),
            pick=self.pick,
            set_by=self.set_by,
            sync=self.sync,
            expires_seconds=self.expires,
            was=self.was,
        )


class TagsFile(Row):
    """标签体系：content/tags.yaml"""

    groups: tuple[GroupRow, ...] = Field(description="标签组，一组一行")

    def value(self) -> Taxonomy:
        return Taxonomy(tuple(row.value() for row in self.groups))


def problems(document: Document, file: TagsFile) -> Iterator[Problem]:
    """What no single value can know: names twice, too long, too many."""
    groups = Counter(row.group for row in file.groups)
    for i, row in enumerate(file.groups):
        if groups[row.group] > 1:
            yield document.problem(("groups", i, "group"), f"“{row.group}”写了两次，请合成一组")
        if not row.tags:
            yield document.problem(("groups", i, "tags"), "至少要有一个标签")
        yield from _name_problems(document, i, row)
    total = sum(len(row.tags) for row in file.groups if row.sync == "企微")
    if total > MAX_TAGS:
        yield document.problem(("groups",), f"共 {total:,} 个标签，超过上限 {MAX_TAGS:,}")


def _name_problems(document: Document, i: int, row: GroupRow) -> Iterator[Problem]:
    names = Counter(tag.name for tag in row.tags)
    yield from _fault(document, ("groups", i, "group"), row.group)
    for j, tag in enumerate(row.tags):
        path = ("groups", i, "tags", j)
        if names[tag.name] > 1:
            yield document.problem(path, f"“{tag.name}”写了两次")
        if tag.was in names:
            yield document.problem(path, f"“{tag.name}”的旧名“{tag.was}”还在组里，改名请只留新名")
        yield from _fault(document, path, tag.name)
    if len(row.tags) > MAX_PER_GROUP and row.sync == "企微":
        many = f"一组最多 {MAX_PER_GROUP} 个标签，这里有 {len(row.tags)} 个"
        yield document.problem(("groups", i, "tags"), many, "warning")


def _fault(document: Document, path: tuple[str | int, ...], name: str) -> Iterator[Problem]:
    if len(name) > MAX_NAME:
        yield document.problem(path, f"“{name}”有 {len(name)} 个字，企业微信最多 {MAX_NAME} 字")
    elif len(name) > FITS_A_PHONE:
        yield document.problem(path, f"“{name}”有 {len(name)} 个字，超过 {FITS_A_PHONE} 字手机上看不全", "warning")
    if "/" in name:
        yield document.problem(path, f"“{name}”里不能有 /，它用来分开组和名")


def unlisted_problems(
    document: Document, file: TagsFile, unlisted: Sequence[str], carriers: Mapping[str, int]
) -> Iterator[Problem]:
    """What WeCom has and the file has not: perhaps a tag that went missing, perhaps an admin's own."""
    places = {row.group: i for i, row in enumerate(file.groups)}
    for tag in unlisted:
        group, _, name = tag.partition("/")
        where = ("groups", places[group], "tags") if group in places else ("groups",)
        said = f"“{name if group in places else tag}”不在文件里，挂在 {carriers.get(tag, 0):,} 位客户身上；"
        hint = "要管它就写进来，改名请写 was，真要删请用 sync tags --delete-tag"
        yield document.problem(where, said + hint, "warning")
