"""Conditions in CEL: what is taken means what CEL means by it, and everything else is refused with what to write."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.cel import ConditionFaults, Known, compile_when, environment
from bot.content.cel_wire import Call, Literal, Name, read
from bot.scrm.rules.condition import And, Compare, Condition, Const, Fact, Has, Not, Value
from bot.scrm.rules.vocabulary import WRITTEN, Word

KNOWN = Known(
    topics=("新品", "活动"),
    tags=("肤质/敏感肌", "会员/付费会员"),
    channels=("parcel",),
    personas=("brand", "xiaohe"),
)
SELLS = Fact("sent", 28 * 86_400, None, "导购")


def test_what_staff_write_becomes_a_tree() -> None:
    assert compile_when("topic == '新品' && sells_28d >= 3 && !('会员/付费会员' in tags)", KNOWN) == Condition(
        And(
            (
                Compare("==", Fact("topic"), Const("新品")),
                Compare(">=", SELLS, Const(3)),
                Not(Has(Fact("tags"), "会员/付费会员")),
            )
        ),
        "topic == '新品' && sells_28d >= 3 && !('会员/付费会员' in tags)",
    )


def test_points_are_whole_in_files_and_hundredths_inside() -> None:
    assert compile_when("points_7d > 5").tree == Compare(">", Fact("points", 7 * 86_400), Const(500))
    assert compile_when("5 < points_7d") == Condition(compile_when("points_7d > 5").tree, "5 < points_7d")


def test_a_text_over_several_lines_is_one_condition() -> None:
    assert compile_when("orders > 2 &&\n  is_workday\n").text == "orders > 2 && is_workday"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kid == '导购'", "第 1 列 不认识 kid，是不是 kind？"),
        ("customer.orders > 2", "第 9 列 不认识 customer.orders，是不是 orders？"),
        ("foo(kind)", "第 4 列 不认识 foo，没有这个事实"),
        ("kind == ‘导购’", "第 9 列 用了中文引号，请改英文单引号 '"),
        ("kind == '导购’", "第 12 列 用了中文引号，请改英文单引号 '"),
        ("kind == '导购", "第 9 列 引号没有成对"),
        ("（orders > 2）", "第 1 列 用了中文标点 （ ，请改英文 ("),
        ("(orders > 2", "第 1 列 括号没有成对"),
        ("kind = '导购'", "第 6 列 “等于”要写 =="),
        ("kind === '导购'", "第 6 列 “等于”要写 =="),
        ("kind <> '导购'", "第 6 列 “不等于”要写 !="),
        ("orders => 3", "第 8 列 “小于等于”写 <=，“大于等于”写 >="),
        ("orders ≥ 3", "第 8 列 ≥ ≤ ≠ 请写成 >= <= !="),
        ("kind == '导购' and orders > 2", "第 14 列 and、or 请写成 &&、||"),
        ("orders > 2 OR is_workday", "第 12 列 and、or 请写成 &&、||"),
        ("not is_workday", "第 1 列 not 请写成 !"),
        ("'肤质/敏感肌' not in tags", "“不在里面”要写 !('肤质/敏感肌' in tags)"),
        ("is_workday & orders > 2", "第 12 列 & 和 | 要写两个：&&、||"),
        ("lost_pct_28d > 5%", "第 17 列 不用写 %，百分数直接写数字"),
        ("tags == '肤质/敏感肌'", "第 1 列 tags 请写成 '肤质/敏感肌' in tags"),
        ("tags.exists(t, t == '肤质/敏感肌')", "第 1 列 tags 请写成 '肤质/敏感肌' in tags"),
        ("topic in tags", "第 7 列 tags 请写成 '肤质/敏感肌' in tags"),
        ("'肤质/敏感' in tags", "第 1 列 没有标签“肤质/敏感”，是不是“肤质/敏感肌”？"),
        ("kind == '科谱'", "第 9 列 没有类“科谱”，是不是“科普”？"),
        ("kind in ['导购', '活东']", "第 16 列 没有类“活东”，是不是“活动”？"),
        ("'微博' != touchpoint", "第 1 列 没有触点“微博”，可以写 私聊、群、朋友圈"),
        ("topic == '新平'", "第 10 列 没有话题“新平”，是不是“新品”？"),
        ("stage == '成长期'", "第 10 列 没有阶段“成长期”，是不是“成长”？"),
        ("customer_stage == '沉没'", "第 19 列 没有客户阶段“沉没”，是不是“沉默”？"),
        ("mode == '会员'", "第 9 列 没有运营模式“会员”，是不是“会员制”？"),
        ("persona == 'xiaohei'", "第 12 列 没有人设“xiaohei”，是不是“xiaohe”？"),
        ("channel != 'parcels'", "第 12 列 没有渠道“parcels”，是不是“parcel”？"),
        ("weekday == 0", "第 12 列 weekday 是周几，1 到 7，1 = 周一"),
        ("hour in [9, 24]", "第 13 列 hour 是几点，0 到 23"),
        ("kind == 3", "第 6 列 == 两边对不上：左边是文字，右边是整数"),
        ("kind && orders > 2", "第 6 列 && 旁边要是一个条件，这里是文字；例如 kind == '导购'"),
        ("!orders", "第 1 列 ! 旁边要是一个条件，这里是整数；例如 kind == '导购'"),
        ("orders in ['一']", "第 8 列 in 左边是整数，右边是一组文字，对不上"),
        ("orders > 1.5", "第 8 列 小数不行，请写整数"),
        ("orders > 9999999999", "第 10 列 数太大"),
        ("orders > 99999999999999999999", "第 10 列 数太大"),
        ("kind < '导购'", "第 6 列 文字不分大小，只能用 ==、!= 和 in"),
        ("points_7d > orders", "第 11 列 points_7d 和 orders 不能比"),
        ("kind == topic", "第 6 列 kind 和 topic 不能比"),
        ("(orders > 2) == is_workday", "第 14 列 比较的一边要是事实，另一边是一个值"),
        ("orders + 1 > 2", "第 8 列 不能做加减乘除"),
        ("size(tags) > 0", "第 5 列 不能用 size"),
        ("kind.startsWith('导')", "第 16 列 不能用 startsWith"),
        ("is_workday ? orders > 2 : orders > 3", "第 12 列 不能用 ? : ，请拆成两条规则"),
        ("string == int", "第 1 列 不认识 string"),
        ("group == '会员群'", "第 1 列 这里不能写 group，请写 who: {groups: […]}"),
        ("kind in []", "第 6 列 in 请写成 kind in ['导购', '活动'] 或 '肤质/敏感肌' in tags"),
        ("orders", "第 1 列 orders 是整数，不是条件；例如 orders >= 3"),
        ("true", "第 1 列 没有用到任何事实，永远是一个结果"),
        ("1 < 2", "第 3 列 两边都是写死的值，永远是一个结果"),
        ("orders > 2 &&", "第 14 列 没有写完"),
        ("orders > 2 &&\n kid == '导购'", "第 2 行第 2 列 不认识 kid，是不是 kind？"),
        ("(" * 40 + "is_workday" + ")" * 40, "第 1 列 条件太复杂，请拆成几条规则"),
        ("orders > 1 || " * 40 + "is_workday", "第 1 列 有 570 个字，超过 500 字没人读得准，请拆成几条规则"),
    ],
)
def test_whatever_else_is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(ConditionFaults) as caught:
        compile_when(text, KNOWN)
    assert said in str(caught.value)


def test_everything_wrong_is_said_at_once_each_at_its_column() -> None:
    with pytest.raises(ConditionFaults) as caught:
        compile_when("kind == '科谱' || weekday > 8", KNOWN)
    assert caught.value.messages == (
        "第 9 列 没有类“科谱”，是不是“科普”？",
        "第 27 列 weekday 是周几，1 到 7，1 = 周一",
    )
    with pytest.raises(ConditionFaults) as caught:
        compile_when("kid == 1 || ordres > 7")
    assert len(caught.value.messages) == 2


def test_quoted_text_is_left_alone() -> None:
    """What looks like a slip may be a name."""
    assert compile_when("topic == '“一” and = ≥ （二）%'").tree == Compare(
        "==", Fact("topic"), Const("“一” and = ≥ （二）%")
    )


def test_what_is_not_known_is_not_complained_about() -> None:
    """Another file could not be read, and says so itself."""
    assert compile_when("channel == 'no-such'")
    assert compile_when("'没有/这个' in tags")


def test_a_place_may_allow_some_facts_only() -> None:
    assert compile_when("members > 50 && stage == '成长'", scopes=("池子",))
    with pytest.raises(ConditionFaults, match="这里不能用 orders（个人的事实），可以用 stage、pool_age_days"):
        compile_when("members > 50 && orders > 2", scopes=("池子",))


def test_the_checkers_answer_is_read_as_published() -> None:
    """proto/cel/expr/syntax.proto: names, constants with their sign, places in characters and not in bytes."""
    expr = read(environment().compile("topic != '护肤' && orders == -3").serialize())
    assert expr == Call(
        14,
        "_&&_",
        (
            Call(6, "_!=_", (Name(0, "topic"), Literal(9, "护肤"))),
            Call(24, "_==_", (Name(17, "orders"), Literal(27, -3))),
        ),
    )


def _words() -> st.SearchStrategy[Word]:
    return st.sampled_from([WRITTEN[name] for name in ("kind", "channel", "orders", "sells_28d", "is_workday", "hour")])


def _leaf(word: Word) -> st.SearchStrategy[str]:
    match word.type:
        case "文字":
            texts = st.sampled_from(("导购", "科普", "活动"))
            compared = st.tuples(st.sampled_from(("==", "!=")), texts).map(lambda p: f"{word.name} {p[0]} '{p[1]}'")
            return compared | st.lists(texts, min_size=1, max_size=2).map(lambda v: f"{word.name} in {v}")
        case "整数":
            ops = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
            numbers = st.integers(0, 4)
            return st.tuples(ops, numbers).map(lambda p: f"{word.name} {p[0]} {p[1]}") | st.tuples(ops, numbers).map(
                lambda p: f"{p[1]} {p[0]} {word.name}"
            )
        case _:
            return st.just(word.name)


def texts() -> st.SearchStrategy[str]:
    """Conditions as staff might write them."""
    leaf = _words().flatmap(_leaf) | st.sampled_from(("'肤质/敏感肌' in tags", "'会员/付费会员' in tags"))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            inner.map(lambda a: f"!({a})"),
            st.tuples(inner, st.sampled_from(("&&", "||")), inner).map(lambda p: f"({p[0]}) {p[1]} {p[2]}"),
        ),
        max_leaves=6,
    )


ROWS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("导购", "科普")),
        "channel": st.sampled_from(("活动", "parcel")),
        "orders": st.integers(0, 4),
        "sells_28d": st.integers(0, 4),
        "hour": st.integers(0, 23),
        "is_workday": st.booleans(),
        "tags": st.frozensets(st.sampled_from(("肤质/敏感肌", "会员/付费会员"))),
    }
)


@settings(max_examples=150, deadline=None)
@given(texts(), st.lists(ROWS, min_size=1, max_size=8))
def test_where_everything_is_known_our_tree_means_what_cel_means(text: str, rows: list[dict[str, Any]]) -> None:
    condition = compile_when(text)
    expression = environment().compile(text)
    for row in rows:
        values: dict[Fact, Value] = {WRITTEN[name].fact: value for name, value in row.items()}
        activation = environment().Activation({**row, "tags": list(row["tags"])})
        assert condition.holds(values) is expression.eval(activation).value(), row


TOKENS = """
kind orders tags is_workday points_7d string x true null 1 -3 2.5 1u '' '导购' "a" ' b'x' ( ) [ ] { } . , ? :
== != < >= in && || ! - + size has exists // \\ ， ＝ \x00 🙂 = & and
"""


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.lists(st.sampled_from([*TOKENS.split(), "\n"]), max_size=12).map(" ".join))
def test_whatever_is_typed_is_a_condition_or_is_refused_in_chinese(text: str) -> None:
    try:
        condition = compile_when(text)
    except ConditionFaults as faults:
        assert all(any("一" <= letter <= "鿿" for letter in message) for message in faults.messages)
        assert all(0 <= fault.at <= len(text) for fault in faults.faults)
    else:
        assert condition.facts
