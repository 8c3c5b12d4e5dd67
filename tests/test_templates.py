"""Words become text; what could run away or leave a hole is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scrm.words import Words
from bot.templates import BadTemplate, Templates, render_text, variables


def test_words_name_a_template_and_its_values() -> None:
    """Trailing newlines go, lines inside stay."""
    templates = Templates({"hello": "{# a note #}\n你好 {{ guide.name }}\n{% if late %}\n晚安\n{% endif %}\n\n"})
    assert templates.render(Words("hello", {"guide": {"name": "林夕"}, "late": True})) == "你好 林夕\n晚安"


def test_a_value_may_itself_be_words() -> None:
    """A notice to a guide carries the ready words for the customer."""
    templates = Templates({"notice": "请发：{{ ready_text }}", "ready": "你好 {{ name }}"})
    assert templates.render(Words("notice", {"ready_text": Words("ready", {"name": "阿宁"})})) == "请发：你好 阿宁"


def test_values_are_data() -> None:
    """A customer's name that looks like a template, or like HTML, is shown as it is."""
    assert render_text("{{ name }}", {"name": "{{ 7*7 }}<b>&"}) == "{{ 7*7 }}<b>&"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ x", "写得不完整"),
        ("{% if x %}", "写得不完整"),
        ("{% for i in range(10) %}x{% endfor %}", "不能用循环、函数或计算"),
        ("{{ 'a' * 10000000000 }}", "不能用循环、函数或计算"),
        ("{{ 'a'.center(10000000000) }}", "不能用循环、函数或计算"),
        ("{% set x = 'a' ~ 'a' %}", "不能用循环、函数或计算"),
        ("{% include 'other' %}", "不能用循环、函数或计算"),
        ("{{ guide['name'] }}", "不能用循环、函数或计算"),
        ("{{ guide.name|center(1000000000) }}", "只能用 default 和 trim"),
        ("{{ guide.name.__class__ }}", "不能这样用变量"),
        ("{{ guide.nmae }}", "没有给出的变量"),
        ("{{ nobody }}", "没有给出的变量"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "嵌套太深"),
        ("{% if guide %}" * 200 + "{% endif %}" * 200, "嵌套太深"),
    ],
)
def test_bad_texts_are_refused_in_chinese(text: str, said: str) -> None:
    """Bombs, reaching into Python and missing values all end as BadTemplate."""
    with pytest.raises(BadTemplate, match=said):
        render_text(text, {"guide": {"name": "林夕"}})


def test_a_refusal_knows_its_line() -> None:
    """So that it can be shown in the file."""
    with pytest.raises(BadTemplate) as caught:
        variables("你好\n{% for x in y %}{% endfor %}")
    assert caught.value.line == 2


def test_a_text_has_a_bounded_size() -> None:
    """Even if a value has not."""
    with pytest.raises(BadTemplate, match="文字太长"):
        render_text("{{ name }}", {"name": "长" * 30_000})


def test_a_missing_template_is_named() -> None:
    """Not an exception of the engine."""
    with pytest.raises(BadTemplate, match="没有模板 nothing"):
        Templates({}).render(Words("nothing", {}))


def test_variables_are_listed_as_written() -> None:
    """Dotted, bare, in conditions and behind filters."""
    text = "{% if customer.name %}{{ customer.name|default('你') }}{% else %}{{ guide }}{% endif %}{{ a.b.c }}"
    assert variables(text) == {"customer.name", "guide", "a.b.c"}


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_renders_or_is_refused(text: str, name: str) -> None:
    """Nothing but BadTemplate ever comes out."""
    for candidate in (text, "{{ " + text + " }}", "{% if " + text + " %}x{% endif %}"):
        try:
            assert isinstance(render_text(candidate, {"name": name}), str)
        except BadTemplate as error:
            assert error.line >= 1
