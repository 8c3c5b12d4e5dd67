"""Slips that people make in YAML are named at the line where they were made."""

from __future__ import annotations

import pytest

from bot.yamlfile import parse

AS_BLOCK = "这样的文字请写 text: | ，正文放下一行"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kind：科普", "k.yaml:1: kind: “kind”后面要用英文冒号加一个空格：kind: 科普"),
        ("kind:科普", "k.yaml:1: kind: “kind”后面要用英文冒号加一个空格：kind: 科普"),
        ("a: 1\nid:x\nb: 2", "k.yaml:2: id: “id”后面要用英文冒号加一个空格：id: x"),
        ("tags:\n  -干性", "k.yaml:2: “-”后面要加一个空格：- 干性"),
        ("text: 提醒: 明天", f"k.yaml:1: text: {AS_BLOCK}"),
        ("text: 提醒:", f"k.yaml:1: text: {AS_BLOCK}"),
        ("text: @所有人", f"k.yaml:1: text: {AS_BLOCK}"),
        ("text: {{ guide.name }}你好", f"k.yaml:1: text: {AS_BLOCK}"),
        ("text: &大家", f"k.yaml:1: text: {AS_BLOCK}"),
        ("text: *大家", f"k.yaml:1: text: {AS_BLOCK}"),
        ("text: | 你好\n  在吗", f"k.yaml:1: text: {AS_BLOCK}"),
        ("- @所有人", "k.yaml:1: 这样的文字请写 - | ，正文放下一行"),
        ("tags: [干性，油性]", "k.yaml:1: tags: 列表用英文逗号加空格 [干性, 油性]；句子里用中文逗号"),
        ("tags: [干性、油性]", "k.yaml:1: tags: 列表用英文逗号加空格 [干性, 油性]；句子里用中文逗号"),
        ("tags: 【干性】", "k.yaml:1: tags: 列表用英文方括号 [干性, 油性]"),
        ("x: {say：你好, b: c}", "k.yaml:1: x: “say”后面要用英文冒号加一个空格：say: 你好"),
        ("a:\n\tid: x", "k.yaml:2: 行首是 Tab，请改成两个空格"),
        ("id: a\nb: 1\nid: c", "k.yaml:3: id: 写了两次（第 1、3 行）"),
        ("when: !('x' in tags)", "k.yaml:1: when: 这样的文字请写 when: | ，正文放下一行"),
        ("a: &x [1]\nb: *x", "k.yaml:2: b: 这样的文字请写 b: | ，正文放下一行"),
    ],
)
def test_a_slip_is_named_at_its_line(typed: str, said: str) -> None:
    """Each row of the table of slips gets its message at its own line, not a parser's at the next."""
    assert said in [str(problem) for problem in parse("k.yaml", typed.encode()).problems]


def test_a_swallowed_hash_is_shown() -> None:
    """`聊聊 #换季#` would silently be cut to `聊聊`."""
    [problem] = parse("k.yaml", "a: 1\ntext: 聊聊 #换季#".encode()).problems
    assert (problem.line, problem.key) == (2, "text")
    assert problem.message.startswith("“#换季#”会被当注释丢掉。这样的文字请写 text: | ，正文放下一行")


def test_words_after_a_quote_are_named() -> None:
    """A condition that begins with a quote belongs into a block."""
    [problem] = parse("k.yaml", "when: '服务/售后中' in tags".encode()).problems
    assert problem.message.startswith("以引号开头、后面还有字。")


def test_a_half_width_comma_in_a_sentence_is_named() -> None:
    """`{say: 你好,在吗}` would silently become a cut text and an empty key."""
    [problem] = parse("k.yaml", "options:\n  - {say: 你好,在吗}".encode()).problems
    assert problem.line == 2
    assert problem.message.startswith("“在吗”后面没有冒号和值。列表用英文逗号加空格")


@pytest.mark.parametrize(
    "typed",
    [
        "text: |\n  提醒: 明天 #话题# @你 {{ x }}\n  kind：x\n\n  -干性\nb: 2",
        "items:\n  - text: |\n      a：b\n    id: x",
        "- |\n  x：y\n- b",
        "url: https://a.example/b#c",
        "a: 'it''s #1: fine' # 注释",
        "a: 1 # 注释: 有冒号也行",
        "#注释不空格也行\na: 1",
        "a: 中文：冒号，逗号",
        "hours: 21:00 ~ 9:00",
        "host: 127.0.0.1:8600",
        "- {hours: 9:00 ~ 18:00, guides: [a, b]}",
        "a: [1,2]",
        "tags: [\n  干性,\n  油性\n]\nb: 2",
        "- -3",
        "a:\r\n  b: 1\r\n",
        "---\na: 1",
        "secret: ${NAME:-x}",
    ],
)
def test_what_is_right_is_left_alone(typed: str) -> None:
    """Blocks, comments, addresses, times and quoted text are no slips."""
    assert parse("k.yaml", typed.encode()).problems == ()
