"""Which words of a content file customers read, and what the linter says of them.

It walks over what was read, valid or not, so that words can be looked at before a file is finished.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from bot.scrm.lint import Hit, Linter
from bot.scrm.lint.normal import blanked
from bot.scrm.persona import BRAND, Persona
from bot.yamlfile import Document, Problem
from bot.yamlfile.document import KeyPath

_CARDS: Final = ("link.title", "link.desc", "miniprogram.title")
OFFERS: Final = "offers"
SPOKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "library": ("text", *_CARDS),
    "welcome": ("text", "if_missed", *_CARDS),
    "groups": ("text", *_CARDS),
    "surveys": ("title", "intro", "consent", "ask", "say", "why", "thanks"),
    "kf": ("greeting", "cannot_answer"),
    "personas": ("answer", "sign_off"),
    OFFERS: ("title", "gift", "limit"),
}
"""Kind of file (its folder, else its name) → the keys whose words reach customers."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words of a file, where they stand, and who may say them (None: everybody)."""

    path: KeyPath
    text: str
    personas: tuple[str, ...] | None = None
    guides: tuple[str, ...] = ()


def kind_of(name: str) -> str | None:
    """What sort of content file a path names; None when no words of it reach customers."""
    path = PurePath(name)
    return next((kind for kind in (path.parent.name, path.stem) if kind in SPOKEN), None)


def spoken(document: Document, kind: str) -> Iterator[Spoken]:
    """Every text of a document that customers read, in the order of the file."""
    own = document.data if isinstance(document.data, dict) and kind == "personas" else {}
    voice = (str(own["id"]),) if "id" in own else None
    yield from _walk(document.data, (), SPOKEN[kind], Spoken((), "", voice))


def heard(
    document: Document, kind: str, linter: Linter, personas: Mapping[str, Persona], at: int | None = None
) -> Iterator[tuple[KeyPath, Hit]]:
    """Everything that the linter finds in a document, and where."""
    for one in spoken(document, kind):
        for hit in hits(one.text, linter, voices(one, personas), at, in_offer=kind == OFFERS):
            yield one.path, hit


def hits(
    text: str, linter: Linter, speakers: Sequence[Persona], at: int | None = None, *, in_offer: bool = False
) -> list[Hit]:
    """Every hit of a template, once, whoever of these says it."""
    plain = blanked(text)
    found = linter.hits_of_each(plain, speakers or (None,), at=at, in_offer=in_offer)
    return sorted({hit for of_one in found for hit in of_one})


def problem(document: Document, path: KeyPath, hit: Hit) -> Problem:
    """A hit where it stands: a refusal is an error, the rest is advice."""
    found = document.problem(path, said(hit), "error" if hit.severity == "refuse" else "warning")
    return replace(found, line=document.line_of(path, hit.found))


def said(hit: Hit) -> str:
    """A hit as staff read it."""
    return f"“{hit.found}”是{hit.family}（{hit.article}）；{hit.rewrite}"


def voices(one: Spoken, personas: Mapping[str, Persona]) -> list[Persona]:
    """The personas that may say it; all of them when nobody is named."""
    if one.personas is not None:
        return [personas[name] for name in one.personas if name in personas]
    if not one.guides or BRAND not in personas:
        return list(personas.values())
    own = {userid: persona for persona in personas.values() for userid in persona.guides}
    return list({p.id: p for p in (own.get(userid, personas[BRAND]) for userid in one.guides)}.values())


def _walk(node: object, path: KeyPath, keys: Sequence[str], around: Spoken) -> Iterator[Spoken]:
    if isinstance(node, dict):
        around = _narrowed(node, around)
        for key, value in node.items():
            yield from _walk(value, (*path, key), keys, around)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from _walk(value, (*path, i), keys, around)
    elif isinstance(node, str) and _is_spoken(path, keys):
        yield Spoken(path, node, around.personas, around.guides)


def _narrowed(node: Mapping[str, object], around: Spoken) -> Spoken:
    """Who may say what stands in here."""
    named = [node["persona"]] if node.get("persona") else node.get("personas")
    guides = node.get("guides")
    return Spoken(
        (),
        "",
        tuple(map(str, named)) if isinstance(named, list) else around.personas,
        tuple(map(str, guides)) if isinstance(guides, list) else around.guides,
    )


def _is_spoken(path: KeyPath, keys: Sequence[str]) -> bool:
    names = [part for part in path if isinstance(part, str)]
    if "follow_up" in names:
        return False
    card = ".".join(names[-2:])
    return card in keys or (names[-1:] != [] and names[-1] in keys and not card.startswith(("link.", "miniprogram.")))
