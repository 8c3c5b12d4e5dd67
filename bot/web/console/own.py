"""What somebody has to do themselves: the only page that a guide has here."""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.scrm.links import Links
from bot.store import in_hand, standing
from bot.web.console.room import Page, Room, Visit, clock, cut, paged, title_of
from bot.web.console.sheet import ROWS, Link, Section, Sheet, Table, Words
from bot.web.console.task import to_whom

KINDS: Final = {"welcome_missed": "欢迎语没送到", "customer_lost": "客户流失", "survey_reminder": "提醒答调研"}


async def show(room: Room, visit: Visit) -> Sheet:
    """What waits for this member at WeCom, and what else they should do."""
    me = visit.staff.userid
    offset, limit = visit.window("sends")
    sends = await room.database.read(partial(in_hand.in_hand, offset=offset, limit=limit, userid=me))
    tasks = await room.database.read(partial(standing.open_tasks, userid=me, limit=ROWS))
    content = room.content()
    rows = [
        (clock(each.by_at, room.timezone), each.touchpoint, title_of(content, each.item), to_whom(each))
        for each in sends
    ]
    waiting = paged(visit, "sends", ("最晚", "发到哪里", "内容", "发给"), rows, "没有等你点的。")
    todo = [(clock(at, room.timezone), KINDS.get(kind, kind), why) for at, kind, why in tasks]
    mine = Link("打开“我的客户”", Links("", room.link_key, visit.now).member(me))
    return Sheet(
        "我的任务",
        (
            Section("在企业微信里等我点的", (waiting, Words("在企业微信的“群发助手”和“朋友圈”里点发送。", "soft"))),
            Section("请我做的事", (cut(visit, "tasks", ("什么时候", "做什么", "为什么"), todo, "没有别的事。"),)),
            Section("我的客户", (Table(name="mine", head=("",), rows=[(mine,)]),)),
        ),
    )


PAGES = (Page("GET", "/console/own", "own", show),)
