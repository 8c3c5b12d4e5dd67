"""content/mix.yaml: the targets, the stages, and what people pin."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content.mix import Around, MixFile, problems
from bot.scrm.kind import KINDS, TOUCHPOINTS
from bot.scrm.mix import POOL_STAGES, Pin, charged, choose, state_under
from bot.scrm.rules.condition import And, Compare, Condition, Const, Fact, Node, Op, Or
from bot.yamlfile import Problems, parse, validate

FILE = "content/mix.yaml"
SAMPLE = (Path(__file__).parent.parent.parent / FILE).read_text(encoding="utf-8")
PINS = "pins: [{groups: [会员群-静安*], guides: [guide-lin], stage: 成熟, until: 2026-12-31}]\n"
_OPS: dict[type[ast.cmpop], Op] = {ast.Gt: ">", ast.Lt: "<", ast.GtE: ">=", ast.LtE: "<="}
_KNOWN = ("pool_age_days", "members", "buyers_pct", "clicks_pct_28d", "lost_pct_28d", "orders")


def compile_(text: str) -> Condition:
    """Comparisons, && and ||: as much of the language as this file's examples speak."""
    return Condition(_node(ast.parse(text.replace("&&", " and ").replace("||", " or "), mode="eval").body), text)


def _node(node: ast.expr) -> Node:
    if isinstance(node, ast.BoolOp):
        return (And if isinstance(node.op, ast.And) else Or)(tuple(map(_node, node.values)))
    assert isinstance(node, ast.Compare) and isinstance(node.left, ast.Name)
    assert isinstance(node.comparators[0], ast.Constant) and isinstance(node.comparators[0].value, int)
    if node.left.id not in _KNOWN:
        raise ValueError(f"不认识 {node.left.id}，是不是 buyers_pct？")
    return Compare(_OPS[type(node.ops[0])], Fact(node.left.id), Const(node.comparators[0].value))


AROUND = Around(compile=compile_, guides=("guide-lin", "guide-wu"))


def said(text: str, around: Around = AROUND) -> list[str]:
    """All that is wrong with a file."""
    document = parse(FILE, text.encode())
    try:
        return [str(problem) for problem in problems(document, validate(document, MixFile), around)]
    except Problems as found:
        return [str(problem) for problem in found.problems]


def test_the_sample_is_right_and_reaches_the_plan() -> None:
    """Every touchpoint and stage, percent, seconds, conditions as trees."""
    assert said(SAMPLE) == []
    file = validate(parse(FILE, (SAMPLE + PINS).encode()), MixFile)
    plan = file.value(compile_, "Asia/Shanghai")
    assert set(plan.ratios) == {(t, s) for t in TOUCHPOINTS for s in POOL_STAGES}
    assert plan.ratios["群", "冷启动"] == {"科普": 40, "活动": 15, "互动": 40, "导购": 5}
    assert (plan.window_seconds, plan.min_stay_seconds, plan.tolerance) == (28 * 86_400, 14 * 86_400, 5)
    assert [row.stage for row in plan.stages] == ["衰退", "成熟", "成长", "冷启动"]
    assert plan.stages[2].when and plan.stages[2].when.holds({Fact("pool_age_days"): 31, Fact("members"): 50})
    ends = int(datetime(2026, 12, 31, 16, tzinfo=UTC).timestamp())
    assert plan.pins == (Pin(stage="成熟", groups=("会员群-静安*",), guides=("guide-lin",), until_at=ends),)


def test_early_pools_get_less_selling_than_mature_ones() -> None:
    """The one thing that the seed says of numbers."""
    plan = validate(parse(FILE, SAMPLE.encode()), MixFile).value(compile_, "Asia/Shanghai")
    for touchpoint in TOUCHPOINTS:
        selling = [plan.ratios[touchpoint, stage]["导购"] for stage in ("冷启动", "成长", "成熟")]
        assert selling == sorted(selling) and selling[0] < selling[-1]
        assert plan.ratios[touchpoint, "衰退"]["导购"] < plan.ratios[touchpoint, "成长"]["导购"]


