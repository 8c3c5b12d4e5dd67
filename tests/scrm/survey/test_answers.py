"""What a customer's words mean as an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.survey.answers import (
    NearMiss,
    Understood,
    declines,
    menu_id,
    menu_place,
    understand,
    understand_form,
)
from bot.scrm.survey.run import CHOICES, Option, Question, QuestionType

SKIN = Question(
    id="skin",
    ask="洗完脸半小时，你的脸更像哪种？",
    type="单选",
    options=(
        Option("紧绷起皮", "肤质/干性", ("干皮",)),
        Option("油光明显", "肤质/油性"),
        Option("容易红和刺痛", "肤质/敏感肌"),
        Option("说不清"),
    ),
)
WHEN = Question(
    id="trigger",
    ask="一般什么时候更明显？",
    type="多选",
    options=(
        Option("换季", "诱因/换季"),
        Option("换产品", "诱因/换产品"),
        Option("熬夜", "诱因/熬夜"),
        Option("没规律"),
    ),
)


def of(type_: QuestionType, **more: object) -> Question:
    return Question(id="q", ask="？", type=type_, save="资料", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("1", "紧绷起皮"),
        ("１", "紧绷起皮"),
        ("①", "紧绷起皮"),
        ("1.", "紧绷起皮"),
        ("第一个", "紧绷起皮"),
        ("第2项", "油光明显"),
        ("选三", "容易红和刺痛"),
        ("紧绷起皮", "紧绷起皮"),
        (" 紧绷起皮～", "紧绷起皮"),
        ("1. 紧绷起皮", "紧绷起皮"),
        ("干皮", "紧绷起皮"),
        ("我是干皮", "紧绷起皮"),
        ("刺痛", "容易红和刺痛"),
        ("油光明显吧", "油光明显"),
        ("说不清", "说不清"),
        ("1️⃣", "紧绷起皮"),
        ("①。", "紧绷起皮"),
    ],
)
def test_one_choice_is_understood_however_it_is_typed(text: str, say: str) -> None:
    """Numbers of every width, the words, other forms of them, a piece of them."""
    assert understand(SKIN, text) == Understood((say,))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1、3", ("换季", "熬夜")),
        ("3,1", ("换季", "熬夜")),
        ("1/2", ("换季", "换产品")),
        ("1 2", ("换季", "换产品")),
        ("13", ("换季", "熬夜")),
        ("1.3", ("换季", "熬夜")),
        ("换季，熬夜", ("换季", "熬夜")),
        ("换季和熬夜", ("换季", "熬夜")),
        ("都有", ("换季", "换产品", "熬夜")),
        ("2", ("换产品",)),
        ("换季的时候", ("换季",)),
    ],
)
def test_several_choices_are_understood_in_one_message(text: str, says: tuple[str, ...]) -> None:
    """Joined as people join them; in the order of the options, whatever order they came in."""
    assert understand(WHEN, text) == Understood(says)


@pytest.mark.parametrize("text", ["跳过", "跳", "不方便说", "保密", "跳过吧", "不想说", "没有", "一个都不是", "没注意"])
def test_a_skip_is_an_answer_without_values(text: str) -> None:
    """Wherever the question may be left out."""
    assert understand(SKIN, text) == Understood(())


def test_what_must_be_answered_is_not_skipped() -> None:
    """A gentle word instead."""
    assert isinstance(understand(of("文字", required=True), "跳过"), NearMiss)


@pytest.mark.parametrize(
    ("question", "text", "hint"),
    [
        (SKIN, "7", "没有第 7 项"),
        (SKIN, "1和2", "挑最像的一个"),
        (SKIN, "油光很明显", "是“油光明显”吗"),
        (SKIN, "不是干皮", "想确认一下"),
        (SKIN, "干皮和刺痛", "挑最像的一个"),
        (SKIN, "都有", "挑最像的一个"),
        (SKIN, "还好", "想确认一下"),
        (SKIN, "正常吧", "想确认一下"),
        (WHEN, "除了换季", "想确认一下"),
        (WHEN, "1、9", "没有第 9 项"),
        (of("数字"), "25 或 30", "数字"),
        (of("日期"), "6月18日", "1995-06-18"),
        (of("日期"), "2024-02-31", "没有这一天"),
        (of("手机号"), "1380013800", "11 位"),
    ],
)
def test_a_near_miss_says_how_to_answer(question: Question, text: str, hint: str) -> None:
    """In Chinese, and friendly."""
    meaning = understand(question, text)
    assert isinstance(meaning, NearMiss) and hint in meaning.hint


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (SKIN, "你们几点关门？"),
        (SKIN, "我想问一下上次买的面霜退货的事情"),
        (SKIN, "换季脸红怎么办"),
        (WHEN, "换季用什么好？"),
        (of("数字"), "你好呀"),
        (of("日期"), "在吗？"),
        (of("手机号"), "为什么要手机号"),
        (of("文字"), "这个多少钱？"),
        (of("文字"), "有没有什么推荐"),
        (of("文字"), "你好"),
        (of("文字"), "好的"),
        (of("文字"), "没空，晚点再说"),
        (SKIN, "[玫瑰]"),
        (SKIN, ""),
    ],
)
def test_what_is_no_answer_is_left_to_others(question: Question, text: str) -> None:
    """Questions above all."""
    assert understand(question, text) is None


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("数字", "25", "25"),
        ("数字", "２５岁", "25"),
        ("数字", "二十五", "25"),
        ("数字", "十八", "18"),
        ("数字", "3.5", "3.5"),
        ("日期", "1995-6-18", "1995-06-18"),
        ("日期", "1995年6月18日", "1995-06-18"),
        ("日期", "19950618", "1995-06-18"),
        ("日期", "1995/06/18", "1995-06-18"),
        ("手机号", "138 0013 8000", "13800138000"),
        ("手机号", "+86 13800138000", "13800138000"),
        ("手机号", "我的是13800138000", "13800138000"),
        ("文字", " 某某面霜 ", "某某面霜"),
        ("文字", "没用什么", "没用什么"),
        ("文字", "什么都没用", "什么都没用"),
        ("文字", "水乳什么的", "水乳什么的"),
        ("文字", "忘了叫什么了", "忘了叫什么了"),
        ("文字", "没有", "没有"),
    ],
)
def test_free_answers_are_written_in_one_way(type_: QuestionType, text: str, value: str) -> None:
    """So that the same answer is the same value wherever it came from."""
    assert understand(of(type_), text) == Understood((value,))


@pytest.mark.parametrize(
    "text",
    [
        "不想填",
        "我不想答了",
        "退订",
        "不用了",
        "取消",
        "算了",
        "别问了",
        "不填了",
        "不需要",
        "不用了，谢谢",
        "不用了谢谢你",
        "谢谢，不用了",
        "不用啦",
        "不用了🙏",
        "不必了",
        "免了",
        "不要",
        "不要了",
        "不了",
        "不了谢谢",
        "算了吧",
        "算了，不填了",
        "没兴趣",
        "不感兴趣",
        "别再发了",
        "不要再发消息了",
        "别打扰我",
        "不想回答这些问题",
        "先不填了，谢谢",
        "不用问了",
        "拒绝",
        "TD",
        "没必要",
        "不好意思，不参加",
    ],
)
def test_a_no_is_heard(text: str) -> None:
    """In the words that people use, thanks and all."""
    assert declines(text, SKIN)


@pytest.mark.parametrize(
    "text",
    [
        "不用换季",
        "取消订单可以吗",
        "1",
        "不紧绷",
        "没有",
        "算了一下有三次",
        "不要含酒精的",
        "谢谢",
        "不用面霜，只用爽肤水",
        "别的都不过敏",
        "没兴趣爱好",
        "不想要油光",
        "没空",
    ],
)
def test_not_every_not_is_a_no(text: str) -> None:
    """An answer, or something else, that merely has such a word in it."""
    assert not declines(text, SKIN)


def test_an_option_that_sounds_like_a_no_is_an_answer() -> None:
    """不需要 where that is one of the choices ends no survey."""
    sample = Question(
        id="q", ask="要不要寄一份小样？", type="单选", options=(Option("要"), Option("不需要", None, ("不用",)))
    )
    assert not declines("不用了", sample) and not declines("不需要。", sample) and declines("别问了", sample)
    assert understand(sample, "不用了") == Understood(("不需要",))


def test_a_tap_answers_its_own_question_and_no_other() -> None:
    """However late; a place that is not there is nothing."""
    assert understand(SKIN, "紧绷起皮", menu_id("r1", "skin", 1)) == Understood(("紧绷起皮",))
    assert understand(SKIN, "跳过", menu_id("r1", "skin", 0)) == Understood(())
    assert understand(SKIN, "紧绷起皮", menu_id("r1", "trigger", 1)) is None
    assert understand(SKIN, "?", menu_id("r1", "skin", 9)) is None
    assert understand(SKIN, "紧绷起皮", "somebody/else") is None


@given(run=st.text("0123456789abcdef", min_size=16, max_size=16), number=st.integers(0, 9))
def test_a_menu_id_fits_and_is_read_back(run: str, number: int) -> None:
    """64 bytes at most, with the longest question id."""
    written = menu_id(run, "q" * 30, number)
    assert len(written.encode()) <= 64
    assert menu_place(written) == (run, "q" * 30, number)


def test_a_form_sends_its_choices_as_they_stand() -> None:
    """By their words or their numbers; two for one is no answer; nothing filled in is a skip."""
    assert understand_form(WHEN, ("熬夜", "换季")) == Understood(("换季", "熬夜"))
    assert understand_form(SKIN, ("2",)) == Understood(("油光明显",))
    assert isinstance(understand_form(SKIN, ("紧绷起皮", "油光明显")), NearMiss)
    assert understand_form(SKIN, ("", " ")) == Understood(())
    assert isinstance(understand_form(SKIN, ("没有这一项",)), NearMiss)
    assert understand_form(of("文字"), ("这个多少钱？",)) == Understood(("这个多少钱？",))


@given(text=st.text(max_size=80), type_=st.sampled_from(["单选", "多选", "文字", "数字", "日期", "手机号"]))
def test_whatever_is_typed_is_no_error(text: str, type_: QuestionType) -> None:
    """And a choice that is understood is one that is there."""
    question = Question(id="q", ask="？", type=type_, options=WHEN.options if type_ in CHOICES else (), save="资料")
    meaning = understand(question, text)
    assert meaning is None or isinstance(meaning, Understood | NearMiss)
    if isinstance(meaning, Understood) and type_ in CHOICES:
        assert set(meaning.values) <= {o.say for o in WHEN.options}
