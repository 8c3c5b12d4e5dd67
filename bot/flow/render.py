"""The moment words become text: when the row is written, so that what was decided is what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from bot.scrm.words import Words

T = TypeVar("T")
Render = Callable[[Words], str]


def rendered(value: T, render: Render) -> T:
    """The same action or record, with its words as text."""
    found: Any = value
    words = {f.name: getattr(value, f.name) for f in fields(found)}
    changes = {name: render(part) for name, part in words.items() if isinstance(part, Words)}
    return replace(found, **changes) if changes else value
