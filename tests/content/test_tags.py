"""content/tags.yaml: the taxonomy."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content.tags import TagsFile, unlisted_problems
from bot.scrm.taxonomy import Tag
from bot.yamlfile import parse, validate

Folder = Any  # the fixture's class, in conftest.py


def test_every_key_reaches_the_taxonomy(folder: Folder) -> None:
    """Names alone or with `was` and `means`; spans in seconds."""
    tags = "[补水, {name: 防晒, was: 夏日防晒, means: 问过防晒}]"
    row = f"{{group: 意向, was: 想要, expires: 90天, sync: 仅系统, tags: {tags}}}"
    group = folder.edit("content/tags.yaml", "groups:", f"groups:\n  - {row}").load().taxonomy.groups[0]
    assert (group.name, group.was, group.expires_seconds, group.sync) == ("意向", "想要", 90 * 86400, "仅系统")
    assert group.tags == (Tag("意向", "补水"), Tag("意向", "防晒", was="夏日防晒", means="问过防晒"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[干性, 敏感肌]", "[干性, 敏感肌, 干性]", "content/tags.yaml:2: tags: “干性”写了两次"),
        ("group: 服务", "group: 肤质", "content/tags.yaml:2: group: “肤质”写了两次，请合成一组"),
        ("[干性, 敏感肌]", "[]", "content/tags.yaml:2: tags: 至少要有一个标签"),
        ("[干性, 敏感肌]", f"[{'长' * 31}]", f"content/tags.yaml:2: tags: “{'长' * 31}”有 31 个字，企业微信最多 30 字"),
        ("group: 肤质", "group: 肤/质", "content/tags.yaml:2: group: “肤/质”里不能有 /，它用来分开组和名"),
        (
            "[干性, 敏感肌]",
            "[干性, {name: 敏感肌, was: 干性}]",
            "content/tags.yaml:2: tags: “敏感肌”的旧名“干性”还在组里，改名请只留新名",
        ),
        ("pick: 单选", "pick: 单", "content/tags.yaml:2: pick: “单”不行，是不是 单选？可以写 单选、多选"),
        ("[干性, 敏感肌]", "[干性, {nmae: 敏感肌}]", "content/tags.yaml:2: nmae: 不认识，是不是 name？"),
    ],
)
def test_what_is_wrong_is_said(folder: Folder, old: str, new: str, said: str) -> None:
    """With the line of the group."""
    assert said in folder.edit("content/tags.yaml", old, new).problems()


def test_a_long_name_is_only_advised_against(folder: Folder) -> None:
    """WeCom takes 30 characters, a guide's phone shows about 15."""
    long = "长" * 16
    warnings = folder.edit("content/tags.yaml", "[干性, 敏感肌]", f"[{long}, 敏感肌]").load().warnings
    assert f"content/tags.yaml:2: 提醒: tags: “{long}”有 16 个字，超过 15 字手机上看不全" in [str(w) for w in warnings]


def test_what_wecom_has_and_the_file_has_not_is_named_with_its_customers() -> None:
    """In the line of its group, when that is there; what to do about it is said."""
    document = parse("content/tags.yaml", "groups:\n  - {group: 意向, tags: [补水]}\n".encode())
    file = validate(document, TagsFile)
    carriers = {"意向/夏日防晒": 3_214}
    said = [str(p) for p in unlisted_problems(document, file, ["意向/夏日防晒", "渠道/A"], carriers)]
    hint = "要管它就写进来，改名请写 was，真要删请用 sync tags --delete-tag"
    assert said == [
        f"content/tags.yaml:2: 提醒: tags: “夏日防晒”不在文件里，挂在 3,214 位客户身上；{hint}",
        f"content/tags.yaml:1: 提醒: groups: “渠道/A”不在文件里，挂在 0 位客户身上；{hint}",
    ]


def test_a_corp_has_room_for_so_many_tags_only(folder: Folder) -> None:
    """The lower of the two figures that WeCom gives."""
    names = ", ".join(f"t{n}" for n in range(2_997))
    problems = folder.edit("content/tags.yaml", "[干性, 敏感肌]", f"[干性, 敏感肌, {names}]").problems()
    assert "content/tags.yaml:1: groups: 共 3,001 个标签，超过上限 3,000" in problems
    assert "content/tags.yaml:2: 提醒: tags: 一组最多 100 个标签，这里有 2999 个" in problems
    kept = folder.edit("content/tags.yaml", "pick: 单选", "pick: 单选, sync: 仅系统")
    assert kept.load().warnings == ()
