"""A run's figures as staff read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.cli.common import say, say_table
from bot.scrm.kind import KINDS

Json = dict[str, Any]
WHOLE, NAMES = 12, 3
"""Rows of a table of which the rest is only counted."""


def show(found: Json) -> None:
    """Everything, the days first."""
    people, points = found["people"], found["points"]
    say(
        f"从 {found['from']} 起 {found['days_run']} 天，种子 {found['seed']}：{people['guides']} 位导购，"
        f"{people['groups']} 个群，开始时 {people['customers']} 位客户；期间加好友 {people['added']}、"
        f"删除 {people['left']}、订单 {people['orders']}、退订 {people['refused']}、投诉或售后 {people['complained']}。"
    )
    head = ("日期", "触点", "发出", "换类", "等过才发", "还在等", "没发出", "跳过", "没发多半因为")
    say_table(head, map(_day, found["days"]))
    if found["one_to_one"]:
        say_table(("日期", "私聊条目", "内容", "发给", "没发多半因为"), map(_to_people, found["one_to_one"]))
    say_table(
        ("触点", "池子", "最近一窗", *(f"{kind} 实际/目标" for kind in KINDS), "差得多的（!），因为"),
        list(_mix(found["mix"])),
    )
    if found["missing"]:
        say_table(("缺货", "触点", "类别", "预计缺", "实际缺", "池子"), list(_missing(found["missing"])))
    else:
        say("预计不缺货，实际也没缺。")
    say_table(
        ("额度从", "触点", "用得最多的用了", "上限", "留用"),
        ([q["from"], q["touchpoint"], str(q["most"]), str(q["limit"]), str(q["reserve"])] for q in found["quota"]),
    )
    say(
        f"任意 7 天里一位客户最多 {points['most'] / 100:g} 分（预算 {points['budget'] / 100:g}）；"
        f"一半的人不超过 {points['half'] / 100:g}，九成不超过 {points['p90'] / 100:g}，"
        f"百分之九十九不超过 {points['p99'] / 100:g}；超过预算的 {points['over']} 人（群和朋友圈没法只漏掉一个人）。"
    )
    for line in _stages(found["stages"]):
        say(line)
    for each in found["not_done"]:
        say(f"{each['kind']}：{each['count']} 次，还没有人会做这个动作，只记了数。")


def _day(row: Json) -> list[str]:
    reasons = "；".join(f"{r['gate']} {r['count']}（{r['such_as']}）" for r in row["reasons"])
    return [
        row["day"][5:],
        row["touchpoint"],
        *(str(row[n]) for n in ("sent", "swapped", "waited", "held", "lapsed", "skipped")),
        reasons,
    ]


def _to_people(row: Json) -> list[str]:
    reasons = "；".join(f"{r['because']} {r['people']} 人" for r in row["reasons"])
    return [row["day"][5:], row["entry"], row["item"], f"{row['reached']} 人", reasons]


def _mix(pools: list[Json]) -> Iterator[list[str]]:
    """Pools that are beyond tolerance first, the others as far as there is room."""
    shown = sorted(pools, key=lambda pool: not pool["red"])[:WHOLE]
    for pool in shown:
        shares = [f"{row['realised']}/{row['target']}{'!' if row['red'] else ''}" for row in pool["kinds"]]
        causes = dict.fromkeys(cause for row in pool["kinds"] if row["red"] for cause in row["causes"])
        yield [pool["touchpoint"], pool["pool"], f"{pool['sent']} 条", *shares, "；".join(causes)]
    if rest := len(pools) - len(shown):
        red = sum(pool["red"] for pool in pools)
        yield ["", f"还有 {rest} 个", f"共 {red} 个超出容许", "", "", "", "", "--json 里都有"]


def _missing(gaps: Iterable[Json]) -> Iterator[list[str]]:
    """Gaps that pools have in common as one row."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for gap in gaps:
        key = gap["week"], gap["touchpoint"], gap["kind"], gap["foreseen"], gap["met"]
        alike.setdefault(key, []).append(gap["pool"])
    for (week, touchpoint, kind, foreseen, met), pools in alike.items():
        names = "、".join(pools[:NAMES]) + (f"等 {len(pools)} 个" if len(pools) > NAMES else "")
        yield [f"{week[5:]} 那一周", touchpoint, kind, f"{foreseen} 条", f"{met} 条", names]


STATES = {
    "making": "正在建", "waiting": "等导购点", "sent": "点了",
    "lapsed": "过时没点", "failed": "没建成", "unknown": "说不清",
}  # fmt: skip


def _tasks(tasks: list[Json]) -> Iterator[str]:
    for row in tasks:
        unit = {"群": "个群", "朋友圈": "位导购"}.get(row["touchpoint"], "位客户")
        yield (
            f"{row['touchpoint']}的任务，{STATES.get(row['state'], row['state'])} {row['tasks']} 个："
            f"给 {row['receivers']} {unit}，"
            f"发到 {row['sent']}，不是好友 {row['not_friends']}，到了上限 {row['over_quota']}"
        )


def _stages(changes: list[Json]) -> Iterator[str]:
    """How pools began, in numbers; then each change."""
    began = Counter((c["touchpoint"], c["to"]) for c in changes if c["from"] is None)
    yield "阶段，开始时：" + "，".join(
        f"{touchpoint} {stage} {count} 个" for (touchpoint, stage), count in sorted(began.items())
    )
    changed = Counter((c["day"][5:], c["touchpoint"], c["from"], c["to"]) for c in changes if c["from"])
    for (day, touchpoint, before, after), count in sorted(changed.items()):
        yield f"{day} {touchpoint} {count} 个从{before}到{after}"
