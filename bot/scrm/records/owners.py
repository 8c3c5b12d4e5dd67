"""What is remembered of whose customer somebody is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.owner import Owner
from bot.scrm.records.base import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOwner(Record):
    """From now on this guide is the customer's."""

    external_userid: str
    owner: Owner
