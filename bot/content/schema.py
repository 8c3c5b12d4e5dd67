"""JSON Schemas of the content files, so that an editor completes and underlines while people type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from bot.content.calendars import CalendarFile
from bot.content.care import CareFile
from bot.content.channels import ChannelsFile
from bot.content.groups import GroupsFile
from bot.content.holidays import HolidaysFile
from bot.content.kf import KfFile
from bot.content.knowledge import KnowledgeFile
from bot.content.library import LibraryFile
from bot.content.lint_lists import ClaimsFile, ListFile
from bot.content.mix import MixFile
from bot.content.offers import OffersFile
from bot.content.personas import PersonaFile
from bot.content.quota import QuotaFile
from bot.content.rules import RulesFile
from bot.content.surveys import SurveyFile
from bot.content.tags import TagsFile
from bot.content.welcome import WelcomeFile
from bot.yamlfile import Row

KINDS: dict[str, type[Row]] = {
    "calendar": CalendarFile,
    "care": CareFile,
    "channels": ChannelsFile,
    "claims": ClaimsFile,
    "groups": GroupsFile,
    "holidays": HolidaysFile,
    "kf": KfFile,
    "knowledge": KnowledgeFile,
    "library": LibraryFile,
    "lint": ListFile,
    "offers": OffersFile,
    "mix": MixFile,
    "persona": PersonaFile,
    "quota": QuotaFile,
    "rules": RulesFile,
    "survey": SurveyFile,
    "tags": TagsFile,
    "welcome": WelcomeFile,
}


class _ForEditors(GenerateJsonSchema):
    """What people may write: no inner defaults, titles or nulls, which editors would offer them."""

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def schemas() -> dict[str, dict[str, Any]]:
    """File kind → JSON Schema, with descriptions in Chinese."""
    draft = {"$schema": _ForEditors.schema_dialect}
    return {kind: draft | model.model_json_schema(schema_generator=_ForEditors) for kind, model in KINDS.items()}


def write_schemas(folder: Path) -> None:
    """Write one <kind>.schema.json for each file kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, schema in schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        (folder / f"{kind}.schema.json").write_text(text, encoding="utf-8")
