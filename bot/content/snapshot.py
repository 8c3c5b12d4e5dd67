"""Everything staff wrote, as one immutable value: either all of an edition is live or none of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.scrm.calendar import Calendar
from bot.scrm.care import Care
from bot.scrm.channel import Channel
from bot.scrm.daybook import DayBook
from bot.scrm.group_welcome import GroupWelcome
from bot.scrm.item import Item
from bot.scrm.kf_account import KfAccount
from bot.scrm.mix import MixPlan
from bot.scrm.offer import Offer
from bot.scrm.persona import BRAND, Persona
from bot.scrm.quota import Quota
from bot.scrm.rules.rule import Rule
from bot.scrm.survey.run import Survey
from bot.scrm.taxonomy import Taxonomy
from bot.scrm.welcome import Welcome
from bot.scrm.words import Words
from bot.templates import Templates
from bot.yamlfile import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One edition of content/ and templates/messages/.

    `version`: sha256 (hex) over every byte of it. `media`: path below content/media → sha256 (hex).
    `codes`: file below content/codes → its one-use codes. `refused`: digest of an item → what the linter refuses in it.
    `warnings`: advice that stopped nothing.
    """

    version: str
    channels: Mapping[str, Channel]
    kf_accounts: Mapping[str, KfAccount]
    welcomes: tuple[Welcome, ...]
    surveys: Mapping[str, Survey]
    group_welcomes: tuple[GroupWelcome, ...]
    taxonomy: Taxonomy
    personas: Mapping[str, Persona]
    media: Mapping[str, str]
    templates: Templates
    library: Mapping[str, Item]
    offers: Mapping[str, Offer]
    codes: Mapping[str, tuple[str, ...]]
    calendars: tuple[Calendar, ...]
    days: DayBook
    mix: MixPlan
    care: Care
    quota: Quota
    rules: tuple[Rule, ...]
    refused: Mapping[str, tuple[str, ...]]
    warnings: tuple[Problem, ...] = ()

    def render(self, words: Words) -> str:
        """The text of these words. Raises bot.templates.BadTemplate when a value is missing."""
        return self.templates.render(words)

    def persona_of(self, userid: str) -> Persona:
        """The persona that speaks for a guide: the one that names them, else the brand's."""
        return next((p for p in self.personas.values() if userid in p.guides), self.personas[BRAND])

    def channel(self, state: str | None) -> Channel | None:
        """The channel that a `state` names; None when there is none, it is not ours, or it is off."""
        named = self.channels.get(state) if state else None
        return None if named is None or named.off else named
