"""What is left of WeCom's limits: mass sends of each group, and calls of each API."""

from __future__ import annotations

from bot.scrm.gates.quota_use import QuotaUse
from bot.scrm.quota import allowance
from bot.web.console.overview import DAYS
from bot.web.console.room import Page, Room, Visit, clock, cut
from bot.web.console.sheet import Cell, Mark, Section, Sheet, Words
from bot.wecom.net.governor import Standing


async def show(room: Room, visit: Visit) -> Sheet:
    """The tightest first."""
    overview = await room.overviews.newest()
    used = (each for each in room.governor.standing(visit.now) if each.hour_used or each.blocked_until_at)
    governor = [_api(each, room) for each in used]
    head = ("接口", "这一分钟", "每分钟上限", "这一小时", "每小时上限", "停到")
    calls = Section(
        "接口调用", (cut(visit, "governor", head, governor, "这一小时没有调用过。"),), "这个进程自己数的，现在。"
    )
    if overview is None:
        return Sheet("额度", (Section("群发额度", (Words(room.overviews.why_none),)), calls))
    uses = [_use(each, room) for each in overview.uses]
    columns = ("群", "从", "到", "已发", "要发", "一共", "备用", "还能排")
    aged = room.overviews.aged(overview.at, visit.now)
    how = f"已发来自记录，要发是接下来 {DAYS} 天的推算，{aged}。导购自己发的读不到，没有算进来。"
    about = Words(_policy(room, visit))
    return Sheet(
        "额度", (Section("群发额度", (about, cut(visit, "quota", columns, uses, "没有群，或没有限制。")), how), calls)
    )


def _use(each: QuotaUse, room: Room) -> tuple[Cell, ...]:
    left: Cell = Mark(str(each.left), "bad") if each.left < 0 else each.left
    days = (clock(each.start_at, room.timezone), clock(each.end_at, room.timezone))
    return (each.name, *days, each.used, each.coming, each.most, each.reserve, left)


def _policy(room: Room, visit: Visit) -> str:
    quota = room.content().quota
    window = allowance(quota, visit.now, room.timezone)
    if window is None:
        return "content/quota.yaml 里现在没有限制。"
    until = clock(window.end_at, room.timezone)
    return f"到 {until} 为止，每位客户、每个群最多收到 {window.most} 次群发。"


def _api(each: Standing, room: Room) -> tuple[Cell, ...]:
    name = "全部接口" if each.name == "ip" else each.name
    used = (each.minute_used, each.minute_limit, each.hour_used, each.hour_limit)
    return (name, *used, clock(each.blocked_until_at, room.timezone))


PAGES = (Page("GET", "/console/quota", "see", show),)
