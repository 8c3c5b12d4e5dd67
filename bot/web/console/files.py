"""The content files, for staff without Git: every one there is, those that were taken out, and the pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import quote, urlencode

from sqlalchemy import Connection

from bot.content import edit
from bot.store import versions
from bot.store.audit import Change, note
from bot.web.console.one_file import is_of, path_of
from bot.web.console.room import Page, Room, Visit, called, clock, cut, paged
from bot.web.console.sheet import Cell, Field, Form, Link, Part, Section, Sheet, Table, Words
from bot.web.pages import Refused

SAID: Final = {"removed": "删掉了，几秒内生效。要拿回来，在下面“删掉的”里点开，写一句为什么，再存。"}
WHAT: Final = {
    "calendars": "日历",
    "library": "内容",
    "offers.yaml": "权益和价格",
    "knowledge": "出处",
    "personas": "人设",
    "surveys": "调研",
    "welcome.yaml": "欢迎语",
    "groups.yaml": "入群欢迎语",
    "kf.yaml": "微信客服",
    "channels.yaml": "渠道码",
    "tags.yaml": "标签",
    "mix.yaml": "配比",
    "holidays.yaml": "节假日",
    "quota.yaml": "平台额度",
    "care.yaml": "分寸：免打扰、上限",
    "rules": "规则",
    "lint": "不能说的话",
}
"""Files and folders as people call them, what is edited most first."""

PICTURES: Final = "png 或 jpg，10 MB 以内。名字不是字母、数字、连字符的，会另起一个。"


async def show(room: Room, visit: Visit) -> Sheet:
    """Every file, and ways to add one or a picture."""
    names = await asyncio.to_thread(edit.names, room.folder)
    rows: list[tuple[Cell, ...]] = [
        (_what(name), Link(name, path_of(name)), "，".join(str(p) for p in room.problems() if is_of(p, name)) or "在用")
        for name in sorted(names, key=lambda name: (_place(name), name))
    ]
    pictures = [
        (path, "在用" if path in room.content().media else "还没用到", Link("看", f"/console/media/{quote(path)}"))
        for path in await asyncio.to_thread(edit.pictures, room.media)
    ]
    put = visit.query.get("put", "")
    said = f"图片放好了。文件里写 media: {put} 就能用。" if edit.is_picture(room.media, put) else ""
    upload = Form(to="/console/files/media", button="上传", fields=(Field(name="picture", label="图片", kind="file"),))
    every = cut(visit, "files", ("是什么", "文件", "现在"), rows)
    return Sheet(
        "内容文件",
        (
            Section("新文件", tuple(_new(visit.query.get("new", "")))),
            Section("文件", (every,), "content/ 里的文件就是全部，别处改了这里也看得到。"),
            Section("图片", (cut(visit, "media", ("路径", "现在", ""), pictures, "还没有图片。"), upload), PICTURES),
            Section("删掉的", (await _removed(room, visit, names),), "最后的样子都留着。改了名的，在新名字下面。"),
        ),
        SAID.get(visit.query.get("said", ""), said),
    )


def _new(typed: str) -> Iterator[Part]:
    """A field for the name; with the one that was `typed` before, and why it cannot be."""
    if typed and (fault := edit.name_fault(typed)):
        yield Words(fault, "bad")
    field = Field(name="name", label="名字，例如 library/hats.yaml", value=typed)
    yield Form(to="/console/files/new", button="打开", fields=(field,))


def _what(name: str) -> str:
    return WHAT.get(name) or WHAT.get(name.partition("/")[0], "")


def _place(name: str) -> int:
    """What is edited most comes first."""
    return list(WHAT.values()).index(_what(name)) if _what(name) else len(WHAT)


async def _removed(room: Room, visit: Visit, there: list[str]) -> Table:
    offset, limit = visit.window("removed")
    found = await room.database.read(partial(versions.removed, there=there, offset=offset, limit=limit))
    names = await called(room, [each.who for each in found])
    rows = [_row(each, room, names[each.who]) for each in found]
    return paged(visit, "removed", ("文件", "什么时候", "谁", "为什么"), rows, "没有删掉过。")


def _row(removed: versions.Version, room: Room, who: str) -> tuple[Cell, ...]:
    last = Link(removed.name, f"{path_of(removed.name)}?version={removed.id}")
    return last, clock(removed.at, room.timezone), who, removed.because


async def open_new(room: Room, visit: Visit) -> str:
    """A file that is not there yet, or is; a name that no file can have is left to be mended."""
    name = visit.field("name")
    return path_of(name) if edit.may_be_edited(name) else f"/console/files?{urlencode({'new': name})}"


async def upload(room: Room, visit: Visit) -> str:
    """A picture into content/media."""
    filename, data = visit.files.get("picture", ("", b""))
    name = edit.picture_name(filename, data)
    if name is None:
        raise Refused("picture")

    def job(conn: Connection) -> bool:
        note(conn, Change(by=visit.doer, what="放图片", target=f"media/{name}", after={"bytes": len(data)}))
        if not edit.put_picture(room.media, name, data):
            raise Refused("named")
        return True

    try:
        await room.database.write(job)
    except OSError:
        raise Refused("unwritable") from None
    return f"/console/files?{urlencode({'put': name})}"


PAGES = (
    Page("GET", "/console/files", "edit", show),
    Page("POST", "/console/files/new", "edit", open_new),
    Page("POST", "/console/files/media", "edit", upload),
)
