"""Everything the product can do to the outside world: a closed set of values.

Each action knows its `target` (part of its outbox key, so that it is done once), the `line` in which actions
wait for each other, and its `priority` among those without a deadline (small goes first).
All of these may safely be repeated when an answer was lost: a second welcome is refused with 41051,
app messages carry WeCom's own duplicate check, mass sends are looked for first, the rest set a state or read.
One module a subject; each lists its own in ACTIONS.
"""

from __future__ import annotations

from bot.scrm.actions import (
    channels,
    customers,
    groups,
    kf,
    library,
    planning,
    privacy,
    remark,
    sends,
    sync,
    tags,
    transfers,
)
from bot.scrm.actions.base import Action, Text
from bot.scrm.actions.customers import Attached, MarkTags, SendAppMessage, SendWelcome, SyncCustomer, SyncMember
from bot.scrm.actions.library import KeepContactWay, UploadMedia
from bot.scrm.actions.tags import SyncCorpTags

ACTIONS: tuple[type[Action], ...] = (
    *customers.ACTIONS,
    *library.ACTIONS,
    *privacy.ACTIONS,
    *channels.ACTIONS,
    *tags.ACTIONS,
    *kf.ACTIONS,
    *sync.ACTIONS,
    *groups.ACTIONS,
    *transfers.ACTIONS,
    *remark.ACTIONS,
    *planning.ACTIONS,
    *sends.ACTIONS,
)

__all__ = [
    "ACTIONS",
    "Action",
    "Attached",
    "KeepContactWay",
    "MarkTags",
    "SendAppMessage",
    "SendWelcome",
    "SyncCorpTags",
    "SyncCustomer",
    "SyncMember",
    "Text",
    "UploadMedia",
]
