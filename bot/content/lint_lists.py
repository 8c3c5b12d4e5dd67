"""content/lint/*.yaml: what no text may hold, with the article that says so; claims.yaml: effects and their proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final, Literal

from pydantic import Field

from bot.content.fields import Line, YesNo
from bot.content.period import ALWAYS, TIMEZONE, PeriodField
from bot.scrm.lint import Claim, Linter, Taboo, WordClass
from bot.scrm.lint.normal import spelled
from bot.scrm.lint.pattern import branches, matches_nothing
from bot.scrm.lint.taboo import REACH
from bot.scrm.persona import Experience
from bot.yamlfile import Document, Problem, Row
from bot.yamlfile.document import KeyPath

CLAIMS_FILE: Final = "claims.yaml"
CLAIM_FAMILY: Final = "功效没有依据"
CLAIM_ARTICLE: Final = "《化妆品监督管理条例》第二十二条；《化妆品功效宣称评价规范》"

_ENDLESS = re.compile(r"(\]|\\[dws]|(?<!\\)\.)[+*]")
"""A run of any length: two beside each other take the cube of a text's length."""

_TOGETHER: Final = "词类的名字：同一句话里每一类都说到，才算；先后不管"
_ANY_OF: Final = "词类的名字：together 的词类之外，再说到其中任何一类，才算"
_WITHIN: Final = f"together 从头到尾最多几个字，不写就是 {REACH}"
_WITHOUT: Final = "词类的名字：同一句话里有这一类的词，就不算"

Classes = Mapping[str, WordClass]
_NO_CLASSES: Final[Classes] = {}

_SEVERITY: Final[dict[str, Literal["refuse", "warn"]]] = {"拒绝": "refuse", "提醒": "warn"}


class ClassRow(Row):
    """一个词类：意思差不多的词放在一起，together 和 without 里写它的名字，哪张表都能用"""

    name: Line = Field(alias="class", description="词类的名字")
    words: tuple[Line, ...] = Field(default=(), description="词，全角、繁体、加空格的写法不用另写")
    pattern: Line | None = Field(default=None, description="词写不完的，例如数字：(甲|乙) 任选一个")
    quoted: YesNo = Field(default=False, description="是：写在 without 里时，只放过引号里的话")

    def value(self) -> WordClass:
        return WordClass(name=self.name, words=self.words, pattern=self.pattern, quoted=self.quoted)


class TermRow(Row):
    """一组说法：写 words、pattern 或 together，其余不写就用整个文件的"""

    words: tuple[Line, ...] = Field(default=(), description="词，全角、繁体、加空格的写法不用另写")
    pattern: Line | None = Field(default=None, description="句式：(甲|乙) 任选一个，… 隔几个字，…… 可以隔着逗号")
    together: tuple[Line, ...] = Field(default=(), description=_TOGETHER)
    any_of: tuple[Line, ...] = Field(default=(), description=_ANY_OF)
    within: int = Field(default=REACH, ge=2, le=60, description=_WITHIN)
    article: Line | None = Field(default=None, description="依据：法规或平台规则的名称和条款")
    rewrite: Line | None = Field(default=None, description="建议怎么改")
    without: tuple[Line, ...] = Field(default=(), description=_WITHOUT)
    unless: tuple[Line, ...] = Field(default=(), alias="except", description="这样说不算：~ 代表那个词，例如 ~先")
    severity: Literal["拒绝", "提醒"] | None = Field(default=None, description="拒绝：不能发；提醒：可以发，建议改")
    valid: PeriodField | None = Field(default=None, description="从哪天到哪天有效，平台规则会变")


class ListFile(Row):
    """一张词表：content/lint/*.yaml"""

    family: Line = Field(description="哪一类，例如 绝对化用语")
    article: Line = Field(description="依据：法规或平台规则的名称和条款")
    rewrite: Line = Field(description="建议怎么改")
    severity: Literal["拒绝", "提醒"] = Field(default="拒绝", description="拒绝：不能发；提醒：可以发，建议改")
    unless: tuple[Line, ...] = Field(default=(), alias="except", description="这样说不算，整张表都适用")
    without: tuple[Line, ...] = Field(default=(), description=_WITHOUT)
    classes: tuple[ClassRow, ...] = Field(default=(), description="词类，哪张表都能用")
    experience: Experience | None = Field(default=None, description="只管这样的人设；不写就都管")
    offers_may: YesNo = Field(default=False, description="是：offers.yaml 里可以这样写，例如价格")
    valid: PeriodField = Field(default=ALWAYS, description="从哪天到哪天有效")
    terms: tuple[TermRow, ...] = Field(min_length=1, description="一组说法一项")

    def value(self, classes: Classes, timezone: str = TIMEZONE) -> tuple[Taboo, ...]:
        return tuple(self._taboo(row, classes, timezone) for row in self.terms)

    def _taboo(self, row: TermRow, classes: Classes, timezone: str) -> Taboo:
        return Taboo(
            family=self.family,
            article=row.article or self.article,
            rewrite=row.rewrite or self.rewrite,
            severity=_SEVERITY[row.severity or self.severity],
            words=row.words,
            pattern=row.pattern,
            together=_classes(row.together, classes),
            any_of=_classes(row.any_of, classes),
            reach=row.within,
            without=_classes((*row.without, *self.without), classes),
            contexts=(*row.unless, *self.unless),
            valid=(row.valid or self.valid).period(timezone),
            experience=self.experience,
            offers_may=self.offers_may,
        )


