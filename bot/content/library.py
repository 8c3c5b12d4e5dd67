"""content/library/*.yaml: what may be sent. An item is one idea of one kind, worded for each place it can go."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field, PlainValidator, WithJsonSchema

from bot.content.fields import Block, Id, Line, MediaPath, Span, WebAddress, YesNo
from bot.content.period import ALWAYS, TIMEZONE, PeriodField
from bot.content.welcome import MiniprogramRow
from bot.content.who import NO_STORES, WhoRow
from bot.scrm.actions import Attached
from bot.scrm.item import REPEAT_AFTER_SECONDS, FollowUp, Item, Variant
from bot.scrm.kind import OUTLETS, Kind, Outlet
from bot.scrm.offer import Offer
from bot.scrm.who import EVERYONE
from bot.yamlfile import Document, Row, did_you_mean

MAX_TITLE = 20


def _outlets(value: object) -> tuple[Outlet, ...]:
    """ "群 私聊"."""
    words = dict.fromkeys(str(value).split())
    unknown = next((word for word in words if word not in OUTLETS), None)
    if unknown or not words:
        hint = did_you_mean(unknown or "", OUTLETS) or "，"
        raise ValueError(f"“{unknown or ''}”不行{hint}可以写 {'、'.join(OUTLETS)}，几个之间用空格")
    return tuple(outlet for outlet in OUTLETS if outlet in words)


OutletsField = Annotated[
    tuple[Outlet, ...], PlainValidator(_outlets), WithJsonSchema({"type": "string", "examples": ["群 私聊", "朋友圈"]})
]


class CardRow(Row):
    """一张链接卡片"""

    title: Line = Field(description="标题，不超过 128 字节；朋友圈 64 字节")
    url: WebAddress = Field(description="点开的网址")
    desc: Line | None = Field(default=None, description="说明，不超过 512 字节；朋友圈看不到")
    cover: MediaPath | None = Field(default=None, description="封面图，content/media/ 下的文件；朋友圈必须有")

    def value(self) -> Attached:
        return Attached(kind="link", title=self.title, url=self.url, desc=self.desc or "", media=self.cover)


class VariantRow(Row):
    """一版说法"""

    outlets: OutletsField = Field(alias="for", description="用在哪里：私聊 群 朋友圈 手发，几个之间用空格")
    persona: Id | None = Field(default=None, description="只给这个人设用；不写就谁都能用")
    text: Block = Field(description="正文；群发（私聊、群、朋友圈）是同一段话发给很多人，不能写客户的名字")
    images: tuple[MediaPath, ...] = Field(default=(), description="图片，content/media/ 下的文件，最多 9 张")
    video: MediaPath | None = Field(default=None, description="视频，mp4")
    link: CardRow | None = Field(default=None, description="链接卡片")
    miniprogram: MiniprogramRow | None = Field(default=None, description="小程序卡片")

    def media(self) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
        """Every file: its path, what it goes out as, and where in the row it is named."""
        for i, path in enumerate(self.images):
            yield path, "image", ("images", i)
        if self.video:
            yield self.video, "video", ("video",)
        if self.link and self.link.cover:
            yield self.link.cover, "image", ("link", "cover")
        if self.miniprogram:
            yield self.miniprogram.cover, "miniprogram", ("miniprogram", "cover")

    def value(self) -> Variant:
        images = tuple(Attached(kind="image", media=path) for path in self.images)
        video = (Attached(kind="video", media=self.video),) if self.video else ()
        cards = tuple(row.value() for row in (self.link, self.miniprogram) if row)
        return Variant(
            outlets=self.outlets, text=self.text, persona=self.persona, attachments=(*images, *video, *cards)
        )


class ItemWhoRow(WhoRow):
    """给谁"""

    not_yet: ClassVar[Mapping[str, str]] = NO_STORES | {"when": "条件请写在日历或规则里"}


class FollowUpRow(Row):
    """提醒发的人接话"""

    after: Span = Field(description="发出多久以后，例如 40分钟")
    say: Line = Field(description="要做什么，例如 回复前 5 位发“1”的客户")


class ItemRow(Row):
    """一条内容：一个意思，一个类型"""

    id: Id = Field(description="编号，用后不改")
    title: Line = Field(description=f"内部用的名字，不超过 {MAX_TITLE} 字")
    kind: Kind = Field(description="四类之一")
    topic: Line = Field(description="话题，客户可以按话题退订")
    variants: tuple[VariantRow, ...] = Field(min_length=1, description="每个地方怎么说；同一处写几版，由不同的导购发")
    source: Id | None = Field(default=None, description="知识编号：科普必须写，有数字或功效的也要写")
    offer: Id | None = Field(default=None, description="权益编号，offers.yaml 里的；导购必须写")
    valid: PeriodField = Field(default=ALWAYS, description="从哪天到哪天能发")
    repeat_after: Span = Field(default=REPEAT_AFTER_SECONDS, description="同一个群、朋友圈、客户隔多久再发，默认 60天")
    personas: tuple[Id, ...] = Field(default=(), description="只给这些人设说；不写就谁都能说")
    who: ItemWhoRow | None = Field(default=None, description="给谁；不写就是所有人")
    follow_up: FollowUpRow | None = Field(default=None, description="提醒发的人按时接话；互动没有人接就白发了")
    draft: YesNo = Field(default=False, description="是：草稿，不排期")

    def value(self, media: Mapping[str, str], offers: Mapping[str, Offer], timezone: str = TIMEZONE) -> Item:
        """The item. `media`: path → sha256; `offers`: by id, for the digest."""
        variants = tuple(row.value() for row in self.variants)
        return Item(
            id=self.id,
            title=self.title,
            kind=self.kind,
            topic=self.topic,
            variants=variants,
            digest=digest(variants, media, offers.get(self.offer or "")),
            valid=self.valid.period(timezone),
            repeat_after_seconds=self.repeat_after,
            personas=self.personas,
            who=self.who.value() if self.who else EVERYONE,
            offer=self.offer,
            source=self.source,
            follow_up=FollowUp(self.follow_up.after, self.follow_up.say) if self.follow_up else None,
            draft=self.draft,
        )


class LibraryFile(Row):
    """内容库：content/library/*.yaml，一个文件放几条都行"""

    items: tuple[ItemRow, ...] = Field(min_length=1, description="一条内容一项")

    not_yet: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("id", "title", "kind", "variants"), "内容都写在 items: 下面，一条前面一个 -"
    )


Files = Sequence[tuple[Document, LibraryFile]]


def library(
    files: Files, media: Mapping[str, str], offers: Mapping[str, Offer], timezone: str = TIMEZONE
) -> dict[str, Item]:
    """Every item by its id, in the order of the files. `media`: path → sha256 (hex) of the shelf."""
    return {row.id: row.value(media, offers, timezone) for _, file in files for row in file.items}


def texts(items: Mapping[str, Item]) -> dict[str, str]:
    """The templates that Words can name: item/<id>/<number of the variant>."""
    return {f"item/{item.id}/{n}": variant.text for item in items.values() for n, variant in enumerate(item.variants)}


def digest(variants: Sequence[Variant], media: Mapping[str, str], offer: Offer | None) -> str:
    """sha256 (hex) over all that people would see: words, cards, the bytes of files, the offer's values and end."""
    seen = {
        "variants": [
            [variant.outlets, variant.persona, variant.text, [_seen(one, media) for one in variant.attachments]]
            for variant in variants
        ],
        "offer": [dict(offer.values), offer.valid.start_at, offer.valid.end_at] if offer else None,
    }
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _seen(one: Attached, media: Mapping[str, str]) -> list[str | None]:
    file = media.get(one.media, "") if one.media else None
    return [one.kind, file, one.title, one.url, one.desc, one.appid, one.page, one.picurl]
