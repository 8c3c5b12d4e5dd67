"""Members, customers and the relations between them. Nothing here decides; see relations.py and profiles.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.world.wire import ApiError, NotFoundError

# requested: the member has not accepted a request yet. half: passed a no-verify code, the member has not accepted.
# friends: both. customer_left: the customer deleted the member, whose own side stays (official error page, 84061).
Status = Literal["requested", "half", "friends", "customer_left"]


@dataclass(slots=True)
class Member:
    """An employee. `native_welcome`: the admin configured a welcome in the console, so apps get no code."""

    userid: str
    name: str
    activated: bool = True
    customer_contact: bool = True
    native_welcome: bool = False


@dataclass(slots=True)
class Customer:
    """An outside person; type 1 WeChat user (`wm…`), 2 WeCom user of another corp (`wo…`)."""

    external_userid: str
    name: str
    type: int = 1
    gender: int = 0
    unionid: str = ""


@dataclass(slots=True)
class Follow:
    """One member's relation with one customer, as `follow_user` of externalcontact/get shows it."""

    ordinal: int
    userid: str
    external_userid: str
    createtime: int
    status: Status
    add_way: int = 1
    state: str = ""
    oper_userid: str = ""
    remark: str = ""
    description: str = ""
    remark_corp_name: str = ""
    remark_mobiles: list[str] = field(default_factory=list)
    tag_ids: list[str] = field(default_factory=list)
    personal_tags: list[str] = field(default_factory=list)
    chat_started: bool = False
    welcomed: bool = False

    @property
    def usable(self) -> bool:
        """Whether APIs accept the pair; if not they answer 84061."""
        return self.status in ("friends", "customer_left")


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message between a member and a customer; `sender` is a userid, an external_userid or `sys`."""

    at: int
    sender: str
    text: str
    attachments: tuple[dict[str, Any], ...] = ()


class People:
    """Everybody, and who follows whom."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.customers: dict[str, Customer] = {}
        self.chats: dict[tuple[str, str], list[ChatMessage]] = {}
        self._follows: dict[tuple[str, str], Follow] = {}
        self._by_customer: dict[str, dict[str, Follow]] = {}
        self._by_member: dict[str, dict[str, Follow]] = {}
        self._last_ordinal = 0

    def member(self, userid: str) -> Member:
        """Userids are compared without regard to case (official page 90236). Raises NotFoundError."""
        found = self.find_member(userid)
        if found is None:
            raise NotFoundError(f"没有成员 {userid}")
        return found

    def find_member(self, userid: str) -> Member | None:
        wanted = userid.lower()
        exact = self.members.get(userid)
        return exact or next((m for m in self.members.values() if m.userid.lower() == wanted), None)

    def api_member(self, userid: str) -> Member:
        """Raises ApiError 60111."""
        found = self.find_member(userid)
        if found is None:
            raise ApiError(60111, f"userid not found: {userid}")
        return found

    def api_customer(self, external_userid: str) -> Customer:
        """Raises ApiError 40096."""
        found = self.customers.get(external_userid)
        if found is None:
            raise ApiError(40096, "invalid external userid")
        return found

    def follow(self, userid: str, external_userid: str) -> Follow | None:
        return self._follows.get((userid, external_userid))

    def own_follow(self, userid: str, external_userid: str) -> Follow:
        """For what people do. Raises NotFoundError."""
        found = self.follow(userid, external_userid)
        if found is None:
            raise NotFoundError(f"{userid} 与 {external_userid} 没有好友关系")
        return found

    def api_follow(self, userid: str, external_userid: str) -> Follow:
        """For API calls. Raises ApiError 60111, 40096 or 84061."""
        member, customer = self.api_member(userid), self.api_customer(external_userid)
        found = self.follow(member.userid, customer.external_userid)
        if found is None or not found.usable:
            raise ApiError(84061, "not external contact")
        return found

    def add_follow(self, userid: str, external_userid: str, **fields: Any) -> Follow:
        self._last_ordinal += 1
        follow = Follow(self._last_ordinal, userid, external_userid, **fields)
        self._follows[userid, external_userid] = follow
        self._by_customer.setdefault(external_userid, {})[userid] = follow
        self._by_member.setdefault(userid, {})[external_userid] = follow
        return follow

    def remove_follow(self, follow: Follow) -> None:
        del self._follows[follow.userid, follow.external_userid]
        del self._by_customer[follow.external_userid][follow.userid]
        del self._by_member[follow.userid][follow.external_userid]

    def followers_of(self, external_userid: str) -> list[Follow]:
        """In order of time; only pairs that APIs accept."""
        return [follow for follow in self._by_customer.get(external_userid, {}).values() if follow.usable]

    def customers_of(self, userid: str) -> list[Follow]:
        """In order of time; only pairs that APIs accept."""
        return [follow for follow in self._by_member.get(userid, {}).values() if follow.usable]

    def follows(self) -> Iterator[Follow]:
        return iter(self._follows.values())

    def write(self, userid: str, external_userid: str, message: ChatMessage) -> None:
        """Put a message into the chat of a pair."""
        self.chats.setdefault((userid, external_userid), []).append(message)
