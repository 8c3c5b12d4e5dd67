"""The sample brand's files, with something changed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.content.folders import Folders
from bot.scrm.events import ContentWentLive
from bot.store import inbox
from tests.house import FOLDERS, House


def edited(folder: Path, changes: Mapping[str, tuple[str, str]]) -> Folders:
    """A copy of the brand's folders below `folder`. `changes`: file of content/ → (old, new)."""
    folders = replace(FOLDERS, content=folder / "content")
    shutil.copytree(FOLDERS.content, folders.content)
    for name, (old, new) in changes.items():
        edit(folders, name, old, new)
    return folders


def edit(folders: Folders, name: str, old: str, new: str) -> None:
    """Change one file; what is to be changed has to be there."""
    path = folders.content / name
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


async def go_live(home: House) -> None:
    """Use what is on disk from now on."""
    home.app.content.reload()
    assert not home.app.content.problems, home.app.content.problems
    version = home.app.content.current.version
    home.app.content._announced = version  # by us, just below: the watcher need not do it again
    event = ContentWentLive(created_at=home.clock.now(), version=version)
    await home.put(inbox.own_arrival(event, cause=f"test/{version}"))
    await home.settled()
