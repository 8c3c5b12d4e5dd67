"""content/kf.yaml: the 微信客服 accounts, who takes over there, and what is said to whoever enters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pydantic import Field

from bot.content.around import Around
from bot.content.channels import ChannelsFile
from bot.content.fields import Block, Guides, Id, Line, MediaPath
from bot.content.media import MediaShelf
from bot.scrm.handover import CANNOT_ANSWER
from bot.scrm.kf_account import KfAccount
from bot.wecom.kf_messages import MENU_TEXT_BYTES
from bot.yamlfile import Document, Problem, Row, did_you_mean

MAX_NAME = 16
"""Characters of an account's name (developer.work.weixin.qq.com/document/path/94662)."""

WAY = "客服"


class AccountRow(Row):
    """一个客服账号"""

    id: Id = Field(description="编号，用后不改")
    name: Line = Field(description=f"客户看到的名称，不超过 {MAX_NAME} 字；企业微信里有同名的账号就用它，没有就新建")
    avatar: MediaPath = Field(description="头像，content/media/ 下的图片；新建账号时用")
    guides: Guides = Field(description="接待人员：客户要人工，或问了机器人答不了的事，由谁接")
    greeting: Block = Field(description=f"客户进来时说的话，不超过 {MENU_TEXT_BYTES:,} 字节，建议 80 字以内")
    cannot_answer: Block = Field(
        default=CANNOT_ANSWER,
        description="客户问了机器人答不了的事时说的话，一次会话说一次，说完转给接待人员；"
        f"导购提醒的免打扰时段里，后面会接上几点以后回。不超过 {MENU_TEXT_BYTES:,} 字节",
    )
    survey: Id | None = Field(default=None, description="在这里问哪份调研，surveys/ 里的编号")
    channels: tuple[Id, ...] = Field(default=(), description="哪些渠道的链接通到这里，channels.yaml 里 way: 客服 的")

    def value(self) -> KfAccount:
        return KfAccount(
            id=self.id,
            name=self.name,
            guides=self.guides,
            greeting=self.greeting,
            cannot_answer=self.cannot_answer,
            survey=self.survey,
            avatar=self.avatar,
            channels=self.channels,
        )


class KfFile(Row):
    """微信客服：content/kf.yaml"""

    accounts: tuple[AccountRow, ...] = Field(description="一个账号一项")

    def value(self) -> dict[str, KfAccount]:
        return {row.id: row.value() for row in self.accounts}


def problems(document: Document, file: KfFile, around: Around) -> Iterator[Problem]:
    """What no single value can know: things twice, words too long, names that nothing has."""
    for key in ("id", "name"):
        counted = Counter(getattr(row, key) for row in file.accounts)
        for i, row in enumerate(file.accounts):
            if counted[getattr(row, key)] > 1:
                yield document.problem(("accounts", i, key), f"“{getattr(row, key)}”写了两次")
    for i, row in enumerate(file.accounts):
        yield from _word_problems(document, i, row)
        yield from _name_problems(document, i, row, around)
        # On a shelf of its own: it is uploaded once, for a new account, and not kept at WeCom like the others.
        if fault := MediaShelf(around.shelf.folder).fault(row.avatar, "image"):
            yield document.problem(("accounts", i, "avatar"), fault)
    yield from _shared_channels(document, file)


def way_problems(document: Document, channels: ChannelsFile, file: KfFile | None) -> Iterator[Problem]:
    """客服 channels of channels.yaml (`document`) that lead to no account."""
    led = {channel for row in file.accounts for channel in row.channels} if file else set()
    for i, channel in enumerate(channels.channels):
        if channel.way == WAY and channel.id not in led:
            message = f"没有客服账号接这个渠道，请在 kf.yaml 某个账号的 channels 里写上 {channel.id}"
            yield document.problem(("channels", i, "way"), message)


def _word_problems(document: Document, i: int, row: AccountRow) -> Iterator[Problem]:
    if len(row.name) > MAX_NAME:
        yield document.problem(("accounts", i, "name"), f"有 {len(row.name)} 个字，不超过 {MAX_NAME} 字")
    for key in ("greeting", "cannot_answer"):
        here, words = ("accounts", i, key), str(getattr(row, key))
        if "{{" in words or "{%" in words:
            yield document.problem(here, "这里不能用 {{ }}：客户刚进来，还不知道是谁")
        if (size := len(words.encode())) > MENU_TEXT_BYTES:
            message = f"有 {size:,} 字节，不超过 {MENU_TEXT_BYTES:,}（一个汉字 3 字节）"
            yield document.problem(here, message)


def _name_problems(document: Document, i: int, row: AccountRow, around: Around) -> Iterator[Problem]:
    if row.survey and around.surveys is not None and row.survey not in around.surveys:
        hint = did_you_mean(row.survey, around.surveys)
        yield document.problem(("accounts", i, "survey"), f"surveys/ 里没有调研“{row.survey}”{hint}")
    if around.channels is None:
        return
    for j, channel_id in enumerate(row.channels):
        here, channel = ("accounts", i, "channels", j), around.channels.get(channel_id)
        if channel is None:
            hint = did_you_mean(channel_id, around.channels)
            yield document.problem(here, f"channels.yaml 里没有渠道“{channel_id}”{hint}")
        elif channel.way != WAY:
            yield document.problem(here, f"渠道“{channel_id}”的 way 是 {channel.way}，要写 {WAY}")


def _shared_channels(document: Document, file: KfFile) -> Iterator[Problem]:
    led = Counter(channel for row in file.accounts for channel in row.channels)
    for i, row in enumerate(file.accounts):
        for j, channel in enumerate(row.channels):
            if led[channel] > 1:
                yield document.problem(("accounts", i, "channels", j), f"“{channel}”写在了两处，一条链接只通到一个账号")
