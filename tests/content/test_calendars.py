"""content/calendars/*.yaml: what is planned, and what is said of slips."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.calendar_check import problems
from bot.content.calendar_plan import Around
from bot.content.calendar_plan import problems as plan_problems
from bot.content.calendars import CalendarFile
from bot.content.holidays import book
from bot.scrm.calendar import Calendar, Entry, Every, Live, OnDay, Sequence
from bot.scrm.item import Item, Variant
from bot.scrm.kind import KINDS, Kind, Outlet, Touchpoint
from bot.scrm.offer import Offer
from bot.scrm.period import Period
from bot.scrm.quota import Quota, QuotaPolicy
from bot.scrm.rules.condition import ALWAYS, Condition
from bot.scrm.taxonomy import Tag, TagGroup, Taxonomy
from bot.scrm.week import Hours
from bot.yamlfile import Problems, parse, validate

SHANGHAI = "Asia/Shanghai"
CONTENT = Path(__file__).parent.parent.parent / "content"
FILE = "content/calendars/c.yaml"
DEC_12_22H, DAY = 1_797_084_000, 86_400
TEXT = """\
id: dec-2026
title: 12 月日历
valid: 2026-12-01 ~ 2026-12-31
entries:
  - id: evening
    touchpoint: 群
    who: {groups: [会员群*]}
    every: 周一 周二
    at: 19:35
    by: 21:00
    pick: 自动
  - id: cream
    touchpoint: 私聊
    on: 2026-12-11
    at: 10:05
    by: 20:00
    item: dg-cream
    who:
      tags_any: [肤质/敏感肌]
      when: days_since_order > 45
  - {id: solstice, touchpoint: 朋友圈, on: 冬至, at: 10:05, item: hd-solstice}
live:
  - id: room
    room: 护肤夜
    on: 2026-12-12
    at: 20:00
    touchpoint: 群
    notice: {before: 3小时, pick: 活动}
    replay: {after: 14小时, item: hd-solstice}
sequences:
  - id: week
    start: 加好友
    who: {channels: [parcel]}
    stop: [下单, 打上标签 服务/售后中]
    steps:
      - {id: d1, day: 1, at: 10:05, item: dg-cream}
      - {id: d5, day: 5, at: 10:05, pick: 互动 科普}
