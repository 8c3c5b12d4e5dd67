"""How customers come in and are received, among the files: voices, tags, channels, welcomes, surveys, 客服, groups."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.content import channels, groups, kf, personas, survey_check, surveys, tags, welcome_check
from bot.content.around import Around
from bot.content.channels import ChannelsFile
from bot.content.groups import GroupsFile
from bot.content.kf import KfFile
from bot.content.media import MediaShelf
from bot.content.reading import Reading
from bot.content.tags import TagsFile
from bot.content.welcome import WelcomeFile
from bot.scrm.channel import Channel
from bot.scrm.group_welcome import GroupWelcome
from bot.scrm.kf_account import KfAccount
from bot.scrm.lint import Claim
from bot.scrm.persona import Persona
from bot.scrm.survey.run import Survey
from bot.scrm.taxonomy import Taxonomy
from bot.scrm.welcome import Welcome
from bot.yamlfile import Problem, any_error

SINGLE_FILES = ("channels.yaml", "groups.yaml", "kf.yaml", "tags.yaml", "welcome.yaml")
FOLDERS = ("personas", "surveys")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedValues:
    """What one edition says about it."""

    channels: Mapping[str, Channel]
    kf_accounts: Mapping[str, KfAccount]
    welcomes: tuple[Welcome, ...]
    surveys: Mapping[str, Survey]
    group_welcomes: tuple[GroupWelcome, ...]
    taxonomy: Taxonomy
    personas: Mapping[str, Persona]


class ReceivedFiles:
    """Every file about it, read."""

    def __init__(self, reading: Reading) -> None:
        self.personas = reading.personas()
        self.tags = reading.needed("tags.yaml", TagsFile)
        self.channels = reading.needed("channels.yaml", ChannelsFile)
        self.welcome = reading.needed("welcome.yaml", WelcomeFile)
        self.surveys = reading.surveys()
        self.kf = reading.optional("kf.yaml", KfFile)
        self.groups = reading.optional("groups.yaml", GroupsFile)

    def voice_problems(self, claims: Mapping[str, Claim] | None, at: int | None) -> list[Problem]:
        """Everything wrong with the personas; see `personas.problems`."""
        return list(personas.problems(self.personas.files, claims, at, whole=self.personas.whole))

    def around(self, shelf: MediaShelf, voices: Collection[Problem], at: int | None, timezone: str) -> Around:
        """What these files say to the others. `voices`: what is wrong with the personas."""
        spoken = self.personas.whole and not any_error(voices)
        return Around(
            shelf=shelf,
            personas=personas.personas(self.personas.files) if spoken else None,
            channels=self.channels.row.value() if self.channels.row else None,
            taxonomy=self.tags.row.value() if self.tags.row else None,
            surveys=surveys.surveys(self.surveys.files) if self.surveys.whole else None,
            at=at,
            timezone=timezone,
        )

    def problems(self, around: Around, offers: Collection[str] | None) -> Iterator[Problem]:
        """Everything wrong beyond single values; what needs a file that could not be read is left out."""
        yield from self.tags.told(tags.problems)
        yield from self.channels.told(channels.problems)
        yield from self.channels.told(channels.tag_problems, around.taxonomy) if around.taxonomy else ()
        yield from survey_check.problems(self.surveys.files, around, offers)
        yield from self.welcome.told(welcome_check.problems, around)
        if self.kf.whole:
            yield from self.kf.told(kf.problems, around)
            yield from self.channels.told(kf.way_problems, self.kf.row)
        yield from self.groups.told(groups.problems, around.shelf)

    def values(self, around: Around) -> ReceivedValues:
        """Call only when nothing was found wrong."""
        assert self.welcome.row and around.taxonomy
        assert around.channels is not None and around.surveys is not None and around.personas is not None
        return ReceivedValues(
            channels=MappingProxyType(around.channels),
            kf_accounts=MappingProxyType(self.kf.row.value() if self.kf.row else {}),
            welcomes=self.welcome.row.value(),
            surveys=MappingProxyType(around.surveys),
            group_welcomes=self.groups.row.value() if self.groups.row else (),
            taxonomy=around.taxonomy,
            personas=MappingProxyType(around.personas),
        )
