"""Finds what a text must not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bot.scrm.lint.normal import Normal, Span, normal, quotations
from bot.scrm.lint.readings import readings
from bot.scrm.lint.search import Found, Search
from bot.scrm.lint.taboo import Claim, Hit, Taboo
from bot.scrm.persona import Persona

NEVER_SAID = "人设禁用词"


class Linter:
    """The lists of one edition, ready to search. `claims` are the effects that need proof."""

    def __init__(self, taboos: Iterable[Taboo] = (), claims: Iterable[Claim] = ()) -> None:
        self.claims = {claim.name: claim for claim in claims}
        self._search = search_for((*taboos, *(claim.taboo for claim in self.claims.values())))

    def hits(
        self, text: str, voice: Persona | None = None, *, at: int | None = None, in_offer: bool = False
    ) -> tuple[Hit, ...]:
        """Everything in a text that this voice must not say at this time, in the order of the text.

        `voice` None: whoever says it. `at`: epoch seconds; None: as if every list and every proof held.
        `in_offer`: the text is a value of an offer, where prices belong.
        What fills in a template is not looked at: lint the template, with its tags made blank by `blanked`.
        """
        return self.hits_of_each(text, (voice,), at=at, in_offer=in_offer)[0]

    def hits_of_each(
        self, text: str, voices: Iterable[Persona | None], *, at: int | None = None, in_offer: bool = False
    ) -> tuple[tuple[Hit, ...], ...]:
        """The same for several voices; the text is searched once."""
        read = tuple(readings(normal(text)))
        quoted = quotations(text)
        known = [hit for hit in _found(self._search, read, quoted) if not (in_offer and hit[2].offers_may)]
        said = ([*self._held(known, voice, at), *_own(voice, read)] for voice in voices)
        return tuple(tuple(_hit(text, *hit) for hit in _longest(found)) for found in said)

    def _held(self, known: Iterable[Found], voice: Persona | None, at: int | None) -> Iterator[Found]:
        return (hit for hit in known if self._holds(hit[2], voice, at))

    def _holds(self, taboo: Taboo, voice: Persona | None, at: int | None) -> bool:
        """Whether a taboo counts for this voice, at this time."""
        if at is not None and not taboo.valid.holds(at):
            return False
        if taboo.experience and voice and voice.experience != taboo.experience:
            return False
        if taboo.claim is None:
            return True
        allowed = voice is None or taboo.claim in voice.may_claim
        return not (allowed and self.claims[taboo.claim].proven(at))


@lru_cache(maxsize=1)
def search_for(taboos: tuple[Taboo, ...]) -> Search:
    """The search for all of these. The last one is kept: most editions change no list, and to build it takes as long
    as all else of reading one."""
    return Search(taboos)


def _found(search: Search, read: Iterable[Normal], quoted: Sequence[Span] = ()) -> list[Found]:
    """What is found in any reading, where it stands in the text. `quoted`: where that stands in quotation marks."""
    return [
        (*one.span(start, end), taboo)
        for one in read
        for start, end, taboo in search.found(one.text, [one.place(*span) for span in quoted])
    ]


def _own(voice: Persona | None, read: Iterable[Normal]) -> list[Found]:
    """What a voice has forbidden itself."""
    return _found(_never_said(voice.name, voice.never_say), read) if voice else []


@lru_cache(maxsize=256)
def _never_said(name: str, words: tuple[str, ...]) -> Search:
    """The words that a voice has forbidden itself."""
    article = f"人设“{name}”的 never_say"
    return Search([Taboo(family=NEVER_SAID, article=article, rewrite="换一种说法", words=words)])


def _longest(found: Iterable[Found]) -> Iterator[Found]:
    """Of what overlaps, the refusal, then the leftmost, then the longest."""
    taken: list[Found] = []
    for hit in sorted(found, key=lambda f: (f[2].severity != "refuse", f[0], -f[1])):
        if all(hit[1] <= start or end <= hit[0] for start, end, _ in taken):
            taken.append(hit)
    return iter(sorted(taken, key=lambda f: f[:2]))


def _hit(text: str, start: int, end: int, taboo: Taboo) -> Hit:
    return Hit(
        start=start,
        end=end,
        found=text[start:end],
        family=taboo.family,
        severity=taboo.severity,
        article=taboo.article,
        rewrite=taboo.rewrite,
    )
