"""Links of items that go by us, so that we can count how often they were opened: of an item, never of a person.

All who get a post get the same words, so nobody's name could stand in the address; and none does. Off until staff say
so (`count_clicks` in content/care.yaml).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from bot.scrm.actions import Attached
from bot.scrm.facts import Facts
from bot.scrm.item import Item
from bot.scrm.records.library import KeepLinks, KeptLink


def counted(url: str, item: str, facts: Facts) -> str:
    """The address that leads to `url` by us, where clicks are counted; else itself."""
    return facts.links.click(item, url) if facts.content.care.count_clicks else url


def attached(attachments: tuple[Attached, ...], item: str, facts: Facts) -> tuple[Attached, ...]:
    """What goes beside words, its link cards by us."""
    return tuple(replace(each, url=counted(each.url, item, facts)) if each.url else each for each in attachments)


def kept(item: Item, facts: Facts) -> tuple[KeepLinks, ...]:
    """Where the links of an item lead, to be remembered before they are out."""
    if not facts.content.care.count_clicks:
        return ()
    links = {facts.links.click_code(item.id, url): url for url in _urls(item, facts)}
    return (KeepLinks(links=tuple(KeptLink(code, item.id, url) for code, url in links.items()), at=facts.now),)


def _urls(item: Item, facts: Facts) -> Iterator[str]:
    if offer := facts.content.offers.get(item.offer or ""):
        yield offer.link
    yield from (each.url for variant in item.variants for each in variant.attachments if each.url)
