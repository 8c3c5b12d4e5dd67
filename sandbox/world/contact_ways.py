"""「联系我」: codes by which customers reach members, each with a `state` that says where they came from.

Source: official page 92572, error page 90313.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.people import People
from sandbox.world.wire import Answer, ApiError, Call, Ids, NotFoundError, need, number_of, page, strings_of

WAYS_AT_MOST = 500_000
USERS_AT_MOST = 100
REMARK_CHARS = 30
STATE_CHARS = 30
LIST_DAYS = 90
_FIELDS = (
    *("style", "remark", "skip_verify", "state", "user", "party", "is_temp", "expires_in", "chat_expires_in"),
    *("unionid", "is_exclusive", "conclusions", "mark_source"),
)


@dataclass(slots=True)
class ContactWay:
    """One code; `fields` as they were sent."""

    ordinal: int
    config_id: str
    created_at: int
    type: int
    scene: int
    fields: dict[str, Any] = field(default_factory=dict)
    turn: int = 0

    @property
    def state(self) -> str:
        return str(self.fields.get("state", ""))

    @property
    def users(self) -> list[str]:
        return list(self.fields.get("user", []))

    @property
    def skip_verify(self) -> bool:
        return bool(self.fields.get("skip_verify", True))


class ContactWays:
    """The corp's codes made by API."""

    def __init__(self, ids: Ids, people: People) -> None:
        self._ids, self._people = ids, people
        self._ways: dict[str, ContactWay] = {}
        self._last_ordinal = 0
        # How many 「加入群聊」 codes there are: they share the quota.
        self.join_ways = 0
        # Where the server can be reached: qr_code must be an address that shows the code.
        self.base_url = ""

    def all(self) -> list[ContactWay]:
        return list(self._ways.values())

    def has(self, config_id: str) -> bool:
        return config_id in self._ways

    def find(self, state: str | None, config_id: str | None) -> ContactWay:
        """By config_id, else the newest with this state. Raises NotFoundError."""
        if config_id:
            if config_id not in self._ways:
                raise NotFoundError(f"没有 config_id 为 {config_id} 的渠道码")
            return self._ways[config_id]
        found = [way for way in self._ways.values() if way.state == state]
        if not found:
            raise NotFoundError(f"没有 state 为 {state} 的渠道码")
        return found[-1]

    def pick_user(self, way: ContactWay | None, followed_by: Set[str]) -> str:
        """The next member in turn; an exclusive code leads back to the member who has the customer."""
        users = [user for user in way.users if user in self._people.members] if way else []
        if way is None or not users:
            raise NotFoundError("渠道码没有成员")
        if way.fields.get("is_exclusive"):
            theirs = [user for user in users if user in followed_by]
            if theirs:
                return theirs[0]
        way.turn += 1
        return users[(way.turn - 1) % len(users)]

    def qr_code(self, way: ContactWay) -> str:
        return f"{self.base_url}/qr/{way.config_id}.svg"

    def need_room(self) -> None:
        """Raises ApiError 41045 when the corp can have no more codes of either kind."""
        need(len(self._ways) + self.join_ways < WAYS_AT_MOST, 41045, "contact way count limit")

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/add_contact_way": self.add_contact_way,
            "externalcontact/get_contact_way": self.get_contact_way,
            "externalcontact/list_contact_way": self.list_contact_way,
            "externalcontact/update_contact_way": self.update_contact_way,
            "externalcontact/del_contact_way": self.del_contact_way,
        }

    def add_contact_way(self, call: Call) -> Answer:
        kind, scene = number_of(call.body, "type", 0, 2), call.body.get("scene")
        need(scene in (1, 2), 41038, "invalid scene")
        self.need_room()
        fields = self._checked(call.body, kind)
        need(fields.get("user") or fields.get("party"), 40035, "invalid parameter: user is missing")
        self._last_ordinal += 1
        way = ContactWay(self._last_ordinal, self._ids.hex32(), call.at, kind, int(scene or 0), fields)
        self._ways[way.config_id] = way
        return {"config_id": way.config_id} | ({"qr_code": self.qr_code(way)} if scene == 2 else {})

    def get_contact_way(self, call: Call) -> Answer:
        way = self._known(call)
        head = {"config_id": way.config_id, "type": way.type, "scene": way.scene, "skip_verify": way.skip_verify}
        code = {"qr_code": self.qr_code(way)} if way.scene == 2 else {}
        return {"contact_way": {**way.fields, **head, "state": way.state, "user": way.users, **code}}

    def list_contact_way(self, call: Call) -> Answer:
        start = call.body.get("start_time") or call.at - LIST_DAYS * 86400
        end = call.body.get("end_time") or call.at
        ways = [way for way in self._ways.values() if start <= way.created_at <= end]
        limit = number_of(call.body, "limit", 100, 1000)
        shown, cursor = page(ways, [way.ordinal for way in ways], call.body.get("cursor"), limit)
        answer: Answer = {"contact_way": [{"config_id": way.config_id} for way in shown]}
        return answer | ({"next_cursor": cursor} if cursor else {})

    def update_contact_way(self, call: Call) -> Answer:
        way = self._known(call)
        way.fields |= self._checked(call.body, way.type)
        return {}

    def del_contact_way(self, call: Call) -> Answer:
        del self._ways[self._known(call).config_id]
        return {}

    def _known(self, call: Call) -> ContactWay:
        way = self._ways.get(str(call.body.get("config_id", "")))
        if way is None:
            raise ApiError(41044, "invalid config_id")
        return way

    def _checked(self, body: Any, kind: int) -> dict[str, Any]:
        fields = {name: body[name] for name in _FIELDS if name in body}
        need(len(str(fields.get("remark", ""))) <= REMARK_CHARS, 40035, "invalid parameter: remark too long")
        need(len(str(fields.get("state", ""))) <= STATE_CHARS, 40035, "invalid parameter: state too long")
        users = strings_of(fields, "user")
        need(len(users) <= USERS_AT_MOST, 41041, "too many members")
        need(kind == 2 or "user" not in fields or len(users) == 1, 40035, "invalid parameter: user should be one")
        if users:
            fields["user"] = [self.receiver(userid) for userid in users]
        return fields

    def receiver(self, userid: str) -> str:
        """A member whom strangers may add. Raises ApiError 60111, 41054 or 84074."""
        member = self._people.api_member(userid)
        need(member.activated, 41054, f"member not activated: {userid}")
        need(member.customer_contact, 84074, f"member has no external contact permission: {userid}")
        return member.userid
