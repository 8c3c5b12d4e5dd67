"""content/welcome.yaml: the only words that leave without a guide's tap."""

from __future__ import annotations

from typing import Any

import pytest

from bot.scrm.actions import Attached
from bot.scrm.week import Hours, Window

Folder = Any  # the fixture's class, in conftest.py
FILE = "content/welcome.yaml"


def test_every_condition_and_attachment_reaches_the_welcome(folder: Folder) -> None:
    """In the order: images, cards, video, file."""
    (folder.content / "media" / "a.mp4").write_bytes(b"0123456789")
    (folder.content / "media" / "list.pdf").write_bytes(b"0123456789")
    folder.edit(
        FILE,
        "    images: [card.png]",
        """\
    guides: [guide-wu]
    days: 周六
    hours: 21:00 ~ 9:00
    customer: 新客
    images: [card.png]
    link: {title: 清单, url: "https://m.yuhe.example/x", desc: 三分钟, cover: "https://m.yuhe.example/c.png"}
    miniprogram: {title: 商城, appid: wx1, page: /index, cover: card.png}
    video: a.mp4
    file: list.pdf
    if_missed: 抱歉，晚了""",
    )
    welcome = folder.load().welcomes[0]
    assert (welcome.channels, welcome.guides, welcome.customer) == (("parcel",), ("guide-wu",), "新客")
    assert welcome.window == Window(frozenset((5,)), Hours(1260, 540))
    assert welcome.missed == "抱歉，晚了"
    link = Attached(
        kind="link", title="清单", url="https://m.yuhe.example/x", desc="三分钟", picurl="https://m.yuhe.example/c.png"
    )
    assert welcome.attachments == (
        Attached(kind="image", media="card.png"),
        link,
        Attached(kind="miniprogram", title="商城", appid="wx1", page="/index", media="card.png"),
        Attached(kind="video", media="a.mp4"),
        Attached(kind="file", media="list.pdf"),
    )
    assert sorted(folder.load().media) == ["a.mp4", "card.png", "list.pdf"]


SECOND = "  - id: default"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("屿禾{{", "{{ store.name }}{{", ":4: text: 还不知道导购在哪家门店"),
        (
            "屿禾{{",
            "{{ offer.link }}{{",
            ":4: text: 欢迎语还不能带权益；要送东西，写在调研的 gift 里，请删掉 offer.link",
        ),
        ("images:", "survey: newcomer\n    images:", ":6: survey: surveys/ 里没有调研“newcomer”"),
        ("屿禾{{", "{{ guide.nmae }}{{", ":4: text: 不认识 guide.nmae，是不是 guide.name？"),
        ("屿禾{{", "{{ guide }}{{", ":4: text: 不认识 guide"),
        ("屿禾{{", "{% for x in y %}{% endfor %}{{", ":4: text: 文字里只能用"),
        ("屿禾{{", "{{ guide.name", ":4: text: {{ … }} 或"),
        ("我是{{ guide.name }}。", "来自{{ channel.title }}。", ":8: text: 没写 channels 的欢迎语可能不知道渠道"),
        ("屿禾{{", "亲亲{{", ":4: text: 用了人设禁用的词“亲亲”"),
        ("屿禾{{", "最有效{{", ":4: text: 用了人设禁用的词“最有效”"),
        ("屿禾{{", "长" * 1300 + "{{", ":4: text: 按最长的名字算是 4,110 字节，上限 4,000"),
        ("屿禾{{", "长" * 400 + "{{", ":4: text: 超过 1,200 字节，放不进给导购的提醒"),
        ("    images", f"    if_missed: {'长' * 401}\n    images", ":6: if_missed: 按最长的名字算是 1,203 字节"),
        ("[parcel]", "[parcle]", ":3: channels: 没有渠道“parcle”，是不是 parcel？"),
        (
            "    images",
            "    guides: [guide-lim]\n    images",
            ":6: guides: 渠道和人设里都没有导购“guide-lim”，是不是 guide-lin？",
        ),
        ("card.png", "card.jpg", ":6: images: 找不到 card.jpg，是不是 card.png？"),
        ("card.png", "../tags.yaml", ":6: images: 请写 content/media/ 下面的文件名"),
        ("images: [card.png]", "video: card.png", ":6: video: card.png 不行，要用 mp4"),
        ("card.png", ", ".join(["card.png"] * 10), ":2: welcomes: 图片、卡片、视频、文件共 10 个，最多 9 个"),
        ("images:", "customer: 老客\n    images:", ":6: customer: “老客”不行，可以写 新客、回头客"),
        ("id: default", "id: parcel", ":7: id: “parcel”写了两次"),
        (SECOND, f"{SECOND}\n    days: 周六", ":7: id: 最后一条必须是 id: default 且不写条件"),
        (
            SECOND,
            f"  - {{id: night, channels: [parcel], hours: 21:00 ~ 9:00, text: 你好}}\n{SECOND}",
            ":7: id: “night”永远轮不到，上面的“parcel”已包含它",
        ),
        (
            "images: [card.png]",
            f"link: {{title: {'长' * 43}, url: 'https://a.example/'}}",
            ":6: link: 链接标题过长：129 字节，最多 128 字节",
        ),
        ("images: [card.png]", "link: {title: 清单, url: 'ftp://a'}", ":6: link.url: 应该是网址"),
    ],
)
def test_what_is_wrong_is_said(folder: Folder, old: str, new: str, said: str) -> None:
    """With line and key, so that staff find it."""
    problems = folder.edit(FILE, old, new).problems()
    assert any(problem.startswith(f"{FILE}{said}") for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("屿禾{{", "长" * 90 + "{{", ":4: 提醒: text: 有 98 个字，建议 80 字以内"),
        ("屿禾{{", "🌿🌿🌿{{", ":4: 提醒: text: 表情有 3 个，人设最多 2 个"),
        ("card.png", "card.png, card.png, card.png", ":2: 提醒: welcomes: 带了 3 个附件，建议 2 个以内"),
    ],
)
def test_advice_stops_nothing(folder: Folder, old: str, new: str, said: str) -> None:
    """It is shown, and the content goes live."""
    assert folder.edit(FILE, old, new).warnings() == [f"{FILE}{said}"]


