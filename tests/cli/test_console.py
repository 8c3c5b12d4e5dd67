"""`console link`: a way in for who is named, and for nobody else; and what people do by commands is on record too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.stage import StoryError
from tests.house import House, reopened


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with reopened(tmp_path) as home:
        yield home


async def test_a_link_for_who_is_named(home: House) -> None:
    """With the nearest name for who is not."""
    link = (await home.command("console", "link", "he-yun")).strip()
    assert link.startswith(f"{home.config.public_url}/console/enter?key=") and len(link.split("key=")[1]) >= 40
    assert [tuple(row) for row in await home.rows("SELECT userid FROM console_links")] == [("he-yun",)]
    with pytest.raises(StoryError, match="he-yun"):
        await home.command("console", "link", "he-yum")


async def test_commands_are_on_record(home: House) -> None:
    """By whom, where they say so; else by whoever may type on the server."""
    await home.command("approve", "dg-cream-set", "--by", "he-yun", "--role", "店长")
    await home.command("switch", "触点/群", "--off", "--by", "zhou-lan", "--because", "先停")
    await home.command("switch", "触点/群", "--on", "--by", "zhou-lan")
    trail = await home.rows("SELECT who, via, what, target, because FROM audit_trail ORDER BY id")
    assert [tuple(row) for row in trail] == [
        ("he-yun", "命令行", "审批", "dg-cream-set", ""),
        ("zhou-lan", "命令行", "停掉", "触点/群", "先停"),
        ("zhou-lan", "命令行", "恢复", "触点/群", ""),
    ]
