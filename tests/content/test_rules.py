"""content/rules/*.yaml: the exceptions to the plan, each with its reason."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.content.cel import Known
from bot.content.rules import RulesFile, rules
from bot.content.rules_check import problems
from bot.scrm.care import PLAIN_CARE
from bot.scrm.period import Period
from bot.scrm.rules.condition import Fact, Value
from bot.scrm.rules.rule import What
from bot.scrm.who import Who
from bot.yamlfile import Document, Problems, parse, validate

FILE = "content/rules/brand.yaml"
SHANGHAI = "Asia/Shanghai"
KNOWN = Known(
    topics=PLAIN_CARE.topics,
    personas=("brand", "xiaohe"),
    channels=("parcel", "store"),
    tags=("肤质/敏感肌", "服务/投诉中", "服务/售后中", "会员/付费会员"),
    items=("dg-cream", "dg-soap"),
    guides=("guide-lin", "guide-wu"),
)
SAMPLE = """\
rules:
  - id: in-service
    what: {kind: 导购 活动}
    who: {tags_any: [服务/投诉中, 服务/售后中]}
    then: 跳过
    because: 客户的问题还没解决，先别推销
  - id: tired-of-selling
    when: kind == '导购' && sells_28d >= 3 && clicks_28d == 0
    then: 换类
    to: 互动
    because: 四周推了三次都没点，换个话题
  - id: members-first
    when: topic == '新品' && item_age_days < 3 && !('会员/付费会员' in tags)
    then: 推迟
    because: 新品前三天先给会员
  - {id: price-checked, what: {kind: 导购}, then: 审批, by: 店长, because: 带价格的内容要店长看过}
"""


def read(text: str, name: str = FILE) -> tuple[Document, RulesFile]:
    document = parse(name, text.encode())
    return document, validate(document, RulesFile)


def said(text: str, known: Known = KNOWN) -> list[str]:
    """Everything wrong with one file, spelling and meaning, as people read it."""
    try:
        file = read(text)
    except Problems as found:
        return [str(problem) for problem in found.problems]
    return [str(problem) for problem in problems([file], known)]


def edited(old: str, new: str) -> str:
    assert old in SAMPLE
    return SAMPLE.replace(old, new, 1)


def test_the_example_of_the_handbook_is_right() -> None:
    assert said(SAMPLE) == []


def test_every_key_reaches_the_rule() -> None:
    text = """\
rules:
  - id: pool-day
    what: {kind: 导购 活动, topic: 新品 会员福利, touchpoint: 私聊, items: [dg-cream, dg-soap]}
    who:
      tags_any: [肤质/敏感肌]
      tags_all: [会员/付费会员]
      tags_none: [服务/售后中]
      channels: [parcel]
      guides: [guide-lin]
      groups: [会员群*]
    when: |
      hour >= 20
      && orders > 1
    then: 推迟
    until: 2026-12-12 10:00
    because: 明天再说
    priority: 70
    valid: 2026-12-01 ~ 2026-12-31
    off: 是
