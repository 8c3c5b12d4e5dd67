"""Changes as people read them."""

from __future__ import annotations

from bot.scrm.gates.changes import Approve, Change, Edit, Raise, Stock, SwitchOn, WaitUntil
from bot.scrm.week import spoken

_FILES = {
    "item": "content/library 里的 {id}",
    "offer": "content/offers.yaml 里的 {id}",
    "entry": "日历里的条目 {id}",
    "calendar": "日历 {id}",
    "rule": "content/rules 里的规则 {id}",
    "care": "content/care.yaml",
}
_SECONDS = {"repeat_after": (86_400, "天"), "after_add": (3_600, "小时")}


def said(change: Change, timezone: str) -> str:
    """One change, in a phrase."""
    match change:
        case WaitUntil(at):
            return f"等到 {spoken(at, timezone)}"
        case Raise(source, by):
            return f"把 {source} 放宽 {by}"
        case Approve(item, role):
            return f"审批 {item}" + (f"（以{role}的身份）" if role else "")
        case SwitchOn(switch):
            return f"恢复 {switch.scope}{f'/{switch.name}' if switch.name else ''}"
        case Stock(kinds):
            return f"补一条 {' 或 '.join(kinds)}"
        case Edit("entry", id_, "by", int(minutes)):
            return f"把日历里的条目 {id_} 的 by 改到 at 之后 {minutes} 分钟"
        case Edit(part, id_, key, to):
            return f"改 {_FILES[part].format(id=id_)} 的 {key}{_value(key, to)}"


def _value(key: str, to: int | str) -> str:
    if to == "":
        return ""
    if key in _SECONDS and isinstance(to, int):
        unit, name = _SECONDS[key]
        return f"，不超过 {to // unit} {name}"
    return f" 为 {to}"