ROW = "ratio: 科普40 活动15 互动40 导购5}"
GROWN = "when: pool_age_days > 90 && buyers_pct >= 20"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        (ROW, "ratio: 科普40 活动15 互动35 导购5}", "ratio: 加起来是 95，少 5"),
        (ROW, "ratio: 科普40 活动15 互动45 导购5}", "ratio: 加起来是 105，多 5"),
        (ROW, "ratio: 科谱40 活动15 互动40 导购5}", "ratio: “科谱”不在四类里，是不是 科普？"),
        (ROW, "ratio: 科普60 互动40}", "ratio: 缺“活动、导购”，不发请写 活动0"),
        (ROW, "ratio: 科普40 科普15 互动40 导购5}", "ratio: “科普”写了两次"),
        (ROW, "ratio: 40:15:40:5}", "ratio: “40:15:40:5”看不懂，请写成 科普40 活动15 互动40 导购5"),
        (
            ROW,
            "ratio: 科普30 活动15 互动25 导购30}",
            "提醒: ratio: 群 · 冷启动 导购 30，建议不超过 10，新群容易被退",
        ),
        ("朋友圈, stage: 衰退", "朋友圈, stage: 成熟", "stage: “朋友圈 · 成熟”写了两行"),
        ("touchpoint: 群,     stage: 成长", "touchpoint: 客服, stage: 成长", "touchpoint: “客服”不行"),
        ("stage: 冷启动, ratio", "stage: 冷起动, ratio", "stage: “冷起动”不行，是不是 冷启动？"),
        ("buyers_pct >= 20", "buyer_pct >= 20", "when: 不认识 buyer_pct，是不是 buyers_pct？"),
        ("buyers_pct >= 20", "orders >= 20", "when: 阶段不能按 orders 判断，可以用 pool_age_days、members"),
        ("buyers_pct >= 20", "clicks_pct_28d >= 20", "提醒: when: clicks_pct_28d 还量不出来，这一行不会成立"),
        (f"成熟, {GROWN}", "成熟", "when: 只有最后一行可以不写 when"),
        ("min_stay: 14天", "min_stay: 两周", "min_stay: 请写成 40分钟、48小时 或 60天"),
        ("tolerance: 5", "tolerance: 0", "tolerance: 不能小于 1"),
        ("window: 28天", "windows: 28天", "windows: 不认识，是不是 window？"),
        ("until: 2026-12-31", "until: 2026-12-1", "until: 日期请写 2026-12-01"),
        ("until: 2026-12-31", "until: 2026-09-31", "until: 没有 2026-09-31 这一天"),
        ("guides: [guide-lin]", "guides: [guide-li]", "guides: 没有导购 guide-li，是不是 guide-lin？"),
        ("groups: [会员群-静安*], guides: [guide-lin], ", "", "pins: 要写 groups 或 guides：指定哪些池子"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, wrong: str) -> None:
    """With the line of the row; what is missing, with the line of the list."""
    text = SAMPLE + PINS
    line = text[: text.index("\nratios:" if wrong.startswith("ratios:") else old)].count("\n") + 1
    line += wrong.startswith("ratios:")
    found = said(text.replace(old, new, 1))
    assert any(problem.startswith(f"{FILE}:{line}: {wrong}") for problem in found), found


def test_all_is_said_at_once() -> None:
    """Two rows missing, a condition too many."""
    text = "\n".join(line for line in SAMPLE.splitlines() if "衰退" not in line or "ratio:" not in line)
    found = said(text.replace("{stage: 冷启动}", "{stage: 冷启动, when: members < 5}"))
    assert len(found) == 4


def test_full_width_digits_and_percent_signs_are_understood() -> None:
    """As people type them."""
    assert said(SAMPLE.replace("科普40 活动15 互动40 导购5", "科普４０% 活动15% 互动40% 导购5％", 1)) == []


def test_guides_that_could_not_be_read_are_not_complained_of() -> None:
    """Another file's fault is said there."""
    assert said(SAMPLE + PINS.replace("guide-lin", "guide-x"), Around(compile=compile_)) == []


def test_a_month_of_sends_is_within_five_points_for_every_shipped_ratio() -> None:
    """Any 28 sends in a row that nothing hinders."""
    plan = validate(parse(FILE, SAMPLE.encode()), MixFile).value(compile_, "Asia/Shanghai")
    for ratio in plan.ratios.values():
        state, sent = state_under(ratio, 0), []
        for _ in range(128):
            choice = choose(state, KINDS, KINDS)
            sent.append(choice.order[0])
            state = charged(state, choice, choice.order[0])
        for n in range(100):
            assert all(abs(100 * sent[n : n + 28].count(k) - ratio[k] * 28) <= 5 * 28 for k in KINDS)
