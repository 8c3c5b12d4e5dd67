"""What waits for a person's word: read it as people will, with what the linter says, and let it go."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from bot.content import edit
from bot.content.snapshot import Content
from bot.flow import deeds
from bot.flow.schedule import tell
from bot.scrm import approval
from bot.scrm.events.sends import TrialAsked
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.item import Item
from bot.store import planning, standing, versions
from bot.web.console import whose_word
from bot.web.console.preview import bubbles
from bot.web.console.room import Page, Room, Visit, clock, cut, paged
from bot.web.console.sheet import Field, Form, Link, Part, Section, Sheet, Table, Words
from bot.web.pages import Refused

SAID: Final = {
    "done": "审批好了。推迟着的，几分钟内再看一次就发。",
    "asked": "说好了：能批的人会收到一条企业微信消息，点开就是这一页。夜里请的，早上才发。",
    "known": "能批的人都已经请过了，不再打扰第二次。改了字，或者又要别人来批，可以再请。",
    "trial": "几秒内会发到你的企业微信，在应用的消息里。半小时内发过一样的，企业微信不再显示第二次；"
    "都没有收到，看看你在不在应用的可见范围里。",
}

WORDS: Final = "措辞是能审批的人都能批的；规则另要谁审批（按推迟着的和接下来 7 天的推算），还要他的话。都有了才发。"
OWN: Final = Words("这一版是你写的，最好请别人看。", "warn")


async def show(room: Room, visit: Visit) -> Sheet:
    """Everything that waits, what is to go out soonest first, and what the linter refuses."""
    content = room.content()
    table = await _waiting(room, visit)
    refused = [
        (_link(item), "；".join(content.refused[item.digest]))
        for item in content.library.values()
        if not item.draft and item.digest in content.refused
    ]
    stopped = cut(visit, "refused", ("内容", "为什么"), refused, "没有审查不过的内容。")
    sections = (Section("等审批的", (table,), WORDS), Section("审查没过，改好再批", (stopped,)))
    return Sheet("审批", sections, SAID.get(visit.query.get("said", ""), ""))


async def _waiting(room: Room, visit: Visit) -> Table:
    """Each item once, with the words that it lacks and those that it has."""
    held_now = await whose_word.held_now(room, visit.now)
    waits = await whose_word.unapproved(room, held_now)
    soonest = await _soonest(room, held_now)
    waits.sort(key=lambda one: soonest.get(one[0].id, sys.maxsize))
    offset, limit = visit.window("approvals")
    shown = waits[offset : offset + limit]
    given = await whose_word.given_on(room, [found.digest for found, _ in shown])
    names = await whose_word.names_for(room, given.values())
    rows = [
        (
            _link(found),
            found.kind,
            found.topic,
            whose_word.missing(lacks, room.staff, names),
            whose_word.there(given.get(found.digest, {}), names),
            clock(soonest.get(found.id), room.timezone),
        )
        for found, lacks in shown
    ]
    head = ("内容", "类别", "话题", "还缺谁的话", "已经有的", "最近要发")
    return paged(visit, "approvals", head, rows, "没有等审批的内容。")


async def item(room: Room, visit: Visit) -> Sheet:
    """One item as people will see it."""
    content, found = room.content(), _item(room, visit)
    given = (await whose_word.given_on(room, [found.digest])).get(found.digest, {})
    guides = await room.database.read(partial(standing.names, userids=_guides(content)))
    refusals = content.refused.get(found.digest, ())
    lint: tuple[Part, ...] = tuple(Words(f"不能发：{why}", "bad") for why in refusals)
    wanted = await _roles(room, visit, found)
    may = await _may(room, visit, found, wanted)
    names = await whose_word.names_for(room, [given])
    forms = _forms(visit, found, set(given), wanted, approval.unfit(content, found))
    asks = any(isinstance(part, Form) for part in forms)
    own = (OWN,) if asks and await _wrote(room, visit, found) else ()
    return Sheet(
        found.title,
        (
            Section("审查", lint or (Words("没有不能发的话。", "good"),), "按现在的词表。"),
            Section("看到的就是这样", tuple(bubbles(content, found, guides)), f"内容指纹 {found.digest[:12]}。"),
            Section("要谁的话", (whose_word.table(room, wanted, given, names),), WORDS),
            Section("先发给自己看", (_trial(found),), "每一版措辞、图片、卡片都发到你的企业微信，客户收不到。"),
            Section("审批", (*own, *forms)),
            *([Section("请别人来批", _asking(found, may, names))] if may else []),
        ),
        SAID.get(visit.query.get("said", ""), ""),
    )


async def _wrote(room: Room, visit: Visit, found: Item) -> bool:
    """Whether who looks saved the file that holds it, as it is now."""
    name, text = await asyncio.to_thread(edit.library_file, room.folder, found.id)
    last = await room.database.read(partial(versions.newest, name=name))
    return last is not None and last.who == visit.staff.userid and last.text == text


def _asking(found: Item, may: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> tuple[Part, ...]:
    whom = [f"{names[each]}（{'、'.join(map(whose_word.as_whom, roles))}）" for each, roles in may.items()]
    fields = (Field(name="digest", value=found.digest, kind="hidden"),)
    form = Form(to=f"{_path(found)}/ask", button="发消息请他们来批", fields=fields)
    return Words(f"会请{'、'.join(whom)}。每人收到一条企业微信消息，这一版只请一次。"), form


async def _roles(room: Room, visit: Visit, found: Item) -> frozenset[str]:
    """As whom a rule wants somebody's word for it."""
    held_now = await whose_word.held_now(room, visit.now)
    return (await whose_word.wanted(room, held_now)).get(found.id, frozenset())


