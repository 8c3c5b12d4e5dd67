"""content/personas/*.yaml: who speaks, and what this voice never says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from bot.content.fields import Block, Guides, Id, Line
from bot.content.texts import SIGN_OFF_VARIABLES, faults
from bot.scrm.lint import Claim
from bot.scrm.persona import Example, Experience, Persona
from bot.yamlfile import Document, Problem, Row, did_you_mean


def _voice(value: object) -> object:
    if not str(value or "").strip():
        raise ValueError("不能为空，写两三句说话习惯")
    return value


class ExampleRow(Row):
    """一问一答"""

    ask: Line = Field(description="客户怎么问")
    answer: Line = Field(description="这个人设怎么答")


class PersonaFile(Row):
    """人设：content/personas/*.yaml，一个文件一个人设"""

    id: Id = Field(description="编号，用后不改")
    name: Line = Field(description="人设的名字")
    role: Line = Field(description="身份，例如 私人护肤顾问")
    voice: Annotated[Block, BeforeValidator(_voice)] = Field(description="说话习惯，写两三句")
    extends: Id | None = Field(default=None, description="没写的从哪个人设取；列表会加在一起")
    guides: Guides | None = Field(default=None, description="用这个人设说话的成员 userid")
    calls_customer: Line | None = Field(default=None, description="怎么称呼客户，默认 你")
    emoji: int | None = Field(default=None, ge=0, le=9, description="一条消息最多几个表情，默认 2")
    never_say: tuple[Line, ...] = Field(default=(), description="这个人设从不说的话")
    may_claim: tuple[Line, ...] = Field(default=(), description="可以说的功效，每种都要在 lint/claims.yaml 里有依据")
    experience: Experience | None = Field(
        default=None, description="默认 不自称使用者：不能说“我自己用了三个月”；真人写 仅本人真实体验"
    )
    sign_off: Line | None = Field(default=None, description="落款，只跟在私聊和手发后面，例如 ——屿禾 {{ guide.name }}")
    examples: tuple[ExampleRow, ...] = Field(default=(), description="示范对话，给审核的人看")

    not_yet: ClassVar[Mapping[str, str]] = {"stores": "按门店分人设要先同步通讯录部门，请先写 guides"}


Files = Sequence[tuple[Document, PersonaFile]]


def personas(files: Files) -> dict[str, Persona]:
    """Every persona with what it takes over from the one it extends. Call only when `problems` found none."""
    rows = {file.id: file for _, file in files}
    return {file.id: _persona(_ancestry(file, rows)) for file in rows.values()}


def problems(
    files: Files, claims: Mapping[str, Claim] | None = None, at: int | None = None, *, whole: bool = True
) -> Iterator[Problem]:
    """What no single file can know: ids twice, unknown or circular `extends`, a guide with two personas, no proof.

    `claims`: the effects of lint/claims.yaml; None where that could not be read. `at`: when proofs have to hold.
    Unless these are the `whole` of them, one that is not there may be among those that could not be read.
    """
    rows: dict[str, PersonaFile] = {}
    owner: dict[str, str] = {}
    for document, file in files:
        if file.id in rows:
            yield document.problem(("id",), f"“{file.id}”已经被另一个人设用了")
        rows.setdefault(file.id, file)
        for i, userid in enumerate(file.guides or ()):
            if userid in owner:
                message = f"{userid} 已属于人设“{owner[userid]}”，一位导购只能有一个人设"
                yield document.problem(("guides", i), message)
            owner.setdefault(userid, file.name)
        yield from _claim_problems(document, file, claims, at)
        yield from _sign_off_problems(document, file)
    for document, file in files:
        if file.extends and file.extends not in rows and whole:
            hint = did_you_mean(file.extends, rows)
            yield document.problem(("extends",), f"没有人设“{file.extends}”{hint}")
        elif file.extends and len(_ancestry(file, rows)) > len({f.id for f in _ancestry(file, rows)}):
            yield document.problem(("extends",), "绕回了自己")
        else:
            yield from _taboo_problems(document, file, rows)


def _claim_problems(
    document: Document, file: PersonaFile, claims: Mapping[str, Claim] | None, at: int | None
) -> Iterator[Problem]:
    for i, name in enumerate(file.may_claim if claims is not None else ()):
        claim = (claims or {}).get(name)
        where = ("may_claim", i)
        if claim is None:
            hint = did_you_mean(name, claims or ())
            yield document.problem(where, f"“{name}”不在 lint/claims.yaml 里{hint or '，请先写上依据，或删掉'}")
        elif claim.proof is None:
            yield document.problem(where, f"“{name}”没有依据，请在 lint/claims.yaml 写注册证号，或删掉")
        elif not claim.proven(at):
            message = f"“{name}”的依据不在有效期内，说到它的内容不会发出；请在 lint/claims.yaml 更新，或删掉"
            yield document.problem(where, message, "warning")


def _sign_off_problems(document: Document, file: PersonaFile) -> Iterator[Problem]:
    for message, _ in faults(file.sign_off or "", SIGN_OFF_VARIABLES):
        yield document.problem(("sign_off",), message)


def _taboo_problems(document: Document, file: PersonaFile, rows: Mapping[str, PersonaFile]) -> Iterator[Problem]:
    taboos = [word for ancestor in _ancestry(file, rows) for word in ancestor.never_say]
    spoken = [(("examples", i), example.answer) for i, example in enumerate(file.examples)]
    for where, text in [*spoken, (("sign_off",), file.sign_off or "")]:
        for word in taboos:
            if word in text:
                yield document.problem(where, f"用了自己禁用的词“{word}”")


def _ancestry(file: PersonaFile, rows: Mapping[str, PersonaFile]) -> list[PersonaFile]:
    """The file and what it extends, nearest first; stops at the first that comes round again."""
    found = [file]
    while (parent := rows.get(found[-1].extends or "")) is not None:
        found.append(parent)
        if parent in found[:-1]:
            break
    return found


def texts(known: Mapping[str, Persona]) -> dict[str, str]:
    """The templates that Words can name: sign_off/<persona>, and how it stands below what is said."""
    signs = {f"sign_off/{persona.id}": persona.sign_off for persona in known.values() if persona.sign_off}
    return {"signed": "{{ text }}\n{{ sign_off }}", **signs}


def _persona(ancestry: Sequence[PersonaFile]) -> Persona:
    own = ancestry[0]
    emoji = next((f.emoji for f in ancestry if f.emoji is not None), 2)
    return Persona(
        id=own.id,
        name=own.name,
        role=own.role,
        voice=own.voice,
        extends=own.extends,
        guides=own.guides or (),
        calls_customer=next((f.calls_customer for f in ancestry if f.calls_customer), "你"),
        emoji=emoji,
        never_say=tuple(dict.fromkeys(word for f in ancestry for word in f.never_say)),
        may_claim=tuple(dict.fromkeys(name for f in ancestry for name in f.may_claim)),
        experience=next((f.experience for f in ancestry if f.experience), "不自称使用者"),
        sign_off=next((f.sign_off for f in ancestry if f.sign_off), None),
        examples=tuple(Example(e.ask, e.answer) for f in ancestry for e in f.examples),
    )
