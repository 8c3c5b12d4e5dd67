"""What the page shows of customer groups, as plain values: those that somebody is in, with what was said last."""

from __future__ import annotations

from typing import Any

from sandbox.handle import Scene
from sandbox.playground.message import attachment, linked
from sandbox.playground.timeline import clock_text
from sandbox.world.groups import Group
from sandbox.world.people import ChatMessage

_GROUPS_SHOWN = 10
_LINES_SHOWN = 20


def groups_of(sandbox: Scene, person: str) -> list[dict[str, Any]]:
    """The groups on a phone, in order of time."""
    mine = [group for group in sandbox.world.groups.all() if person in group.seats]
    return [_group(sandbox, group, person) for group in mine[:_GROUPS_SHOWN]]


def _group(sandbox: Scene, group: Group, person: str) -> dict[str, Any]:
    return {
        "chat_id": group.chat_id,
        "name": group.name,
        "owner": sandbox.world.people.name_of(group.owner),
        "people": list(group.seats),
        "messages": [_line(sandbox, message, person) for message in group.chat[-_LINES_SHOWN:]],
    }


def _line(sandbox: Scene, message: ChatMessage, person: str) -> dict[str, Any]:
    return {
        "mine": message.sender == person,
        "from": sandbox.world.people.name_of(message.sender),
        "clock": clock_text(message.at),
        "parts": linked(message.text),
        "attachments": [attachment(sandbox, item) for item in message.attachments],
    }
