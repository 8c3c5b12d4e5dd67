"""Everything the product can remember as the outcome of a decision: a closed set, one store function each.

A record may carry a guard (`expected_version`); when the world has moved on, nothing is written and the
handler decides again on the new facts. One module a subject.
"""

from __future__ import annotations

from bot.scrm.records.base import Record
from bot.scrm.records.customers import (
    AddTask,
    EndFollow,
    NoteDelivery,
    NoteMemberLeft,
    NoteWelcome,
    SaveCustomer,
    SaveMember,
    StartFollow,
    TagPerson,
)
from bot.scrm.records.library import SaveContactWay, SaveCorpTags, SaveMedia

__all__ = [
    "AddTask",
    "EndFollow",
    "NoteDelivery",
    "NoteMemberLeft",
    "NoteWelcome",
    "Record",
    "SaveContactWay",
    "SaveCorpTags",
    "SaveCustomer",
    "SaveMedia",
    "SaveMember",
    "StartFollow",
    "TagPerson",
]
