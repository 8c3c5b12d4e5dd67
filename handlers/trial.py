"""An item on the phone of a member, before anybody else sees it, word for word: to a guide every wording that they
could say; to who has no persona, as planners have none, every wording there is, in the voice that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.clicks import attached, kept
from bot.scrm.decision import Decision
from bot.scrm.events.sends import TrialAsked
from bot.scrm.facts import Facts
from bot.scrm.item import Item, Variant
from bot.scrm.persona import Persona
from bot.scrm.plans import Plans
from bot.scrm.post import values_for
from bot.scrm.words import Words

router = Router()

NAMELESS = "（客户的名字）"
"""Where words for one customer call them by name."""


@router.on(TrialAsked)
async def asked(event: TrialAsked, facts: Facts) -> Decision:
    """For each wording a line that says where it goes, and then nothing but what people will see."""
    item = facts.content.library.get(event.item)
    if item is None:
        return Decision(because=(f"没有内容“{event.item}”",))
    values = await values_for(event.userid, item, facts) | {"customer": {"name": NAMELESS}}
    seen = list(worded(item, event.userid, facts.content))
    messages = [
        message
        for n, variant, voice in seen
        for outlets in voice.apart(variant.outlets)
        for message in _messages(event.userid, item, n, replace(variant, outlets=outlets), voice, values, facts)
    ]
    return Decision(records=kept(item, facts), actions=tuple(messages), because=(f"“{item.title}”试发 {len(seen)} 版",))


def worded(item: Item, userid: str, content: Plans) -> Iterator[tuple[int, Variant, Persona]]:
    """What this member is to see of it, by its number in the file, each with the voice that says it."""
    own, is_guide = content.persona_of(userid), any(userid in each.guides for each in content.personas.values())
    for n, variant in enumerate(item.variants):
        if variant.persona in (None, own.id):
            yield n, variant, own
        elif not is_guide and variant.persona in content.personas:
            yield n, variant, content.personas[variant.persona]


def _messages(
    userid: str, item: Item, number: int, variant: Variant, voice: Persona, values: Mapping[str, Any], facts: Facts
) -> tuple[SendAppMessage, ...]:
    values = {**values, "persona": voice.values}
    which = f"第 {number + 1} 版"  # WeCom drops what it was sent half an hour ago to the letter
    told = {"title": item.title, "where": "、".join(variant.outlets), "which": which}
    head = Words("guide/trial.txt", {"trial": told})
    attached_ = attached(variant.attachments, item.id, facts)
    words = Words(f"item/{item.id}/{number}", {root: value for root, value in values.items() if root in variant.text})
    words, about = voice.signed(words, variant.outlets[0], values), f"{item.id}/{number}/{variant.outlets[0]}"
    return (
        SendAppMessage(userid=userid, text=head, about=f"{about}/head"),
        SendAppMessage(userid=userid, text=words, attached=attached_, about=about),
    )
