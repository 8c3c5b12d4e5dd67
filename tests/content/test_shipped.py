"""The sample brand is valid, complete, and says nothing that a brand should not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content.load import load
from bot.content.snapshot import Content
from bot.scrm.welcome import Situation, choose

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def content() -> Content:
    return load(ROOT / "content", ROOT / "templates" / "messages")


def test_it_loads_without_a_warning_of_its_own(content: Content) -> None:
    """What is shown as an example must be one. What the State Council has not said yet is not the brand's fault."""
    assert [p.message for p in content.warnings] == ["2027 年还没有调休安排，国务院公布后请补上"]


def test_a_year_begins_where_the_corp_is() -> None:
    """In Shanghai it is 2027 already, in London not yet: next year's days are to be looked for in 2028."""
    new_year = int(datetime(2026, 12, 31, 16, 30, tzinfo=UTC).timestamp())
    content = load(ROOT / "content", ROOT / "templates" / "messages", at=new_year, timezone="Asia/Shanghai")
    assert any(p.message.startswith("2028 年还没有调休安排") for p in content.warnings)


@pytest.mark.parametrize("months", [0, 1, 3, 12, 60])
def test_that_time_passes_breaks_nothing(months: int) -> None:
    """Offers end, years begin: a bot that is started again on that day still greets."""
    later = int(datetime(2026, 11, 30, tzinfo=UTC).timestamp()) + months * 31 * 86_400
    content = load(ROOT / "content", ROOT / "templates" / "messages", at=later)
    assert "default" in [welcome.id for welcome in content.welcomes]
    ended = [p for p in content.warnings if "这一条不再发出" in p.message]
    assert len(ended) == len({(p.file, p.line) for p in ended}) and bool(ended) == (months > 0)


def test_there_are_five_ways_in_each_with_a_tag(content: Content) -> None:
    """Parcel card, store code, content hook, friend's invitation, the brand's 微信客服."""
    assert list(content.channels) == ["parcel", "store", "content", "friend", "kf-official"]
    assert {tag for channel in content.channels.values() for tag in channel.tags} == {
        tag.path for group in content.taxonomy.groups if group.name == "来源" for tag in group.tags
    }


@pytest.mark.parametrize(
    ("channel_id", "returning", "weekday", "minute", "chosen"),
    [
        ("parcel", False, 0, 600, "parcel"),
        ("parcel", False, 0, 1380, "parcel-night"),
        ("parcel", True, 0, 1380, "back"),
        ("store", False, 0, 600, "store"),
        ("store", False, 6, 600, "store-weekend"),
        ("content", False, 2, 600, "content"),
        ("content", False, 2, 60, "content-night"),
        ("friend", False, 2, 600, "friend"),
        (None, False, 2, 600, "default"),
        (None, False, 2, 1400, "night"),
    ],
)
def test_everybody_gets_words_that_fit(
    content: Content, channel_id: str | None, returning: bool, weekday: int, minute: int, chosen: str
) -> None:
    """By channel, by night, at the weekend, and when they come back."""
    situation = Situation(
        channel_id=channel_id, userid="guide-lin", returning=returning, weekday=weekday, minute=minute
    )
    assert choose(content.welcomes, situation).id == chosen


def test_every_newcomer_is_asked_with_the_first_word(content: Content) -> None:
    """Whatever channel or hour, by the welcome itself and by what a guide sends instead; nobody waits to be asked."""
    for welcome in content.welcomes:
        if welcome.customer != "回头客":
            assert welcome.survey == "newcomer", welcome.id
            assert all("survey.link" in words for words in (welcome.text, welcome.missed or welcome.text)), welcome.id


def test_pictures_are_small_enough_for_a_phone(content: Content) -> None:
    """60 KB each."""
    assert content.media
    assert all((ROOT / "content" / "media" / path).stat().st_size <= 60 * 1024 for path in content.media)


def test_no_word_heals_boasts_or_begs() -> None:
    """No medical or absolute claim, no reward for sharing (advertising law; WeCom's rules)."""
    forbidden = re.compile("治|药|疗效|消炎|第一品牌|最好|最低|100%|转发|集赞|朋友圈点赞|秒杀")
    text = (ROOT / "content" / "welcome.yaml").read_text(encoding="utf-8")
    assert not forbidden.findall(text)
