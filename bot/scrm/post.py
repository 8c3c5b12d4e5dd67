"""The words of an item as a guide says them; and what they get in hand where they post it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.scrm.actions.sends import CreateMassSend
from bot.scrm.calendar import Entry
from bot.scrm.clicks import attached, counted
from bot.scrm.facts import Facts
from bot.scrm.gates.pool import outlet
from bot.scrm.gates.situation import Situation
from bot.scrm.item import Item, Variant
from bot.scrm.kind import Outlet
from bot.scrm.persona import Persona
from bot.scrm.pick_item import Place, pick_variant
from bot.scrm.week import local_time
from bot.scrm.words import Words

MOST = 60
"""Characters of a list. WeCom cuts an app message at 2,048 bytes, and the words to copy come last."""

_CARDS = {"image": "图片", "video": "视频", "link": "链接卡片", "miniprogram": "小程序卡片"}


async def values_for(userid: str, item: Item, facts: Facts) -> dict[str, Any]:
    """What the words of an item may use: guide, persona, offer."""
    member = await facts.members.get(userid)
    offer = facts.content.offers.get(item.offer or "")
    return {
        "guide": {"name": (member.name if member else None) or userid},
        "persona": facts.content.persona_of(userid).values,
        "offer": {**offer.values, "link": counted(offer.link, item.id, facts)} if offer else {},
    }


def spoken(
    item: Item, outlet: Outlet, persona: Persona, place: Place, values: Mapping[str, Any]
) -> tuple[Variant, Words]:
    """The wording of an item that a guide says, and its words, signed where the persona signs; those who share
    customers word it differently.

    Guides who say the same have the same words: values that the template does not use are left out. Raises
    ValueError when nothing is worded for it, which no decision lets through.
    """
    said = pick_variant(item, outlet, persona.id, place)
    if said is None:
        raise ValueError(f"{item.id} is not worded for {outlet}")
    used = {root: value for root, value in values.items() if root in said.text}
    return said, persona.signed(Words(f"item/{item.id}/{item.variants.index(said)}", used), outlet, values)


async def mass_send(key: str, userid: str, item: Item, place: Place, by_at: int, facts: Facts) -> CreateMassSend:
    """The task of a guide for the customers of a one-to-one send, in their words."""
    values = await values_for(userid, item, facts)
    variant, words = spoken(item, "私聊", facts.content.persona_of(userid), place, values)
    with_it = attached(variant.attachments, item.id, facts)
    return CreateMassSend(key=key, userid=userid, text=words, attached=with_it, not_after_at=by_at)


def shown_to(entry: Entry, item: Item) -> tuple[str, ...]:
    """Of a Moment: customers with one of these tags see it; empty: all. Where both line and item ask for tags, those
    that both name."""
    mine, its = entry.who.tags_any, item.who.tags_any
    return tuple(tag for tag in mine if tag in its) if mine and its else mine or its


def post(pools: Sequence[Situation], item: Item, persona: Persona, values: Mapping[str, Any]) -> Words:
    """The message of one guide for the pools of a slot that get the same item. `values`: of `values_for`."""
    s = pools[0]
    said, words = spoken(item, outlet(s), persona, s.pool.place, values)
    about = {
        "touchpoint": s.touchpoint,
        "where": listed([each.pool.name for each in pools], "群") if s.touchpoint == "群" else "",
        "shown_to": listed(shown_to(s.entry, item), "标签"),
        "title": item.title,
        "with_it": "、".join(_with_it(said)),
        "by": f"{local_time(s.slot.by_at, s.timezone):%m-%d %H:%M}",
    }
    return Words("guide/post.txt", {"post": about, "ready_text": words})


def listed(names: Sequence[str], of: str) -> str:
    """As many names as fit beside the words, and how many there are in all if some do not."""
    listed = "、".join(names)
    return listed if len(listed) <= MOST else f"{listed[:MOST]}…等 {len(names)} 个{of}"


def _with_it(said: Variant) -> Iterable[str]:
    """What goes out beside the words: how many of each."""
    for kind, name in _CARDS.items():
        if count := sum(one.kind == kind for one in said.attachments):
            yield f"{name} {count} 个"
