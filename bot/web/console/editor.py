"""One content file: checked while it is typed, seen as people will, saved with a reason, and every version kept."""

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
from bot.scrm.item import Item
from bot.store import planning, standing, versions
from bot.web.console.one_file import Found, is_of, look, may_save, named, path_of
from bot.web.console.preview import bubbles
from bot.web.console.room import Answer, Page, Room, Visit, called, clock, cut, paged
from bot.web.console.sheet import ROWS, Cell, Diff, Field, Form, Link, Live, Part, Section, Sheet, Table, Tone, Words
from bot.web.pages import Refused
from bot.yamlfile import Problem

SAID: Final = {
    "saved": "存好了，几秒内生效。",
    "kept": "存好了。别处还有错误，都改好了才一起生效，现在用的还是原来的。",
    "renamed": "改好名字了，几秒内生效。改名以前的版本跟着来了，在下面。",
}
AGAIN: Final = "改过的内容要重新审批：下面点开就能看、试发、审批。"
NO_ITEMS: Final = Words("这里没有要审批的。接下来会发什么，看“计划”。", to="/console/plan")
REFUSED: Final = "能存，但里面有的话不能发，改好以前不会发出："
GUARDED: Final = "这个文件定什么能发、什么不能发，只有管理员能存；可以看，可以试着改了检查。"
BACK: Final = "点开看那一次改了什么；上面的框里就是那一版，再存一次就回到它。"
MOVED: Final = Words("别人刚刚改过这个文件。按“检查”，看和现在的不同，合在一起再存。", "bad")
NEW: Final = Words("新文件，还没有存。〔 〕里的换成你要写的，用不着的行删掉；# 后面是说明。", "soft")
STANDS: Final = "按最后存下的内容。"
SHOWN: Final = 12
"""Items of a file that are shown as people will see them."""

LINES: Final = 400
AROUND: Final = 2


async def editor(room: Room, visit: Visit) -> Sheet:
    """A file as it is, or as it was in an older version."""
    name = named(visit.path["name"])
    text = await asyncio.to_thread(edit.text_of, room.folder, name)
    old = await _older(room, visit, name)
    shown = old.last if old else text
    if shown is None:
        shown = await asyncio.to_thread(edit.skeleton, room.skeletons, name)
    sections = [await _then(room, old)] if old else []
    done = visit.query.get("said", "")
    said = SAID.get(done, "")
    saved = await room.turns.turn(partial(look, room, visit, {})) if done == "saved" and not old else None
    content = (saved.content if saved else None) or room.content()  # what was just saved is not in use yet
    mine = _items(content, name, shown)
    items = [Section("里面的内容", (await _standing(room, visit, content, mine),), STANDS)] if mine else []
    if saved:
        said += AGAIN if mine else ""
        items = items or [Section("", (NO_ITEMS,))]
    hint = (NEW,) if text is None and old is None else ()
    told = tuple(_told(saved, name, shown)) if saved else hint
    form = _form(name, shown, edit.digest_of(text), told=told, may=may_save(visit, name))
    order = (*items, form) if said else (form, *items)
    move = [_move(name, edit.digest_of(text))] if text is not None and may_save(visit, name) else []
    return Sheet(name, (*sections, *order, await _history(room, visit, name), *move), said)


async def _older(room: Room, visit: Visit, name: str) -> versions.Version | None:
    """The older version that is asked for."""
    asked = visit.query.get("version", "")
    if not (asked.isdecimal() and len(asked) < 10):
        return None
    return await room.database.read(partial(versions.version, name=name, number=int(asked)))


async def _then(room: Room, old: versions.Version) -> Section:
    """What was changed then, and why."""
    who = (await called(room, [old.who]))[old.who]
    said = Words(f"{who} {clock(old.at, room.timezone)}：{old.because}")
    return Section("那一次改了什么", (said, _diff(old.before, old.text)))


async def check(room: Room, visit: Visit) -> Sheet:
    """What there is to say of what is being typed, and nothing else."""
    name, text = named(visit.path["name"]), _typed(visit)
    found = await room.turns.newest(f"{visit.staff.userid} {name}", partial(look, room, visit, {name: text}))
    if found is None:
        raise Refused("newer")
    now = await asyncio.to_thread(edit.text_of, room.folder, name)
    moved = (MOVED,) if visit.field("base") != edit.digest_of(now) else ()
    return Sheet(name, (Section("", (Live((*moved, *_told(found, name, text))),)),))


