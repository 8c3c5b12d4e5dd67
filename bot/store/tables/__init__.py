"""The schema. Every column says whether it holds something about a person (a test refuses one that does not).

A table's row never leaves bot.store: functions return plain values. A change here needs a migration in
`migrations/versions` (a test compares the two).
"""

from __future__ import annotations

from sqlmodel import SQLModel

from bot.store.tables.boxes import Inbox, Outbox
from bot.store.tables.console import AuditTrail, ConsoleForms, ConsoleLinks, ConsoleSessions, ContentVersions
from bot.store.tables.groups import GroupChats, GroupMembers, GroupWelcomes
from bot.store.tables.kf import KfAccounts, KfLinks, KfMessages, KfSessions
from bot.store.tables.library import Channels, CorpTags, Media
from bot.store.tables.offers import GivenCodes
from bot.store.tables.orders import OrderIds, Orders, Refunds
from bot.store.tables.pages import PageSeats
from bot.store.tables.people import Deliveries, Follows, Identities, Members, People, PersonTags, Tasks
from bot.store.tables.planning import (
    Approvals,
    AudienceRuns,
    GateCounts,
    MixStates,
    Planned,
    PoolStages,
    SeenItems,
    Switches,
    Touches,
)
from bot.store.tables.privacy import Consents, Erasures, PeopleKeys, Preferences, Tombstones
from bot.store.tables.relations import FollowLog, PersonOwner, RemovedTags
from bot.store.tables.sends import Clicks, GuideReminders, Reactions, Sends, TrackedLinks
from bot.store.tables.sequences import LiveSequences, SequenceRuns
from bot.store.tables.slots import Looks, Slots
from bot.store.tables.surveys import ProfileFields, SurveyAnswers, SurveyRuns, SurveyVersions, Unsurveyed
from bot.store.tables.sync import MemberDays, MemberPools, SyncJobs, SyncParts
from bot.store.tables.transfers import Transfers

metadata = SQLModel.metadata

__all__ = [
    "Approvals",
    "AudienceRuns",
    "AuditTrail",
    "Channels",
    "Clicks",
    "Consents",
    "ConsoleForms",
    "ConsoleLinks",
    "ConsoleSessions",
    "ContentVersions",
    "CorpTags",
    "Deliveries",
    "Erasures",
    "FollowLog",
    "Follows",
    "GateCounts",
    "GivenCodes",
    "GroupChats",
    "GroupMembers",
    "GroupWelcomes",
    "GuideReminders",
    "Identities",
    "Inbox",
    "KfAccounts",
    "KfLinks",
    "KfMessages",
    "KfSessions",
    "LiveSequences",
    "Looks",
    "Media",
    "MemberDays",
    "MemberPools",
    "Members",
    "MixStates",
    "OrderIds",
    "Orders",
    "Outbox",
    "PageSeats",
    "People",
    "PeopleKeys",
    "PersonOwner",
    "PersonTags",
    "Planned",
    "PoolStages",
    "Preferences",
    "ProfileFields",
    "Reactions",
    "Refunds",
    "RemovedTags",
    "SeenItems",
    "Sends",
    "SequenceRuns",
    "Slots",
    "SurveyAnswers",
    "SurveyRuns",
    "SurveyVersions",
    "Switches",
    "SyncJobs",
    "SyncParts",
    "Tasks",
    "Tombstones",
    "Touches",
    "TrackedLinks",
    "Transfers",
    "Unsurveyed",
    "metadata",
]
