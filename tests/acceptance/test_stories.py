"""Every story that the demo tells must be true."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from demo.stage import StoryError, stage
from demo.stories import STORIES, Story

ROOT = Path(__file__).parent.parent.parent
PLAYED = """
import demo.stories
demo.stories.STORIES = demo.stories.STORIES[:2]
from main import cli
cli()
"""
"""The command, with the first two stories in its list: each is played above, so here a few are as good as all."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_story(story: Story) -> None:
    """What the story says must be seen is seen."""
    async with stage(own_files=story.own_files) as here:
        assert await story.play(here)


def test_the_script_prints_one_json_object_and_nothing_else() -> None:
    """Standard output is for a program; progress is on standard error."""
    command = [sys.executable, "-c", PLAYED, "demo", "--script", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    stories = json.loads(done.stdout)["stories"]
    assert [s["name"] for s in stories] == [s.name for s in STORIES[:2]]
    assert all(s["passed"] for s in stories)


async def test_a_broken_story_is_told_as_broken() -> None:
    """Waiting for what never comes ends in a StoryError, not in silence."""
    from demo.command import _play

    async def never(here: object) -> dict[str, object]:
        raise StoryError("没有看到")

    assert (await _play(Story("broken", never)))["passed"] is False  # type: ignore[arg-type]
