"""Check a document against a pydantic model and say every mismatch in Chinese, at its line."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from bot.yamlfile.document import Document, KeyPath
from bot.yamlfile.problem import Problem, Problems, did_you_mean


class Row(BaseModel):
    """Base of every model of a file: frozen, and a key it does not know is an error.

    `not_yet`: keys that a later edition will know → what to say about them until then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True)
    not_yet: ClassVar[Mapping[str, str]] = {}


M = TypeVar("M", bound=Row)

_PLAIN = {
    "string_type": "应该是文字",
    "int_type": "应该是整数",
    "int_parsing": "应该是整数",
    "int_from_float": "应该是整数",
    "float_type": "应该是数字",
    "float_parsing": "应该是数字",
    "bool_type": "应该是 true 或 false",
    "bool_parsing": "应该是 true 或 false",
    "list_type": "应该是列表，例如 [甲, 乙]",
    "tuple_type": "应该是列表，例如 [甲, 乙]",
    "model_type": "应该是一组“键: 值”",
    "model_attributes_type": "应该是一组“键: 值”",
    "dict_type": "应该是一组“键: 值”",
    "string_too_short": "不能少于 {min_length} 个字",
    "string_too_long": "不能超过 {max_length} 个字",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "要大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "要小于 {lt}",
    "string_pattern_mismatch": "写法不对，要符合 {pattern}",
}


def validate(document: Document, model: type[M]) -> M:
    """The document as a model. Raises Problems with all that is wrong, spelling and meaning, at once."""
    found: list[Problem] = []
    try:
        result = model.model_validate(document.data)
    except ValidationError as error:
        found = [_translated(document, model, detail) for detail in error.errors(include_url=False) if _counts(detail)]
    if not document.problems and not found:
        return result
    if document.data is None and not document.problems:
        raise Problems([Problem(document.name, 1, "", "文件是空的")])
    # A slip explains what the model then finds on the same line, and all of it when nothing could be read.
    slipped = {problem.line for problem in document.problems}
    rest = [p for p in found if p.line not in slipped] if document.data is not None else []
    raise Problems([*document.problems, *rest])


def _counts(detail: ErrorDetails) -> bool:
    """Whether it stands for itself: pydantic calls a list too short whose entries are there, but have errors."""
    return detail["type"] != "too_short" or len(detail["input"]) < detail["ctx"]["min_length"]


def _translated(document: Document, model: type[Row], detail: ErrorDetails) -> Problem:
    path: KeyPath = detail["loc"]
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            message = _unknown_key(model, path)
        case "missing":
            message = "必须写，这里缺了"
        case "literal_error":
            message = _not_in_list(str(detail["input"]), str(context["expected"]))
        case "value_error":
            message = str(context["error"])
        case kind if kind in _PLAIN:
            message = _PLAIN[kind].format(**context)
        case kind:
            message = f"写法不对（{kind}）"
    return document.problem(path, message)


def _unknown_key(model: type[Row], path: KeyPath) -> str:
    parent = _model_at(model, path[:-1])
    key = str(path[-1])
    if key in parent.not_yet:
        return f"这个版本还不支持：{parent.not_yet[key]}"
    return f"不认识{did_you_mean(key, _known_keys(parent)) or '，请删掉'}"


def _not_in_list(given: str, expected: str) -> str:
    allowed = re.findall(r"'([^']+)'", expected)
    return f"“{given[:40]}”不行{did_you_mean(given, allowed) or '，'}可以写 {'、'.join(allowed)}"


def _known_keys(model: type[Row]) -> list[str]:
    """The keys a model knows, as written in files."""
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_at(model: type[Row], path: KeyPath) -> type[Row]:
    """The model that stands at a key path below `model`."""
    for part in path:
        if isinstance(part, int):
            continue
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        model = next(_rows_in(fields[part].annotation), model)
    return model


def _rows_in(annotation: Any) -> Iterator[type[Row]]:
    """The models that an annotation such as `tuple[X, ...] | None` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Row):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _rows_in(argument)
