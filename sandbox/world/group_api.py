"""Reading customer groups by API (official pages 92120, 92122, 94828)."""

from __future__ import annotations

from typing import Any

from sandbox.world.groups import Group, Groups, Seat
from sandbox.world.people import People
from sandbox.world.wire import Answer, ApiError, Call, need, number_of, page, strings_of, text_of

OWNERS_A_FILTER = 100
GROUPS_A_PAGE = 1000
MEMBERS_UNFILTERED = 1000


class GroupApi:
    """groupchat/list, groupchat/get and opengid_to_chatid.

    `tells_state`: whether groupchat/get says by which join way (`state`) somebody came; newer samples leave it out.
    """

    def __init__(self, groups: Groups, people: People) -> None:
        self._groups, self._people = groups, people
        self.tells_state = True

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/groupchat/list": self.list,
            "externalcontact/groupchat/get": self.get,
            "externalcontact/opengid_to_chatid": self.opengid_to_chatid,
        }

    def list(self, call: Call) -> Answer:
        need(call.body.get("limit"), 40035, "invalid parameter: limit")
        limit = number_of(call.body, "limit", GROUPS_A_PAGE, GROUPS_A_PAGE)
        status, owners = call.body.get("status_filter") or 0, self._owners(call)
        groups = [
            group
            for group in self._groups.all()
            if (not owners or group.owner in owners) and status in (0, group.status)
        ]
        shown, cursor = page(groups, [group.ordinal for group in groups], call.body.get("cursor"), limit)
        answer: Answer = {"group_chat_list": [{"chat_id": g.chat_id, "status": g.status} for g in shown]}
        return answer | ({"next_cursor": cursor} if cursor else {})

    def get(self, call: Call) -> Answer:
        group = self._groups.api_group(text_of(call.body, "chat_id"))
        with_names = bool(call.body.get("need_name"))
        return {
            "group_chat": {
                "chat_id": group.chat_id,
                "name": group.name,
                "owner": group.owner,
                "create_time": group.create_time,
                "notice": group.notice,
                "member_list": [self._seat(seat, with_names) for seat in group.seats.values()],
                "admin_list": [{"userid": userid} for userid in group.admins],
                "member_version": group.member_version,
            }
        }

    def opengid_to_chatid(self, call: Call) -> Answer:
        opengid = text_of(call.body, "opengid")
        found: Group | None = next((group for group in self._groups.all() if group.opengid == opengid), None)
        if found is None:
            raise ApiError(90511, "invalid opengid")
        return {"chat_id": found.chat_id}

    def _owners(self, call: Call) -> set[str]:
        """Whose groups are asked for; nobody named = everybody's, unless too many members would be seen."""
        asked = strings_of(call.body.get("owner_filter") or {}, "userid_list", OWNERS_A_FILTER)
        too_many = not asked and len(self._people.members) > MEMBERS_UNFILTERED
        need(not too_many, 81017, "too many members: use owner_filter")
        return {self._people.known_userid(userid) for userid in asked}

    def _seat(self, seat: Seat, with_name: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "userid": seat.userid,
            "type": seat.type,
            "join_time": seat.join_time,
            "join_scene": seat.join_scene,
            "group_nickname": seat.group_nickname,
        }
        customer = self._people.customers.get(seat.userid)
        optional = {
            "unionid": customer.unionid if customer else "",
            "invitor": {"userid": seat.invitor} if seat.invitor in self._people.members else None,
            "state": seat.state if self.tells_state else "",
            "name": self._people.name_of(seat.userid) if with_name else "",
        }
        return shown | {key: value for key, value in optional.items() if value}
