"""`who:`, whom something is for: the rows that all content files share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, model_validator

from bot.content.fields import Guides, Id, Line, TagPath
from bot.scrm.who import EVERYWHERE, Pilot, Who
from bot.yamlfile import Row

NO_STORES = {"stores": "按门店分要先同步通讯录部门，请先写 guides"}
NO_WHEN = {"when": "调研按标签、渠道、导购和群挑人：刚加上的人还没有别的可看"}


class TagsRow(Row):
    """按标签分"""

    tags_any: tuple[TagPath, ...] = Field(default=(), description="有其中一个标签")
    tags_all: tuple[TagPath, ...] = Field(default=(), description="这些标签都有")
    tags_none: tuple[TagPath, ...] = Field(default=(), description="这些标签都没有")

    def value(self) -> Who:
        return Who(tags_any=self.tags_any, tags_all=self.tags_all, tags_none=self.tags_none)

    def named(self) -> list[tuple[tuple[str | int, ...], str]]:
        """Every tag, and where in the row it stands."""
        rows = {"tags_any": self.tags_any, "tags_all": self.tags_all, "tags_none": self.tags_none}
        return [((key, i), tag) for key, tags in rows.items() for i, tag in enumerate(tags)]


class WhoRow(TagsRow):
    """给谁；写了几行就都要符合，一行里有一个就行"""

    channels: tuple[Id, ...] = Field(default=(), description="从这些渠道来的")
    guides: Guides | None = Field(default=None, description="加了这些导购的")
    groups: tuple[Line, ...] = Field(default=(), description="哪些群：群名，* 代表任意字，例如 会员群*")

    not_yet: ClassVar[Mapping[str, str]] = NO_STORES

    def value(self) -> Who:
        return Who(
            tags_any=self.tags_any,
            tags_all=self.tags_all,
            tags_none=self.tags_none,
            channels=self.channels,
            guides=self.guides or (),
            groups=self.groups,
        )


class PilotRow(Row):
    """先只在这些地方试，好了再去掉这一行"""

    groups: tuple[Line, ...] = Field(default=(), description="先在这些群：群名，* 代表任意字，例如 会员群-静安*")
    guides: Guides | None = Field(default=None, description="先由这些导购：她们的群、朋友圈和私聊")

    not_yet: ClassVar[Mapping[str, str]] = NO_STORES

    @model_validator(mode="after")
    def _somewhere(self) -> PilotRow:
        if not (self.groups or self.guides):
            raise ValueError("要写 groups 或 guides，写明先在哪里试")
        return self

    def value(self) -> Pilot:
        return Pilot(self.groups, self.guides or ())


def pilot_of(row: PilotRow | None) -> Pilot:
    """Everywhere where none is written."""
    return row.value() if row else EVERYWHERE


class PersonWhoRow(WhoRow):
    """给谁"""

    groups: tuple[Line, ...] = Field(default=(), description="已经在这些客户群里的，写群名或 chat_id")

    not_yet: ClassVar[Mapping[str, str]] = NO_STORES | NO_WHEN
