"""A valid edit goes live whole; an invalid one never does."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.content.live import LiveContent
from bot.content.load import load
from bot.content.snapshot import Content
from bot.yamlfile import Problems

Folder = Any  # the fixture's class, in conftest.py


def live(folder: Folder) -> LiveContent:
    return LiveContent(folder.content, folder.messages)


def test_a_valid_edit_goes_live(folder: Folder) -> None:
    """The snapshot handed out before stays as it was."""
    content = live(folder)
    before = content.current
    folder.edit("content/channels.yaml", "title: 包裹卡", "title: 小卡片")
    assert content.reload() is True
    assert (before.channels["parcel"].title, content.current.channels["parcel"].title) == ("包裹卡", "小卡片")


def test_an_invalid_edit_leaves_the_old_and_says_why(folder: Folder) -> None:
    """Even when other files were changed rightly at the same time."""
    content = live(folder)
    before = content.current
    folder.edit("content/channels.yaml", "title: 包裹卡", "title: 小卡片")
    folder.edit("content/welcome.yaml", "guide.name", "customer.name")
    assert content.reload() is False
    assert content.current is before
    assert [problem.key for problem in content.problems] == ["text"]
    folder.edit("content/welcome.yaml", "customer.name", "guide.name")
    assert (content.reload(), content.problems) == (True, ())
    assert content.current.channels["parcel"].title == "小卡片"


def test_nothing_new_is_no_new_edition(folder: Folder) -> None:
    """A file saved without a change is not announced."""
    assert live(folder).reload() is False


def test_without_any_valid_content_there_is_nothing_to_start_with(folder: Folder) -> None:
    """The first load has no old snapshot to fall back on."""
    folder.edit("content/tags.yaml", "groups:", "group:")
    with pytest.raises(Problems):
        live(folder)


GIFT = """\
offers:
  - {id: gift, title: 小样, link: "https://m.yuhe.example/gift", valid: 2026-11-01 ~ 2026-12-01}
"""


def test_what_ends_with_a_day_has_ended_on_the_next(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wrote a file. It is the same edition, so nobody hears of a new one."""
    monkeypatch.setattr("bot.content.live.load", load)
    folder.write("content/offers.yaml", GIFT)
    noon = [1_796_097_600]
    content = LiveContent(folder.content, folder.messages, lambda: noon[0])
    before = content.current
    noon[0] += 3_600
    assert (content.reload(), content.current) == (False, before)
    noon[0] += 86_400
    assert content.reload() is False
    assert [problem.message for problem in content.current.warnings] == ["已过期，可以删掉了"]
    assert content.current.version == before.version


async def test_watching_takes_up_edits_and_ends(folder: Folder) -> None:
    """Files are watched until `stop`; each edition that goes live is announced, an invalid one is not."""
    content = live(folder)
    stop, editions = asyncio.Event(), asyncio.Queue[Content]()
    watching = asyncio.create_task(content.watch(stop, editions.put))
    folder.edit("content/welcome.yaml", "guide.name", "customer.name")
    while not content.problems:  # saved again and again, as the watcher may just be starting
        (folder.content / "welcome.yaml").touch()
        await asyncio.sleep(0.05)
    folder.edit("content/welcome.yaml", "customer.name", "guide.name")
    folder.edit("templates/messages/guide/note.txt", "来了", "到了")
    assert (await editions.get()).version == content.current.version
    assert (content.problems, editions.empty()) == ((), True)
    stop.set()
    await watching


async def test_what_was_saved_before_watching_began_is_not_missed(folder: Folder) -> None:
    """Between the first load and the first look there is a start-up."""
    content = live(folder)
    folder.edit("content/channels.yaml", "title: 包裹卡", "title: 小卡片")
    stop, editions = asyncio.Event(), asyncio.Queue[Content]()
    watching = asyncio.create_task(content.watch(stop, editions.put))
    assert (await editions.get()).channels["parcel"].title == "小卡片"
    stop.set()
    await watching
