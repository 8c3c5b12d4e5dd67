"""content/welcome.yaml: the only words that leave without a guide's tap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from bot.content.fields import Block, DaysField, Guides, HoursField, Id, Line, MediaPath, WebAddress
from bot.scrm.actions import Attached
from bot.scrm.week import ALL_DAY, EVERY_DAY, Window
from bot.scrm.welcome import CustomerKind, Welcome
from bot.yamlfile import Row


class LinkRow(Row):
    """一张链接卡片"""

    title: Line = Field(description="标题，不超过 128 字节")
    url: WebAddress = Field(description="点开的网址")
    desc: Line | None = Field(default=None, description="说明，不超过 512 字节")
    cover: WebAddress | None = Field(default=None, description="封面图的网址")

    def value(self) -> Attached:
        return Attached(kind="link", title=self.title, url=self.url, desc=self.desc or "", picurl=self.cover or "")


class MiniprogramRow(Row):
    """一张小程序卡片"""

    title: Line = Field(description="标题，不超过 64 字节")
    appid: Line = Field(description="小程序 appid，须与企业微信关联")
    page: Line = Field(description="打开哪一页")
    cover: MediaPath = Field(description="封面图，content/media/ 下的文件")

    def value(self) -> Attached:
        return Attached(kind="miniprogram", title=self.title, appid=self.appid, page=self.page, media=self.cover)


class WelcomeRow(Row):
    """一条欢迎语；从上往下，第一条条件都符合的发出去"""

    id: Id = Field(description="编号，用后不改；最后一条必须是 default")
    channels: tuple[Id, ...] = Field(default=(), description="只给这些渠道来的人")
    guides: Guides | None = Field(default=None, description="只在加的是这些导购时")
    days: DaysField = Field(default=EVERY_DAY, description="只在这几天")
    hours: HoursField = Field(default=ALL_DAY, description="只在这个时段，可以跨夜")
    customer: CustomerKind | None = Field(default=None, description="只给新客，或只给回头客")
    text: Block = Field(description="欢迎语，上限 4,000 字节，建议 80 字以内")
    images: tuple[MediaPath, ...] = Field(default=(), description="图片，content/media/ 下的文件")
    link: LinkRow | None = Field(default=None, description="链接卡片")
    miniprogram: MiniprogramRow | None = Field(default=None, description="小程序卡片")
    video: MediaPath | None = Field(default=None, description="视频，mp4")
    file: MediaPath | None = Field(default=None, description="文件")
    survey: Id | None = Field(default=None, description="调研编号，surveys/ 里的；文字里用 {{ survey.link }} 带上链接")
    if_missed: Block | None = Field(default=None, description="没能自动发出时，给导购复制的话；默认用 text")

    not_yet: ClassVar[Mapping[str, str]] = {
        "stores": "按门店分要先同步通讯录部门，请先写 guides",
        "offer": "欢迎语还不能带权益；要送东西，写在调研的 gift 里",
    }

    @property
    def is_conditional(self) -> bool:
        """Whether it is for some newcomers only; one welcome has to be for all."""
        return bool(self.channels or self.guides or self.customer or self.window != Window())

    @property
    def window(self) -> Window:
        return Window(self.days, self.hours)

    def media(self) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
        """Every file: its path, what it goes out as, and where in the row it is named."""
        for i, path in enumerate(self.images):
            yield path, "image", ("images", i)
        if self.miniprogram:
            yield self.miniprogram.cover, "miniprogram", ("miniprogram", "cover")
        if self.video:
            yield self.video, "video", ("video",)
        if self.file:
            yield self.file, "file", ("file",)

    def attachments(self) -> tuple[Attached, ...]:
        """Everything that goes out with the text, the images first."""
        cards = tuple(row.value() for row in (self.link, self.miniprogram) if row)
        images = tuple(Attached(kind="image", media=path) for path in self.images)
        video = (Attached(kind="video", media=self.video),) if self.video else ()
        file = (Attached(kind="file", media=self.file),) if self.file else ()
        return images + cards + video + file

    def value(self) -> Welcome:
        return Welcome(
            id=self.id,
            text=self.text,
            missed=self.if_missed or self.text,
            channels=self.channels,
            guides=self.guides or (),
            window=self.window,
            customer=self.customer,
            attachments=self.attachments(),
            survey=self.survey,
        )


class WelcomeFile(Row):
    """欢迎语：content/welcome.yaml"""

    welcomes: tuple[WelcomeRow, ...] = Field(description="从上往下，第一条条件都符合的发出去；最后一条是 default")

    def value(self) -> tuple[Welcome, ...]:
        return tuple(row.value() for row in self.welcomes)


def texts(welcomes: tuple[Welcome, ...]) -> dict[str, str]:
    """The templates that Words can name: welcome/<id> and welcome/<id>/missed."""
    plain = {f"welcome/{w.id}": w.text for w in welcomes}
    return plain | {f"welcome/{w.id}/missed": w.missed for w in welcomes}
