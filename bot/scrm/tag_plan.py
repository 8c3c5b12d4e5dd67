"""Tags as the file has them and as WeCom has them: what to add and rename, and what nobody may touch unasked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.scrm.events import CorpTag
from bot.scrm.taxonomy import Tag, TagGroup, Taxonomy

MAX_TAGS = 3_000
"""Of WeCom's two figures, 3,000 (error 40126) and 10,000 (newer page 92117), the one that surely holds."""

MAX_PER_GROUP = 100
MAX_NAME = 30
"""Characters of a group or tag (developer.work.weixin.qq.com/document/path/92117)."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """edit_corp_tag keeps the id, and so the customers. `id`: of a tag or a group; `was`, `now`: shown to people."""

    id: str
    was: str
    now: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPlan:
    """`add`: "组/名" in the order of the file; `unlisted`: at WeCom and not in the file, left alone;
    `problems`: why something cannot be done."""

    rename_groups: tuple[Renaming, ...] = ()
    rename_tags: tuple[Renaming, ...] = ()
    add: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Nothing is left to do."""
        return not (self.rename_groups or self.rename_tags or self.add)


def plan_tags(taxonomy: Taxonomy, corp_tags: Sequence[CorpTag]) -> TagPlan:
    """What brings WeCom in line with the file. Applied, the next plan has nothing to do."""
    names = Counter(tag.group for tag in corp_tags)
    shown = [group for group in taxonomy.groups if group.sync == "企微"]
    rename_groups = [r for group in shown if (r := _group_renaming(group, corp_tags))]
    rename_tags: list[Renaming] = []
    add: list[str] = []
    known: set[str] = set()
    problems: list[str] = []
    for group in shown:
        there = {t.name: t for t in corp_tags if t.group == _at_wecom(group, names)}
        for tag in group.tags:
            found, renaming = there.get(tag.name), _tag_renaming(tag, there)
            if renaming:
                rename_tags.append(renaming)
            elif found is None:
                add.append(tag.path)
            elif tag.was in there:
                problems.append(f"“{tag.path}”和旧名“{tag.was}”在企业微信里都有，系统不会合并，请人来处理")
            known |= {t.tag_id for t in (found, there.get(tag.was or "") if renaming else None) if t}
    unlisted = tuple(f"{t.group}/{t.name}" for t in corp_tags if t.tag_id not in known)
    return TagPlan(
        rename_groups=tuple(rename_groups),
        rename_tags=tuple(rename_tags),
        add=tuple(add),
        unlisted=unlisted,
        problems=(*problems, *_too_many(taxonomy, corp_tags, add)),
    )


def renamed_paths(taxonomy: Taxonomy, corp_tags: Sequence[CorpTag]) -> Mapping[str, str]:
    """Old "组/名" → new, for names that our own customers' tags may still have though nobody else has."""
    at_wecom = {f"{t.group}/{t.name}" for t in corp_tags}
    return {
        was: tag.path
        for group in taxonomy.groups
        for tag in group.tags
        for was in group.former_paths(tag)
        if group.sync == "仅系统" or (tag.path in at_wecom and was not in at_wecom)
    }


def _at_wecom(group: TagGroup, names: Mapping[str, int]) -> str:
    """The name under which WeCom has a group now."""
    return group.was if group.was and group.was in names and group.name not in names else group.name


def _group_renaming(group: TagGroup, corp_tags: Sequence[CorpTag]) -> Renaming | None:
    names = {t.group: t.group_id for t in corp_tags}
    if not group.was or group.name in names or group.was not in names:
        return None
    return Renaming(names[group.was], group.was, group.name, group.name)


def _tag_renaming(tag: Tag, there: Mapping[str, CorpTag]) -> Renaming | None:
    if not tag.was or tag.name in there or tag.was not in there:
        return None
    return Renaming(there[tag.was].tag_id, f"{tag.group}/{tag.was}", tag.path, tag.name)


def _too_many(taxonomy: Taxonomy, corp_tags: Sequence[CorpTag], add: Sequence[str]) -> Iterator[str]:
    total = len(corp_tags) + len(add)
    if total > MAX_TAGS:
        yield f"加上以后共 {total:,} 个标签，超过设定上限 {MAX_TAGS:,}，多出来的企业微信可能不收（40126）"
    for group in taxonomy.groups:
        if len(group.tags) > MAX_PER_GROUP:
            yield f"“{group.name}”有 {len(group.tags)} 个标签，一组最多 {MAX_PER_GROUP} 个"
