"""Values to JSON and back: own events in the inbox, actions in the outbox."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.scrm.actions import ACTIONS, Action
from bot.scrm.events import OWN_EVENTS, OwnEvent

_CLASSES: dict[str, type] = {cls.__name__: cls for cls in (*OWN_EVENTS, *ACTIONS)}


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    """Made when first needed: all of them together would cost every start a tenth of a second."""
    return TypeAdapter(_CLASSES[name])


def event_body(event: OwnEvent) -> str:
    """An own event as the text of an inbox row."""
    return _adapter(type(event).__name__).dump_json(event).decode()


def own_event(name: str, body: str) -> OwnEvent | None:
    """The own event that a row named `name` holds; None when the name is not one of ours."""
    event: OwnEvent | None = _adapter(name).validate_json(body) if name in _CLASSES else None
    return event


def action_payload(action: Action) -> dict[str, Any]:
    """An action, its words rendered, as the JSON of an outbox row."""
    payload: dict[str, Any] = _adapter(type(action).__name__).dump_python(action, mode="json")
    return payload


def action_of(kind: str, payload: dict[str, Any]) -> Action:
    """The action that an outbox row holds."""
    action: Action = _adapter(kind).validate_python(payload)
    return action
