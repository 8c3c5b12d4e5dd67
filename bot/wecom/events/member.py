"""Changes of the directory (通讯录): developer.work.weixin.qq.com/document/path/90970–90972, reference section 1.4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.wecom.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEvent(Event):
    """Something that happened to the member `userid`."""

    event: ClassVar[str] = "change_contact"

    userid: str

    @property
    def line(self) -> str:
        return f"member/{self.userid}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCreated(MemberEvent):
    """A member joined. department: department ids."""

    change_type: ClassVar[str] = "create_user"

    name: str | None = None
    department: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUpdated(MemberEvent):
    """A member's data changed; only what changed is given. new_userid: the id from now on, when that changed."""

    change_type: ClassVar[str] = "update_user"

    new_userid: str | None = None
    name: str | None = None
    department: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDeleted(MemberEvent):
    """A member left."""

    change_type: ClassVar[str] = "delete_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyEvent(Event):
    """Something that happened to the department `id`."""

    event: ClassVar[str] = "change_contact"

    id: str

    @property
    def line(self) -> str:
        return f"party/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCreated(PartyEvent):
    """A department was made."""

    change_type: ClassVar[str] = "create_party"

    name: str | None = None
    parent_id: str | None = None
    order: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyUpdated(PartyEvent):
    """A department was renamed or moved."""

    change_type: ClassVar[str] = "update_party"

    name: str | None = None
    parent_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDeleted(PartyEvent):
    """A department was deleted."""

    change_type: ClassVar[str] = "delete_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTagUpdated(Event):
    """Members or departments were given or lost a directory tag (通讯录标签)."""

    event: ClassVar[str] = "change_contact"
    change_type: ClassVar[str] = "update_tag"

    tag_id: str
    add_user_items: tuple[str, ...] = ()
    del_user_items: tuple[str, ...] = ()
    add_party_items: tuple[str, ...] = ()
    del_party_items: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return f"tag/{self.tag_id}"