"""


def item(id_: str, kind: Kind, *outlets: Outlet, offer: str | None = None) -> Item:
    words = (Variant(outlets=outlets, text="话"),)
    return Item(id=id_, title="题", kind=kind, topic="活动", variants=words, digest="0", offer=offer)


def compiled(text: str, touchpoint: Touchpoint) -> Condition:
    """A compiler that knows one fact of people."""
    if "days_since_order" not in text:
        raise ValueError("第 1 列 不认识 kid，是不是 kind？")
    if touchpoint == "群":
        raise ValueError("群消息人人看到，不能按个人条件判断")
    return Condition(ALWAYS.tree, text)


AROUND = Around(
    days=book((2026, 2027)),
    timezone=SHANGHAI,
    compile=compiled,
    items={
        "dg-cream": item("dg-cream", "导购", "私聊", offer="cream"),
        "hd-solstice": item("hd-solstice", "活动", "朋友圈", "群"),
        "kp-note": item("kp-note", "科普", "群"),
    },
    offers={"cream": Offer(id="cream", title="霜", link="https://a.example", valid=Period(None, DEC_12_22H))},
    topics=("护肤知识", "活动"),
    quiet={"私聊": Hours(20 * 60 + 30, 570), "群": Hours(22 * 60, 510), "朋友圈": Hours(22 * 60 + 30, 450)},
    quota=Quota((QuotaPolicy(0, "月", 4), QuotaPolicy(DEC_12_22H - 60 * DAY, "月", None)), {"群": 4}),
    taxonomy=Taxonomy(
        (TagGroup(name="肤质", tags=(Tag("肤质", "敏感肌"),)), TagGroup(name="服务", tags=(Tag("服务", "售后中"),)))
    ),
    channels=("parcel", "store"),
    guides=("guide-lin",),
)


def said(text: str, around: Around = AROUND) -> list[str]:
    """What is said of a file."""
    document = parse(FILE, text.encode())
    try:
        files = [(document, validate(document, CalendarFile))]
    except Problems as found:
        return [str(problem) for problem in found.problems]
    found = list(problems(files, around))
    if not any(problem.severity == "error" for problem in found):
        found += plan_problems(files, around)
    return [str(problem) for problem in found]


def value(text: str) -> Calendar:
    return validate(parse(FILE, text.encode()), CalendarFile).value(SHANGHAI, compiled)


def test_every_key_reaches_the_calendar() -> None:
    """Days and hours as people wrote them, in the corp's time zone."""
    assert said(TEXT) == []
    more = "    topic: 活动\n    via: 导购手发\n    holidays: 顺延\n    priority: 80\n    draft: 是\n    pick: 自动"
    calendar = value(TEXT.replace("    pick: 自动", more, 1))
    assert (calendar.id, calendar.title, calendar.draft) == ("dec-2026", "12 月日历", False)
    assert calendar.valid == Period(1_796_054_400, 1_796_054_400 + 31 * DAY)
    evening, cream, solstice = calendar.entries[:3]
    assert (evening.when, evening.minute, evening.by_seconds) == (Every(("周一", "周二")), 1175, 85 * 60)
    assert (evening.pick, evening.topic, evening.who.groups) == (KINDS, "活动", ("会员群*",))
    assert (evening.via, evening.holidays, evening.priority, evening.draft) == ("导购手发", "顺延", 80, True)
    assert (cream.when, cream.item) == (OnDay("2026-12-11"), "dg-cream")
    assert cream.who.tags_any == ("肤质/敏感肌",) and cream.who.when and cream.who.when.text == "days_since_order > 45"
    assert (solstice.when, solstice.by_seconds) == (OnDay("冬至"), 7200)
    [week] = calendar.sequences
    assert (week.start, week.start_tag, week.existing, week.who.channels) == ("加好友", None, "跳过", ("parcel",))
    assert week.stop == ("下单", "打上标签 服务/售后中")
    assert [(s.id, s.day, s.minute, s.item, s.pick) for s in week.steps][1] == ("d5", 5, 605, None, ("科普", "互动"))


def test_a_live_room_is_written_once() -> None:
    """Its notice lasts until it begins; its replay is of another day."""
    notice, replay = value(TEXT).entries[3:]
    assert (notice.id, notice.when, notice.minute, notice.by_seconds) == (
        "room-notice",
        OnDay("2026-12-12"),
        1020,
        10800,
    )
    assert (replay.id, replay.when, replay.minute) == ("room-replay", OnDay("2026-12-12", 1), 600)
    assert (notice.live, replay.live) == (Live("护肤夜", "预告"), Live("护肤夜", "回放"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("春节-3天", OnDay("春节", -3)),
        ("春节＋1天".replace("＋", "+"), OnDay("春节", 1)),
        ("２０２６-12-11", OnDay("2026-12-11")),
    ],
)
def test_days_are_read_as_people_write_them(written: str, read: OnDay) -> None:
    """Before and after a festival, and full-width digits."""
    assert value(TEXT.replace("on: 冬至", f"on: {written}")).entries[2].when == read


