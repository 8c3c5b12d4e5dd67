"""What is wrong with rules that no single value can know: names, literals, keys that belong together, reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from bot.content.cel import UNKNOWN, Known, compile_when
from bot.content.cel_faults import ConditionFaults
from bot.content.rules import Files, RuleRow
from bot.scrm.kind import TOUCHPOINTS
from bot.scrm.rules.condition import Condition, all_of
from bot.scrm.rules.selectors import touchpoints_of, what_condition, who_condition
from bot.scrm.rules.vocabulary import Literals, is_about_people
from bot.yamlfile import Document, Problem
from bot.yamlfile.document import KeyPath

MOST_BECAUSE: Final = 40
"""What a guide's card shows in one glance."""

_BELONGS: Final = (("换类", "to", "to: 互动"), ("审批", "by", "by: 店长"))
_NOBODY_APART: Final = {
    "群": "群消息人人看到，不能按个人条件判断",
    "朋友圈": "朋友圈只能按标签和导购圈人（企业微信限制），不能按个人条件判断",
}


def problems(files: Files, known: Known = UNKNOWN) -> Iterator[Problem]:
    """Everything wrong with the rules, file by file. `known`: what they refer to."""
    ids = Counter(row.id for _, file in files for row in file.rules)
    quietest = min((row.priority for _, file in files for row in file.rules if row.then != "放行"), default=0)
    for document, file in files:
        for i, row in enumerate(file.rules):
            here: KeyPath = ("rules", i)
            if ids[row.id] > 1:
                yield document.problem((*here, "id"), f"“{row.id}”写了两次")
            yield from _key_problems(document, here, row)
            yield from _name_problems(document, here, row, known)
            yield from _condition_problems(document, here, row, known)
            if row.then == "放行" and row.priority <= quietest:
                message = f"没有一条规则的 priority 比 {row.priority} 小，放行不起作用；请写大一些"
                yield document.problem((*here, "then"), message, "warning")


def _key_problems(document: Document, here: KeyPath, row: RuleRow) -> Iterator[Problem]:
    if row.what is None and row.who is None and row.when is None:
        yield document.problem(here, "what、who、when 至少写一样")
    if len(row.because) > MOST_BECAUSE:
        yield document.problem((*here, "because"), f"有 {len(row.because)} 个字，不超过 {MOST_BECAUSE} 字")
    for then, key, example in _BELONGS:
        if row.then == then and not getattr(row, key):
            yield document.problem((*here, "then"), f"{then}要写 {key}，例如 {example}")
        elif row.then != then and getattr(row, key):
            yield document.problem((*here, key), f"只有 then: {then} 才写 {key}，这里是“{row.then}”")
    if row.until and row.then != "推迟":
        yield document.problem((*here, "until"), f"只有 then: 推迟 才写 until，这里是“{row.then}”")
    if row.what and row.to and set(row.what.kind) & set(row.to):
        yield document.problem((*here, "to"), f"换成的还是“{(set(row.what.kind) & set(row.to)).pop()}”，没有换")
    for key in ("what", "who"):
        chosen = getattr(row, key)
        if chosen is not None and not chosen.model_fields_set:
            yield document.problem((*here, key), "是空的，请写条件或删掉")


def _name_problems(document: Document, here: KeyPath, row: RuleRow, known: Known) -> Iterator[Problem]:
    """Plain fields that name what is not there."""
    for path, literals, value in _named(row):
        if said := known.fault(literals, value):
            yield document.problem((*here, *path), said)


def _named(row: RuleRow) -> Iterator[tuple[KeyPath, Literals, str]]:
    if row.what:
        yield from ((("what", "topic"), "topic", topic) for topic in row.what.topic)
        yield from ((("what", "items", i), "item", item) for i, item in enumerate(row.what.items))
    if row.who:
        for key in ("tags_any", "tags_all", "tags_none"):
            yield from ((("who", key, i), "tags", tag) for i, tag in enumerate(getattr(row.who, key)))
        yield from ((("who", "channels", i), "channel", name) for i, name in enumerate(row.who.channels))
        yield from ((("who", "guides", i), "guide", name) for i, name in enumerate(row.who.guides or ()))


def _condition_problems(document: Document, here: KeyPath, row: RuleRow, known: Known) -> Iterator[Problem]:
    when: Condition | None = None
    if row.when is not None:
        try:
            when = compile_when(row.when, known)
        except ConditionFaults as faults:
            yield from (document.problem((*here, "when"), message) for message in faults.messages)
    what = [what_condition(row.what.value())] if row.what else []
    reached = touchpoints_of(all_of(*what, *([when] if when else [])))
    if not reached:
        yield document.problem((*here, "when"), "what 和 when 的触点对不上，永远不成立")
    personal = [
        key for key, condition in (("who", _who(row)), ("when", when)) if condition and is_about_people(condition)
    ]
    if reached == set(TOUCHPOINTS) or not personal:
        return
    for touchpoint, message in _NOBODY_APART.items():
        if touchpoint in reached:
            yield document.problem((*here, personal[0]), message)


def _who(row: RuleRow) -> Condition | None:
    return who_condition(row.who.value()) if row.who else None
