"""The content files, for staff without Git: open, check, see as people will, save with a reason, take back."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import quote

from sqlalchemy import Connection

from bot.content import edit
from bot.content.snapshot import Content
from bot.store import planning, standing, versions
from bot.web.console.preview import bubbles
from bot.web.console.room import Answer, Page, Room, Visit, clock, cut, paged
from bot.web.console.sheet import ROWS, Diff, Field, Form, Link, Part, Section, Sheet, Words
from bot.web.pages import Refused
from bot.yamlfile import Problem

SAID: Final = {
    "saved": "存好了，几秒内生效。改过的内容要重新审批。",
    "picture": "图片放好了，文件里写它的路径就能用。",
}
SHOWN: Final = 12
"""Items of a file that are shown as people will see them."""

LINES: Final = 400
AROUND: Final = 2


async def show(room: Room, visit: Visit) -> Sheet:
    """Every file, and ways to add one or a picture."""
    names = await asyncio.to_thread(edit.names, room.folder)
    rows = [
        (_link(name), "，".join(str(p) for p in room.problems() if f"/{name}:" in str(p)) or "在用") for name in names
    ]
    new = Form(
        to="/console/files/new", button="打开", fields=(Field(name="name", label="名字，例如 library/hats.yaml"),)
    )
    pictures = [(path, Link("看", f"/console/media/{quote(path)}")) for path in sorted(room.content().media)]
    upload = Form(to="/console/files/media", button="上传", fields=(Field(name="picture", label="图片", kind="file"),))
    return Sheet(
        "内容文件",
        (
            Section("新文件", (new,)),
            Section(
                "文件",
                (cut(visit, "files", ("文件", "现在"), rows),),
                "content/ 里的文件就是全部，别处改了这里也看得到。",
            ),
            Section("图片", (cut(visit, "media", ("路径", ""), pictures, "没有在用的图片。"), upload)),
        ),
        SAID.get(visit.query.get("said", ""), ""),
    )


async def open_new(room: Room, visit: Visit) -> str:
    """A file that is not there yet, or is."""
    return f"/console/files/edit/{quote(_named(visit.field('name')))}"


async def editor(room: Room, visit: Visit) -> Sheet:
    """A file as it is, or as it was in an older version."""
    name = _named(visit.path["name"])
    text = await asyncio.to_thread(edit.text_of, room.folder, name)
    asked = visit.query.get("version", "")
    old = None
    if asked.isdecimal() and len(asked) < 10:
        old = await room.database.read(partial(versions.version, name=name, number=int(asked)))
    shown = old.text if old else text or ""
    parts: list[Part] = []
    if old:
        parts = [Words(f"{old.who} {clock(old.at, room.timezone)}：{old.because}"), _diff(old.before, old.text)]
    sections = [Section("那一次改了什么", tuple(parts))] if parts else []
    sections += [Section("", (_form(name, shown, edit.digest_of(text)),)), await _history(room, visit, name)]
    return Sheet(name, tuple(sections), SAID.get(visit.query.get("said", ""), ""))


async def submit(room: Room, visit: Visit) -> Answer:
    """Check what was typed with everything else; save it when that was asked for and nothing is wrong."""
    name = _named(visit.path["name"])
    text = _lines(visit.form.get("text", [""])[0])
    now = await asyncio.to_thread(edit.text_of, room.folder, name)
    look = partial(edit.checked, room.folder, room.messages, name, text, visit.now, room.timezone)
    content, problems = await asyncio.to_thread(look)
    base, because = visit.field("base"), visit.field("because")
    moved = base != edit.digest_of(now)
    if visit.field("action") == "save" and content and because and not moved and text != (now or ""):
        return await _save(room, visit, name, now or "", text, because)
    hints = [Words("别人刚刚改过这个文件。下面是和现在的不同，合在一起再存。", "bad")] if moved else []
    if visit.field("action") == "save" and not because:
        hints.append(Words("写一句为什么改，再存。", "bad"))
    told = (*hints, *_told(problems, name, whole=content is not None))
    sections = [Section("检查", told, "整个 content/ 连同这一份一起查的。")]
    if text != (now or ""):
        sections.append(Section("和现在的不同", (_diff(now or "", text),)))
    sections.append(Section("", (_form(name, text, edit.digest_of(now), because),)))
    if content:
        sections += await _seen(room, content, name, text)
    return Sheet(name, tuple(sections), status=200)


async def _save(room: Room, visit: Visit, name: str, before: str, text: str, because: str) -> str:
    def job(conn: Connection) -> None:
        versions.keep(conn, visit.doer, name, before, text, because)
        edit.write(room.folder, name, text)  # last: if it fails, nothing is on record

    try:
        await room.database.write(job)
    except OSError:
        raise Refused("unwritable") from None
    room.wake()
    return f"/console/files/edit/{quote(name)}?said=saved"


async def upload(room: Room, visit: Visit) -> str:
    """A picture into content/media."""
    filename, data = visit.files.get("picture", ("", b""))
    if edit.picture_fault(filename, data) or (room.media / filename).exists():
        raise Refused("picture")
    try:
        await asyncio.to_thread((room.media / filename).write_bytes, data)
    except OSError:
        raise Refused("unwritable") from None
    return "/console/files?said=picture"


def _named(name: str) -> str:
    if not edit.may_be_edited(name):
        raise Refused("file")
    return name


def _form(name: str, text: str, base: str, because: str = "") -> Form:
    fields = (
        Field(name="base", value=base, kind="hidden"),
        Field(name="text", label="内容", value=text, kind="area"),
        Field(name="because", label="为什么改（存的时候要写）", value=because, needed=False),
    )
    return Form(
        to=f"/console/files/edit/{quote(name)}", button="检查", fields=fields, more=(("save", "存下"),), tone="main"
    )


def _told(problems: tuple[Problem, ...], name: str, *, whole: bool) -> Iterator[Part]:
    """What is wrong here first, then elsewhere."""
    mine = [each for each in problems if f"/{name}:" in str(each)]
    others = [each for each in problems if each not in mine]
    if whole:
        yield Words("没有错误，可以存。", "good")
    for each in [*mine, *others][:ROWS]:
        yield Words(str(each), "bad" if each.severity == "error" else "soft")


async def _seen(room: Room, content: Content, name: str, text: str) -> list[Section]:
    """The items of this file as people will see them, and which of them wait for a word then."""
    if not name.startswith("library/"):
        return []
    mine = [item for item in content.library.values() if f"id: {item.id}\n" in text][:SHOWN]
    approved = await room.database.read(planning.approved)
    userids = [userid for persona in content.personas.values() for userid in persona.guides]
    guides = await room.database.read(partial(standing.names, userids=userids))
    waits = "、".join(item.title for item in mine if item.digest not in approved)
    parts: list[Part] = [Words(f"存下以后要审批：{waits}" if waits else "存下以后不用重新审批。", "soft")]
    for item in mine:
        refusals = content.refused.get(item.digest, ())
        parts += [Words(item.title), *(Words(f"不能发：{why}", "bad") for why in refusals)]
        parts += bubbles(content, item, guides)
    return [Section("看到的会是这样", tuple(parts))]


async def _history(room: Room, visit: Visit, name: str) -> Section:
    offset, limit = visit.window("versions")
    found = await room.database.read(partial(versions.versions, name=name, offset=offset, limit=limit))
    path = f"/console/files/edit/{quote(name)}"
    rows = [
        (Link(clock(at, room.timezone), f"{path}?version={number}"), who, because) for number, at, who, because in found
    ]
    table = paged(visit, "versions", ("什么时候", "谁", "为什么"), rows, "在后台还没有人改过。")
    return Section(
        "改过的版本", (table, Words("点开看那一次改了什么；上面的框里就是那一版，再存一次就回到它。", "soft"))
    )


def _diff(before: str, after: str) -> Diff:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=AROUND)
    return Diff(tuple(line for line in lines if not line.startswith(("---", "+++")))[:LINES])


def _lines(text: str) -> str:
    """As files have them: browsers send \\r\\n."""
    return text.replace("\r\n", "\n").replace("\0", "").rstrip("\n") + "\n"


def _link(name: str) -> Link:
    return Link(name, f"/console/files/edit/{quote(name)}")


PAGES = (
    Page("GET", "/console/files", "edit", show),
    Page("POST", "/console/files/new", "edit", open_new),
    Page("POST", "/console/files/media", "edit", upload),
    Page("GET", "/console/files/edit/{name:.+}", "edit", editor),
    Page("POST", "/console/files/edit/{name:.+}", "edit", submit),
)
