"""An item on the phone of a member, before anybody else sees it: every wording that they could say, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.clicks import attached, kept
from bot.scrm.decision import Decision
from bot.scrm.events.sends import TrialAsked
from bot.scrm.facts import Facts
from bot.scrm.item import Item, Variant
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
    worded = list(_worded(item, facts.content.persona_of(event.userid).id))
    messages = [
        message for n, variant in worded for message in _messages(event.userid, item, n, variant, values, facts)
    ]
    return Decision(
        records=kept(item, facts), actions=tuple(messages), because=(f"“{item.title}”试发 {len(worded)} 版",)
    )


def _worded(item: Item, persona: str) -> Iterator[tuple[int, Variant]]:
    """What this voice may say of it, by its number in the file."""
    return ((n, variant) for n, variant in enumerate(item.variants) if variant.persona in (None, persona))


def _messages(
    userid: str, item: Item, number: int, variant: Variant, values: Mapping[str, Any], facts: Facts
) -> tuple[SendAppMessage, ...]:
    head = Words("guide/trial.txt", {"trial": {"title": item.title, "where": "、".join(variant.outlets)}})
    attached_ = attached(variant.attachments, item.id, facts)
    words = Words(f"item/{item.id}/{number}", {root: value for root, value in values.items() if root in variant.text})
    return (
        SendAppMessage(userid=userid, text=head, about=f"{item.id}/{number}/head"),
        SendAppMessage(userid=userid, text=words, attached=attached_, about=f"{item.id}/{number}"),
    )