class ClaimRow(Row):
    """一种功效"""

    claim: Line = Field(description="功效的名字，人设的 may_claim 写它")
    words: tuple[Line, ...] = Field(default=(), description="哪些词是在说这种功效；不写就是名字本身")
    pattern: Line | None = Field(default=None, description="句式：(甲|乙) 任选一个，… 隔几个字")
    together: tuple[Line, ...] = Field(default=(), description=_TOGETHER)
    any_of: tuple[Line, ...] = Field(default=(), description=_ANY_OF)
    within: int = Field(default=REACH, ge=2, le=60, description=_WITHIN)
    proof: Line | None = Field(default=None, description="依据：特殊化妆品注册证号，或功效评价报告的备案号；没有就不写")
    valid: PeriodField = Field(default=ALWAYS, description="依据从哪天到哪天有效")
    rewrite: Line | None = Field(default=None, description="没有依据时建议怎么说")
    without: tuple[Line, ...] = Field(default=(), description=_WITHOUT)
    unless: tuple[Line, ...] = Field(default=(), alias="except", description="这样说不算，~ 代表那个词")

    def taboo(self, file: ClaimsFile, classes: Classes) -> Taboo:
        """The claim as what must not be said without proof, unless the file or the row says that it is harmless."""
        return Taboo(
            family=CLAIM_FAMILY,
            article=CLAIM_ARTICLE,
            rewrite=self.rewrite or f"有依据再说“{self.claim}”；没有就说感受，例如 不紧绷",
            words=self.words or (() if self.pattern or self.together else (self.claim,)),
            pattern=self.pattern,
            together=_classes(self.together, classes),
            any_of=_classes(self.any_of, classes),
            reach=self.within,
            without=_classes((*self.without, *file.without), classes),
            contexts=(*self.unless, *file.unless),
            claim=self.claim,
        )


class ClaimsFile(Row):
    """功效和依据：content/lint/claims.yaml"""

    claims: tuple[ClaimRow, ...] = Field(description="一种功效一项")
    unless: tuple[Line, ...] = Field(default=(), alias="except", description="这样说不算，所有功效都适用")
    without: tuple[Line, ...] = Field(default=(), description=_WITHOUT)
    classes: tuple[ClassRow, ...] = Field(default=(), description="词类，哪张表都能用")

    def value(self, timezone: str = TIMEZONE, classes: Classes = _NO_CLASSES) -> dict[str, Claim]:
        """The claims by name. Without `classes` they tell what is proven, but find nothing that is said together."""
        return {
            row.claim: Claim(
                name=row.claim, taboo=row.taboo(self, classes), proof=row.proof, valid=row.valid.period(timezone)
            )
            for row in self.claims
        }


Lists = Sequence[tuple[Document, ListFile]]


def linter(lists: Lists, claims: ClaimsFile | None, timezone: str = TIMEZONE) -> Linter:
    """All lists of an edition. Call only when `problems` found no error."""
    files = (*(file for _, file in lists), *((claims,) if claims else ()))
    classes = {row.name: row.value() for file in files for row in file.classes}
    taboos = (taboo for _, file in lists for taboo in file.value(classes, timezone))
    return Linter(taboos, claims.value(timezone, classes).values() if claims else ())


def _classes(names: Sequence[str], classes: Classes) -> tuple[WordClass, ...]:
    return tuple(classes[name] for name in names if name in classes)


