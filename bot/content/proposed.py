"""Proposed wordings of an item: what is against one, and how one comes into its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category

from bot.content.linted import hits, said
from bot.content.texts import BROADCAST_VARIABLES, NOT_IN_BROADCAST, count_emoji, faults, longest_said, usual_text
from bot.scrm.item import Item, Variant
from bot.scrm.kind import Outlet
from bot.scrm.lint import Linter
from bot.scrm.lint.limits import text_fault
from bot.scrm.naming import JOINER
from bot.scrm.offer import Offer
from bot.scrm.persona import Persona
from bot.templates import variables
from bot.yamlfile import Document

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Around:
    """What a wording is held against. `known`: texts whose numbers it may use."""

    linter: Linter | None
    offer: Offer | None
    known: tuple[str, ...]
    at: int | None = None


def objections(text: str, item: Item, outlet: Outlet, persona: Persona, around: Around) -> Iterator[str]:
    """Why a wording cannot be kept; nothing: it may be shown to a person."""
    found = [message for message, _ in faults(text, BROADCAST_VARIABLES, NOT_IN_BROADCAST)]
    found += [f"有看不见的字符 U+{ord(sign):04X}" for sign in dict.fromkeys(text) if _is_hidden(sign)]
    if found:
        yield from found
        return
    has = {f"offer.{name}" for name in around.offer.values} if around.offer else set()
    yield from (f"不能用 {name}" for name in sorted(variables(text)) if name.startswith("offer.") and name not in has)
    if any(text == variant.text.strip() for variant in item.worded_for(outlet)):
        yield "和已有的一版一样"
    told = {number for known in around.known for number in _NUMBER.findall(known)}
    yield from (f"原文里没有“{number}”" for number in _NUMBER.findall(text) if number not in told)
    if fault := text_fault(outlet, longest_said(text, BROADCAST_VARIABLES, persona, outlet)):
        yield fault
    if (emoji := count_emoji(usual_text(text, BROADCAST_VARIABLES))) > persona.emoji:
        yield f"表情有 {emoji} 个，人设最多 {persona.emoji} 个"
    if around.linter:
        yield from (said(hit) for hit in hits(text, around.linter, [persona], around.at) if hit.severity == "refuse")


def _is_hidden(sign: str) -> bool:
    """Whether nobody who takes it over would see it; some of these end a line where YAML reads it."""
    return sign not in ("\n", JOINER) and category(sign) in ("Cc", "Cf", "Zl", "Zp")


def block(outlet: Outlet, persona: str, text: str, like: Variant | None, pad: str) -> list[str]:
    """The lines of a variant; the pictures are those of the wording that it is like."""
    images = [attached.media for attached in (like.attachments if like else ()) if attached.media]
    lines = [f"- for: {outlet}", f"  persona: {persona}", "  text: |", *(f"    {line}" for line in text.split("\n"))]
    lines += [f"  images: [{', '.join(images)}]"] if images else []
    return [f"{pad}{line}".rstrip() for line in lines]


def has_card(variant: Variant) -> bool:
    """Whether it carries more than pictures: that is copied by hand."""
    return any(attached.kind != "image" for attached in variant.attachments)


def inserted(document: Document, text: str, i: int, outlet: Outlet, persona: str, words: str, like: Variant) -> str:
    """A library file with one more wording of its item number `i`, at the end of those that are there; all else is as
    it was typed."""
    lines = text.split("\n")
    key = document.line(("items", i, "variants"))
    margin = _indent(lines[key - 1].replace("- ", "  ", 1))
    first = next(n for n in range(key, len(lines)) if lines[n].strip().startswith("- "))
    end = next((n for n in range(first, len(lines)) if _ends(lines[n], margin)), len(lines))
    while end > first and (not lines[end - 1].strip() or lines[end - 1].strip().startswith("#")):
        end -= 1
    more = block(outlet, persona, words, like, " " * _indent(lines[first]))
    return "\n".join([*lines[:end], *more, *lines[end:]])


def _ends(line: str, margin: int) -> bool:
    """Whether a line stands outside of a list whose key has this margin."""
    plain = line.strip()
    if not plain or plain.startswith("#"):
        return False
    return _indent(line) < margin or (_indent(line) == margin and not plain.startswith("- "))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
