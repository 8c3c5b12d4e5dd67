"""content/rules/*.yaml: the exceptions to the plan, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Final

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.content.cel import UNKNOWN, compile_when
from bot.content.fields import Guides, Id, Line, YesNo
from bot.content.period import ALWAYS, MomentField, PeriodField
from bot.content.who import NO_STORES, PilotRow, WhoRow, pilot_of
from bot.scrm.kind import KINDS, TOUCHPOINTS, Kind, Touchpoint
from bot.scrm.rules.condition import Condition, all_of
from bot.scrm.rules.rule import PRIORITY, Rule, Then, What
from bot.scrm.rules.selectors import what_condition, who_condition
from bot.scrm.rules.vocabulary import WRITTEN, Literals, is_about_people
from bot.scrm.who import EVERYONE
from bot.yamlfile import Document, Row


def _several(literals: Literals, allowed: Sequence[str]) -> tuple[PlainValidator, WithJsonSchema]:
    """Words of a closed list, blanks between them: 导购 活动."""

    def parse(value: object) -> tuple[str, ...]:
        words = value.split() if isinstance(value, str) else []
        if not words:
            raise ValueError(f"可以写 {'、'.join(allowed)}，几个之间用空格")
        if faults := [said for word in words if (said := UNKNOWN.fault(literals, word))]:
            raise ValueError(faults[0])
        return tuple(dict.fromkeys(words))

    return PlainValidator(parse), WithJsonSchema({"type": "string", "examples": [*allowed, " ".join(allowed[:2])]})


def _words(value: object) -> tuple[str, ...]:
    words = tuple(value.split()) if isinstance(value, str) else ()
    if not words:
        raise ValueError("请写话题，几个之间用空格")
    return words


def _cel(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("条件应该是文字，例如 kind == '导购'")
    return value


KindsField = Annotated[tuple[Kind, ...], *_several("kind", KINDS)]
TouchpointsField = Annotated[tuple[Touchpoint, ...], *_several("touchpoint", TOUCHPOINTS)]
TopicsField = Annotated[tuple[str, ...], PlainValidator(_words), WithJsonSchema({"type": "string"})]
WhenField = Annotated[str, PlainValidator(_cel), WithJsonSchema({"type": "string", "examples": ["orders >= 2"]})]

WHEN_SAYS: Final = "条件，用 CEL 写。能用的事实：" + "；".join(f"{w.name} {w.means}" for w in WRITTEN.values())


class WhatRow(Row):
    """哪些内容"""

    kind: KindsField = Field(default=(), description="哪几类，之间用空格")
    topic: TopicsField = Field(default=(), description="哪些话题，之间用空格")
    touchpoint: TouchpointsField = Field(default=(), description="发到哪里的，之间用空格")
    items: tuple[Id, ...] = Field(default=(), description="哪几条内容（library/ 里的编号）")

    def value(self) -> What:
        return What(kinds=self.kind, topics=self.topic, touchpoints=self.touchpoint, items=self.items)


class RuleWhoRow(WhoRow):
    """哪些人；写了几行就都要符合，一行里有一个就行"""

    guides: Guides | None = Field(default=None, description="这些导购的客户；群看群主")

    not_yet: ClassVar[Mapping[str, str]] = NO_STORES | {"when": "条件直接写在规则里，和 who 并排"}


class RuleRow(Row):
    """一条规则：what、who、when 至少写一样，都符合才算"""

    id: Id = Field(description="编号，用后不改")
    what: WhatRow | None = Field(default=None, description="管哪些内容")
    who: RuleWhoRow | None = Field(default=None, description="管哪些人")
    when: WhenField | None = Field(default=None, description=WHEN_SAYS)
    then: Then = Field(description="怎么办：放行 推迟 换类 跳过 审批")
    because: Line = Field(description="为什么，不超过 40 字，导购看得到")
    to: KindsField = Field(default=(), description="换成哪几类，和 then: 换类 一起写")
    by: Line | None = Field(default=None, description="谁来批，例如 店长，和 then: 审批 一起写")
    until: MomentField | None = Field(
        default=None, description="推迟到什么时候，和 then: 推迟 一起写；不写就等条件过去"
    )
    priority: int = Field(
        default=PRIORITY, ge=0, le=100, description="几条都符合时大的说了算，默认 50；一样大时严的说了算"
    )
    valid: PeriodField = Field(default=ALWAYS, description="什么时候有效，例如 2026-12-01 ~ 2026-12-31；不写就一直有效")
    off: YesNo = Field(default=False, description="是：先停用")
    pilot: PilotRow | None = Field(default=None, description="试点：先只在几个群、几位导购管用，默认哪里都管")

    def condition(self) -> Condition:
        """`what`, `who` and `when` as one. Raises ConditionFaults."""
        parts = [what_condition(self.what.value())] if self.what else []
        parts += [who_condition(self.who.value())] if self.who else []
        parts += [compile_when(self.when)] if self.when else []
        return all_of(*parts)

    def value(self, timezone: str, source: str) -> Rule:
        condition = self.condition()
        return Rule(
            id=self.id,
            then=self.then,
            because=self.because,
            condition=condition,
            about_people=is_about_people(condition),
            what=self.what.value() if self.what else What(),
            who=self.who.value() if self.who else EVERYONE,
            to=self.to,
            by=self.by,
            until_at=self.until.at(timezone) if self.until else None,
            priority=self.priority,
            valid=self.valid.period(timezone),
            off=self.off,
            pilot=pilot_of(self.pilot),
            source=source,
        )


class RulesFile(Row):
    """规则：content/rules/*.yaml，可以分成几个文件"""

    rules: tuple[RuleRow, ...] = Field(description="一条规则一项；先后不要紧，要紧的是 priority")

    def value(self, document: Document, timezone: str) -> tuple[Rule, ...]:
        """timezone: IANA name, in which dates are meant."""
        lines = (document.line(("rules", i)) for i in range(len(self.rules)))
        return tuple(
            row.value(timezone, f"{document.name}:{line}") for row, line in zip(self.rules, lines, strict=True)
        )


Files = Sequence[tuple[Document, RulesFile]]


def rules(files: Files, timezone: str) -> tuple[Rule, ...]:
    """Every rule of every file. Call only when `rules_check.problems` found no error."""
    return tuple(rule for document, file in files for rule in file.value(document, timezone))
