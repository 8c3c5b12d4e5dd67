"""「加入群聊」: codes by which people come into customer groups (official page 92229, error page 90313)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.world.contact_ways import ContactWays
from sandbox.world.groups import Group, Groups
from sandbox.world.wire import Answer, ApiError, Body, Call, Event, Ids, NotFoundError, need, strings_of

GROUPS_AT_MOST = 5
REMARK_CHARS, STATE_CHARS, ROOM_NAME_CHARS = 30, 30, 40
PEOPLE_A_GROUP = 500
_FIELDS = (
    *("scene", "remark", "auto_create_room", "room_base_name", "room_base_id", "chat_id_list"),
    *("state", "mark_source"),
)


@dataclass(slots=True)
class JoinWay:
    """One code; `fields` as they were sent."""

    config_id: str
    fields: dict[str, Any]
    rooms_made: int = 0

    @property
    def state(self) -> str:
        return str(self.fields.get("state", ""))

    @property
    def chat_ids(self) -> list[str]:
        return list(self.fields["chat_id_list"])


class JoinWays:
    """The codes made by API. `people_a_group`: how many a group holds before the next one is filled."""

    def __init__(self, ids: Ids, groups: Groups, contact_ways: ContactWays) -> None:
        self._ids, self._groups, self._contact_ways = ids, groups, contact_ways
        self._ways: dict[str, JoinWay] = {}
        self.people_a_group = PEOPLE_A_GROUP

    def all(self) -> list[JoinWay]:
        return list(self._ways.values())

    def has(self, config_id: str) -> bool:
        return config_id in self._ways

    def scanned(
        self, at: int, *, person: str, state: str | None = None, config_id: str | None = None
    ) -> tuple[str, list[Event]]:
        """A person scans a code and is in the first group that has room: its chat_id and the callbacks."""
        way = self._find(state, config_id)
        group, events = self._room(at, way)
        return group.chat_id, [*events, *self._groups.scanned(at, group, person, way.state)]

    def qr_code(self, way: JoinWay) -> str:
        return f"{self._contact_ways.base_url}/qr/{way.config_id}.svg"

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/groupchat/add_join_way": self.add,
            "externalcontact/groupchat/get_join_way": self.get,
            "externalcontact/groupchat/update_join_way": self.update,
            "externalcontact/groupchat/del_join_way": self.delete,
        }

    def add(self, call: Call) -> Answer:
        need(call.body.get("scene") in (1, 2), 41038, "invalid scene")
        self._contact_ways.need_room()
        way = JoinWay(self._ids.hex32(), self._checked(call.body))
        self._ways[way.config_id] = way
        self._contact_ways.join_ways += 1
        return {"config_id": way.config_id}

    def get(self, call: Call) -> Answer:
        way = self._known(call)
        code = {"qr_code": self.qr_code(way)} if way.fields["scene"] == 2 else {}
        defaults = {"auto_create_room": 1, "state": "", "remark": ""}
        return {"join_way": {"config_id": way.config_id, **defaults, **way.fields, **code}}

    def update(self, call: Call) -> Answer:
        """Overwrites what was sent."""
        way = self._known(call)
        way.fields = way.fields | self._checked(call.body)
        return {}

    def delete(self, call: Call) -> Answer:
        del self._ways[self._known(call).config_id]
        self._contact_ways.join_ways -= 1
        return {}

    def _find(self, state: str | None, config_id: str | None) -> JoinWay:
        if config_id is not None and config_id in self._ways:
            return self._ways[config_id]
        found = [way for way in self._ways.values() if config_id is None and way.state == state]
        if not found:
            raise NotFoundError(f"没有这个加入群聊的码：{config_id or state}")
        return found[-1]

    def _room(self, at: int, way: JoinWay) -> tuple[Group, list[Event]]:
        groups = [group for group in self._groups.all() if group.chat_id in way.chat_ids]
        free = next((group for group in groups if len(group.seats) < self.people_a_group), None)
        if free is not None:
            return free, []
        if not groups or not way.fields.get("auto_create_room", 1):
            raise NotFoundError("码里的客户群都满了")
        return self._next_room(at, way, groups[-1])

    def _next_room(self, at: int, way: JoinWay, last: Group) -> tuple[Group, list[Event]]:
        """All are full: WeCom makes one more, named by base name and running number, with the same owner."""
        number = int(way.fields.get("room_base_id", 1)) + way.rooms_made
        way.rooms_made += 1
        name = f"{way.fields.get('room_base_name', last.name)}{number}"
        chat_id, events = self._groups.creates(at, owner=last.owner, name=name)
        way.fields["chat_id_list"] = [*way.chat_ids, chat_id]
        return self._groups.find(chat_id), events

    def _known(self, call: Call) -> JoinWay:
        way = self._ways.get(str(call.body.get("config_id", "")))
        if way is None:
            raise ApiError(41044, "invalid config_id")
        return way

    def _checked(self, body: Body) -> dict[str, Any]:
        fields = {name: body[name] for name in _FIELDS if name in body}
        chat_ids = strings_of(body, "chat_id_list")
        need(chat_ids, 40035, "invalid parameter: chat_id_list")
        need(len(chat_ids) <= GROUPS_AT_MOST, 41091, f"{GROUPS_AT_MOST} groups at most")
        for chat_id in chat_ids:
            self._groups.api_group(chat_id)
        for name, at_most in (("remark", REMARK_CHARS), ("state", STATE_CHARS), ("room_base_name", ROOM_NAME_CHARS)):
            need(len(str(fields.get(name, ""))) <= at_most, 40035, f"invalid parameter: {name} too long")
        return fields
