"""What somebody may have meant: pairs that staff have typed, or would."""

from __future__ import annotations

import pytest

from bot.yamlfile import Problem, did_you_mean

KINDS = ("科普", "活动", "互动", "导购")
TOUCHPOINTS = ("私聊", "群", "朋友圈", "手发")
FESTIVALS = ("元旦", "除夕", "春节", "元宵", "清明", "冬至", "夏至", "腊八", "平安夜")
TAGS = ("肤质/干性", "肤质/油性", "肤质/混合", "肤质/敏感肌", "意向/补水", "意向/防晒", "服务/售后中", "会员/付费会员")
TOPICS = ("护肤知识", "活动", "新品", "会员福利")
CALENDARS = ("dec-2026", "jan-2027", "sequences")
ENTRIES = (
    *("dec-2026/group-evening", "dec-2026/group-class", "dec-2026/moments", "jan-2027/group-evening"),
    *("jan-2027/moments", "sequences/parcel-7d/d1", "sequences/parcel-7d/d5"),
)
ITEMS = ("kp-redness", "kp-lips", "kp-mask", "dg-cream-set", "dg-cream-night", "hd-solstice", "lt-humidity")
GUIDES = ("guide-lin", "guide-zhou", "guide-wu", "guide-chen")
NAMES = ("周岚", "陈默", "何云", "林夕")
FILES = ("channels", "groups", "kf", "tags", "welcome", "care", "holidays", "mix", "offers", "quota")
MEDIA = ("cards/redness.png", "cards/cream.png", "welcome/first-week.png")
CODES = ("redpack-12.csv", "member-gift.csv")
KEYS = ("id", "title", "kind", "topic", "variants", "images", "text", "who")
VALUES = ("customer.name", "guide.name", "persona.role", "offer.price")
FACTS = ("kind", "topic", "tags", "hour", "days_since_order", "sells_28d", "buyers_pct")

MEANT = [
    ("科谱", KINDS, "科普"),
    ("导够", KINDS, "导购"),
    ("互 动", KINDS, "互动"),
    ("活", KINDS, "活动"),
    ("朋友", TOUCHPOINTS, "朋友圈"),
    ("朋有圈", TOUCHPOINTS, "朋友圈"),
    ("私信", TOUCHPOINTS, "私聊"),
    ("群，私聊", TOUCHPOINTS, "私聊"),
    ("冬致", FESTIVALS, "冬至"),
    ("肤质/敏感", TAGS, "肤质/敏感肌"),
    ("肤质/油", TAGS, "肤质/油性"),
    ("会员/付费", TAGS, "会员/付费会员"),
    ("服务/售后", TAGS, "服务/售后中"),
    ("护肤", TOPICS, "护肤知识"),
    ("dec-2062", CALENDARS, "dec-2026"),
    ("dec2026", CALENDARS, "dec-2026"),
    ("dec", CALENDARS, "dec-2026"),
    ("sequnces", CALENDARS, "sequences"),
    ("dec-2026/group-evenin", ENTRIES, "dec-2026/group-evening"),
    ("dec-2026/evening", ENTRIES, "dec-2026/group-evening"),
    ("dec-2062/moments", ENTRIES, "dec-2026/moments"),
    ("group-evening", ENTRIES, "dec-2026/group-evening"),
    ("kp-rednes", ITEMS, "kp-redness"),
    ("kp-lip", ITEMS, "kp-lips"),
    ("redness", ITEMS, "kp-redness"),
    ("dg-cream", ITEMS, "dg-cream-set"),
    ("guide_lin", GUIDES, "guide-lin"),
    ("guide-li", GUIDES, "guide-lin"),
    ("zhou", GUIDES, "guide-zhou"),
    ("周兰", NAMES, "周岚"),
    ("offer", FILES, "offers"),
    ("welcom", FILES, "welcome"),
    ("redness.png", MEDIA, "cards/redness.png"),
    ("cards/rednes.png", MEDIA, "cards/redness.png"),
    ("member.csv", CODES, "member-gift.csv"),
    ("varients", KEYS, "variants"),
    ("imgaes", KEYS, "images"),
    ("customer.nmae", VALUES, "customer.name"),
    ("kid", FACTS, "kind"),
    ("buyer_pct", FACTS, "buyers_pct"),
]

NOT_MEANT = [
    ("促销", KINDS),
    ("运动", ("科普", "活动", "导购")),
    ("社区", TOUCHPOINTS),
    ("网店", ("门店", "电商", "内容", "投放")),
    ("老客", ("新客", "回头客")),
    ("中秋", FESTIVALS),
    ("肤质/中性", TAGS),
    ("意向/美白", TAGS),
    ("来源/朋友", TAGS),
    ("美妆", TOPICS),
    ("nov-2026", CALENDARS),
    ("first", CALENDARS),
    ("nov-2026/group-evening", ENTRIES),
    ("dec-2026/note-gift", ENTRIES),
    ("sequences/parcel-7d/d2", ENTRIES),
    ("first/hats", ENTRIES),
    ("kp-xyz", ITEMS),
    ("hd-lantern", ITEMS),
    ("kb-water", ITEMS),
    ("guide-zhang", GUIDES),
    ("guide-xu", GUIDES),
    ("店长", NAMES),
    ("张岚", NAMES),
    ("hats", FILES),
    ("newcomers", FILES),
    ("cards/hats.png", MEDIA),
    ("hats.png", MEDIA),
    ("codes.csv", CODES),
    ("price", KEYS),
    ("customer.phone", VALUES),
    ("orders", FACTS),
]


@pytest.mark.parametrize(("typed", "known", "meant"), MEANT)
def test_what_was_meant_is_guessed(typed: str, known: tuple[str, ...], meant: str) -> None:
    """A slip or two, a homophone, a part of the name."""
    assert did_you_mean(typed, known) == f"，是不是 {meant}？"


@pytest.mark.parametrize(("typed", "known"), NOT_MEANT)
def test_what_is_something_else_is_not_guessed(typed: str, known: tuple[str, ...]) -> None:
    """A wrong guess is worse than none; that names begin or end alike says nothing."""
    assert did_you_mean(typed, known) == ""


def test_a_warning_reads_as_advice() -> None:
    """Severity is part of the line that people see."""
    assert str(Problem("k.yaml", 3, "text", "太长", "warning")) == "k.yaml:3: 提醒: text: 太长"
