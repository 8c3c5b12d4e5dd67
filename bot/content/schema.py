"""JSON Schemas of the content files, so that an editor completes and underlines while people type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.content.channels import ChannelsFile
from bot.content.personas import PersonaFile
from bot.content.tags import TagsFile
from bot.content.welcome import WelcomeFile
from bot.yamlfile import Row

KINDS: dict[str, type[Row]] = {
    "channels": ChannelsFile,
    "persona": PersonaFile,
    "tags": TagsFile,
    "welcome": WelcomeFile,
}


def schemas() -> dict[str, dict[str, Any]]:
    """File kind → JSON Schema, with descriptions in Chinese."""
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {kind: draft | model.model_json_schema(by_alias=True) for kind, model in KINDS.items()}


def write_schemas(folder: Path) -> None:
    """Write one <kind>.schema.json for each file kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, schema in schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        (folder / f"{kind}.schema.json").write_text(text, encoding="utf-8")
