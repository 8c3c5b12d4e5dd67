"""What staff wrote, as decisions see it: one immutable snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.scrm.calendar import Calendar
from bot.scrm.care import Care
from bot.scrm.channel import Channel
from bot.scrm.daybook import DayBook
from bot.scrm.group_welcome import GroupWelcome
from bot.scrm.item import Item
from bot.scrm.kf_account import KfAccount
from bot.scrm.mix import MixPlan
from bot.scrm.offer import Offer
from bot.scrm.persona import Persona
from bot.scrm.quota import Quota
from bot.scrm.rules.rule import Rule
from bot.scrm.survey.run import Survey
from bot.scrm.taxonomy import Taxonomy
from bot.scrm.welcome import Welcome


class Plans(Protocol):
    """What staff wrote, as one immutable snapshot (`bot.content.snapshot.Content`)."""

    @property
    def version(self) -> str: ...
    @property
    def channels(self) -> Mapping[str, Channel]: ...
    @property
    def welcomes(self) -> Sequence[Welcome]: ...
    @property
    def surveys(self) -> Mapping[str, Survey]: ...
    @property
    def group_welcomes(self) -> Sequence[GroupWelcome]: ...
    @property
    def taxonomy(self) -> Taxonomy: ...
    @property
    def kf_accounts(self) -> Mapping[str, KfAccount]: ...
    @property
    def calendars(self) -> Sequence[Calendar]: ...
    @property
    def days(self) -> DayBook:
        """Which days are workdays, holidays, festivals."""

    @property
    def personas(self) -> Mapping[str, Persona]: ...
    @property
    def library(self) -> Mapping[str, Item]: ...
    @property
    def offers(self) -> Mapping[str, Offer]: ...
    @property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """file of codes → its one-use codes."""

    @property
    def refused(self) -> Mapping[str, tuple[str, ...]]:
        """digest of an item → what the linter refuses in it."""

    @property
    def care(self) -> Care: ...
    @property
    def quota(self) -> Quota: ...
    @property
    def rules(self) -> tuple[Rule, ...]: ...
    @property
    def mix(self) -> MixPlan: ...
    @property
    def media(self) -> Mapping[str, str]:
        """path → sha256 of every file that content refers to."""

    def channel(self, state: str | None) -> Channel | None:
        """The channel that a `state` names; one that is off is none."""

    def persona_of(self, userid: str) -> Persona:
        """The persona that speaks for a guide."""
