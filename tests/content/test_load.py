"""All files become one snapshot, or everything wrong is said at once with file, line and key."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.scrm.taxonomy import Tag
from bot.scrm.words import Words
from tests.house import FOLDERS

Folder = Any  # the fixture's class, in conftest.py


def test_a_valid_folder_becomes_a_snapshot(folder: Folder) -> None:
    """Channels, welcomes, taxonomy, personas, media and words, read-only."""
    content = folder.load()
    assert content.channel("parcel").userids == ("guide-lin", "guide-wu")
    assert (content.channel("gone"), content.channel(None)) == (None, None)
    assert [welcome.id for welcome in content.welcomes] == ["parcel", "default"]
    assert content.taxonomy.find("肤质/敏感肌") == Tag("肤质", "敏感肌")
    assert list(content.media) == ["card.png"]
    assert content.warnings == ()
    with pytest.raises(TypeError):
        content.channels["x"] = content.channels["parcel"]


def test_words_of_welcomes_and_messages_are_rendered(folder: Folder) -> None:
    """Welcome, ready words (the same text unless written) and messages."""
    content = folder.edit("content/welcome.yaml", "images:", "if_missed: 抱歉，晚了\n    images:").load()
    guide = {"guide": {"name": "林夕"}}
    assert content.render(Words("welcome/parcel", guide)) == "你好，我是屿禾林夕。"
    assert content.render(Words("welcome/parcel/missed", guide)) == "抱歉，晚了"
    assert content.render(Words("welcome/default/missed", guide)) == "你好，我是林夕。"
    assert content.render(Words("guide/note.txt", {"customer": {"name": "阿宁"}})) == "阿宁 来了"


def test_a_guide_speaks_with_their_persona_or_the_brands(folder: Folder) -> None:
    """`extends` fills what is left out and adds lists."""
    content = folder.load()
    own = content.persona_of("guide-lin")
    assert (own.name, own.never_say, own.emoji) == ("小禾", ("亲亲", "最有效"), 2)
    assert content.persona_of("guide-wu").id == "brand"


def test_the_version_follows_every_byte(folder: Folder) -> None:
    """YAML, media and messages; the same bytes give the same version."""
    seen = {folder.load().version, folder.load().version}
    assert len(seen) == 1
    seen.add(folder.edit("content/tags.yaml", "groups:", "groups: # 注释").load().version)
    seen.add(folder.edit("templates/messages/guide/note.txt", "来了", "到了").load().version)
    (folder.content / "media" / "card.png").write_bytes(b"\x89PNG other")
    seen.add(folder.load().version)
    assert len(seen) == 4


def test_everything_wrong_in_all_files_is_said_at_once(folder: Folder) -> None:
    """One broken file hides nothing that can still be known of the others."""
    folder.edit("content/tags.yaml", "pick: 单选", "pick：单选")
    folder.edit("content/channels.yaml", "class: 电商", "class: 网店")
    folder.edit("content/welcome.yaml", "屿禾{{ guide.name }}", "{{ customer.name }}你好")
    folder.edit("content/personas/xiaohe.yaml", "voice:", "vioce:")
    folder.edit("templates/messages/guide/note.txt", "{{ customer.name }}", "{{ customer.nmae }}")
    assert folder.problems() == [
        "content/channels.yaml:4: class: “网店”不行，可以写 门店、电商、内容、投放、转介绍、其他",
        "content/personas/xiaohe.yaml:1: voice: 必须写，这里缺了",
        "content/personas/xiaohe.yaml:6: vioce: 不认识，是不是 voice？",
        "content/tags.yaml:2: “pick”后面要用英文冒号加一个空格：pick: 单选",
        "content/welcome.yaml:4: text: 欢迎语发出时还不知道客户昵称，请删掉 customer.name",
        "templates/messages/guide/note.txt:2: 不认识 customer.nmae，是不是 customer.name？",
    ]


def test_one_file_of_a_folder_that_cannot_be_read_hides_no_other(folder: Folder) -> None:
    """What is wrong in the others is said in the same round; nothing is said of what the broken one may hold."""
    folder.edit("content/personas/brand.yaml", "voice:", "vioce:")
    folder.edit("content/personas/xiaohe.yaml", "guides: [guide-lin]", "guides: [guide-lin, guide-lin]")
    folder.write("content/surveys/a.yaml", "id: a\n").write("content/surveys/b.yaml", SURVEY)
    found = folder.problems()
    assert any("personas/brand.yaml" in said and "vioce" in said for said in found)
    assert any("personas/xiaohe.yaml" in said and "只能有一个人设" in said for said in found)
    assert any("surveys/b.yaml" in said and "写了两次" in said for said in found)
    assert not any("没有人设" in said for said in found)


SURVEY = re.sub("- id: (?!skin)[a-z]+", "- id: skin", (FOLDERS.content / "surveys" / "newcomer.yaml").read_text())


@pytest.mark.parametrize("name", ["tags", "channels", "welcome", "personas/brand"])
def test_a_missing_file_is_named(folder: Folder, name: str) -> None:
    """Each of the four is needed."""
    (folder.content / f"{name}.yaml").unlink()
    assert any(said.startswith(f"content/{name}.yaml:1: ") for said in folder.problems())


def test_a_mistyped_file_name_does_not_go_unseen(folder: Folder) -> None:
    """It stops nothing, but its content is not in use."""
    folder.write("content/chanels.yaml", "channels: []\n").write("content/personas/new.yml", "id: new\n")
    assert folder.warnings() == [
        "content/chanels.yaml:1: 提醒: 这个文件没有用到，里面的内容不会生效，是不是 channels？（文件名以 .yaml 结尾）",
        "content/personas/new.yml:1: 提醒: 这个文件没有用到，里面的内容不会生效（文件名以 .yaml 结尾）",
    ]
