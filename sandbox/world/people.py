"""Members, customers and the relations between them. Nothing here decides; see relations.py and profiles.py."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from sandbox.world.wire import ApiError, Ids, NotFoundError

# requested: the member has not accepted a request yet. half: passed a no-verify code, the member has not accepted.
# friends: both. customer_left: the customer deleted the member, whose own side stays (official error page, 84061).
Status = Literal["requested", "half", "friends", "customer_left"]
_NAMES = ("小满", "阿禾", "林间", "Momo", "南枝", "青柠", "安然", "十一", "米粒", "晚风", "栗子", "知秋")


@dataclass(slots=True)
class Member:
    """An employee. `native_welcome`: the admin configured a welcome in the console, so apps get no code.

    `full`: has as many customers as a member may have.
    """

    userid: str
    name: str
    activated: bool = True
    customer_contact: bool = True
    native_welcome: bool = False
    full: bool = False


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
    remark_mobiles: Sequence[str] = ()
    tag_ids: Sequence[str] = ()
    personal_tags: Sequence[str] = ()
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


_ordinal = attrgetter("ordinal")


class People:
    """Everybody, and who follows whom."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.customers: dict[str, Customer] = {}
        self.chats: dict[tuple[str, str], list[ChatMessage]] = {}
        self._follows: dict[tuple[str, str], Follow] = {}
        # In order of their ordinals, which only grow.
        self._by_customer: dict[str, list[Follow]] = {}
        self._by_member: dict[str, list[Follow]] = {}
        self._last_ordinal = 0
        self._named: Counter[str] = Counter()

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

    def known_userid(self, userid: str) -> str:
        """The spelling that the corp uses; as given when there is no such member, or none any more."""
        found = self.find_member(userid)
        return found.userid if found else userid

    def name_of(self, person: str) -> str:
        """Of a member or a customer; "" when there is no such person."""
        known = self.customers.get(person) or self.members.get(person)
        return known.name if known else ""

    def somebody(self, ids: Ids, external_userid: str | None, name: str | None, wecom_user: bool = False) -> Customer:
        """A customer with this id or a new one, with this name or a fancied one."""
        external_userid = external_userid or ids.letters("wo" if wecom_user else "wm", 30)
        known = self.customers.get(external_userid)
        if known is not None:
            known.name = name or known.name
            return known
        name = self._told_apart(name or ids.dice.choice(_NAMES), fancied=not name)
        customer = Customer(external_userid, name, 2 if wecom_user else 1, ids.dice.choice((0, 1, 2)))
        self.customers[external_userid] = customer
        return customer

    def _told_apart(self, name: str, *, fancied: bool) -> str:
        """A fancied name gets a number when somebody is called so already; a given one stays as it is."""
        self._named[name] += 1
        namesakes = self._named[name]
        return f"{name}{namesakes}" if fancied and namesakes > 1 else name

    def api_customer(self, external_userid: str) -> Customer:
        """Raises ApiError 40096."""
        found = self.customers.get(external_userid)
        if found is None:
            raise ApiError(40096, "invalid external userid")
        return found

    def follow(self, userid: str, external_userid: str) -> Follow | None:
        return self._follows.get((userid, external_userid))

    def are_friends(self, userid: str, external_userid: str) -> bool:
        follow = self.follow(userid, external_userid)
        return follow is not None and follow.status == "friends"

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
        self._by_customer.setdefault(external_userid, []).append(follow)
        self._by_member.setdefault(userid, []).append(follow)
        return follow

    def remove_follow(self, follow: Follow) -> None:
        del self._follows[follow.userid, follow.external_userid]
        for line in (self._by_customer[follow.external_userid], self._by_member[follow.userid]):
            del line[bisect_right(line, follow.ordinal, key=_ordinal) - 1]

    def leave(self, userid: str) -> list[Follow]:
        """A member is gone, and his relations with him; those that were."""
        del self.members[userid]
        follows = list(self._by_member.get(userid, ()))
        for follow in follows:
            self.remove_follow(follow)
        return follows

    def followers_of(self, external_userid: str) -> list[Follow]:
        """In order of time; only pairs that APIs accept."""
        return [follow for follow in self._by_customer.get(external_userid, ()) if follow.usable]

    def customers_of(self, userid: str, after: int = 0) -> Iterator[Follow]:
        """In order of time, those with an ordinal over `after`; only pairs that APIs accept."""
        line = self._by_member.get(userid, [])
        start = bisect_right(line, after, key=_ordinal)
        return (line[place] for place in range(start, len(line)) if line[place].usable)

    def customers_of_all(self, userids: Iterable[str], after: int = 0) -> Iterator[Follow]:
        """Those of several members, in order of time."""
        return heapq.merge(*(self.customers_of(userid, after) for userid in userids), key=_ordinal)

    def follows(self) -> Iterator[Follow]:
        return iter(self._follows.values())

    def write(self, userid: str, external_userid: str, message: ChatMessage) -> None:
        """Put a message into the chat of a pair."""
        self.chats.setdefault((userid, external_userid), []).append(message)
