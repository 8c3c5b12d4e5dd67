"""The moment words become text: when the row is written, so that what was decided is what is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from bot.scrm.words import Words
from bot.value import Value

V = TypeVar("V", bound=Value)
Render = Callable[[Words], str]


def rendered(value: V, render: Render) -> V:
    """The same action or record, with its words as text."""
    parts = {name: getattr(value, name) for name in value.__struct_fields__}
    words = {name: render(part) for name, part in parts.items() if isinstance(part, Words)}
    return replace(value, **words) if words else value
