"""An item on one's own phone: exactly what others will see, and nothing of it with customers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.wecom.messages import APP_TEXT_BYTES, app_texts
from handlers.trial import worded
from tests.cli.typed import command
from tests.handlers.test_calendar import at
from tests.handlers.test_calendar import home as home
from tests.house import GUIDE, House


async def seen(home: House, guide: str = GUIDE) -> list[Any]:
    """What stands behind the line that announces it."""
    said = await home.sandbox.member_reads(guide)
    heads = [n for n, m in enumerate(said) if "试发“" in str(m["content"])]
    return [said[n + 1] for n in heads]


async def test_what_is_tried_is_what_groups_see_to_the_letter(home: House) -> None:
    """The words with this guide's name and the offer's price; approved or not."""
    code, said, _ = await command(home, "trial", "dg-cream-set", GUIDE)
    assert code == 0 and GUIDE in said
    await home.look_at(at(10, 12, 6))
    await home.clock.advance(10)
    [task] = await home.sandbox.mass.tasks(GUIDE)
    texts = [str(m["content"]["content"]) for m in await seen(home) if m["msgtype"] == "text"]
    assert task["text"] in texts and len(set(texts)) == len(texts) > 1
    assert len(await home.sandbox.groups.reads(task["recipients"][0])) == 0


async def test_it_is_signed_where_it_will_be(home: House) -> None:
    """Words for a group and for one customer are two things to see, where the persona signs."""
    library = home.app.content.current.library.values()
    item = next(i for i in library if any({"群", "私聊"} <= set(v.outlets) for v in i.variants))
    await command(home, "trial", item.id, GUIDE)
    await home.look_at(at(10, 9, 5))
    texts = [str(m["content"]["content"]) for m in await seen(home) if m["msgtype"] == "text"]
    signed = [words for words in texts if words.endswith("\n——屿禾 林夕")]
    assert signed and {words.removesuffix("\n——屿禾 林夕") for words in signed} <= set(texts)


async def test_pictures_come_along(home: House) -> None:
    """As pictures, after the words that they stand beside."""
    library = home.app.content.current.library.values()
    item = next(i for i in library if any(a.kind == "image" for v in i.variants for a in v.attachments))
    await command(home, "trial", item.id, GUIDE)
    await home.look_at(at(10, 9, 5))
    kinds = [m["msgtype"] for m in await home.sandbox.member_reads(GUIDE)]
    assert "image" in kinds and await home.rows("SELECT 1 FROM outbox WHERE state = 'failed'") == []


async def test_who_has_no_persona_sees_every_wording(home: House) -> None:
    """A planner is no guide: nothing of what they are to approve is kept from them."""
    content = home.app.content.current
    voices = list(content.personas.values())
    named = next(each for each in voices if GUIDE in each.guides)
    first = content.library["dg-cream-set"].variants[0]
    item = replace(content.library["dg-cream-set"], variants=tuple(replace(first, persona=v.id) for v in voices))
    assert [voice for _, _, voice in worded(item, GUIDE, content)] == [named]
    assert [voice for _, _, voice in worded(item, "zhou-lan", content)] == voices


async def test_what_does_not_exist_is_said_with_the_nearest_name(home: House) -> None:
    code, _, wrong = await command(home, "trial", "dg-cream-sett", GUIDE)
    assert code == 2 and "dg-cream-set" in wrong
    code, _, doubt = await command(home, "trial", "dg-cream-set", "guide-li")
    assert code == 0 and "是不是 guide-lin？" in doubt
    assert (await command(home, "trial", "dg-cream-set", GUIDE))[2] == ""


def test_what_is_too_long_for_one_message_comes_in_several() -> None:
    """Parted between lines, and nothing of it lost."""
    words = "\n".join("字" * 100 for _ in range(20))
    parts = [body["text"]["content"] for body in app_texts("a", 1, words)]
    assert len(parts) == 4 and "\n".join(parts) == words
    assert all(len(part.encode()) <= APP_TEXT_BYTES for part in parts)
    assert "".join(body["text"]["content"] for body in app_texts("a", 1, "字" * 2000)) == "字" * 2000
