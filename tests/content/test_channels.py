"""content/channels.yaml: every way in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content.channels import ChannelsFile, kept_problems, problems
from bot.scrm.channel import KeptWay, Shift
from bot.scrm.week import ALL_DAY, Hours, Window
from bot.yamlfile import parse, validate

Folder = Any  # the fixture's class, in conftest.py
FILE = "content/channels.yaml"


def test_every_key_reaches_the_channel(folder: Folder) -> None:
    """Chinese values stay as people wrote them, hours become minutes."""
    more = "printed: 是\n    spare: guide-chen\n    daily_cap: 80\n    cost_per_add: 1.80元\n    tags:"
    folder.edit(FILE, "tags:", more)
    parcel = folder.load().channels["parcel"]
    assert (parcel.title, parcel.channel_class, parcel.way, parcel.printed) == ("包裹卡", "电商", "联系我", True)
    assert (parcel.spare, parcel.daily_cap, parcel.tags) == ("guide-chen", 80, ("来源/包裹卡",))
    assert parcel.cost_per_add == 180
    assert parcel.rota[0] == Shift(("guide-lin",), Window(hours=Hours(540, 1080)))
    assert folder.load().channels["store"].rota[0].window.hours == ALL_DAY


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{hours: 18:00", "{days: 工作日, hours: 18:00", ":6: rota: 周一 0:00 ~ 9:00 等 4 段没人接待"),
        ("id: store", "id: parcel", ":2: id: “parcel”写了两次"),
        ("id: parcel", "id: 包裹", ":2: id: “包裹”不行：要用字母开头"),
        ("title: 包裹卡", f"title: {'长' * 21}", ":3: title: 有 21 个字，不超过 20 字"),
        ("[来源/包裹卡]", "[来源/包裹]", ":9: tags: 没有标签“来源/包裹”，是不是 来源/包裹卡？"),
        ("[来源/包裹卡]", "[服务/售后中]", ":9: tags: “服务”只由人工打，渠道不能自动打"),
        ("[来源/包裹卡]", "[包裹卡]", ":9: tags: “包裹卡”不行：标签都写成 组/名"),
        ("guides: [guide-lin]", "guides: []", ":7: guides: 至少要有 1 项"),
        ("guides: [guide-lin]", "guides: guide-lin", ":7: guides: 应该是列表"),
        ("guides: [guide-lin]", "guides: [guide-lin，guide-zhou]", ":7: guides: 列表用英文逗号加空格"),
        ("9:00 ~ 18:00", "9点到18点", ":7: hours: 时段请写成 9:00 ~ 18:00"),
        ("way: 联系我", "way: 活码", ":5: way: “活码”不行"),
        ("    tags:", "    spare: guide-chen\n    tags:", ":9: spare: 写了 spare 也要写 daily_cap"),
        ("    tags:", "    cost_per_add: 1.8\n    tags:", ":9: cost_per_add: 金额请写成 268元 或 1.80元"),
        ("    tags:", "    groups: [会员群*]\n    tags:", ":9: groups: 只有 way: 入群 才写 groups，这里是“联系我”"),
        ("way: 联系我", "way: 入群", ":6: rota: 入群的码通向群，不由导购接待，请删掉"),
        ("way: 联系我", "way: 入群", ":2: channels: way: 入群 要写 groups，例如 groups: [会员群*]"),
        ("    tags:", "    printed: true\n    tags:", ":9: printed: 请写 是 或 否"),
    ],
)
def test_what_is_wrong_is_said(folder: Folder, old: str, new: str, said: str) -> None:
    """With the line of the key, or of the row."""
    found = folder.edit(FILE, old, new).problems()
    assert any(problem.startswith(f"{FILE}{said}") for problem in found), found


JOIN = """\
channels:
  - {id: group, title: 入群码, class: 门店, way: 入群, groups: [会员群*]}
"""


def test_a_code_for_groups_needs_no_rota() -> None:
    """Groups receive, not guides."""
    document = parse(FILE, JOIN.encode())
    file = validate(document, ChannelsFile)
    assert list(problems(document, file)) == []
    assert file.value()["group"].groups == ("会员群*",)


def test_what_is_printed_cannot_vanish_and_no_way_can_change() -> None:
    """The codes are in people's hands; one that was never printed is only named."""
    document = parse(FILE, JOIN.encode())
    file = validate(document, ChannelsFile)
    kept = {
        "parcel": KeptWay(channel_id="parcel", config_id="c1", printed=True),
        "fair": KeptWay(channel_id="fair", config_id="c2"),
        "group": KeptWay(channel_id="group", config_id="c3"),
    }
    said = [(str(p), p.severity) for p in kept_problems(document, file, kept)]
    change = "“联系我”的码已经发出去了，不能改成“入群”；要换方式请用新的 id"
    assert said == [
        (f"{FILE}:2: way: {change}", "error"),
        (f"{FILE}:1: channels: 少了 parcel：已印刷的渠道不能改名或删除，卡片会全部失效", "error"),
        (f"{FILE}:1: 提醒: channels: 少了 fair：企业微信里的码还留着，扫码仍能加人", "warning"),
    ]


def test_one_code_has_room_for_a_hundred_guides(folder: Folder) -> None:
    """Error 41041 otherwise."""
    names = ", ".join(f"g{n}" for n in range(100))
    found = folder.edit(FILE, "guides: [guide-lin]", f"guides: [guide-lin, {names}]").problems()
    assert found == [f"{FILE}:6: rota: 一个码最多 100 位成员"]
