"""content/surveys/*.yaml: what reaches the survey, and what is said of a slip."""

from __future__ import annotations

from typing import Any

import pytest

from bot.scrm.survey.run import Band, Option
from bot.scrm.who import Who

Folder = Any  # the fixture's class, in conftest.py
FILE = "content/surveys/s.yaml"
SURVEY = """\
id: newcomer
title: 认识你的皮肤
intro: 两个小问题。
consent: 答案只用于护肤建议。
questions:
  - id: skin
    ask: 你的脸更像哪种？
    type: 单选
    options:
      - {say: 紧绷起皮, tag: 肤质/干性, also: [干皮]}
      - {say: 容易红和刺痛, tag: 肤质/敏感肌}
      - {say: 说不清}
  - id: age
    only_if: {tags_any: [肤质/敏感肌]}
    ask: 你今年多大？
    type: 数字
    bands: [{below: 18, tag: 肤质/干性}, {tag: 肤质/敏感肌}]
    save: 年龄
thanks: 记下啦。
"""


def besides_welcomes(said: list[str]) -> list[str]:
    """Without the advice that the folder's welcomes should carry the survey."""
    return [one for one in said if "welcome.yaml" not in one]


@pytest.fixture
def survey(folder: Folder) -> Folder:
    """A valid folder with a survey."""
    return folder.write(FILE, SURVEY)


def test_every_key_reaches_the_survey(survey: Folder) -> None:
    """With what is left out as staff expect it."""
    survey.edit(
        FILE,
        "questions:",
        """\
start: 手动
who: {tags_none: [服务/售后中], channels: [parcel], guides: [guide-lin]}
existing: 纳入
surfaces: [H5, 侧边栏]
expires: 3天
remind: [24小时, 48小时]
remark: 是
questions:""",
    ).edit(FILE, "    save: 年龄", "    save: 年龄\n    required: 是\n    ask_again: 90天\n    why: 用法不一样")
    made = survey.load().surveys["newcomer"]
    assert (made.start, made.existing, made.surfaces, made.remark) == ("手动", True, ("H5", "侧边栏"), True)
    assert (made.expires_seconds, made.remind_seconds) == (259_200, (86_400, 172_800))
    assert made.who == Who(tags_none=("服务/售后中",), channels=("parcel",), guides=("guide-lin",))
    skin, age = made.questions
    assert skin.options[0] == Option("紧绷起皮", "肤质/干性", ("干皮",))
    assert age.bands == (Band("肤质/干性", 18), Band("肤质/敏感肌", None))
    assert (age.required, age.ask_again_seconds, age.why, age.save) == (True, 90 * 86_400, "用法不一样", "年龄")
    assert age.only_if == Who(tags_any=("肤质/敏感肌",))


def test_left_out_keys_have_their_defaults(survey: Folder) -> None:
    """加好友, once, everywhere, for a week, one reminder after a day."""
    made = survey.load().surveys["newcomer"]
    assert (made.start, made.existing, made.surfaces) == ("加好友", False, ("客服", "H5", "侧边栏"))
    assert (made.expires_seconds, made.remind_seconds, made.remark) == (7 * 86_400, (86_400,), False)


def test_a_version_names_the_wording(survey: Folder) -> None:
    """The same words are the same version, other words another."""
    before = survey.load().surveys["newcomer"].version
    assert survey.load().surveys["newcomer"].version == before
    assert survey.edit(FILE, "两个小问题", "三个小问题").load().surveys["newcomer"].version != before


