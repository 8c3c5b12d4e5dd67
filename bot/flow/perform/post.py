"""What an action is carried out with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.scrm.events import OwnEvent
from bot.scrm.taxonomy import Taxonomy
from bot.store.database import Database
from bot.store.outbox import Claimed
from bot.wecom.net.client import WeComClient

Events = tuple[OwnEvent, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """One app of the corp, and what we remember."""

    wecom: WeComClient
    database: Database
    clock: Clock
    agentid: int
    media_folder: Path
    timezone: str
    happened: Callable[[], None]
    """Something new is in the inbox."""
    taxonomy: Callable[[], Taxonomy]
    """The tags that content has now."""
    data_folder: Path = Path("data")
    people_key: bytes = b""


class Withheld(Exception):  # noqa: N818 - it says what happened
    """It must not be done now, and was not. reason: a sentence for staff; events: what was learnt instead."""

    def __init__(self, reason: str, events: Events = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.events = events


async def pages(ask: Callable[[str], Awaitable[dict[str, Any]]]) -> AsyncIterator[dict[str, Any]]:
    """A list of WeCom's, page after page, until it has no `next_cursor`. `ask`: for the page at a cursor."""
    cursor = ""
    while True:
        page = await ask(cursor)
        yield page
        cursor = page.get("next_cursor", "")
        if not cursor:
            return


Performed = Callable[[Post, Any, Claimed], Awaitable[Events]]
"""How one kind of action is done. Raises bot.wecom.errors when it failed, Withheld when it must not be done."""

LookedFor = Callable[[Post, Any, Claimed], Awaitable[Events | None]]
"""How it is found out whether an earlier try of an action arrived: what came of it; None: it surely did not."""
