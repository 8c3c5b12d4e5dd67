"""Conditions as staff write them, in CEL (cel.dev): checked for names and types, then for literals, then a tree.

Only a closed part of CEL is taken, the part that can be asked of a person and of the database alike: comparisons,
`in`, `&&`, `||`, `!`, parentheses, literals and lists of literals. Whatever else is refused, with what to write.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from bot.content.cel_faults import ONLY, TAGS_IN, ConditionFaults, Fault, slips, translated
from bot.content.cel_wire import Call, Expr, Listed, Literal, Name, Other, read
from bot.scrm.customer_stage import CUSTOMER_STAGES
from bot.scrm.kind import KINDS, TOUCHPOINTS
from bot.scrm.mix import POOL_STAGES
from bot.scrm.mode import MODES
from bot.scrm.rules.condition import Among, And, Compare, Condition, Const, Has, Node, Not, Op, Or, Truth
from bot.scrm.rules.vocabulary import VOCABULARY, WRITTEN, Literals, Scope, Word
from bot.yamlfile import did_you_mean

SCOPES: Final[frozenset[Scope]] = frozenset(("内容", "时间", "池子", "个人"))
MOST_CHARACTERS: Final = 500
"""Longer than this nobody reads it right."""

MOST_NUMBER: Final = 10**9

_OPS: Final[Mapping[str, Op]] = {f"_{op}_": op for op in ("==", "!=", "<", "<=", ">", ">=")}
_TURNED: Final[Mapping[Op, Op]] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ARITHMETIC: Final = ("_+_", "_-_", "_*_", "_/_", "_%_", "-_")
_KIND_NAMES: Final[Mapping[Literals, str]] = {
    "kind": "类", "topic": "话题", "touchpoint": "触点", "stage": "阶段", "mode": "运营模式", "persona": "人设",
    "channel": "渠道", "customer_stage": "客户阶段", "tags": "标签", "item": "内容", "guide": "导购", "group": "群",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What literals may be; None where it is not known, so that nothing is said about it."""

    topics: Collection[str] | None = None
    personas: Collection[str] | None = None
    channels: Collection[str] | None = None
    tags: Collection[str] | None = None
    items: Collection[str] | None = None
    guides: Collection[str] | None = None

    def fault(self, literals: Literals, value: str) -> str | None:
        """What is wrong with a literal that meets a fact, or None."""
        allowed = self._allowed(literals)
        if allowed is None or value in allowed:
            return None
        near = did_you_mean(value, allowed).replace("是 ", "是“").replace("？", "”？")
        few = f"，可以写 {'、'.join(allowed)}" if len(allowed) <= 8 else ""
        return f"没有{_KIND_NAMES[literals]}“{value[:40]}”{near or few}"

    def _allowed(self, literals: Literals) -> Collection[str] | None:
        return {
            "kind": KINDS,
            "touchpoint": TOUCHPOINTS,
            "stage": POOL_STAGES,
            "mode": MODES,
            "customer_stage": CUSTOMER_STAGES,
            "topic": self.topics,
            "persona": self.personas,
            "channel": self.channels,
            "tags": self.tags,
            "item": self.items,
            "guide": self.guides,
            "group": None,
        }[literals]


UNKNOWN: Final = Known()


def compile_when(text: str, known: Known = UNKNOWN, scopes: Collection[Scope] = SCOPES) -> Condition:
    """The condition that a text in CEL stands for; `scopes`: the facts that may be used there.

    Raises:
        ConditionFaults: with everything wrong, in Chinese, each with its column.
    """
    text = text.rstrip()
    if len(text) > MOST_CHARACTERS:
        message = f"有 {len(text)} 个字，超过 {MOST_CHARACTERS} 字没人读得准，请拆成几条规则"
        raise ConditionFaults(text, [Fault(0, message)])
    if found := list(slips(text)):
        raise ConditionFaults(text, found)
    walker = _Walker(known, scopes)
    tree = walker.node(_checked(text))
    if walker.faults:
        raise ConditionFaults(text, walker.faults)
    condition = Condition(tree, " ".join(text.split()))
    if not condition.facts:
        raise ConditionFaults(text, [Fault(0, "没有用到任何事实，永远是一个结果")])
    return condition


def _checked(text: str) -> Expr:
    try:
        return read(environment().compile(text).serialize())
    except RuntimeError as error:
        instead = {word.name: word.instead for word in VOCABULARY.values() if word.instead}
        raise ConditionFaults(text, translated(text, str(error), list(WRITTEN), instead)) from None


@cache
def environment() -> Any:
    """CEL's checker, knowing the facts of the vocabulary by name and type."""
    from cel_expr_python import cel  # type: ignore[import-untyped]  # a large library that only conditions need

    types = {
        "文字": cel.Type.STRING,
        "整数": cel.Type.INT,
        "是否": cel.Type.BOOL,
        "标签": cel.Type.List(cel.Type.STRING),
    }
    return cel.NewEnv(variables={word.name: types[word.type] for word in WRITTEN.values()})


