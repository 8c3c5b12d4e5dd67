"""「客户群统计」: by owner over some days, and day by day (official page 92133)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.world.days import asked_days, end_of
from sandbox.world.groups import Group, Groups, Seat
from sandbox.world.people import People
from sandbox.world.wire import Answer, Call, need, number_of, strings_of

STATISTIC_OWNERS = 100
STATISTIC_PAGE, STATISTIC_LIMIT = 500, 1000
_ORDERS = ("new_chat_cnt", "chat_total", "new_member_cnt", "member_total")


class GroupStatistics:
    """Numbers of yesterday and before, from the groups as they are remembered; the owner is today's."""

    def __init__(self, groups: Groups, people: People) -> None:
        self._groups, self._people = groups, people

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/groupchat/statistic": self.statistic,
            "externalcontact/groupchat/statistic_group_by_day": self.statistic_group_by_day,
        }

    def statistic(self, call: Call) -> Answer:
        order, ascending = number_of(call.body, "order_by", 1, len(_ORDERS)), bool(call.body.get("order_asc"))
        limit = number_of(call.body, "limit", STATISTIC_PAGE, STATISTIC_LIMIT)
        offset = int(call.body.get("offset") or 0)
        days = asked_days(call.body, "day_begin_time", "day_end_time", call.at)
        found = [(owner, self._data([owner], days)) for owner in self._owners(call) if days]
        found.sort(key=lambda item: item[1][_ORDERS[order - 1]], reverse=not ascending)
        items = [{"owner": owner, "data": data} for owner, data in found[offset : offset + limit]]
        return {"total": len(found), "next_offset": offset + len(items), "items": items}

    def statistic_group_by_day(self, call: Call) -> Answer:
        days = asked_days(call.body, "day_begin_time", "day_end_time", call.at)
        owners = self._owners(call)
        return {"items": [{"stat_time": day, "data": self._data(owners, [day])} for day in days]}

    def _owners(self, call: Call) -> list[str]:
        userids = strings_of(call.body.get("owner_filter") or {}, "userid_list", STATISTIC_OWNERS)
        need(userids, 40035, "invalid parameter: owner_filter")
        return list(dict.fromkeys(self._people.known_userid(userid) for userid in userids))

    def _data(self, owners: Sequence[str], days: Sequence[int]) -> dict[str, Any]:
        first, last = days[0], end_of(days[-1])
        groups = [g for g in self._groups.ever() if g.owner in owners and _is_there(g, last)]
        seats = [seat for group in groups for seat in (*group.seats.values(), *group.left)]
        spoken = [{m.sender: 1 for m in group.chat if first <= m.at <= last} for group in groups]
        return {
            "new_chat_cnt": sum(first <= group.create_time for group in groups),
            "chat_total": len(groups),
            "chat_has_msg": sum(bool(senders) for senders in spoken),
            "new_member_cnt": sum(first <= seat.join_time <= last for seat in seats),
            "member_total": sum(_sits(seat, last) for seat in seats),
            "member_has_msg": sum(len(senders) for senders in spoken),
            "msg_total": sum(first <= message.at <= last for group in groups for message in group.chat),
            "migrate_trainee_chat_cnt": 0,
        }


def _is_there(group: Group, at: int) -> bool:
    return group.create_time <= at and not 0 < group.dismissed_at <= at


def _sits(seat: Seat, at: int) -> bool:
    return seat.join_time <= at and not 0 < seat.left_at <= at
