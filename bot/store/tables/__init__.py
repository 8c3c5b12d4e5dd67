"""The schema. Every column says whether it holds something about a person (a test refuses one that does not).

A table's row never leaves bot.store: functions return plain values. A change here needs a migration in
`migrations/versions` (a test compares the two).
"""

from __future__ import annotations

from sqlmodel import SQLModel

from bot.store.tables.boxes import Inbox, Outbox
from bot.store.tables.library import Channels, CorpTags, Media
from bot.store.tables.people import Deliveries, Follows, Identities, Members, People, PersonTags, Tasks

metadata = SQLModel.metadata

__all__ = [
    "Channels",
    "CorpTags",
    "Deliveries",
    "Follows",
    "Identities",
    "Inbox",
    "Media",
    "Members",
    "Outbox",
    "People",
    "PersonTags",
    "Tasks",
    "metadata",
]
