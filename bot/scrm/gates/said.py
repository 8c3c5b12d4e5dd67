"""Changes as staff read them: what somebody would do, and in brackets what a file says then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.scrm.gates.changes import Approve, Change, Edit, HandOver, MakeWay, Raise, Stock, SwitchOn, WaitUntil
from bot.scrm.gates.pool import outlet
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.situations import NEAR_SECONDS
from bot.scrm.span import spelled
from bot.scrm.week import local_time, spoken

_EDITS: Final[Mapping[tuple[str, str], str]] = {
    ("calendar", "draft"): "让日历“{calendar}”不再是草稿（draft: 否）",
    ("calendar", "valid"): "让日历“{calendar}”的有效期包括这一天（valid）",
    ("calendar", "shadow"): "让日历“{calendar}”不再试跑，真的发（shadow: 否）",
    ("entry", "draft"): "让这一条不再是草稿（draft: 否）",
    ("entry", "by"): "把这一条最晚发的时间改到 {clock}（by: {clock}）",
    ("entry", "who"): "放宽这一条给谁（who）",
    ("entry", "priority"): "让这一条更优先（priority: {to}）",
    ("entry", "item"): "给这一条换一条内容库里有的内容（item）",
    ("item", "draft"): "让“{item}”不再是草稿（draft: 否）",
    ("item", "valid"): "让“{item}”的有效期包括这个时候（valid）",
    ("item", "personas"): "让人设 {to} 也能说“{item}”（personas）",
    ("item", "variants"): "给“{item}”添一版这里的人设能说的、写给{outlet}的话（variants）",
    ("item", "who"): "放宽“{item}”给谁（who）",
    ("item", "offer"): "给“{item}”换一个有的权益（offer）",
    ("item", "text"): "改掉“{item}”里不能说的话",
    ("item", "repeat_after"): "让“{item}”隔 {span}就能再发（repeat_after: {span}）",
    ("offer", "valid"): "让权益“{offer}”的有效期包括这个时候（valid）",
    ("rule", "off"): "关掉规则 {id}（off: 是）",
    ("care", "away"): "从请假里去掉 {id} 的这几天（away）",
    ("care", "cooling"): "客户删除导购以后，不再安静一阵（cooling）",
    ("care", "hold_out"): "不留对照组（hold_out: 0%）",
    ("care", "after_add"): "加好友满 {span}就能推销（after_add: {span}）",
    ("care", "trust_items"): "推销以前要收到过的科普和互动，减到 {to} 条（trust_items: {to}）",
}
"""(part, key) of an `Edit` → what it comes to."""


def said(change: Change, s: Situation) -> str:
    """One change, in a sentence for whoever asks why of this slot."""
    match change:
        case WaitUntil(at):
            return f"等到 {spoken(at, s.timezone)}"
        case Raise(source, by):
            return _raised(source, by, s)
        case Approve(item, role):
            return f"{f'请{role}批准' if role else '批准'}“{_title(item, s)}”"
        case SwitchOn(switch):
            return f"恢复停着的 {switch}"
        case Stock(kinds):
            topic = f"、话题“{s.entry.topic}”" if s.entry.topic else ""
            return f"再写一条{'或'.join(kinds)}{topic}的内容，审批好"
        case HandOver(group):
            return f"把 {group} 转给还在的同事（企业微信后台的“离职继承”）"
        case MakeWay(entry):
            apart = spelled(NEAR_SECONDS)
            return f"停掉 {entry}，或者和它隔开 {apart}以上：现在是它先发，这一条让给它，过后不补"
        case Edit(part, id_, key, to):
            return _EDITS[part, key].format(
                id=id_,
                to=to,
                calendar=s.calendar.title,
                item=_title(id_, s),
                offer=s.offers[id_].title if id_ in s.offers else id_,
                outlet=outlet(s),
                clock=f"{local_time(s.slot.at + int(to) * 60, s.timezone):%-H:%M}" if key == "by" else "",
                span=spelled(to) if isinstance(to, int) else "",
            )


def _title(item: str, s: Situation) -> str:
    found = s.library.get(item)
    return found.title if found else "新写的那条"


def _raised(source: str, by: int, s: Situation) -> str:
    """What is raised, and what it is then."""
    care = s.care
    if source == "quota.reserve":
        left = {**s.quota.reserve, s.touchpoint: s.quota.reserve.get(s.touchpoint, 0) - by}
        kept = " ".join(f"{touchpoint}{count}" for touchpoint, count in left.items())
        return f"平台额度少留 {by} 条备用（reserve: {kept}）"
    if source == "care.guide_load":
        return f"导购一天可以多 {by} 张卡（cards_per_day: {care.guide_load.cards_per_day + by}）"
    if source == "care.budget":
        return f"一位客户的打扰预算加 {by} 分（most: {care.budget.most + by}）"
    cap = next(each for each in care.caps if each.source == source)
    return f"把上限“{cap.said}”放宽 {by} 条（most: {cap.most + by}）"