def test_a_tag_starts_a_sequence() -> None:
    """So do an add and a first order, and nothing else."""
    sequence: Sequence = value(TEXT.replace("start: 加好友", "start: 打上标签 肤质/敏感肌")).sequences[0]
    assert (sequence.start, sequence.start_tag) == (None, "肤质/敏感肌")
    assert value(TEXT.replace("start: 加好友", "start: 首单")).sequences[0].start == "首单"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    pick: 自动\n", "", ":5: entries: item 和 pick 要写一个：固定发哪条，或让配比来挑（pick: 自动）"),
        ("entries:\n", "pilot: {}\nentries:\n", ":4: pilot: 要写 groups 或 guides，写明先在哪里试"),
        (
            "entries:\n",
            "pilot: {groups: [会员群一]}\nentries:\n",
            ":4: pilot: 只写了 groups，私聊、朋友圈就谁也收不到；请再写 guides，或分成两份日历",
        ),
        ("pick: 自动", "pick: 科谱", ":11: pick: “科谱”不在四类里，是不是“科普”？"),
        ("    every: 周一 周二\n", "", ":5: id: on 和 every 要写一个，也只能写一个"),
        ("every: 周一 周二", "every: 礼拜一", ":8: every: 请写 每天、工作日、休息日、周二、每月1日 或 每月末日"),
        ("on: 2026-12-11", "on: 2026-12-1", ":14: on: 日期请写 2026-12-01"),
        ("on: 冬至", "on: 端五节", ":21: on: 不认识“端五节”，是不是 端午节？"),
        ("on: 冬至", "on: 2027-01-05", ":21: 提醒: on: 在日历的起止里一次也轮不到"),
        ("    by: 21:00\n", "", ":9: at: by 没有写，按 2 小时算是 21:35，太晚，群 22:00 起免打扰，最晚 21:30"),
        ("by: 21:00", "by: 19:00", ":10: by: 19:00 要晚于 at 的 19:35，而且在同一天"),
        ("at: 19:35", "at: 8:05", ":9: at: 8:05 在群的免打扰时段（22:00 ~ 8:30）里"),
        ("at: 19:35", "at: 25:00", ":9: at: 时间请写成 9:35，24 小时制"),
        ("touchpoint: 群", "touchpoint: 客服", ":6: touchpoint: “客服”不行"),
        ("touchpoint: 私聊", "touchpoint: 群", ":19: who.tags_any: 群消息人人看到，只能按群圈，不能按个人圈"),
        (
            "{groups: [会员群*]}",
            "{groups: [会员群*], when: days_since_order > 3}",
            ":7: who.when: 群消息人人看到，不能按个人",
        ),
        ("when: days_since_order", "when: kid", ":20: who.when: 第 1 列 不认识 kid，是不是 kind？"),
        ("[肤质/敏感肌]", "[肤质/敏感]", ":19: who.tags_any: 没有标签“肤质/敏感”，是不是 肤质/敏感肌？"),
        ("{channels: [parcel]}", "{channels: [parcels]}", ":33: who.channels: 没有渠道“parcels”，是不是 parcel？"),
        ("{channels: [parcel]}", "{guides: [guide-li]}", ":33: who.guides: 没有导购“guide-li”，是不是 guide-lin？"),
        ("{channels: [parcel]}", "{stores: [静安店]}", ":33: who.stores: 这个版本还不支持：按门店分"),
        ("item: dg-cream\n", "item: dg-creem\n", ":17: item: library/ 里没有内容“dg-creem”，是不是 dg-cream？"),
        ("item: dg-cream\n", "item: kp-note\n", ":17: item: “kp-note”没有写给私聊的话"),
        ("    pick: 自动", "    item: kp-note", ":11: item: 每周发 2 次，但这条 60 天内不重复；请改 pick: 科普"),
        ("by: 20:00", "by: 19:59\n    topic: 活动", ":17: topic: 写了 item 就不用写 topic"),
        ("    pick: 自动", "    pick: 自动\n    topic: 新品", ":12: topic: care.yaml 里没有话题“新品”"),
        ("on: 2026-12-11", "on: 2026-12-13", ":16: by: 12-13 20:00 太晚，权益“cream” 12-12 22:00 结束，要在那之前发完"),
        ("id: cream", "id: evening", ":5: id: “evening”写了两次"),
        ("id: cream", "id: room-notice", ":23: id: “room-notice”写了两次"),
        (
            "    pick: 自动",
            "    pick: 自动\n    sender: 企业微信决定",
            ":12: sender: 这个版本还不支持：私聊由归属导购",
        ),
        ("item: hd-solstice}\nlive", "item: hd-solstice, via: 导购手发}\nlive", ":21: via: 朋友圈没有手发，请删掉"),
        ("    pick: 自动", "    pick: 自动\n    prioriti: 3", ":12: prioriti: 不认识，是不是 priority？"),
        ("    pick: 自动", "    pick: 自动\n    priority: 101", ":12: priority: 不能大于 100"),
        (
            "before: 3小时",
            "before: 15小时",
            ":28: notice: 预告 5:00 起，最晚 20:00，碰到群的免打扰时段（22:00 ~ 8:30）",
        ),
        ("start: 加好友", "start: 生日", ":32: start: 请写 加好友、首单，或 打上标签 组/名"),
        ("start: 加好友", "start: 打上标签 意向/防晒", ":32: start: 没有标签“意向/防晒”"),
        ("[下单, 打上标签 服务/售后中]", "[退订]", ":34: stop: “退订”不用写：退订、删除、人工接管总会停"),
        (
            "[下单, 打上标签 服务/售后中]",
            "[下单, 打上标签 服务/售后]",
            ":34: stop: 没有标签“服务/售后”，是不是 服务/售后中？",
        ),
        ("id: d5, day: 5", "id: d5, day: 1", ":36: at: 和“d5”是同一天同一时间，请错开"),
        ("id: d5", "id: d1", ":36: id: “d1”写了两次"),
        ("id: d5, day: 5", "id: d5, day: -1", ":37: day: 不能小于 0"),
        ("day: 5, at", "day: 5, touchpoint: 群, at", ":37: touchpoint: “群”不行"),
        ("valid: 2026-12-01 ~ 2026-12-31", "valid: 2026-12-31 ~ 2026-12-01", ":3: valid: 前后写反了"),
    ],
)
def test_what_is_wrong_is_said(old: str, new: str, message: str) -> None:
    """With the line of the key, or of the row."""
    assert old in TEXT
    found = said(TEXT.replace(old, new, 1))
    assert any(problem.startswith(FILE + message) for problem in found), found


