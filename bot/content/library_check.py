"""What is wrong with items that no single value can know: names, words by outlet, prices, attachments, voices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.content.library import MAX_TITLE, Files, ItemRow, LibraryFile, VariantRow
from bot.content.media import MediaShelf
from bot.content.period import TIMEZONE
from bot.content.texts import (
    BROADCAST_VARIABLES,
    HAND_VARIABLES,
    NOT_IN_BROADCAST,
    count_emoji,
    faults,
    longest_said,
    usual_text,
)
from bot.scrm.kind import Outlet
from bot.scrm.lint.limits import MOMENT_LINK_TITLE_BYTES, attachment_faults, text_fault
from bot.scrm.offer import Offer
from bot.scrm.persona import Persona
from bot.scrm.taxonomy import Taxonomy
from bot.templates import variables
from bot.wecom.messages import attachment, welcome_problems
from bot.yamlfile import Document, Problem, did_you_mean
from bot.yamlfile.document import KeyPath

BY_HAND: Outlet = "手发"
OFFER = "offer."
_PERSONAL = ("请删掉 customer.name", "不能用 customer.name；要称呼客户请写 for: 手发")


@dataclass(frozen=True, slots=True)
class Around:
    """What items refer to; None where that could not be read, so nothing is said about it. `at`: now, epoch seconds."""

    shelf: MediaShelf
    topics: Collection[str] | None = None
    offers: Mapping[str, Offer] | None = None
    personas: Mapping[str, Persona] | None = None
    channels: Collection[str] | None = None
    guides: Collection[str] | None = None
    taxonomy: Taxonomy | None = None
    knowledge: Collection[str] | None = None
    at: int | None = None
    timezone: str = TIMEZONE

    def speakers(self, item: ItemRow, variant: VariantRow) -> list[Persona]:
        """The personas that may say a variant."""
        named = (variant.persona,) if variant.persona else item.personas
        known = self.personas or {}
        return [known[name] for name in named if name in known] if named else list(known.values())


def problems(files: Files, around: Around) -> Iterator[Problem]:
    """Everything wrong with the library, file by file."""
    ids = Counter(row.id for _, file in files for row in file.items)
    for document, file in files:
        for i, row in enumerate(file.items):
            if ids[row.id] > 1:
                yield document.problem(("items", i, "id"), f"“{row.id}”写了两次，每条内容的编号只用一次")
            yield from _item_problems(document, file, i, around)


def _item_problems(document: Document, file: LibraryFile, i: int, around: Around) -> Iterator[Problem]:
    row, here = file.items[i], ("items", i)
    if len(row.title) > MAX_TITLE:
        yield document.problem((*here, "title"), f"有 {len(row.title)} 个字，不超过 {MAX_TITLE} 字")
    yield from _kind_problems(document, here, row, around)
    yield from _name_problems(document, here, row, around)
    yield from _who_problems(document, here, row, around)
    for j, variant in enumerate(row.variants):
        at: KeyPath = (*here, "variants", j)
        yield from _word_problems(document, at, row, variant, around)
        yield from _attachment_problems(document, at, variant, around.shelf)


def _kind_problems(document: Document, here: KeyPath, row: ItemRow, around: Around) -> Iterator[Problem]:
    if row.kind == "导购" and not row.offer:
        yield document.problem((*here, "kind"), "导购必须写 offer")
    if row.kind == "科普" and not row.source:
        yield document.problem((*here, "kind"), "科普必须写 source：这话从哪条知识来")
    if row.kind == "互动" and not row.follow_up:
        message = "没写 follow_up，互动没有人接就白发了"
        yield document.problem((*here, "kind"), message, "warning")
    offer = (around.offers or {}).get(row.offer or "")
    end = offer.valid.end_at if offer else None
    if offer and end is not None and around.at is not None and end <= around.at and not row.draft:
        message = f"“{offer.id}”已过期，这一条不再发出；请换一份权益，或写 draft: 是"
        yield document.problem((*here, "offer"), message, "warning")


def _name_problems(document: Document, here: KeyPath, row: ItemRow, around: Around) -> Iterator[Problem]:
    def unknown(path: KeyPath, name: str | None, known: Collection[str] | None, where: str) -> Iterator[Problem]:
        if name is not None and known is not None and name not in known:
            yield document.problem((*here, *path), f"{where}“{name}”{did_you_mean(name, known)}")

    yield from unknown(("topic",), row.topic, around.topics, "没有话题")
    yield from unknown(("offer",), row.offer, around.offers, "offers.yaml 里没有权益")
    yield from unknown(("source",), row.source, around.knowledge, "knowledge/ 里没有知识")
    for i, name in enumerate(row.personas):
        yield from unknown(("personas", i), name, around.personas, "没有人设")
    for i, variant in enumerate(row.variants):
        yield from unknown(("variants", i, "persona"), variant.persona, around.personas, "没有人设")
        if variant.persona and row.personas and variant.persona not in row.personas:
            message = f"“{variant.persona}”不在这条内容的 personas 里"
            yield document.problem((*here, "variants", i, "persona"), message)
    if row.who:
        for i, name in enumerate(row.who.channels):
            yield from unknown(("who", "channels", i), name, around.channels, "没有渠道")
        for i, name in enumerate(row.who.guides or ()):
            yield from unknown(("who", "guides", i), name, around.guides, "渠道和人设里都没有导购")


def _who_problems(document: Document, here: KeyPath, row: ItemRow, around: Around) -> Iterator[Problem]:
    """Tags nobody has, and what cannot be told apart where everybody sees the same."""
    if row.who is None:
        return
    known = [tag.path for tag in around.taxonomy.tags] if around.taxonomy else None
    lists = {"tags_any": row.who.tags_any, "tags_all": row.who.tags_all, "tags_none": row.who.tags_none}
    for key, tags in lists.items():
        for i, tag in enumerate(tags):
            if known is not None and tag not in known:
                yield document.problem((*here, "who", key, i), f"没有标签“{tag}”{did_you_mean(tag, known)}")
    outlets = {outlet for variant in row.variants for outlet in variant.outlets}
    narrow = next((key for key in ("tags_all", "tags_none", "channels", "groups") if getattr(row.who, key)), None)
    if "朋友圈" in outlets and narrow:
        message = "朋友圈只能按标签（tags_any）和导购圈人（企业微信限制）；请把朋友圈另写一条"
        yield document.problem((*here, "who", narrow), message)


def _word_problems(
    document: Document, at: KeyPath, row: ItemRow, variant: VariantRow, around: Around
) -> Iterator[Problem]:
    path: KeyPath = (*at, "text")
    by_hand = variant.outlets == (BY_HAND,)
    allowed = HAND_VARIABLES if by_hand else BROADCAST_VARIABLES
    found = [message for message, _ in faults(variant.text, allowed, {} if by_hand else NOT_IN_BROADCAST)]
    yield from (document.problem(path, message.replace(*_PERSONAL)) for message in found)
    if found:
        return
    yield from _offer_problems(document, path, row, variant, around)
    speakers = around.speakers(row, variant)
    if fault := next(_length_faults(row, variant, allowed, speakers), None):
        yield document.problem(path, fault)
    emoji, most = count_emoji(usual_text(variant.text, allowed)), min((p.emoji for p in speakers), default=9)
    if emoji > most:
        yield document.problem(path, f"表情有 {emoji} 个，人设最多 {most} 个", "warning")


def _length_faults(
    row: ItemRow, variant: VariantRow, allowed: Collection[str], speakers: Sequence[Persona]
) -> Iterator[str]:
    """Wherever it is said, by whoever says it, signed as it is there; 手发 borrows it where it has no words itself."""
    borrowed = next((o for o in (BY_HAND, "私聊", "群") if any(o in each.outlets for each in row.variants)), "")
    outlets: list[Outlet] = [*variant.outlets, *([BY_HAND] if borrowed in variant.outlets else [])]
    for outlet in outlets:
        said = [longest_said(variant.text, allowed, speaker, outlet) for speaker in speakers or (None,)]
        if fault := text_fault(outlet, max(said, key=len)):
            yield fault


def _offer_problems(
    document: Document, path: KeyPath, row: ItemRow, variant: VariantRow, around: Around
) -> Iterator[Problem]:
    used = sorted(name for name in variables(variant.text) if name.startswith(OFFER))
    if used and not row.offer:
        yield document.problem(path, f"用了 {used[0]} 但没写 offer")
        return
    offer = (around.offers or {}).get(row.offer or "")
    for name in used if offer else ():
        if offer and name.removeprefix(OFFER) not in offer.values:
            yield document.problem(path, f"权益“{offer.id}”没有写 {name.removeprefix(OFFER)}，不能用 {name}")


def _attachment_problems(document: Document, at: KeyPath, variant: VariantRow, shelf: MediaShelf) -> Iterator[Problem]:
    attached = variant.value().attachments
    for message in dict.fromkeys(m for outlet in variant.outlets for m in attachment_faults(outlet, attached)):
        yield document.problem(at, message)
    for path, kind, where in variant.media():
        if fault := shelf.fault(path, kind):
            yield document.problem((*at, *where), fault)
    for one in attached:
        for fault in welcome_problems("文字", [attachment(one, "media_id")]):
            yield document.problem((*at, one.kind), fault)
    if "朋友圈" in variant.outlets and variant.link:
        yield from _moment_link_problems(document, at, variant)


def _moment_link_problems(document: Document, at: KeyPath, variant: VariantRow) -> Iterator[Problem]:
    assert variant.link
    size = len(variant.link.title.encode())
    if size > MOMENT_LINK_TITLE_BYTES:
        message = f"{size} 字节，朋友圈的链接标题上限 {MOMENT_LINK_TITLE_BYTES}（一个汉字 3 字节）"
        yield document.problem((*at, "link", "title"), message)
    if not variant.link.cover:
        yield document.problem((*at, "link"), "朋友圈的链接要有封面图，请写 cover")
