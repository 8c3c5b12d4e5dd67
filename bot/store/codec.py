"""Values to JSON and back: own events in the inbox, actions in the outbox."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.scrm.actions import ACTIONS, Action
from bot.scrm.events import OWN_EVENTS, OwnEvent

_EVENTS: dict[str, type[OwnEvent]] = {cls.__name__: cls for cls in OWN_EVENTS}
_ACTIONS: dict[str, type[Action]] = {cls.__name__: cls for cls in ACTIONS}


def event_body(event: OwnEvent) -> str:
    """An own event as the text of an inbox row."""
    return msgspec.json.encode(event).decode()


def own_event(name: str, body: str) -> OwnEvent | None:
    """The own event that a row named `name` holds; None when the name is not one of ours."""
    return msgspec.json.decode(body, type=_EVENTS[name]) if name in _EVENTS else None


def action_payload(action: Action) -> dict[str, Any]:
    """An action, its words rendered, as the JSON of an outbox row."""
    payload: dict[str, Any] = msgspec.to_builtins(action)
    return payload


def action_of(kind: str, payload: dict[str, Any]) -> Action:
    """The action that an outbox row holds."""
    return msgspec.convert(payload, type=_ACTIONS[kind])
