"""content/groups.yaml: what customer groups say to those who come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pydantic import Field

from bot.content.fields import Block, Id, Line, MediaPath
from bot.content.media import MediaShelf
from bot.content.welcome import LinkRow, MiniprogramRow
from bot.scrm.actions import Attached
from bot.scrm.group_welcome import GroupWelcome
from bot.wecom.messages import WELCOME_TEXT_BYTES
from bot.yamlfile import Document, Problem, Row

NICKNAME = "%NICKNAME%"
MAX_WELCOMES = 100
"""In a corp's library (error page, 41055)."""

CARDS = ("image", "link", "miniprogram", "video", "file")


class GroupWelcomeRow(Row):
    """一条入群欢迎语；放进企业微信的素材库，由群主或管理员在群里选用"""

    id: Id = Field(description="编号，用后不改；换一个编号就是另建一份")
    groups: tuple[Line, ...] = Field(default=(), description="给哪些群，写群名，* 代表任意字；不写就是所有群")
    text: Block = Field(description=f"欢迎语，上限 {WELCOME_TEXT_BYTES:,} 字节；{NICKNAME} 会换成客户昵称")
    image: MediaPath | None = Field(default=None, description="图片；图片、链接、小程序、视频、文件只能有一个")
    link: LinkRow | None = Field(default=None, description="链接卡片")
    miniprogram: MiniprogramRow | None = Field(default=None, description="小程序卡片")
    video: MediaPath | None = Field(default=None, description="视频，mp4")
    file: MediaPath | None = Field(default=None, description="文件")

    @property
    def cards(self) -> tuple[str, ...]:
        """Which attachments are given."""
        return tuple(kind for kind in CARDS if getattr(self, kind))

    def attached(self) -> Attached | None:
        """The one attachment that a group welcome may have."""
        card = self.link or self.miniprogram
        if card:
            return card.value()
        kind = next(iter(self.cards), None)
        return Attached(kind=kind, media=getattr(self, kind)) if kind else None

    def value(self) -> GroupWelcome:
        return GroupWelcome(id=self.id, text=self.text, groups=self.groups, attached=self.attached())


class GroupsFile(Row):
    """客户群：content/groups.yaml"""

    welcome: tuple[GroupWelcomeRow, ...] = Field(description="入群欢迎语，一条一项")

    def value(self) -> tuple[GroupWelcome, ...]:
        return tuple(row.value() for row in self.welcome)


def problems(document: Document, file: GroupsFile, shelf: MediaShelf) -> Iterator[Problem]:
    """What no single value can know: things twice, more than one attachment, files that cannot go out."""
    ids = Counter(row.id for row in file.welcome)
    if len(file.welcome) > MAX_WELCOMES:
        yield document.problem(("welcome",), f"有 {len(file.welcome)} 条，企业微信最多 {MAX_WELCOMES} 条")
    for i, row in enumerate(file.welcome):
        if ids[row.id] > 1:
            yield document.problem(("welcome", i, "id"), f"“{row.id}”写了两次")
        if len(row.cards) > 1:
            yield document.problem(("welcome", i, row.cards[1]), f"已经有 {row.cards[0]} 了，只能带一个附件")
        yield from _text_problems(document, i, row)
        yield from _media_problems(document, i, row, shelf)


def _text_problems(document: Document, i: int, row: GroupWelcomeRow) -> Iterator[Problem]:
    here = ("welcome", i, "text")
    if "{{" in row.text or "{%" in row.text:
        yield document.problem(here, f"这里不能用 {{{{ }}}}：欢迎语由企业微信发出，客户昵称写 {NICKNAME}")
    if (size := len(row.text.encode())) > WELCOME_TEXT_BYTES:
        yield document.problem(here, f"有 {size:,} 字节，不超过 {WELCOME_TEXT_BYTES:,}（一个汉字 3 字节）")


def _media_problems(document: Document, i: int, row: GroupWelcomeRow, shelf: MediaShelf) -> Iterator[Problem]:
    for kind in ("image", "video", "file"):
        path = getattr(row, kind)
        if path and (fault := shelf.fault(path, kind)):
            yield document.problem(("welcome", i, kind), fault)
    if row.miniprogram and (fault := shelf.fault(row.miniprogram.cover, "miniprogram")):
        yield document.problem(("welcome", i, "miniprogram", "cover"), fault)
