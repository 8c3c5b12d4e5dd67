"""Where customers come from, and how far: added, greeted, surveyed, stayed, bought."""

from __future__ import annotations

from bot.scrm.channel import Channel
from bot.scrm.channel_report import ChannelNumbers
from bot.store.timeline import yuan
from bot.web.console.charts import bars
from bot.web.console.room import Page, Room, Visit, cut, span_form
from bot.web.console.sheet import Cell, Section, Sheet, Table, Words

HEAD = ("渠道", "新增", "已欢迎", "已答调研", "7天内流失", "净增", "首单", "首单金额", "获客花费", "每个首单花费")
SOURCES = (
    ("新增", "企业微信的“添加客户”回调，和每天夜里的核对；第一次从客服链接来的也算，不重复算"),
    ("已欢迎", "欢迎语的发送结果，加好友后 24 小时内"),
    ("已答调研", "调研答完的记录，加好友之后"),
    ("7天内流失", "“客户删除成员”回调和夜里的核对"),
    ("净增", "新增减去这段时间里断开的"),
    ("首单", "商城推来的订单，或导入的订单；退掉的金额已经减去"),
    ("获客花费", "content/channels.yaml 里写的单价乘以新增"),
)


async def show(room: Room, visit: Visit) -> Sheet:
    """The funnel of all channels, then each."""
    days = visit.days(30)
    kept = room.spans[days]
    span = await kept.newest()
    if span is None:
        return Sheet("渠道与首单漏斗", (Section("", (Words(kept.why_none),)),))
    found, how = span.channels, f"最近 {days} 天，{kept.aged(span.at, visit.now)}。"
    channels = room.content().channels
    silent = [ChannelNumbers(channel_id=id_) for id_ in channels if id_ not in {each.channel_id for each in found}]
    rows = [_row(each, channels.get(each.channel_id or "")) for each in [*found, *silent]]
    return Sheet(
        "渠道与首单漏斗",
        (
            Section("", (span_form("/console/channels", days), bars("漏斗", _funnel(found))), how),
            Section("每个渠道", (cut(visit, "channels", HEAD, rows),), how),
            Section("每个数字怎么来的", (Table(name="sources", head=("数字", "来源"), rows=SOURCES),)),
        ),
    )


def _funnel(found: list[ChannelNumbers]) -> list[tuple[str, int]]:
    steps = (("新增", "added"), ("已欢迎", "greeted"), ("已答调研", "surveyed"), ("首单", "first_orders"))
    return [(words, sum(getattr(each, name) for each in found)) for words, name in steps]


def _row(numbers: ChannelNumbers, channel: Channel | None) -> tuple[Cell, ...]:
    cost = channel.cost_per_add if channel else 0
    name = (channel.title if channel else "") or numbers.channel_id or "（不知道从哪来）"
    counts = (numbers.added, numbers.greeted, numbers.surveyed, numbers.lost_soon, numbers.net, numbers.first_orders)
    money = (numbers.first_order_fen, numbers.cost(cost) if cost else None, numbers.cost_per_first_order(cost))
    return (name, *counts, *("" if fen is None else yuan(fen) for fen in money))


PAGES = (Page("GET", "/console/channels", "see", show),)
