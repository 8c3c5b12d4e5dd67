"""Read all of content/ and templates/messages/ into one snapshot, or say everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

from bot.content import channels, groups, kf, personas, plans, survey_check, surveys, tags, welcome, welcome_check
from bot.content.channels import ChannelsFile
from bot.content.groups import GroupsFile
from bot.content.kf import KfFile
from bot.content.library import texts as library_texts
from bot.content.media import MediaShelf
from bot.content.offers import OffersFile
from bot.content.period import TIMEZONE
from bot.content.reading import Reading, Several
from bot.content.snapshot import Content
from bot.content.surveys import SurveyFile
from bot.content.tags import TagsFile
from bot.content.welcome import WelcomeFile
from bot.scrm.lint.pattern import branches, matches_nothing
from bot.scrm.persona import BRAND, Persona
from bot.templates import Templates
from bot.yamlfile import Document, Problem, Problems, any_error, did_you_mean, parse

KNOWN_FILES = ("channels.yaml", "groups.yaml", "kf.yaml", "tags.yaml", "welcome.yaml", *plans.SINGLE_FILES)
FOLDERS = ("personas", "surveys", *plans.FOLDERS)


def load(content_dir: Path, templates_dir: Path, *, at: int | None = None, timezone: str = TIMEZONE) -> Content:
    """The content of `content_dir`, with the messages of `templates_dir` (templates/messages).

    `at`: now, epoch seconds, for what is valid for a time; None: nothing is said about that. `timezone`: IANA name of
    the corp's days. Raises Problems with everything wrong over all files at once; warnings alone raise nothing.
    """
    reading = Reading(content_dir, templates_dir)
    texts = reading.messages()
    voices = reading.personas()
    taxonomy = reading.file("tags.yaml", TagsFile)
    ways = reading.file("channels.yaml", ChannelsFile)
    greetings = reading.file("welcome.yaml", WelcomeFile)
    questions = reading.surveys()
    wants_kf = (content_dir / "kf.yaml").exists()
    desks = reading.file("kf.yaml", KfFile) if wants_kf else None
    rooms = reading.optional("groups.yaml", GroupsFile).one
    planned = plans.PlanFiles(reading)
    shelf = MediaShelf(content_dir / "media")
    claims = planned.claims.one[1].value(timezone) if planned.claims.one else None
    voice_problems = list(personas.problems(voices.files, claims, at, whole=voices.whole))
    spoken = personas.personas(voices.files) if voices.whole and not any_error(voice_problems) else None
    around = plans.Around(
        shelf,
        spoken,
        ways[1].value() if ways else None,
        taxonomy[1].value() if taxonomy else None,
        at,
        timezone,
    )
    reading.add(_stray_files(content_dir))
    reading.add(voice_problems)
    reading.add(_cross_problems(spoken, taxonomy, ways, greetings, questions, planned.offers, shelf))
    reading.add(_kf_problems(None if wants_kf and not desks else ways, desks, questions, shelf))
    reading.add(groups.problems(*rooms, shelf) if rooms else ())
    reading.add(planned.problems(around))
    heard = planned.heard(around)
    reading.add(plans.lint_problems(heard))
    if taxonomy is None or ways is None or greetings is None or reading.failed:
        raise Problems(reading.problems)
    welcomes, values, known = greetings[1].value(), planned.values(around, heard), personas.personas(voices.files)
    ours = welcome.texts(welcomes) | library_texts(values.library) | personas.texts(known)
    return Content(
        version=reading.version(shelf),
        channels=MappingProxyType(ways[1].value()),
        kf_accounts=MappingProxyType(desks[1].value() if desks else {}),
        welcomes=welcomes,
        surveys=MappingProxyType(surveys.surveys(questions.files)),
        group_welcomes=rooms[1].value() if rooms else (),
        taxonomy=taxonomy[1].value(),
        personas=MappingProxyType(known),
        media=MappingProxyType(shelf.digests),
        templates=Templates(texts | ours),
        **{each.name: getattr(values, each.name) for each in fields(values)},
        warnings=tuple(sorted(reading.problems)),
    )


def forget() -> None:
    """Drop what was kept to read the next edition faster: 6 MB that a check fills again, once somebody edits."""
    for kept in (parse, matches_nothing, branches):
        kept.cache_clear()


def _cross_problems(
    spoken: Mapping[str, Persona] | None,
    taxonomy: tuple[Document, TagsFile] | None,
    ways: tuple[Document, ChannelsFile] | None,
    greetings: tuple[Document, WelcomeFile] | None,
    questions: Several[SurveyFile],
    deals: Several[OffersFile],
    shelf: MediaShelf,
) -> Iterable[Problem]:
    """Everything beyond single values; what needs a file that could not be read is left out."""
    if taxonomy:
        yield from tags.problems(*taxonomy)
    if ways:
        yield from channels.problems(*ways)
    if ways and taxonomy:
        yield from channels.tag_problems(*ways, taxonomy[1].value())
    yield from survey_check.problems(questions.files, _around_surveys(spoken, taxonomy, ways, deals))
    if greetings:
        around = welcome_check.Around(
            channels=ways[1].value() if ways else None,
            personas=spoken,
            shelf=shelf,
            surveys=surveys.surveys(questions.files) if questions.whole else None,
        )
        yield from welcome_check.problems(*greetings, around)


def _around_surveys(
    spoken: Mapping[str, Persona] | None,
    taxonomy: tuple[Document, TagsFile] | None,
    ways: tuple[Document, ChannelsFile] | None,
    deals: Several[OffersFile],
) -> survey_check.Around:
    offered = {row.id for _, file in deals.files for row in file.offers}
    known = ways[1].value() if ways else {}
    return survey_check.Around(
        taxonomy=taxonomy[1].value() if taxonomy else None,
        channels=known if ways else None,
        guides={userid for channel in known.values() for userid in channel.userids} if ways else None,
        channel_tags={tag for channel in known.values() for tag in channel.tags},
        never_say=spoken[BRAND].never_say if spoken else (),
        offers=offered if deals.whole else None,
    )


def _kf_problems(
    ways: tuple[Document, ChannelsFile] | None,
    desks: tuple[Document, KfFile] | None,
    questions: Several[SurveyFile],
    shelf: MediaShelf,
) -> Iterable[Problem]:
    if desks:
        around = kf.Around(
            channels=ways[1].value() if ways else None,
            surveys=surveys.surveys(questions.files) if questions.whole else None,
            shelf=shelf,
        )
        yield from kf.problems(*desks, around)
    if ways:
        yield from kf.way_problems(*ways, desks[1] if desks else None)


def _stray_files(content_dir: Path) -> Iterable[Problem]:
    """Files that look like content but that nothing reads: a mistyped name must not go unseen."""
    known = [content_dir / name for name in KNOWN_FILES]
    strays = [*content_dir.glob("*.y*ml"), *(path for name in FOLDERS for path in content_dir.glob(f"{name}/*.yml"))]
    for path in sorted(strays):
        if path not in known:
            shown = f"{content_dir.name}/{path.relative_to(content_dir).as_posix()}"
            hint = did_you_mean(path.stem, [name.removesuffix(".yaml") for name in KNOWN_FILES])
            yield Problem(shown, 1, "", f"这个文件没有用到，里面的内容不会生效{hint}（文件名以 .yaml 结尾）", "warning")
