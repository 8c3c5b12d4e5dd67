"""An item as people will see it: each wording, in each voice that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from bot.content.snapshot import Content
from bot.scrm.actions import Attached
from bot.scrm.item import Item, Variant
from bot.scrm.persona import Persona
from bot.scrm.words import Words
from bot.web.console.sheet import Bubble

SOMEBODY = "（客户的名字）"
PICTURES = (".jpg", ".jpeg", ".png")
CALLED = {"image": "图片", "video": "视频", "link": "链接卡片", "miniprogram": "小程序卡片", "file": "文件"}


def bubbles(content: Content, item: Item, guides: Mapping[str, str]) -> Iterator[Bubble]:
    """Every wording, as it is rendered when it goes out. `guides`: userid → name."""
    for number, variant in enumerate(item.variants):
        for persona in _voices(content, item, variant):
            values = _values(content, item, persona, guides)
            used = {root: value for root, value in values.items() if root in variant.text}
            words = Words(f"item/{item.id}/{number}", used)
            for outlets in persona.apart(variant.outlets):
                yield Bubble(
                    whose=f"{'、'.join(outlets)}，{persona.name}的口吻",
                    text=content.render(persona.signed(words, outlets[0], values)),
                    with_it=tuple(_shown(one) for one in variant.attachments),
                )


def _voices(content: Content, item: Item, variant: Variant) -> list[Persona]:
    """The personas that may say it, those who say the same once."""
    names = [variant.persona] if variant.persona else list(item.personas or content.personas)
    voices = [content.personas[name] for name in names if name in content.personas]
    return voices if "persona" in variant.text or "guide" in variant.text else voices[:1]


def _values(content: Content, item: Item, persona: Persona, guides: Mapping[str, str]) -> dict[str, object]:
    """What its words may use, as when it is sent; of a guide's name, one who speaks so."""
    userid = next(iter(persona.guides), "")
    offer = content.offers.get(item.offer or "")
    return {
        "guide": {"name": guides.get(userid) or userid or "导购"},
        "persona": persona.values,
        "offer": offer.values if offer else {},
        "customer": {"name": SOMEBODY},
    }


def _shown(one: Attached) -> tuple[str, str]:
    media = one.media or ""
    picture = media if media.lower().endswith(PICTURES) else ""
    words = f"{CALLED.get(one.kind, one.kind)} {one.title or media}".strip()
    return words, f"/console/media/{quote(picture)}" if picture else ""
