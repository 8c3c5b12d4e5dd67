"""Where staff find what would turn a decision."""

from __future__ import annotations

from pathlib import Path

from bot.content.load import load
from bot.content.places import Place, Places
from bot.scrm.gates.changes import Approve, Change, Edit, MakeWay, Raise, Stock, WaitUntil
from tests.content.conftest import Folder

ROOT = Path(__file__).parent.parent.parent

CALENDAR = """\
id: dec
title: 12 月
valid: 2026-12-01 ~
entries:
  - {id: other, touchpoint: 群, every: 周一, at: 9:00, pick: 自动}
  - id: noon
    touchpoint: 群
    every: 周二
    at: 12:05
    by: 14:00
    pick: 自动
live:
  - id: room
    draft: 是
sequences:
  - id: week
    steps:
      - {id: d1, day: 1, at: 10:05, by: 18:00, item: a}
"""
CARE = """\
budget: {weights: 私聊3, most: 14}
caps:
  - {for: 群, per: 1天, most: 2}
  - {for: 群, per: 7天, most: 4}
before_selling:
  after_add: 48小时
  trust_items: 2
away:
  - {guide: guide-wu, on: 2026-12-01 ~ 2026-12-02}
  - {guide: guide-lin, on: 2026-12-01 ~ 2026-12-02}
"""
LIBRARY = """\
items:
  - id: a
    kind: 科普
    variants:
      - text: 你好
  - {id: b, kind: 科普}
"""


def at(places: Places, change: Change, entry: str = "dec/noon") -> str:
    return str(places.of(change, entry) or "")


def test_a_change_leads_to_the_line_that_says_it_or_to_the_nearest(folder: Folder) -> None:
    folder.write("content/calendars/12.yaml", CALENDAR).write("content/care.yaml", CARE)
    folder.write("content/library/x.yaml", LIBRARY)
    places = Places(folder.content)
    assert at(places, Edit("entry", "noon", "by", 90)) == "content/calendars/12.yaml:10"
    assert at(places, Edit("entry", "noon", "who")) == "content/calendars/12.yaml:6", "not written yet: where it begins"
    assert (
        at(places, Edit("entry", "room-opening", "draft", "否"), "dec/room-opening") == "content/calendars/12.yaml:14"
    )
    assert at(places, Edit("entry", "week/d1", "by", 9), "dec/week/d1") == "content/calendars/12.yaml:18"
    assert at(places, Edit("calendar", "dec", "valid")) == "content/calendars/12.yaml:3"
    assert at(places, Edit("item", "a", "text")) == "content/library/x.yaml:4"
    assert at(places, Stock(("科普",))) == "content/library/x.yaml:6", "below the last one of its kind"
    assert at(places, Raise("care.caps.1", 1)) == "content/care.yaml:4"
    assert at(places, Raise("care.guide_load", 1)) == "content/care.yaml:1"
    assert at(places, Edit("care", "before_selling", "trust_items", 0)) == "content/care.yaml:7"
    assert at(places, Edit("care", "guide-lin", "away")) == "content/care.yaml:10"


def test_what_stands_in_no_file_leads_nowhere(folder: Folder) -> None:
    places = Places(folder.write("content/library/x.yaml", LIBRARY).content)
    for change in (WaitUntil(1), Approve("a"), Edit("item", "gone", "valid"), Edit("entry", "noon", "by", 9)):
        assert places.of(change, "dec/noon") is None, change


def test_a_file_that_is_being_mended_keeps_nobody_from_the_others(folder: Folder) -> None:
    """Lists that are none, rows without a name, a file that cannot be read at all."""
    folder.write("content/library/x.yaml", LIBRARY)
    folder.write("content/library/y.yaml", "items: 3\n").write(
        "content/rules/r.yaml", "rules:\n  - [1]\n  - {then: 跳过}\n"
    )
    folder.write("content/care.yaml", "{").write("content/offers.yaml", "- 1\n")
    assert Places(folder.content).of(Edit("item", "b", "draft", "否"), "") == Place("library/x.yaml", 6)


def test_every_item_rule_and_line_of_the_brand_is_found() -> None:
    content, places = load(ROOT / "content", ROOT / "templates" / "messages"), Places(ROOT / "content")
    for item in content.library:
        assert places.of(Edit("item", item, "valid"), ""), item
    for rule in content.rules:
        assert places.of(Edit("rule", rule.id, "off", "是"), "") == Place(*_split(rule.source)), rule.id
    for calendar in content.calendars:
        for entry in calendar.entries:
            assert places.of(Edit("entry", entry.id, "who"), f"{calendar.id}/{entry.id}"), entry.id
            assert places.of(MakeWay(f"{calendar.id}/{entry.id}"), "another/one"), entry.id


def _split(source: str) -> tuple[str, int]:
    name, _, line = source.removeprefix("content/").rpartition(":")
    return name, int(line)
