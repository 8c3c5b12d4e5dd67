"""What is wrong with a condition, in Chinese: slips looked for in the raw text, then what the checker says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.yamlfile import did_you_mean

TAGS_IN: Final = "tags 请写成 '肤质/敏感肌' in tags"
ONLY: Final = "条件里只能用比较、in、&&、||、! 和括号"

_FULL_WIDTH: Final = dict(zip("（），；＞＜＝！＆｜［］", "(),;><=!&|[]", strict=True)) | {
    "、": ",",
    "【": "[",
    "】": "]",
}
_SLIPS: Final = (
    (r"[‘’“”＂＇「」]", "用了中文引号，请改英文单引号 '"),
    (r"[≥≤≠]", "≥ ≤ ≠ 请写成 >= <= !="),
    (r"<>", "“不等于”要写 !="),
    (r"=<|=>", "“小于等于”写 <=，“大于等于”写 >="),
    (r"(?<![=!<>])=(?!=)", "“等于”要写 =="),
    (r"===", "“等于”要写 =="),
    (r"\bnot\s+in\b", "“不在里面”要写 !('肤质/敏感肌' in tags)"),
    (r"\b(?i:and|or)\b", "and、or 请写成 &&、||"),
    (r"\b(?i:not)\b", "not 请写成 !"),
    (r"(?<!&)&(?!&)|(?<!\|)\|(?!\|)", "& 和 | 要写两个：&&、||"),
    (r"\btags\s*(?:==|!=|in\b|contains\b|\.|\[)", TAGS_IN),
    (r"%", "不用写 %，百分数直接写数字"),
)
_TYPES: Final = {
    "string": "文字",
    "int": "整数",
    "double": "小数",
    "bool": "是否",
    "list(string)": "一组文字",
    "list(int)": "一组整数",
    "null_type": "空",
    "uint": "整数",
    "bytes": "字节",
}
_SIGNS: Final = {"@in": "in", "!_": "!", "-_": "-"}
_FOUND = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_STRING = re.compile(r"'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`at`: characters from the beginning of the text."""

    at: int
    message: str


class ConditionFaults(ValueError):  # noqa: N818 (it is a list of faults, and reads so at every use)
    """Everything wrong with a condition. As text: each fault with its column, and its line where there are several."""

    def __init__(self, text: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        self.messages = tuple(f"{_place(text, fault.at)} {fault.message}" for fault in self.faults)
        super().__init__("；".join(self.messages))


def slips(text: str) -> Iterator[Fault]:
    """What people type by habit, outside of quoted text."""
    plain = _STRING.sub(lambda m: "_" * len(m[0]), text)
    found = [Fault(match.start(), message) for pattern, message in _SLIPS if (match := re.search(pattern, plain))]
    wide = next(
        (Fault(at, f"用了中文标点 {c} ，请改英文 {_FULL_WIDTH[c]}") for at, c in enumerate(plain) if c in _FULL_WIDTH),
        None,
    )
    yield from [*found, *([wide] if wide else [])] or _unpaired(plain)


def _unpaired(plain: str) -> Iterator[Fault]:
    if quote := re.search(r"['\"]", plain):
        yield Fault(quote.start(), "引号没有成对")
    elif plain.count("(") != plain.count(")"):
        yield Fault(max(plain.find("("), 0), "括号没有成对")


def translated(text: str, said: str, names: Collection[str], instead: dict[str, str]) -> Iterator[Fault]:
    """What the checker said. Of several errors in spelling the first explains the others."""
    found = list(_FOUND.finditer(said))
    if not found:
        yield Fault(0, f"条件太复杂，请拆成几条规则；{ONLY}" if "limit" in said else f"读不懂；{ONLY}")
    for match in found:
        at = _at(text, int(match[1]), int(match[2]))
        yield Fault(at, _message(match[3], names, instead))
        if "Syntax error" in match[3]:
            return


def _message(said: str, names: Collection[str], instead: dict[str, str]) -> str:
    if unknown := re.match(r"undeclared reference to '([^']+)'", said):
        return _unknown(unknown[1], names, instead)
    if mismatch := re.match(r"found no matching overload for '([^']+)' applied to '\((.*)\)'", said):
        return _mismatch(mismatch[1], _split_types(mismatch[2]))
    if "<EOF>" in said and "mismatched input '<EOF>'" in said:
        return "没有写完"
    if "int literal" in said:
        return "数太大"
    return f"读不懂；{ONLY}"


def _unknown(name: str, names: Collection[str], instead: dict[str, str]) -> str:
    if name in instead:
        return f"这里不能写 {name}，请写 {instead[name]}"
    last = name.rsplit(".", 1)[-1]
    return f"不认识 {name}{did_you_mean(last, names) or '，没有这个事实'}"


def _mismatch(function: str, types: list[str]) -> str:
    sign = _SIGNS.get(function, function.strip("_"))
    shown = [_TYPES.get(type_, type_) for type_ in types]
    if "double" in types:
        return "小数不行，请写整数"
    if sign in ("!", "&&", "||"):
        other = next(name for name, type_ in zip(shown, types, strict=True) if type_ != "bool")
        return f"{sign} 旁边要是一个条件，这里是{other}；例如 kind == '导购'"
    if sign == "in":
        return f"in 左边是{shown[0]}，右边是{shown[1]}，对不上；例如 kind in ['导购', '活动']"
    if len(shown) == 2:
        return f"{sign} 两边对不上：左边是{shown[0]}，右边是{shown[1]}"
    return ONLY


def _split_types(types: str) -> list[str]:
    return re.findall(r"[a-z_]+(?:\([a-z_]+\))?", types)


def _at(text: str, line: int, column: int) -> int:
    return sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1


def _place(text: str, at: int) -> str:
    before = text[:at].split("\n")
    column = f"第 {len(before[-1]) + 1} 列"
    return f"第 {len(before)} 行{column}" if "\n" in text else column
