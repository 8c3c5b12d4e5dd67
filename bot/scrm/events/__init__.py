"""Events of our own making: results that come back, and content that changed.

They enter by the same door as WeCom's callbacks, so that one log, one replay and one order hold for all.
One module a subject; each lists its own in EVENTS.
"""

from __future__ import annotations

from bot.scrm.events import (
    customers,
    groups,
    kf,
    library,
    orders,
    owners,
    planning,
    privacy,
    sends,
    sequences,
    slots,
    survey,
    sync,
    tags,
    transfers,
)
from bot.scrm.events.base import OwnEvent
from bot.scrm.events.customers import CustomerSynced, LineBroken, MemberSynced, SyncAsked, WelcomeSettled
from bot.scrm.events.library import (
    ContactWayKept,
    ContentWentLive,
    CorpTag,
    CorpTagsSynced,
    DutyChanged,
    MediaDue,
    MediaKind,
    MediaUploaded,
)

OWN_EVENTS: tuple[type[OwnEvent], ...] = (
    *customers.EVENTS,
    *library.EVENTS,
    *orders.EVENTS,
    *privacy.EVENTS,
    *owners.EVENTS,
    *tags.EVENTS,
    *kf.EVENTS,
    *sync.EVENTS,
    *groups.EVENTS,
    *transfers.EVENTS,
    *survey.EVENTS,
    *slots.EVENTS,
    *sequences.EVENTS,
    *planning.EVENTS,
    *sends.EVENTS,
)

__all__ = [
    "OWN_EVENTS",
    "ContactWayKept",
    "ContentWentLive",
    "CorpTag",
    "CorpTagsSynced",
    "CustomerSynced",
    "DutyChanged",
    "LineBroken",
    "MediaDue",
    "MediaKind",
    "MediaUploaded",
    "MemberSynced",
    "OwnEvent",
    "SyncAsked",
    "WelcomeSettled",
]
