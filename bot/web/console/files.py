"""The content files, for staff without Git: open, check, see as people will, save with a reason, take back."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import quote, urlencode

from sqlalchemy import Connection

from bot.content import edit
from bot.content.snapshot import Content
from bot.scrm.item import Item
from bot.store import planning, standing, versions
from bot.store.audit import Change, note
from bot.web.console.preview import bubbles
from bot.web.console.room import Answer, Page, Room, Visit, clock, cut, paged
from bot.web.console.sheet import ROWS, Cell, Diff, Field, Form, Link, Part, Section, Sheet, Table, Words
from bot.web.pages import Refused
from bot.yamlfile import Problem

SAID: Final = {
    "saved": "存好了，几秒内生效。改过的内容要重新审批：下面点开就能看、试发、审批。",
    "kept": "存好了。别处还有错误，都改好了才一起生效，现在用的还是原来的。",
}
GUARDED: Final = "这个文件定什么能发、什么不能发，只有管理员能存；可以看，可以试着改了检查。"
PICTURES: Final = "png 或 jpg，10 MB 以内。名字不是字母、数字、连字符的，会另起一个。"
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
    pictures = [
        (path, "在用" if path in room.content().media else "还没用到", Link("看", f"/console/media/{quote(path)}"))
        for path in await asyncio.to_thread(edit.pictures, room.media)
    ]
    put = visit.query.get("put", "")
    said = f"图片放好了。文件里写 media: {put} 就能用。" if edit.is_picture(room.media, put) else ""
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
            Section("图片", (cut(visit, "media", ("路径", "现在", ""), pictures, "还没有图片。"), upload), PICTURES),
        ),
        said,
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
    said = SAID.get(visit.query.get("said", ""), "")
    mine = _items(room.content(), name, shown)
    items = [Section("里面的内容", (await _standing(room, visit, mine),), "按现在在用的内容。")] if mine else []
    form = _form(name, shown, edit.digest_of(text), may=_may_save(visit, name))
    order = (*items, form) if said else (form, *items)
    return Sheet(name, (*sections, *order, await _history(room, visit, name)), said)


async def submit(room: Room, visit: Visit) -> Answer:
    """Check what was typed with everything else; save it when that was asked for and nothing is wrong."""
    name = _named(visit.path["name"])
    text = _lines(visit.form.get("text", [""])[0])
    now = await asyncio.to_thread(edit.text_of, room.folder, name)
    look = partial(edit.checked, room.folder, room.messages, name, text, visit.now, room.timezone)
    content, problems = await asyncio.to_thread(look)
    base, because = visit.field("base"), visit.because
    moved = base != edit.digest_of(now)
    may = _may_save(visit, name)
    save = visit.field("action") == "save"
    if save and not may:
        raise Refused("forbidden")
    good = content is not None or _no_worse(problems, name, room.problems())
    if save and good and because and not moved and text != (now or ""):
        try:
            done = await _save(room, visit, name, now or "", text, because)
            return f"{done}?said={'saved' if content else 'kept'}"
        except edit.MovedError:
            moved, now = True, await asyncio.to_thread(edit.text_of, room.folder, name)
    hints = [Words("别人刚刚改过这个文件。下面是和现在的不同，合在一起再存。", "bad")] if moved else []
    if save and not because:
        hints.append(Words("写一句为什么改，再存。", "bad"))
    if save and text == (now or ""):
        hints.append(Words("和现在的一样，没有什么要存。", "soft"))
    told = (*hints, *_told(problems, name, whole=content is not None, good=good))
    sections = [Section("检查", told, "整个 content/ 连同这一份一起查的。")]
    if text != (now or ""):
        sections.append(Section("和现在的不同", (_diff(now or "", text),)))
    sections.append(_form(name, text, edit.digest_of(now), because, may=may))
    if content:
        sections += await _seen(room, content, name, text)
    return Sheet(name, tuple(sections))


async def _save(room: Room, visit: Visit, name: str, before: str, text: str, because: str) -> str:
    def job(conn: Connection) -> None:
        versions.keep(conn, visit.doer, name, before, text, because)
        edit.write(room.folder, name, text, visit.field("base"))  # last: if it fails, nothing is on record

    try:
        await room.database.write(job)
    except OSError:
        raise Refused("unwritable") from None
    room.changed()
    return f"/console/files/edit/{quote(name)}"


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


def _named(name: str) -> str:
    if not edit.may_be_edited(name):
        raise Refused("file")
    return name


def _may_save(visit: Visit, name: str) -> bool:
    return visit.staff.may("guard") or not edit.is_guard(name)


def _form(name: str, text: str, base: str, because: str = "", *, may: bool) -> Section:
    fields = (
        Field(name="base", value=base, kind="hidden"),
        Field(name="text", label="内容", value=text, kind="area"),
        Field(name="because", label="为什么改（存的时候要写）", value=because, needed=False),
    )
    save = (("save", "存下"),) if may else ()
    path = f"/console/files/edit/{quote(name)}"
    form = Form(to=path, button="检查", fields=fields if may else fields[:2], more=save, tone="main")
    return Section("", (form,), "" if may else GUARDED)


def _no_worse(problems: tuple[Problem, ...], name: str, before: tuple[Problem, ...]) -> bool:
    """Whether nothing is wrong here, and elsewhere only what was before: where two files are broken, each is mended
    by itself, and none goes live before both are."""
    errors = {str(each) for each in problems if each.severity == "error"}
    return errors <= {str(each) for each in before} and not any(f"/{name}:" in each for each in errors)


def _told(problems: tuple[Problem, ...], name: str, *, whole: bool, good: bool) -> Iterator[Part]:
    """What is wrong here first, then elsewhere."""
    mine = [each for each in problems if f"/{name}:" in str(each)]
    others = [each for each in problems if each not in mine]
    if whole:
        yield Words("没有错误，可以存。", "good")
    elif good:
        yield Words("这个文件没有错误，可以存。别处的错误原来就有，都改好了才一起生效。", "good")
    for each in [*mine, *others][:ROWS]:
        yield Words(str(each), "bad" if each.severity == "error" else "soft")


async def _seen(room: Room, content: Content, name: str, text: str) -> list[Section]:
    """The items of this file as people will see them, and which of them wait for a word then."""
    mine = _items(content, name, text)
    if not mine:
        return []
    approved = await room.database.read(planning.approved)
    userids = [userid for persona in content.personas.values() for userid in persona.guides]
    guides = await room.database.read(partial(standing.names, userids=userids))
    waits = "、".join(item.title for item in mine if item.digest not in approved)
    parts: list[Part] = [Words(f"存下以后要审批：{waits}" if waits else "存下以后不用重新审批。", "soft")]
    if len(mine) > SHOWN:
        parts.append(Words(f"一共 {len(mine)} 条，下面是前 {SHOWN} 条；其余存下以后在审批里看。", "soft"))
    for item in mine[:SHOWN]:
        refusals = content.refused.get(item.digest, ())
        parts += [Words(item.title), *(Words(f"不能发：{why}", "bad") for why in refusals)]
        parts += bubbles(content, item, guides)
    return [Section("看到的会是这样", tuple(parts))]


async def _standing(room: Room, visit: Visit, mine: list[Item]) -> Table:
    """Which of the items in use still wait for a word, and where it is given."""
    content, approved = room.content(), await room.database.read(planning.approved)

    def row(item: Item) -> tuple[Cell, ...]:
        waits = "等审批" if item.digest not in approved else "批过"
        stands = "草稿" if item.draft else "审查没过" if item.digest in content.refused else waits
        return Link(item.title, f"/console/approvals/{quote(item.id)}"), item.kind, stands

    return cut(visit, "items", ("内容", "类别", "现在"), mine, row=row)


def _items(content: Content, name: str, text: str) -> list[Item]:
    """What a file of the library holds."""
    ids = edit.ids_in(text) if name.startswith("library/") else frozenset()
    return [item for item in content.library.values() if item.id in ids]


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
