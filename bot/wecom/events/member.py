"""Changes of the directory (通讯录): developer.work.weixin.qq.com/document/path/90970–90972, reference section 1.4."""

from __future__ import annotations

from typing import ClassVar

from bot.wecom.events.base import Event


class MemberEvent(Event, frozen=True, kw_only=True):
    """Something that happened to the member `userid`."""

    event: ClassVar[str] = "change_contact"

    userid: str

    @property
    def line(self) -> str:
        return f"member/{self.userid}"


class MemberCreated(MemberEvent, frozen=True, kw_only=True):
    """A member joined. department: department ids."""

    change_type: ClassVar[str] = "create_user"

    name: str | None = None
    department: tuple[str, ...] = ()


class MemberUpdated(MemberEvent, frozen=True, kw_only=True):
    """A member's data changed; only what changed is given. new_userid: the id from now on, when that changed."""

    change_type: ClassVar[str] = "update_user"

    new_userid: str | None = None
    name: str | None = None
    department: tuple[str, ...] = ()


class MemberDeleted(MemberEvent, frozen=True, kw_only=True):
    """A member left."""

    change_type: ClassVar[str] = "delete_user"


class PartyEvent(Event, frozen=True, kw_only=True):
    """Something that happened to the department `id`."""

    event: ClassVar[str] = "change_contact"

    id: str

    @property
    def line(self) -> str:
        return f"party/{self.id}"


class PartyCreated(PartyEvent, frozen=True, kw_only=True):
    """A department was made."""

    change_type: ClassVar[str] = "create_party"

    name: str | None = None
    parent_id: str | None = None
    order: int | None = None


class PartyUpdated(PartyEvent, frozen=True, kw_only=True):
    """A department was renamed or moved."""

    change_type: ClassVar[str] = "update_party"

    name: str | None = None
    parent_id: str | None = None


class PartyDeleted(PartyEvent, frozen=True, kw_only=True):
    """A department was deleted."""

    change_type: ClassVar[str] = "delete_party"


class MemberTagUpdated(Event, frozen=True, kw_only=True):
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