OPTION = "      - {say: 说不清}\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[肤质/敏感肌]}", "[来源/没有]}", ":14: only_if.tags_any: 没有“来源/没有”"),
        (
            OPTION,
            "".join(f"      - {{say: 选项{n}}}\n" for n in "一二三四五六七八九"),
            ":9: options: 11 个，客服菜单最多 9 个",
        ),
        (OPTION, f"      - {{say: {'长' * 15}}}\n", ":12: say: 超过 14 字会被截断"),
        ("tag: 肤质/干性, also", "tag: 肤质/干, also", ":10: tag: 没有“肤质/干”，是不是“肤质/干性”？"),
        ("tag: 肤质/干性, also", "tag: 服务/售后中, also", ":10: tag: “服务”只由人工打，调研不能打"),
        ("also: [干皮]", "also: [说不清]", ":12: say: 和“紧绷起皮”说法一样，客户打字时分不清"),
        ("id: age", "id: skin", ":13: id: “skin”写了两次"),
        ("id: age", "id: 年龄", ":13: id: “年龄”不行：要用字母开头"),
        ("你今年多大？", "大" * 41, ":15: ask: 有 41 个字，不超过 40 字"),
        ("type: 单选", "type: 单项", ":8: type: “单项”不行，是不是 单选？"),
        ("type: 单选", "type: 多选", ":8: type: “肤质”是单选标签，多选题里只会留一个"),
        ("type: 单选", "type: 文字", ":9: options: 文字题没有选项"),
        ("type: 数字", "type: 单选", ":16: type: 单选要写 options"),
        ("type: 数字", "type: 文字", ":17: bands: 只有数字和日期能分段"),
        ("below: 18", "below: 十八", ":17: bands: below 要写一个数字"),
        ("type: 数字", "type: 日期", ":17: bands: below 要写日期"),
        ("bands: [{below: 18", "bands: [{below: 30, tag: 肤质/干性}, {below: 18", ":17: bands: 要从小到大写"),
        (
            "    bands: [{below: 18, tag: 肤质/干性}, {tag: 肤质/敏感肌}]\n    save: 年龄\n",
            "",
            ":16: type: 数字的答案没有地方放，请写 save",
        ),
        ("thanks: 记下啦。", "thanks: 最有效。", ":19: thanks: 用了人设禁用的词“最有效”"),
        ("questions:", "remind: [1小时, 2小时, 3小时]\nquestions:", ":5: remind: 最多提醒 2 次"),
        ("questions:", "remind: [50小时]\nquestions:", ":5: remind: 客服里 48 小时没说话就不能再发"),
        ("questions:", "remind: [8天]\nquestions:", ":5: remind: 提醒要在 expires 之前"),
        ("questions:", "remind: [2小时, 1小时]\nquestions:", ":5: remind: 从早到晚写，不能重复"),
        ("questions:", "who: {channels: [parcle]}\nquestions:", ":5: who.channels: 没有渠道“parcle”，是不是 parcel？"),
        ("questions:", "who: {guides: [guide-lim]}\nquestions:", ":5: who.guides: 没有导购“guide-lim”"),
        ("questions:", "gift: cream\nquestions:", ":5: gift: offers.yaml 里没有权益“cream”"),
        ("questions:", "existing: 都要\nquestions:", ":5: existing: “都要”不行，可以写 跳过、纳入"),
        ("questions:", "qustions:", ":5: qustions: 不认识，是不是 questions？"),
        ("intro: 两个小问题。", f"intro: {'长' * 270}", ":3: intro: 开场、说明和问题合起来"),
    ],
)
def test_what_is_wrong_is_said(survey: Folder, old: str, new: str, said: str) -> None:
    """With line and key, so that staff find it."""
    problems = survey.edit(FILE, old, new).problems()
    assert any(problem.startswith(f"{FILE}{said}") for problem in problems), problems


def test_many_questions_are_advised_against(survey: Folder) -> None:
    """Shown, and the content goes live."""
    more = "".join(f"  - {{id: more-{n}, ask: 还有？, type: 文字, save: 栏{n}}}\n" for n in range(4))
    warnings = survey.edit(FILE, "thanks:", f"{more}thanks:").warnings()
    assert besides_welcomes(warnings) == [f"{FILE}:5: 提醒: questions: 共 6 题，建议不超过 5 题"]


def test_two_files_cannot_share_an_id(survey: Folder) -> None:
    """Runs would not know whose they are."""
    problems = survey.write("content/surveys/t.yaml", SURVEY).problems()
    assert besides_welcomes(problems) == [
        f"{name}:1: id: “newcomer”已经被另一份调研用了" for name in (FILE, "content/surveys/t.yaml")
    ]


def test_a_file_that_nothing_reads_is_noticed(survey: Folder) -> None:
    """.yml is a slip."""
    [warning] = besides_welcomes(survey.write("content/surveys/other.yml", SURVEY).warnings())
    assert warning.startswith("content/surveys/other.yml:1: 提醒: 这个文件没有用到")


def test_a_welcome_names_a_survey_that_is_there(survey: Folder) -> None:
    """Else its link would open nothing."""
    welcome = "content/welcome.yaml"
    survey.edit(welcome, "text: 你好，我是{{ guide.name }}。", "text: 你好 {{ survey.link }}\n    survey: newcomr")
    assert any("surveys/ 里没有调研“newcomr”，是不是 newcomer？" in problem for problem in survey.problems())
    assert survey.edit(welcome, "newcomr", "newcomer").load().welcomes[-1].survey == "newcomer"


def test_a_branch_may_hang_on_a_tag_that_comes_from_elsewhere(survey: Folder) -> None:
    """A channel's tag, or one that only hands set, can be there before the survey."""
    survey.edit(FILE, "[肤质/敏感肌]}", "[来源/包裹卡]}")
    assert survey.load().surveys["newcomer"].questions[1].only_if.tags_any == ("来源/包裹卡",)