SURVEY = """\
id: newcomer
title: 认识你的皮肤
intro: 两个小问题。
consent: 只用来给你建议。
thanks: 记下了。
questions:
  - {id: skin, ask: 你的脸更像哪种？, type: 单选, options: [{say: 紧绷, tag: 肤质/干性}, {say: 说不清}]}
"""


def test_a_welcome_may_lead_to_a_survey(folder: Folder) -> None:
    """Its id comes along; one that nobody can open is pointed out."""
    folder.write("content/surveys/newcomer.yaml", SURVEY).edit(FILE, "    images", "    survey: newcomer\n    images")
    assert [w for w in folder.warnings() if "survey.link" in w] == [
        f"{FILE}:6: 提醒: survey: 写了 survey，正文里却没有 {{{{ survey.link }}}}，客户打不开"
    ]
    content = folder.edit(FILE, "屿禾{{", "屿禾，点 {{ survey.link }} {{").load()
    assert content.welcomes[0].survey == "newcomer"
    assert not [w for w in content.warnings if "survey.link" in str(w)]


def test_a_welcome_that_asks_nobody_is_pointed_out(folder: Folder) -> None:
    """Every new customer is to be asked, by what a guide sends instead of the welcome too; who comes back need not."""
    assert folder.warnings() == []
    folder.write("content/surveys/newcomer.yaml", SURVEY)
    advice = "没有带调研的链接：收到它的新客户只能等导购来问，见 surveys/"
    assert folder.warnings() == [f"{FILE}:2: 提醒: id: {advice}", f"{FILE}:7: 提醒: id: {advice}"]
    folder.edit(FILE, "    images", "    customer: 回头客\n    images")
    assert folder.warnings() == [f"{FILE}:8: 提醒: id: {advice}"]
    asked = "text: 点 {{ survey.link }}\n    survey: newcomer\n    if_missed: 抱歉，晚了"
    folder.edit(FILE, "text: 你好，我是{{ guide.name }}。", asked)
    missed = "没有 {{ survey.link }}：欢迎语没发出时，导购补的这段话里也要带"
    assert folder.warnings() == [f"{FILE}:11: 提醒: if_missed: {missed}"]
    folder.edit(FILE, "抱歉，晚了", "抱歉，点 {{ survey.link }}")
    assert folder.warnings() == []
    folder.write("content/surveys/newcomer.yaml", SURVEY.replace("title:", "start: 手动\ntitle:"))
    folder.edit(FILE, "    customer: 回头客\n", "")
    assert folder.warnings() == []


def test_only_the_personas_who_may_speak_forbid_words(folder: Folder) -> None:
    """A welcome of guide-wu alone may say what only 小禾 never says."""
    folder.edit(FILE, "屿禾{{", "亲亲{{").edit(FILE, "    images", "    guides: [guide-wu]\n    images")
    assert folder.warnings() == []


@pytest.mark.parametrize("size", [5, 10 * 1024 * 1024 + 1])
def test_a_file_must_have_a_size_that_wecom_takes(folder: Folder, size: int) -> None:
    """More than 5 bytes, at most 10 MB for an image."""
    with (folder.content / "media" / "card.png").open("wb") as file:
        file.truncate(size)
    assert folder.problems() == [f"{FILE}:6: images: card.png 有 {size:,} 字节，要在 6 到 10,485,760 之间"]


def test_a_link_out_of_the_media_folder_is_refused(folder: Folder) -> None:
    """What is not in the folder is not sent to customers."""
    (folder.content / "media" / "out.png").symlink_to(folder.content / "tags.yaml")
    assert folder.edit(FILE, "card.png", "out.png").problems()[0].startswith(f"{FILE}:6: images: 找不到 out.png")