async def _may(room: Room, visit: Visit, found: Item, wanted: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Who else may give a word that this item still lacks → as which roles."""
    if approval.unfit(room.content(), found):
        return {}
    lacks = approval.lacking(found, {"", *wanted}, await room.database.read(planning.approved))
    return approval.who_may(room.staff, lacks, visit.staff.userid)


def _trial(found: Item) -> Form:
    fields = (Field(name="digest", value=found.digest, kind="hidden"),)
    return Form(to=f"{_path(found)}/trial", button="试发给自己", fields=fields)


def _forms(visit: Visit, found: Item, given: set[str], wanted: frozenset[str], unfit: str) -> tuple[Part, ...]:
    if unfit:
        return (Words(f"不能批：{unfit}。", "soft"),)
    mine = [role for role in ("", *visit.staff.approves_as) if role not in given]
    others = sorted(role for role in wanted if role not in given and role not in visit.staff.approves_as)
    forms: list[Part] = [_form(found, role) for role in mine]
    forms += [Words(f"还要{role}来批，你不能代。", "soft") for role in others]
    return tuple(forms) or (Words("该批的都批了。", "good"),)


def _form(found: Item, role: str) -> Form:
    fields = (
        Field(name="digest", value=found.digest, kind="hidden"),
        Field(name="role", value=role, kind="hidden"),
    )
    return Form(to=_path(found), button=f"以{role}的身份审批" if role else "我看过，可以发", fields=fields, tone="main")


async def approve(room: Room, visit: Visit) -> str:
    """Keep somebody's word, on what they saw."""
    found, role = _item(room, visit), visit.field("role")
    if not visit.staff.approves(role):
        raise Refused("forbidden")
    if visit.field("digest") != found.digest or approval.unfit(room.content(), found):
        raise Refused("changed")
    await room.database.write(partial(deeds.approve, by=visit.doer, items=[found], role=role), urgent=True)
    room.changed()
    return "/console/approvals?said=done"


async def ask(room: Room, visit: Visit) -> str:
    """Have those who may approve it be told."""
    found = _item(room, visit)
    if visit.field("digest") != found.digest:
        raise Refused("changed")
    may = await _may(room, visit, found, await _roles(room, visit, found))
    if not may:
        return _path(found)  # somebody approved it meanwhile: the page says who
    awake_at = room.content().care.awake_at("导购提醒", visit.now, room.timezone)
    job = partial(deeds.ask_approval, by=visit.doer, item=found, whom=may, awake_at=awake_at)
    told = await room.database.write(job, urgent=True)
    room.wake()
    return f"{_path(found)}?said={'asked' if told else 'known'}"


async def trial(room: Room, visit: Visit) -> str:
    """Send it to who asks, and to nobody else."""
    found = _item(room, visit)
    if visit.field("digest") != found.digest:
        raise Refused("changed")
    asked = TrialAsked(created_at=visit.now, userid=visit.staff.userid, item=found.id)
    await tell(room.database, asked, f"trial/{visit.once}")
    room.wake()
    return f"{_path(found)}?said=trial"


async def _soonest(room: Room, waits: Sequence[Foreseen]) -> dict[str, int]:
    """item → when it is to go out next; what waits already comes first."""
    overview = await room.overviews.newest()
    soonest: dict[str, int] = {}
    for each in (*waits, *(overview.outlook.foreseen if overview else ())):
        if each.decision.item:
            at = each.situation.slot.at
            soonest[each.decision.item.id] = min(at, soonest.get(each.decision.item.id, at))
    return soonest


def _item(room: Room, visit: Visit) -> Item:
    found = room.content().library.get(visit.path["item"])
    if found is None:
        raise Refused("gone")
    return found


def _guides(content: Content) -> list[str]:
    return [userid for persona in content.personas.values() for userid in persona.guides]


def _link(item: Item) -> Link:
    return Link(item.title, _path(item))


def _path(item: Item) -> str:
    return f"/console/approvals/{quote(item.id)}"


PAGES = (
    Page("GET", "/console/approvals", "see", show),
    Page("GET", "/console/approvals/{item}", "see", item),
    Page("POST", "/console/approvals/{item}", "approve", approve),
    Page("POST", "/console/approvals/{item}/ask", "edit", ask),
    Page("POST", "/console/approvals/{item}/trial", "edit", trial),
)
