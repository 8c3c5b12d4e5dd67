"""Turns Words into text: a small, safe part of Jinja2.

What staff write may hold values, `if`, and a handful of harmless filters: no loops, no calls, no assignments, so that
no text can run away with time or memory. A value that nobody gave is an error (StrictUndefined), found when content
is loaded, never in front of a customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.scrm.words import Words

MAX_OUTPUT_BYTES = 64 * 1024

_PARTS: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Filter,
)  # fmt: skip


class BadTemplate(Exception):  # noqa: N818 (reads as what it is)
    """A text that cannot be rendered; says in Chinese why. `line` (from 1) is inside the text."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in ("default", "trim")}
    return environment


_ENVIRONMENT = _environment()


class Templates:
    """All texts of one edition, compiled. `texts`: template name → source. Raises BadTemplate."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._compiled = {name: _compile(text) for name, text in texts.items()}

    def render(self, words: Words) -> str:
        """The text, without trailing newlines. A value may itself be Words. Raises BadTemplate."""
        template = self._compiled.get(words.template)
        if template is None:
            raise BadTemplate(f"没有模板 {words.template}")
        return _render(template, {name: self._value(value) for name, value in words.values.items()})

    def _value(self, value: object) -> object:
        return self.render(value) if isinstance(value, Words) else value


def render_text(text: str, values: Mapping[str, object]) -> str:
    """Render one source text. Raises BadTemplate."""
    return _render(_compile(text), values)


@lru_cache(maxsize=1_000)
def variables(text: str) -> frozenset[str]:
    """Every value that a text uses, dotted as written: {"guide.name", "reason"}. Raises BadTemplate."""
    return frozenset(_paths(_parse(text)))


def _paths(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, (nodes.Name, nodes.Getattr)):
        yield _path(node)
        return
    for child in node.iter_child_nodes():
        yield from _paths(child)


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _parse(text: str) -> nodes.Template:
    try:
        tree = _ENVIRONMENT.parse(text)
    except RecursionError:
        raise BadTemplate("嵌套太深") from None
    except TemplateSyntaxError as error:
        raise BadTemplate("{{ … }} 或 {% … %} 写得不完整，检查括号是否成对", error.lineno) from None
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _PARTS):
            raise BadTemplate("文字里只能用 {{ 变量 }} 和 {% if %}，不能用循环、函数或计算", node.lineno)
    return tree


@lru_cache(maxsize=1_000)
def _compile(text: str) -> Template:
    """Kept: a text is tried with several values when it is checked, and few of them change from edition to edition."""
    tree = _parse(text)
    try:
        return _ENVIRONMENT.from_string(tree)
    except (RecursionError, SyntaxError):
        raise BadTemplate("嵌套太深") from None
    except TemplateSyntaxError as error:
        raise BadTemplate("用了不支持的过滤器，只能用 default 和 trim", error.lineno) from None


def _render(template: Template, values: Mapping[str, object]) -> str:
    try:
        text = template.render(values).rstrip("\n")
    except UndefinedError as error:
        raise BadTemplate(f"用了没有给出的变量（{error.message}）") from None
    except TemplateError as error:
        raise BadTemplate(f"不能这样用变量（{type(error).__name__}）") from None
    if len(text.encode()) > MAX_OUTPUT_BYTES:
        raise BadTemplate("文字太长")
    return text
