"""Changes of customer groups (客户群): developer.work.weixin.qq.com/document/path/92130, reference section 3.1."""

from __future__ import annotations

from typing import ClassVar

from bot.wecom.events.base import Event


class GroupChatEvent(Event, frozen=True, kw_only=True):
    """Something that happened to the customer group `chat_id`."""

    event: ClassVar[str] = "change_external_chat"

    chat_id: str

    @property
    def line(self) -> str:
        return f"chat/{self.chat_id}"


class GroupChatCreated(GroupChatEvent, frozen=True, kw_only=True):
    """A customer group was made."""

    change_type: ClassVar[str] = "create"


class GroupChatUpdated(GroupChatEvent, frozen=True, kw_only=True):
    """A customer group changed.

    update_detail: `add_member`, `del_member`, `change_owner`, `change_name` or `change_notice`.
    join_scene, quit_scene: hints only; their meaning is unconfirmed. mem_change_list: who changed, userids and
    external_userids mixed; may be incomplete. The list may be applied when our version equals last_mem_ver;
    else read the group again.
    """

    change_type: ClassVar[str] = "update"

    update_detail: str | None = None
    join_scene: int | None = None
    quit_scene: int | None = None
    mem_change_cnt: int | None = None
    mem_change_list: tuple[str, ...] = ()
    last_mem_ver: str | None = None
    cur_mem_ver: str | None = None


class GroupChatDismissed(GroupChatEvent, frozen=True, kw_only=True):
    """A customer group was dissolved."""

    change_type: ClassVar[str] = "dismiss"
