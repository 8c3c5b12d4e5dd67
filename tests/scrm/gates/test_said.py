"""What would turn a decision, as staff read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from bot.scrm.gates.changes import Approve, Change, Edit, Raise, Stock, SwitchOn
from bot.scrm.gates.decide import item_stops, slot_stops
from bot.scrm.gates.person import person_stops
from bot.scrm.gates.said import said
from bot.scrm.gates.situation import Situation
from bot.scrm.quota import Quota, QuotaPolicy
from bot.scrm.switch import Switch
from tests.scrm.gates.plain import EASY, entry, item, situation
from tests.scrm.gates.worlds import DAY, HOUR, NOON, reach
from tests.scrm.gates.worlds import situation as any_situation

SENTENCE = re.compile(
    r"(等到|停掉|把|批准|请店长批准|恢复|再写一条|让|给|改掉|放宽|关掉|从|客户|不留|加好友|推销以前|平台额度|导购|一位)"
)
"""How a sentence for staff begins: with what is done, or with whom."""


def offered(s: Situation) -> Iterator[Change]:
    of_items = [stop for each in s.library.values() for stop in item_stops(s, each)]
    yield from (change for stop in (*slot_stops(s), *of_items) for change in stop.changes)


def test_every_way_is_a_sentence_without_a_bare_key() -> None:
    """Of whatever slots and customers are stopped by; what a file says is in brackets."""
    dice, seen = Random(8), set[str]()
    for _ in range(600):
        s, one = any_situation(dice), reach(dice)
        person = replace(s, care=one.ahead.care, library={one.ahead.item.id: one.ahead.item}, quota=one.ahead.quota)
        both = [(change, s) for change in offered(s)]
        both += [(change, person) for stop in person_stops(one) for change in stop.changes]
        for change, where in both:
            sentence = said(change, where)
            assert SENTENCE.match(sentence), sentence
            outside = re.sub(r"（[^）]*）|“[^”]*”|(?<=[规则恢复停着的人设掉]) [\w/-]+", "", sentence)
            assert not re.search(r"[a-z_]{4,}", outside.replace("guide-lin", "")), sentence
            seen.add(f"{type(change).__name__} {getattr(change, 'key', '')}")
    assert len(seen) > 15, seen


def test_what_a_file_says_then_can_be_typed_as_it_is_read() -> None:
    """Numbers are what stands there in the end, not how much more; times and spans are spelt as files spell them."""
    one = item("a", "导购")
    s = situation(one, entry=entry(item="a"), quota=Quota((QuotaPolicy(0, "天", 1),), {"私聊": 6, "群": 4}))
    assert said(Edit("entry", "e", "by", 90), s) == "把这一条最晚发的时间改到 13:30（by: 13:30）"
    assert said(Edit("item", "a", "repeat_after", 3 * DAY), s) == "让“a”隔 3 天就能再发（repeat_after: 3 天）"
    assert (
        said(Edit("care", "before_selling", "after_add", 5 * HOUR), s) == "加好友满 5 小时就能推销（after_add: 5 小时）"
    )
    assert said(Raise("quota.reserve", 1), s) == "平台额度少留 1 条备用（reserve: 私聊6 群3）"
    assert said(Raise("care.budget", 2), s) == f"一位客户的打扰预算加 2 分（most: {EASY.budget.most + 2}）"
    assert said(Edit("rule", "r1", "off", "是"), s) == "关掉规则 r1（off: 是）"


def test_people_read_of_people_and_titles() -> None:
    s = situation(item("a", "导购"), entry=entry(item="a", topic="新品"), now=NOON)
    assert said(Approve("a", "店长"), s) == "请店长批准“a”"
    assert said(Approve("new", "店长"), s) == "请店长批准“新写的那条”"
    assert said(SwitchOn(Switch("触点", "群")), s) == "恢复停着的 触点/群"
    assert said(Stock(("科普",)), s) == "再写一条科普、话题“新品”的内容，审批好"
