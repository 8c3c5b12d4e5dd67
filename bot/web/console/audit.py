"""Who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from bot.scrm.action_names import STATES
from bot.store import audit
from bot.web.console.room import Page, Room, Visit, clock, paged
from bot.web.console.sheet import Section, Sheet

CALLED: Final = {
    "on": "放行",
    "state": "状态",
    "digest": "指纹",
    "role": "身份",
    "version": "版本",
    "bytes": "字节",
}
STANDS: Final = {**STATES, "waiting": "等着处理", "done": "处理过", "parked": "搁置"}


async def show(room: Room, visit: Visit) -> Sheet:
    """The trail, the newest first."""
    offset, limit = visit.window("audit")
    found = await room.database.read(partial(audit.changes, offset=offset, limit=limit))
    rows = [
        (
            clock(each.by.at, room.timezone),
            each.by.who,
            each.by.via,
            each.what,
            each.target,
            _said(each.before),
            _said(each.after),
            each.because,
        )
        for each in found
    ]
    head = ("时间", "谁", "在哪里", "做了什么", "对什么", "之前", "之后", "为什么")
    table = paged(visit, "audit", head, rows, "还没有人改过什么。")
    return Sheet("操作记录", (Section("", (table,), "每一行和它改的东西一起写下，后台里改不掉、删不掉。"),))


def _said(values: Mapping[str, Any]) -> str:
    return "，".join(f"{CALLED.get(name, name)} {_plain(name, value)}" for name, value in values.items())


def _plain(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    return text[:12] if name == "digest" else STANDS.get(text, text) if name == "state" else text


PAGES = (Page("GET", "/console/audit", "audit", show),)
