"""The message a guide gets for a slot."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from bot.scrm.actions import Attached
from bot.scrm.item import Variant
from bot.scrm.persona import Persona
from bot.scrm.post import post
from bot.scrm.who import Who
from tests.scrm.gates.worlds import item, situation

VOICE = Persona(id="brand", name="屿禾", role="品牌", voice="短")


def about(touchpoint: Any, **how: Any) -> dict[str, Any]:
    dice = Random(1)
    s = situation(dice)
    entry = replace(s.entry, touchpoint=touchpoint, who=how.pop("who", s.entry.who))
    one = replace(item(dice, "i1", touchpoint), **how)
    said = post([replace(s, entry=entry)], one, VOICE, {})
    return dict(said.values["post"])


def test_a_guide_is_told_whom_moments_are_to_be_shown_to() -> None:
    """By the line's tags or the item's: Moments sent by hand are shown to all unless the guide chooses."""
    tags = ("肤质/敏感肌", "肤质/干性")
    assert about("朋友圈", who=Who(tags_any=tags))["shown_to"] == "肤质/敏感肌、肤质/干性"
    assert about("朋友圈")["shown_to"] == ""


def test_what_goes_with_the_words_is_named() -> None:
    """Pictures and cards, by their number."""
    cards = (Attached(kind="image", media="a.png"), Attached(kind="image", media="b.png"))
    link = Attached(kind="link", title="双支组", url="https://m.example")
    said = Variant(outlets=("群",), text="…", attachments=(*cards, link))
    assert about("群", variants=(said,))["with_it"] == "图片 2 个、链接卡片 1 个"