@dataclass(slots=True)
class _Walker:
    """From CEL's tree to ours, collecting what is outside of the closed part."""

    known: Known
    scopes: Collection[Scope]
    faults: list[Fault] = field(default_factory=list)

    def node(self, expr: Expr) -> Node:
        match expr:
            case Call(_, "_&&_", args):
                return And(tuple(self.node(part) for arg in args for part in _flat(arg, "_&&_")))
            case Call(_, "_||_", args):
                return Or(tuple(self.node(part) for arg in args for part in _flat(arg, "_||_")))
            case Call(_, "!_", (part,)):
                return Not(self.node(part))
            case Call(_, "@in", (left, right)):
                return self._in(expr.at, left, right)
            case Call(at, function, (left, right)) if function in _OPS:
                return self._compare(at, _OPS[function], left, right)
            case Name():
                word = self._word(expr)
                if word.type != "是否":
                    return self._refuse(expr.at, f"{word.name} 是{word.type}，不是条件；例如 {_example(word)}")
                return Truth(word.fact)
            case Literal(_, bool(value)):
                return Const(value)
        return self._refuse(expr.at, _instead(expr))

    def _in(self, at: int, left: Expr, right: Expr) -> Node:
        match left, right:
            case Literal(_, str(value)), Name():
                word = self._word(right)
                self._check(left.at, word, value)
                return Has(word.fact, value)
            case Name(), Listed(_, items) if items and all(isinstance(item, Literal) for item in items):
                word = self._word(left)
                values = tuple(self._literal(item, word) for item in items if isinstance(item, Literal))
                return Among(word.fact, values)
            case Name(), Name():
                return self._refuse(at, TAGS_IN)
        return self._refuse(at, "in 请写成 kind in ['导购', '活动'] 或 '肤质/敏感肌' in tags")

    def _compare(self, at: int, op: Op, left: Expr, right: Expr) -> Node:
        if isinstance(left, Literal) and isinstance(right, Name):
            return self._compare(at, _TURNED[op], right, left)
        match left, right:
            case Name(), Literal():
                word = self._word(left)
                if word.type == "文字" and op not in ("==", "!="):
                    return self._refuse(at, "文字不分大小，只能用 ==、!= 和 in")
                return Compare(op, word.fact, Const(self._literal(right, word)))
            case Name(), Name():
                return self._compare_facts(at, op, self._word(left), self._word(right))
            case Literal(), Literal():
                return self._refuse(at, "两边都是写死的值，永远是一个结果")
        outside = next((side for side in (left, right) if _is_outside(side)), None)
        two = "比较的一边要是事实，另一边是一个值，例如 orders >= 2；两个条件之间用 &&、||"
        return self._refuse(outside.at, _instead(outside)) if outside else self._refuse(at, two)

    def _compare_facts(self, at: int, op: Op, one: Word, other: Word) -> Node:
        if one.type != "整数" or one.parts != other.parts:
            return self._refuse(at, f"{one.name} 和 {other.name} 不能比")
        return Compare(op, one.fact, other.fact)

    def _literal(self, literal: Literal, word: Word) -> str | int | float | bool:
        self._check(literal.at, word, literal.value)
        value = literal.value if literal.value is not None else ""
        return value * word.parts if isinstance(value, int) and not isinstance(value, bool) else value

    def _check(self, at: int, word: Word, value: object) -> None:
        """A literal that no value of the fact can ever equal compiles well, and is silently never true."""
        if isinstance(value, str) and word.literals:
            said = self.known.fault(word.literals, value)
        elif isinstance(value, int) and word.numbers and value not in word.numbers:
            said = f"{word.name} 是{word.means}"
        elif isinstance(value, int) and abs(value) > MOST_NUMBER:
            said = "数太大"
        else:
            said = None
        if said:
            self.faults.append(Fault(at, said))

    def _word(self, name: Name) -> Word:
        word = WRITTEN.get(name.name)
        if word is None:  # a name of CEL's own, such as string
            self._refuse(name.at, f"不认识 {name.name}")
            return WRITTEN["kind"]
        if word.scope not in self.scopes:
            usable = "、".join(w.name for w in WRITTEN.values() if w.scope in self.scopes)
            self.faults.append(Fault(name.at, f"这里不能用 {word.name}（{word.scope}的事实），可以用 {usable}"))
        return word

    def _refuse(self, at: int, message: str) -> Node:
        self.faults.append(Fault(at, message))
        return Const(value=True)


def _flat(expr: Expr, function: str) -> Iterator[Expr]:
    """The parts of a chain of && or ||, which CEL nests two by two."""
    if isinstance(expr, Call) and expr.function == function:
        for arg in expr.args:
            yield from _flat(arg, function)
    else:
        yield expr


def _is_outside(expr: Expr) -> bool:
    """Whether it is no part of what conditions may be made of."""
    inside = (*_OPS, "_&&_", "_||_", "!_", "@in")
    return isinstance(expr, Other | Listed) or (isinstance(expr, Call) and expr.function not in inside)


def _example(word: Word) -> str:
    return TAGS_IN if word.type == "标签" else f"{word.name} >= 3" if word.type == "整数" else f"{word.name} == '…'"


def _instead(expr: Expr) -> str:
    match expr:
        case Call(_, function) if function in _ARITHMETIC:
            return f"不能做加减乘除；{ONLY}"
        case Call(_, "_?_:_"):
            return "不能用 ? : ，请拆成两条规则"
        case Call(_, function):
            return f"不能用 {function.strip('_@')}；{ONLY}"
        case Other(_, "comprehension"):
            return TAGS_IN
        case Literal():
            return "这里要一个条件，例如 kind == '导购'"
    return ONLY