async def submit(room: Room, visit: Visit) -> Answer:
    """Check what was typed with everything else; save it when that was asked for and nothing is wrong."""
    name, text = named(visit.path["name"]), _typed(visit)
    now = await asyncio.to_thread(edit.text_of, room.folder, name)
    base, because = visit.field("base"), visit.because
    moved = base != edit.digest_of(now)
    may = may_save(visit, name)
    save = visit.field("action") == "save"
    if save and not may:
        raise Refused("forbidden")
    found = await room.turns.turn(partial(look, room, visit, {name: text}))
    if save and found.mends(name) and because and not moved and text != (now or ""):
        try:
            done = await _save(room, visit, name, now or "", text, because)
            return f"{done}?said={'saved' if found.content else 'kept'}"
        except edit.MovedError:
            moved, now = True, await asyncio.to_thread(edit.text_of, room.folder, name)
    hints = [MOVED] if moved else []
    if save and not because:
        hints.append(Words("写一句为什么改，再存。", "bad"))
    if save and text == (now or ""):
        hints.append(Words("和现在的一样，没有什么要存。", "soft"))
    told = (*hints, *_told(found, name, text))
    sections = [_form(name, text, edit.digest_of(now), because, told, may=may)]
    if text != (now or ""):
        sections.append(Section("和现在的不同", (_diff(now or "", text),)))
    if found.content:
        sections += await _seen(room, found.content, name, text)
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
    return path_of(name)


def _form(name: str, text: str, base: str, because: str = "", told: tuple[Words, ...] = (), *, may: bool) -> Section:
    fields = (
        Field(name="base", value=base, kind="hidden"),
        Field(name="text", label="内容", value=text, kind="area"),
        Field(name="because", label="为什么改（存的时候要写）", value=because, needed=False),
    )
    form = Form(
        to=path_of(name),
        button="检查",
        fields=fields if may else fields[:2],
        more=(("save", "存下"),) if may else (),
        tone="main",
        check=path_of(name, "check"),
    )
    return Section("", (Live(told or (Words("还没有检查。", "soft"),)), form), "" if may else GUARDED)


def _move(name: str, base: str) -> Section:
    """Another name, or none."""
    hidden, why = Field(name="base", value=base, kind="hidden"), Field(name="because", label="为什么")
    to = Field(name="to", label="新名字", value=name)
    rename = Form(to=path_of(name, "rename"), button="改名", fields=(hidden, to, why))
    remove = Form(to=path_of(name, "remove"), button="删掉这个文件", fields=(hidden, why), tone="danger")
    return Section(
        "改名、删掉", (rename, remove), "改名以前的版本跟着走。别处还用到它的时候不会删；最后的样子留着，能拿回来。"
    )


def _told(found: Found, name: str, text: str) -> Iterator[Words]:
    """Whether it may be saved, what is wrong here and what keeps it from going live elsewhere: errors first, and before
    all what keeps the file from being read as it is meant."""
    here = (each for each in found.problems if is_of(each, name))
    mine = sorted(here, key=lambda each: (each.severity != "error", not each.spelling))
    others = [each for each in found.problems if not is_of(each, name)]
    errors = [each for each in others if each.severity == "error"]
    yield from _verdict(found, name, text)
    for each in mine[:ROWS]:
        advice = "提醒：" if each.severity == "warning" else ""
        yield Words(f"第 {each.line} 行 {advice}{each.said}", _tone(each), each.line)
    for each in errors[: max(0, ROWS - len(mine))]:
        yield Words(str(each), _tone(each))
    if more := len(others) - len(errors):
        yield Words(f"别的文件还有 {more} 条提醒", "soft", to="/console/files")


def _verdict(found: Found, name: str, text: str) -> Iterator[Words]:
    """Whether it may be saved; nothing where it may not."""
    if found.content:
        refused = [item.title for item in _items(found.content, name, text) if item.digest in found.content.refused]
        yield Words(f"{REFUSED}{'、'.join(refused)}。", "warn") if refused else Words("没有错误，可以存。", "good")
    elif found.mends(name):
        yield Words("这个文件没有错误，可以存。别处的错误原来就有，都改好了才一起生效。", "good")


def _tone(problem: Problem) -> Tone:
    return "bad" if problem.severity == "error" else "soft"


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


async def _standing(room: Room, visit: Visit, content: Content, mine: list[Item]) -> Table:
    """Which of the items still wait for a word, and where it is given."""
    approved = await room.database.read(planning.approved)

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
    names = await called(room, [each.who for each in found])
    rows = [
        (
            Link(clock(each.at, room.timezone), f"{path_of(name)}?version={each.id}"),
            names[each.who],
            each.because if each.name == name else f"{each.because}（那时叫 {each.name}）",
        )
        for each in found
    ]
    table = paged(visit, "versions", ("什么时候", "谁", "为什么"), rows, "在后台还没有人改过。")
    return Section("改过的版本", (table,), BACK if rows else "")


def _diff(before: str, after: str) -> Diff:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=AROUND)
    return Diff(tuple(line for line in lines if not line.startswith(("---", "+++")))[:LINES])


def _typed(visit: Visit) -> str:
    """What was typed, as files have it: browsers send \\r\\n."""
    return visit.form.get("text", [""])[0].replace("\r\n", "\n").replace("\0", "").rstrip("\n") + "\n"


PAGES = (
    Page("GET", "/console/files/edit/{name:.+}", "edit", editor),
    Page("POST", "/console/files/edit/{name:.+}", "edit", submit, acts="save"),
    Page("POST", "/console/files/check/{name:.+}", "edit", check, asks=True),
)
