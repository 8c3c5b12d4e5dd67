"""content/care.yaml and quota.yaml: our manners, and WeCom's limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content import care, quota
from bot.content.care import CareFile
from bot.content.quota import QuotaFile
from bot.scrm.care import Cap
from bot.scrm.daybook import day_book
from bot.scrm.quota import QuotaPolicy, allowance
from bot.scrm.week import Hours
from bot.yamlfile import Problems, parse, validate

SHIPPED = Path(__file__).parents[2] / "content"
CARE, QUOTA = (SHIPPED / name for name in ("care.yaml", "quota.yaml"))
TOPICS = ("护肤知识", "活动", "新品", "会员福利")
AROUND = care.Around(
    days=day_book((), (), {"除夕": (), "春节": ()}), refusal_tags={f"退订/{topic}" for topic in TOPICS}
)


def care_problems(text: str) -> list[str]:
    document = parse("care.yaml", text.encode())
    try:
        return [str(p) for p in care.problems(document, validate(document, CareFile), AROUND)]
    except Problems as found:
        return [str(p) for p in found.problems]


def quota_problems(text: str) -> list[str]:
    document = parse("quota.yaml", text.encode())
    try:
        return [str(p) for p in quota.problems(document, validate(document, QuotaFile))]
    except Problems as found:
        return [str(p) for p in found.problems]


def edited(path: Path, old: str, new: str) -> tuple[str, int]:
    """The shipped file with a slip in it, and the line of the slip."""
    text = path.read_text()
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1), text[: text.index(old)].count("\n") + 1


def test_every_key_of_care_reaches_its_value() -> None:
    document = parse("care.yaml", CARE.read_bytes())
    value = validate(document, CareFile).value()
    assert value.quiet["私聊"] == Hours(20 * 60 + 30, 9 * 60 + 30) and len(value.quiet) == 4
    assert (value.budget.weights, value.budget.most) == ({"私聊": 300, "群": 100, "朋友圈": 25}, 14)
    assert value.caps[2] == Cap(touchpoint="私聊", kind="导购", per_seconds=7 * 86_400, most=1, source="care.caps.2")
    assert (value.before_selling.after_add_seconds, value.before_selling.trust_items) == (48 * 3600, 2)
    assert [(c.after, c.pause_seconds, c.kinds) for c in value.cooling] == [("删除任一导购", 30 * 86_400, ())]
    assert value.guide_load.cards_per_day == 6
    assert value.hold_out_percent == 5 and value.topics == TOPICS
    assert care_problems(CARE.read_text()) == [] == quota_problems(QUOTA.read_text())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weights: 私聊3 群1 朋友圈0.25", "weights: 私聊3 群1", "weights: 缺“朋友圈”"),
        ("weights: 私聊3 群1 朋友圈0.25", "weights: 私聊三", "weights: “私聊三”不行，请写成 私聊3 群1 朋友圈0.25"),
        ("hold_out: 5%", "away: [{guide: a, on: 2026-12-10 ~}]", "on: 哪天起、哪天止都要写"),
        ("hold_out: 5%", "away: [{guide: a, on: 2026-12-10 ~ 2026-12-12, spare: a}]", "spare: 自己不能替自己"),
        ("per: 7天, most: 14", "per: 7天, most: 2", "most: 一条就要 3 分，预算 2 分一条也发不了"),
        ("22:00 ~ 8:30", "22:00 ~ 22:00", "hours: 一整天都免打扰"),
        ("22:00 ~ 8:30", "22点到8点", "hours: 时段请写成 9:00 ~ 18:00"),
        ("{for: 私聊, per: 7天, most: 2}", "{for: 私聊, per: 1天, most: 2}", "caps: 和另一行管的是同一件事，请留一行"),
        ("kind: 导购, per", "kind: 导够, per", "kind: “导够”不行，是不是 导购？"),
        ("pause: 30天", "pause: 一个月", "pause: 请写成 30天、48小时 或 永久"),
        ("after: 删除任一导购", "after: 删除导购", "after: “删除导购”不行"),
        ("[护肤知识, 活动", "[换季护理, 活动", "topics: tags.yaml 的“退订”组里没有“换季护理”"),
        ("[护肤知识, 活动", "[活动, 活动", "topics: “活动”写了两次"),
        ("cards_per_day: 6", "cards_per_day: 60", "guide_load.cards_per_day: 不能大于 20"),
        ("after: 删除任一导购", "after: 售后办结", "after: 这个版本还不支持：售后办完没有消息告诉我们"),
        ("after: 删除任一导购", "after: 说别发了", "after: 客户说了别发就一直不发，不用写"),
        ("after: 删除任一导购", "after: [删除任一导购]", "after: "),
        (
            "{cards_per_day: 6, reminders_per_day: 3}",
            "{windows: [10:05]}",
            "guide_load.windows: 这个版本还不支持：任务按日历写的时间送到",
        ),
        (
            "{cards_per_day: 6, reminders_per_day: 3}",
            "{hand_sends_per_day: 20}",
            "guide_load.hand_sends_per_day: 这个版本还不支持：手发",
        ),
        ("hold_out: 5%", "remind: {after: [2小时]}", "remind: 这个版本还不支持：什么时候提醒还不能改"),
        ("hold_out: 5%", "hold_out: 5", "hold_out: 请写成 5%，不留对照组写 0%"),
        ("[除夕, 春节]", "[除夕, 立冬节]", "quiet_days: 不认识“立冬节”这个日子"),
        ("budget:", "budgte:", "budgte: 不认识，是不是 budget？"),
    ],
)
def test_what_is_wrong_with_care_is_said(old: str, new: str, said: str) -> None:
    text, line = edited(CARE, old, new)
    found = care_problems(text)
    last_key = said.removeprefix("提醒: ")
    assert any(
        p.startswith(f"care.yaml:{line}: ") and last_key in p and ("提醒: " in said) == ("提醒: " in p) for p in found
    ), found


def test_a_touchpoint_without_quiet_hours_is_named() -> None:
    text, _ = edited(CARE, "  - {for: 朋友圈, hours: 22:30 ~ 7:30}\n", "")
    assert any("quiet: 缺“朋友圈”，每个触点写一行" in p for p in care_problems(text))


def test_policies_follow_each_other() -> None:
    """The console's rule of its time counts; the days of a month are those of this month."""
    value = validate(parse("quota.yaml", QUOTA.read_bytes()), QuotaFile).value()
    assert [p.most for p in value.policies] == [4, None] and value.reserve == {"私聊": 6, "群": 4}
    assert isinstance(value.policies[0], QuotaPolicy)
    february = allowance(value, 1_771_300_000, "Asia/Shanghai")
    assert february is not None and february.most == 28
    assert allowance(value, 1_500_000_000, "Asia/Shanghai") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from: 2023-01-01", "from: 2019-01-01", "from: 要按日期从早到晚写，上一行是 2020-01-01"),
        ("rule: 当月天数", "rule: 不限", "rule: “不限”请写成 每月30条、每周7条、每天1条 或 当月天数"),
        ("from: 2023-01-01", "from: 2023-1-1", "from: 日期请写"),
        ("reserve: 私聊6 群4", "reserve: 朋友圈2", "reserve: “朋友圈2”不行，请写成 私聊6 群4（只有群发有额度）"),
    ],
)
def test_what_is_wrong_with_quota_is_said(old: str, new: str, said: str) -> None:
    text, line = edited(QUOTA, old, new)
    found = quota_problems(text)
    assert any(p.startswith(f"quota.yaml:{line}: ") and said in p for p in found), found


def test_a_reserve_that_leaves_nothing_is_refused() -> None:
    text, _ = edited(QUOTA, "rule: 当月天数", "rule: 每周7条")
    text = text.replace("群4", "群7")
    assert any("reserve: 留了 7 条，可“每周7条”一共才 7 条" in p for p in quota_problems(text))