"""
    (rule,) = rules([read(text)], SHANGHAI)
    assert said(text) == []
    assert rule.what == What(
        kinds=("导购", "活动"), topics=("新品", "会员福利"), touchpoints=("私聊",), items=("dg-cream", "dg-soap")
    )
    assert rule.who == Who(
        tags_any=("肤质/敏感肌",),
        tags_all=("会员/付费会员",),
        tags_none=("服务/售后中",),
        channels=("parcel",),
        guides=("guide-lin",),
        groups=("会员群*",),
    )
    assert (rule.then, rule.priority, rule.off, rule.because) == ("推迟", 70, True, "明天再说")
    assert rule.until_at == instant(2026, 12, 12, 10)
    assert rule.valid == Period(instant(2026, 12, 1), instant(2027, 1, 1))
    assert (rule.source, rule.about_people) == (f"{FILE}:2", True)
    assert rule.condition.text.endswith("(hour >= 20 && orders > 1)")
    assert {fact.name for fact in rule.condition.facts} == {
        "kind", "topic", "touchpoint", "item", "tags", "channel", "guide", "group", "hour", "orders",
    }  # fmt: skip


def instant(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=ZoneInfo(SHANGHAI)).timestamp())


def test_rules_of_several_files_are_one_set() -> None:
    """Ids are unique over all of them."""
    other = edited("id: in-service", "id: other")
    found = [str(problem) for problem in problems([read(SAMPLE), read(other, "content/rules/more.yaml")], KNOWN)]
    assert f"{FILE}:7: id: “tired-of-selling”写了两次" in found
    assert "content/rules/more.yaml:12: id: “members-first”写了两次" in found
    assert not any("in-service" in line or "other" in line for line in found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("'会员/付费会员'", "'会员/付费'", "没有标签“会员/付费”，是不是“会员/付费会员”？"),
        ("kind == '导购'", "kind == '导构'", ":8: when: 第 9 列 没有类“导构”，是不是“导购”？"),
        ("kind == '导购'", "kind == 3", ":8: when: 第 6 列 == 两边对不上：左边是文字，右边是整数"),
        ("{kind: 导购 活动}", "{touchpoint: 群}", ":4: who: 群消息人人看到，不能按个人条件判断"),
        ("{kind: 导购 活动}", "{touchpoint: 私聊 群}", ":4: who: 群消息人人看到，不能按个人条件判断"),
        ("{kind: 导购 活动}", "{touchpoint: 朋友圈}", ":4: who: 朋友圈只能按标签和导购圈人（企业微信限制）"),
        ("    to: 互动\n", "", ":9: then: 换类要写 to，例如 to: 互动"),
        (", by: 店长", "", ":16: then: 审批要写 by，例如 by: 店长"),
        ("then: 跳过", "then: 跳过\n    to: 互动", ":6: to: 只有 then: 换类 才写 to，这里是“跳过”"),
        ("then: 跳过", "then: 跳过\n    by: 店长", ":6: by: 只有 then: 审批 才写 by，这里是“跳过”"),
        ("then: 跳过", "then: 跳过\n    until: 2026-12-01 10:00", ":6: until: 只有 then: 推迟 才写 until"),
        ("then: 跳过", "then: 不发", ":5: then: “不发”不行"),
        ("{kind: 导购 活动}", "{kind: 导构 活动}", ":3: what.kind: 没有类“导构”，是不是“导购”？"),
        ("{kind: 导购 活动}", "{kind: 导购、活动}", ":3: what.kind: 没有类“导购、活动”"),
        ("{kind: 导购 活动}", "{kind: [导购, 活动]}", ":3: what.kind: 可以写 科普、活动、互动、导购，几个之间用空格"),
        ("{kind: 导购 活动}", "{touchpoint: 客服}", ":3: what.touchpoint: 没有触点“客服”，可以写 私聊、群、朋友圈"),
        ("{kind: 导购 活动}", "{topic: 新平}", ":3: what.topic: 没有话题“新平”，是不是“新品”？"),
        ("{kind: 导购 活动}", "{items: [dg-crem]}", ":3: what.items: 没有内容“dg-crem”，是不是“dg-cream”？"),
        ("{kind: 导购 活动}", "{kinds: 导购}", ":3: what.kinds: 不认识，是不是 kind？"),
        ("{kind: 导购 活动}", "{}", ":3: what: 是空的，请写条件或删掉"),
        ("服务/投诉中, ", "服务/投诉, ", ":4: who.tags_any: 没有标签“服务/投诉”，是不是“服务/投诉中”？"),
        ("{tags_any:", "{channels: [parcle], tags_any:", ":4: who.channels: 没有渠道“parcle”"),
        ("{tags_any:", "{guides: [guide-li], tags_any:", ":4: who.guides: 没有导购“guide-li”"),
        ("{tags_any:", "{stores: [静安店], tags_any:", ":4: who.stores: 这个版本还不支持：按门店"),
        ("{tags_any:", "{when: orders > 1, tags_any:", ":4: who.when: 这个版本还不支持：条件直接"),
        ("先别推销", "先别推销" * 10, ":6: because: 有 50 个字，不超过 40 字"),
        ("    because: 客户的问题还没解决，先别推销\n", "", ":2: because: 必须写，这里缺了"),
        ("    to: 互动", "    to: 互动\n    priority: 101", ":11: priority: 不能大于 100"),
        ("    to: 互动", "    to: 互动\n    off: true", ":11: off: 请写 是 或 否"),
        ("    to: 互动", "    to: 互动\n    valid: 2026-12-1 ~", ":11: valid: 日期请写 2026-12-01"),
        ("    to: 互动", "    to: 互动\n    valid: 2026-12-01", ":11: valid: 起止请写成 2026-12-01 ~ 2026-12-31"),
        ("    to: 互动", "    to: 互动\n    valid: 2026-12-02 ~ 2026-12-01", ":11: valid: 前后写反了，开始要早于结束"),
        ("    to: 互动", "    to: 互动\n    valid: ~ 2026-09-31", ":11: valid: 没有 9月31日 这一天"),
        ("id: members-first", "id: in-service", ":12: id: “in-service”写了两次"),
        ("    what: {kind: 导购 活动}", "    waht: {kind: 导购 活动}", ":3: waht: 不认识，是不是 what？"),
        ("what: {kind: 导购}, then", "then", ":16: rules: what、who、when 至少写一样"),
        ("then: 审批, by: 店长", "then: 换类, to: 导购", ":16: to: 换成的还是“导购”，没有换"),
        ("then: 审批, by: 店长", "then: 放行", ":16: 提醒: then: 没有一条规则的 priority 比 50 小，放行不起作用"),
        ("{kind: 导购 活动}", "{touchpoint: 群}\n    when: touchpoint == '私聊'", ":4: when: what 和 when 的触点"),
        ("when: kind == '导购' && sells_28d >= 3 && clicks_28d == 0", "when: true", ":8: when: 条件应该是文字"),
        (
            "when: kind == '导购' && sells_28d >= 3 && clicks_28d == 0",
            "when: |\n      kind == '导购'\n      && sels_28d >= 3",
            ":8: when: 第 2 行第 4 列 不认识 sels_28d，是不是 sells_28d？",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, message: str) -> None:
    found = said(edited(old, new))
    assert any(line.startswith(FILE) and message in line for line in found), found


def test_everything_is_said_at_once() -> None:
    text = edited("kind == '导购'", "kid == '导购'").replace("服务/投诉中", "服务/投诉").replace(", by: 店长", "")
    assert len(said(text)) == 3


def test_what_stands_in_another_file_is_not_complained_about_when_that_cannot_be_read() -> None:
    text = edited("服务/投诉中", "没有/这个").replace("'新品'", "'没有'")
    assert said(text, Known()) == []


def test_a_rule_for_all_touchpoints_may_ask_about_people() -> None:
    """Where the single person is not known it does not hold, by itself."""
    assert said(edited("{kind: 导购 活动}", "{touchpoint: 私聊 群 朋友圈}")) == []
    rule = rules([read(SAMPLE)], SHANGHAI)[0]
    in_group: dict[Fact, Value] = {Fact("kind"): "导购", Fact("touchpoint"): "群"}
    assert not rule.condition.holds(in_group)
    assert rule.condition.holds(in_group | {Fact("tags"): frozenset(("服务/投诉中",))})