def test_more_than_wecom_lets_a_group_get_is_said() -> None:
    """31 in December less a reserve of 4; a hand costs nothing."""
    often = TEXT.replace("every: 周一 周二", "every: 每天")
    [problem] = said(often)
    assert problem == f"{FILE}:5: entries: 会员群* 2026 年 12 月排了 33 条群发，上限 27；请把 6 条改成 via: 导购手发"
    assert said(often.replace("    pick: 自动", "    pick: 自动\n    via: 导购手发", 1)) == []


def test_too_many_is_said_of_the_month_in_which_they_are() -> None:
    """And not of the calendar that was read last."""
    month = TEXT[: TEXT.index("live:")]
    january = month.replace("dec-2026", "jan-2027").replace("2026-12-01 ~ 2026-12-31", "2027-01-01 ~ 2027-01-31")
    january = january.replace("2026-12-11", "2027-01-11").replace("on: 冬至", "on: 2027-01-12")
    texts = {FILE: TEXT.replace("every: 周一 周二", "every: 每天"), "content/calendars/jan.yaml": january}
    documents = [parse(name, text.encode()) for name, text in texts.items()]
    found = plan_problems([(document, validate(document, CalendarFile)) for document in documents], AROUND)
    said_of = [str(problem) for problem in found if "条群发" in problem.message]
    assert [one.startswith(f"{FILE}:5: entries: 会员群* 2026 年 12 月排了 33 条群发") for one in said_of] == [True]


def test_two_calendars_need_two_ids() -> None:
    """Slots are known by them."""
    document = parse(FILE, TEXT.encode())
    file = validate(document, CalendarFile)
    found = [str(problem) for problem in problems([(document, file), (document, file)], AROUND)]
    assert found == [f"{FILE}:1: id: “dec-2026”写了两次，每份日历要有自己的编号"] * 2


def test_the_sample_calendar_loads() -> None:
    """Whatever its items will be."""
    for path in (CONTENT / "calendars").glob("*.yaml"):
        document = parse(path.name, path.read_bytes())
        file = validate(document, CalendarFile)
        around = Around(days=AROUND.days, timezone=SHANGHAI, compile=compiled, quiet=AROUND.quiet, quota=AROUND.quota)
        assert list(problems([(document, file)], around)) == []
        assert list(plan_problems([(document, file)], around)) == []
        assert all(isinstance(entry, Entry) for entry in file.value(SHANGHAI, compiled).entries)