def problems(lists: Lists, claims: tuple[Document, ClaimsFile] | None) -> Iterator[Problem]:
    """What no single value can know: rows that find nothing, patterns that cannot be read, words twice."""
    taken: dict[str, str] = {}
    files: list[tuple[Document, ListFile | ClaimsFile]] = [*lists, *((claims,) if claims else ())]
    classes = {row.name for _, file in files for row in file.classes}
    yield from _class_problems(files)
    for document, file in lists:
        yield from _file_problems(document, file, classes)
        for i, row in enumerate(file.terms):
            here: KeyPath = ("terms", i)
            if not (row.words or row.pattern or row.together):
                yield document.problem(here, "words、pattern、together 至少写一个")
            yield from _row_problems(document, here, row, classes)
            yield from _word_problems(document, here, row, taken)
    if claims:
        yield from _claim_problems(*claims, classes)


def _file_problems(document: Document, file: ListFile | ClaimsFile, classes: Set[str]) -> Iterator[Problem]:
    yield from _pattern_problems(document, ("except",), file.unless)
    yield from _name_problems(document, ("without",), file.without, classes)


def _class_problems(files: Sequence[tuple[Document, ListFile | ClaimsFile]]) -> Iterator[Problem]:
    """What is wrong with the classes themselves; their names hold for all files."""
    taken: dict[str, str] = {}
    for document, file in files:
        for i, row in enumerate(file.classes):
            here: KeyPath = ("classes", i)
            if row.name in taken:
                yield document.problem((*here, "class"), f"词类“{row.name}”在 {taken[row.name]} 已经写了")
            if not (row.words or row.pattern):
                yield document.problem(here, "words 和 pattern 至少写一个")
            if row.pattern:
                yield from _pattern_problems(document, (*here, "pattern"), (row.pattern,))
            yield from _word_problems(document, here, row, {})
            taken.setdefault(row.name, f"{document.name}:{document.line(here)}")


def _name_problems(document: Document, path: KeyPath, names: Sequence[str], classes: Set[str]) -> Iterator[Problem]:
    for name in names:
        if name not in classes:
            yield document.problem(path, f"没有词类“{name}”，请写进 classes")


def _claim_problems(document: Document, file: ClaimsFile, classes: Set[str]) -> Iterator[Problem]:
    names: set[str] = set()
    taken: dict[str, str] = {}
    yield from _file_problems(document, file, classes)
    for i, row in enumerate(file.claims):
        here: KeyPath = ("claims", i)
        if row.claim in names:
            yield document.problem((*here, "claim"), f"“{row.claim}”写了两次")
        names.add(row.claim)
        yield from _row_problems(document, here, row, classes)
        yield from _word_problems(document, here, row, taken)


def _row_problems(document: Document, here: KeyPath, row: TermRow | ClaimRow, classes: Set[str]) -> Iterator[Problem]:
    yield from _pattern_problems(document, (*here, "except"), row.unless)
    yield from _name_problems(document, (*here, "together"), row.together, classes)
    yield from _name_problems(document, (*here, "any_of"), row.any_of, classes)
    yield from _name_problems(document, (*here, "without"), row.without, classes)
    if len(row.together) == 1 and not row.any_of:
        yield document.problem((*here, "together"), "至少写两个词类，或者再写 any_of；只有一类词就写 words")
    if row.any_of and not row.together:
        yield document.problem((*here, "any_of"), "先写 together：哪一类词和它们一起说")
    if row.pattern:
        yield from _pattern_problems(document, (*here, "pattern"), (row.pattern,))


def _pattern_problems(document: Document, path: KeyPath, patterns: Sequence[str]) -> Iterator[Problem]:
    for pattern in patterns:
        try:
            sides = pattern.split("~", 1) if path[-1] == "except" else [pattern]
            empty = [matches_nothing(part) for side in sides for part in branches(side)]
        except re.error:
            yield document.problem(path, f"“{pattern}”读不懂，检查括号是否成对；*、+、? 前面要有字")
            continue
        if _ENDLESS.search(pattern):
            yield document.problem(path, f"“{pattern}”在长文字里会找得很慢，+ 和 * 请写成 {{1,6}}，隔字用 …")
        if len(sides) == 1 and any(empty):
            yield document.problem(path, f"“{pattern}”什么都能对上，请写得具体些")


def _word_problems(
    document: Document, here: KeyPath, row: TermRow | ClaimRow | ClassRow, taken: dict[str, str]
) -> Iterator[Problem]:
    where = f"{document.name}:{document.line(here)}"
    for word in row.words:
        plain = spelled(word)
        if len(plain) < min(2, len(word)):
            yield document.problem((*here, "words"), f"“{word}”里的符号会略过不看，只剩“{plain}”；请换一个写法")
        elif plain in taken:
            yield document.problem((*here, "words"), f"“{word}”在 {taken[plain]} 已经写了", "warning")
        taken.setdefault(plain, where)
