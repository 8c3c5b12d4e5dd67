"""content/personas/*.yaml: who speaks."""

from __future__ import annotations

from typing import Any

import pytest

from bot.content.personas import PersonaFile, personas, problems
from bot.scrm.lint import Claim, Taboo
from bot.scrm.period import Period
from bot.yamlfile import Document, parse, validate

Folder = Any  # the fixture's class, in conftest.py
BRAND, XIAOHE = "content/personas/brand.yaml", "content/personas/xiaohe.yaml"


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
        ("voice:", "sign_off: ——{{ customer.name }}\nvoice:", ":6: sign_off: 不认识 customer.name"),
        ("voice:", "sign_off: 亲亲\nvoice:", ":6: sign_off: 用了自己禁用的词“亲亲”"),
        ("voice:", "experience: 随便\nvoice:", ":6: experience: “随便”不行"),
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
    found = folder.edit(XIAOHE, old, new).problems()
    assert any(problem.startswith(f"{XIAOHE}{said}") for problem in found), found


def read(text: str) -> tuple[Document, PersonaFile]:
    document = parse(BRAND, text.encode())
    return document, validate(document, PersonaFile)


def test_an_effect_needs_its_proof() -> None:
    """Known, proven, and at that time."""
    word = Taboo(family="功效", article="《条例》", rewrite="改", claim="x")
    claims = {
        "保湿": Claim(name="保湿", taboo=word, proof="文献", valid=Period(None, 100)),
        "美白": Claim(name="美白", taboo=word),
    }
    files = [read("id: brand\nname: 屿禾\nrole: 品牌\nvoice: 短。\nmay_claim: [保湿, 美白, 保温]\n")]
    assert [str(p) for p in problems(files, claims, 99)] == [
        f"{BRAND}:5: may_claim: “美白”没有依据，请在 lint/claims.yaml 写注册证号，或删掉",
        f"{BRAND}:5: may_claim: “保温”不在 lint/claims.yaml 里，是不是 保湿？",
    ]
    assert "“保湿”的依据不在有效期内" in str(next(iter(problems(files, claims, 100))))
    assert list(problems(files)) == []


def test_claims_experience_and_sign_off_are_taken_over() -> None:
    """Claims add up; the nearest experience and sign-off count."""
    voice = "id: brand\nname: 屿禾\nrole: 品牌\nvoice: 短。\n"
    brand = f"{voice}may_claim: [保湿]\nexperience: 仅本人真实体验\nsign_off: ——屿禾\n"
    files = [read(brand), read("id: lin\nname: 林\nrole: 店长\nvoice: 短。\nextends: brand\nmay_claim: [舒缓]\n")]
    lin = personas(files)["lin"]
    assert (lin.may_claim, lin.experience, lin.sign_off) == (("舒缓", "保湿"), "仅本人真实体验", "——屿禾")
    assert (lin.signs("私聊"), lin.signs("手发"), lin.signs("群"), lin.signs("朋友圈")) == (True, True, False, False)
    assert personas([read(voice)])["brand"].experience == "不自称使用者"


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
