"""content/kf.yaml: the accounts of 微信客服."""

from __future__ import annotations

from typing import Any

import pytest

from bot.scrm.kf_account import KfAccount

Folder = Any  # the fixture's class, in conftest.py
FILE = "content/kf.yaml"
KF = """\
accounts:
  - id: advisor
    name: 屿禾护肤顾问
    avatar: card.png
    guides: [guide-lin]
    channels: [official]
    greeting: |
      你好，我是屿禾的护肤顾问。
"""


@pytest.fixture
def desk(folder: Folder) -> Folder:
    """A folder with an account and its channel."""
    channel = "  - {id: official, title: 客服, class: 内容, way: 客服, rota: [{guides: [guide-lin]}]}\n"
    folder.write("content/channels.yaml", (folder.content / "channels.yaml").read_text() + channel)
    return folder.write(FILE, KF)


def test_every_key_reaches_the_account(desk: Folder) -> None:
    """Its picture is uploaded when the account is made, and not before."""
    desk.write("content/media/face.png", "picture")
    content = desk.edit(FILE, "card.png", "face.png").load()
    assert content.kf_accounts == {
        "advisor": KfAccount(
            id="advisor",
            name="屿禾护肤顾问",
            avatar="face.png",
            guides=("guide-lin",),
            channels=("official",),
            greeting="你好，我是屿禾的护肤顾问。",
        )
    }
    assert "face.png" not in content.media


def test_nobody_needs_it(folder: Folder) -> None:
    """A corp without 微信客服 writes no file."""
    assert folder.load().kf_accounts == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("屿禾护肤顾问", "屿" * 17, ":3: name: 有 17 个字，不超过 16 字"),
        ("card.png", "cart.png", ":4: avatar: 找不到 cart.png，是不是 card.png？"),
        ("    avatar: card.png\n", "", ":2: avatar: 必须写，这里缺了"),
        ("[guide-lin]", "[]", ":5: guides: 至少要有 1 项"),
        ("[official]", "[oficial]", ":6: channels: channels.yaml 里没有渠道“oficial”，是不是 official？"),
        ("[official]", "[official, store]", ":6: channels: 渠道“store”的 way 是 联系我，要写 客服"),
        ("顾问。", "顾问{{ guide.name }}。", ":7: greeting: 这里不能用 {{ }}：客户刚进来"),
        ("顾问。", "问" * 400, ":7: greeting: 有 1,2"),
        ("    channels:", "    survey: nobody\n    channels:", ":6: survey: surveys/ 里没有调研“nobody”"),
        ("    channels:", "    persona: xiaohe\n    channels:", ":6: persona: 不认识"),
    ],
)
def test_what_is_wrong_is_said(desk: Folder, old: str, new: str, said: str) -> None:
    """With the line."""
    problems = desk.edit(FILE, old, new).problems()
    assert any(problem.startswith(f"{FILE}{said}") for problem in problems), problems


def test_a_channel_leads_to_one_account(desk: Folder) -> None:
    """Neither to none nor to two; and two accounts have two names."""
    desk.edit(FILE, "    channels: [official]\n", "")
    assert desk.problems() == [
        "content/channels.yaml:11: way: 没有客服账号接这个渠道，请在 kf.yaml 某个账号的 channels 里写上 official"
    ]
    desk.write(FILE, KF + KF.removeprefix("accounts:\n"))
    said = "\n".join(desk.problems())
    for message in ("id: “advisor”写了两次", "name: “屿禾护肤顾问”写了两次", "“official”写在了两处"):
        assert message in said
