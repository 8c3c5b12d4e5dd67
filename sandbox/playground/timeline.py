"""The log in plain Chinese: who did what, what was pushed, how soon the app answered and greeted."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sandbox.log import Entry
from sandbox.playground.words import ACTIONS, ADDED, APIS, EVENTS, FAULTS, MEANINGS

LINES_SHOWN = 60
_ZONE = datetime.timezone(datetime.timedelta(hours=8))

Name = Callable[[str], str]
Whose = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `tone` is action, good, bad or quiet; `arrow` says which way it went; `times`: how often it was so,
    `since` (a clock time) at first."""

    seq: int
    clock: str
    arrow: str
    text: str
    detail: str
    tone: str
    since: str
    times: int = 1


def timeline(entries: Iterable[Entry], name: Name, whose: Whose) -> list[Line]:
    """The newest lines first. `name` turns an id into a person's name, `whose` a welcome code into its pair."""
    pushed: dict[str, float] = {}
    lines = []
    for entry in sorted(entries, key=lambda e: (e["wall_at"], e["seq"])):
        if entry["kind"] == "callback" and entry["event"] in ADDED and entry["attempt"] == 1:
            pushed[entry["about"]["external_userid"]] = entry["wall_at"]
        lines.append(_line(entry, name, whose, pushed))
    return _folded(lines)[-LINES_SHOWN:][::-1]


def _folded(lines: Iterable[Line]) -> list[Line]:
    """Calls that read the same, with nothing told to the app in between, are one line: the latest, counted."""
    kept: dict[tuple[int, str, str], Line] = {}
    told = 0
    for line in lines:
        told += line.arrow != "←"
        key = (told, line.text, line.detail)
        earlier = kept.pop(key, None)
        kept[key] = replace(line, times=earlier.times + 1, since=earlier.since) if earlier else line
    return list(kept.values())


def clock_text(at: float) -> str:
    """HH:MM:SS in Beijing time."""
    return datetime.datetime.fromtimestamp(at, _ZONE).strftime("%H:%M:%S")


def now_text(at: float) -> str:
    """The day and the minute, in Beijing time."""
    return datetime.datetime.fromtimestamp(at, _ZONE).strftime("%Y-%m-%d %H:%M")


def _line(entry: Entry, name: Name, whose: Whose, pushed: dict[str, float]) -> Line:
    write = {"action": _action, "callback": _callback}.get(entry["kind"])
    arrow, text, detail, tone = write(entry, name) if write else _call(entry, name, whose, pushed)
    clock = clock_text(entry["at"])
    return Line(entry["seq"], clock, arrow, text, detail, tone, since=clock)


def _action(entry: Entry, name: Name) -> tuple[str, str, str, str]:
    about = {key: name(str(value)) for key, value in entry["about"].items()}
    words = ACTIONS.get(str(entry["action"]), str(entry["action"]))
    return "●", words.format_map({"userid": "", "external_userid": "", "open_kfid": "", **about}), "", "action"


def _callback(entry: Entry, name: Name) -> tuple[str, str, str, str]:
    who = name(entry["about"].get("external_userid") or entry["about"].get("open_kfid", ""))
    text = f"回调应用：{EVENTS.get(entry['event'], entry['event'])}{' · ' + who if who else ''}"
    again = f"（第 {entry['attempt']} 次）" if entry["attempt"] > 1 else ""
    if entry["status"] == 200:
        return "→", text, f"应用 {_ms(entry['took_ms'])}后答复 200{again}", "good"
    if entry["error"] == "lost":
        return "→", text, "这次回调丢失了", "bad"
    return "→", text, f"没有得到 200{again}：{entry['status'] or entry['error']}", "bad"


def _call(entry: Entry, name: Name, whose: Whose, pushed: dict[str, float]) -> tuple[str, str, str, str]:
    pair = whose(str(entry["body"].get("welcome_code", "")))
    person = pair[1] if pair else entry["body"].get("external_userid") or entry["body"].get("touser") or ""
    who = name(str(person))
    text = f"应用调用：{APIS.get(entry['api'], entry['api'])}{' · ' + who if who else ''}"
    if entry["fault"]:
        return "←", text, f"故障：{_fault(entry['fault'])}；{_result(entry)}", "bad"
    if entry["errcode"]:
        return "←", text, _result(entry), "bad"
    if pair and pair[1] in pushed:
        return "←", text, f"成功，距回调 {_ms((entry['wall_at'] - pushed[pair[1]]) * 1000)}", "good"
    return "←", text, "成功", "good" if entry["api"] != "gettoken" else "quiet"


def _result(entry: Entry) -> str:
    """None: WeCom never acted."""
    if entry["errcode"] in (None, 0):
        return "没有执行" if entry["errcode"] is None else "已执行"
    return f"被拒绝：{entry['errcode']} {MEANINGS.get(entry['errcode'], '')}".rstrip()


def _fault(fault: str) -> str:
    return " ".join(FAULTS.get(word, re.sub("(?<=[0-9])s$", " 秒", word)) for word in fault.split())


def _ms(value: float) -> str:
    return f"{value / 1000:.1f} 秒" if value >= 1000 else f"{max(1, round(value))} 毫秒"
