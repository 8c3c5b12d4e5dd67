"""What customers did with what was sent: links opened, Moments liked and talked about."""

from __future__ import annotations

from urllib.parse import quote

from bot.content.snapshot import Content
from bot.web.console.room import Page, Room, Visit, cut, span_form, title_of
from bot.web.console.sheet import Cell, Link, Section, Sheet, Words

OFF = "现在没有数：content/care.yaml 写 count_clicks: 是，以后发的链接才数。"


async def show(room: Room, visit: Visit) -> Sheet:
    """By item, over some days."""
    days = visit.days(30)
    kept = room.spans[days]
    span = await kept.newest()
    if span is None:
        return Sheet("效果", (Section("", (Words(kept.why_none),)),))
    content, how = room.content(), f"最近 {days} 天，{kept.aged(span.at, visit.now)}。"
    clicks = [(_item(content, item), times) for item, times in span.clicks]
    names = ("posted", "likes", "comments", "people")
    moments = [(_item(content, row["item"]), *(row[name] for name in names)) for row in span.moments]
    posts = cut(visit, "moments", ("内容", "导购发了", "点赞", "评论", "客户人数"), moments, "这几天没有发过朋友圈。")
    opened = cut(visit, "clicks", ("内容", "点开次数"), clicks, "还没有数到的链接。")
    off = () if content.care.count_clicks else (Words(OFF, "soft"),)
    return Sheet(
        "效果",
        (
            Section("", (span_form("/console/results", days),)),
            Section("朋友圈", (posts,), f"来自企业微信，一条结束后第 1、3、7 天各读一次，之后的不再算。{how}"),
            Section("链接", (*off, opened), f"经过我们跳转时数的，几分钟里反复点只算一次，不知道是谁。{how}"),
        ),
    )


def _item(content: Content, item: str) -> Cell:
    """One that was taken out has its id only."""
    title = title_of(content, item)
    return Link(title, f"/console/approvals/{quote(item)}") if item in content.library else title


PAGES = (Page("GET", "/console/results", "see", show),)
