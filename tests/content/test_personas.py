"""content/personas/*.yaml: who speaks."""

from __future__ import annotations

from typing import Any

import pytest

Folder = Any  # the fixture's class, in conftest.py
XIAOHE = "content/personas/xiaohe.yaml"


def test_what_is_left_out_comes_from_the_one_extended(folder: Folder) -> None:
    """Through more than one step, the nearest first; lists are added up."""
    folder.edit("content/personas/brand.yaml", "voice:", "emoji: 0\ncalls_customer: 您\nvoice:")
    folder.edit(XIAOHE, "voice:", "calls_customer: 你\nexamples: [{ask: 好吗, answer: 好}]\nvoice:")
    folder.write(
        "content/personas/night.yaml",
        "id: night\nname: 小夜\nrole: 夜班\nvoice: 轻一点。\nextends: xiaohe\nnever_say: [快]\n",
    )
    night = folder.load().personas["night"]
    assert (night.calls_customer, night.emoji, night.never_say) == ("你", 0, ("快", "亲亲", "最有效"))
    assert [example.ask for example in night.examples] == ["好吗"]
    assert night.guides == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("extends: brand", "extends: brnad", ":4: extends: 没有人设“brnad”，是不是 brand？"),
        ("extends: brand", "extends: xiaohe", ":4: extends: 绕回了自己"),
        ("id: xiaohe", "id: brand", ":1: id: “brand”已经被另一个人设用了"),
        ("voice: 先问再答。", "voice: ''", ":6: voice: 不能为空"),
        ("voice:", "stores: [静安店]\nvoice:", ":6: stores: 这个版本还不支持：按门店分人设"),
        ("voice:", "emoji: 12\nvoice:", ":6: emoji: 不能大于 9"),
        (
            "voice:",
            "examples:\n  - {ask: 好吗, answer: 好的亲亲}\nvoice:",
            ":7: examples: 用了自己禁用的词“亲亲”",
        ),
        (
            "voice:",
            "examples:\n  - {ask: 好吗, answer: 最有效}\nvoice:",
            ":7: examples: 用了自己禁用的词“最有效”",
        ),
    ],
)
def test_what_is_wrong_is_said(folder: Folder, old: str, new: str, said: str) -> None:
    """Taboo words are inherited too."""
    problems = folder.edit(XIAOHE, old, new).problems()
    assert any(problem.startswith(f"{XIAOHE}{said}") for problem in problems), problems


def test_a_circle_of_two_is_found(folder: Folder) -> None:
    """On both sides, without going round for ever."""
    folder.edit("content/personas/brand.yaml", "role:", "extends: xiaohe\nrole:")
    assert [p.partition(": ")[2] for p in folder.problems()] == ["extends: 绕回了自己", "extends: 绕回了自己"]


def test_a_guide_has_one_persona_only(folder: Folder) -> None:
    """Else nobody could say how they speak."""
    folder.write(
        "content/personas/z.yaml", "id: z2\nname: 小周\nrole: 顾问\nvoice: 短。\nguides: [guide-wu, guide-lin]\n"
    )
    assert folder.problems() == [
        "content/personas/z.yaml:5: guides: guide-lin 已属于人设“小禾”，一位导购只能有一个人设"
    ]


def test_the_brand_must_have_a_voice(folder: Folder) -> None:
    """Every guide without a persona of their own uses it."""
    folder.edit("content/personas/brand.yaml", "id: brand", "id: other").edit(
        XIAOHE, "extends: brand", "extends: other"
    )
    assert folder.problems() == ["content/personas/brand.yaml:1: id: 少了 id: brand 的人设，没有指定人设的导购都用它"]
