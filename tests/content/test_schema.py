"""Editors are told what files may hold, and are told the truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.schema import KINDS, schemas, write_schemas

CONTENT = Path(__file__).parent.parent.parent / "content"
FILES = [
    *CONTENT.glob("*.yaml"),
    *CONTENT.glob("personas/*.yaml"),
    *CONTENT.glob("lint/*.yaml"),
    *CONTENT.glob("library/*.yaml"),
    *CONTENT.glob("rules/*.yaml"),
    *CONTENT.glob("calendars/*.yaml"),
]


def test_the_committed_schemas_are_up_to_date(tmp_path: Path) -> None:
    """`main.py check --schema` writes them anew."""
    write_schemas(tmp_path)
    fresh = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert {path.name: path.read_text(encoding="utf-8") for path in (CONTENT / "schema").iterdir()} == fresh


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_content_file_names_its_schema(path: Path) -> None:
    """On its first line, where editors look."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve().is_file(), first


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described_in_chinese(kind: str) -> None:
    """It is what staff see while they type."""

    schema = schemas()[kind]
    for row in (schema, *schema.get("$defs", {}).values()):
        for name, field in row.get("properties", {}).items():
            assert any("一" <= letter <= "鿿" for letter in field.get("description", "")), (kind, name)


def test_keys_and_values_are_those_that_people_write() -> None:
    """`class` and 是, not the name and the value that the code works with."""
    defs = schemas()["channels"]["$defs"]
    row, shift = defs["ChannelRow"], defs["ShiftRow"]
    assert row["additionalProperties"] is False
    assert (row["properties"]["class"]["enum"][0], row["properties"]["printed"]["enum"]) == ("门店", ["是", "否"])
    assert shift["required"] == ["guides"]
    assert "default" not in shift["properties"]["hours"]
