"""「联系客户统计」: what each member did on each day (official page 92132)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.days import asked_days, day_of
from sandbox.world.people import ChatMessage, Follow, People
from sandbox.world.relations import Relations
from sandbox.world.wire import Answer, Call, Event, need, strings_of

USERS_A_CALL = 100
BEHAVIOUR_DAYS = 30
_MINUTE = 60


@dataclass(slots=True)
class Day:
    """One member's day. `asked`: customers who wrote first → when; `waited`: those answered → seconds."""

    applied: int = 0
    added: int = 0
    lost: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    asked: dict[str, int] = field(default_factory=dict)
    waited: dict[str, int] = field(default_factory=dict)

    def note(self, follow: Follow, message: ChatMessage) -> None:
        """A message of the private chat."""
        customer = follow.external_userid
        if message.sender == customer:
            if customer not in self.sent:
                self.asked.setdefault(customer, message.at)
            return
        self.sent[customer] += 1
        if customer in self.asked:
            self.waited.setdefault(customer, message.at - self.asked[customer])


class Behaviour:
    """Kept as things happen; an answer knows nothing of today."""

    def __init__(self, people: People, relations: Relations) -> None:
        self._people = people
        self._days: dict[tuple[str, int], Day] = {}
        relations.watchers.append(self)

    def added(self, at: int, follow: Follow) -> list[Event]:
        """A new customer; one whom the member asked himself is an application too."""
        day = self.day(follow.userid, at)
        day.added += 1
        day.applied += follow.oper_userid == follow.userid
        return []

    def lost(self, at: int, follow: Follow) -> None:
        self.day(follow.userid, at).lost += 1

    def wrote(self, follow: Follow, message: ChatMessage) -> list[Event]:
        self.day(follow.userid, message.at).note(follow, message)
        return []

    def day(self, userid: str, at: int) -> Day:
        """To look at or to write into."""
        return self._days.setdefault((userid, day_of(at)), Day())

    def had_chats(self, at: int, *, userid: str, chats: int, messages: int, asked: int, answered: int) -> None:
        """A day as a member might have had it: see the handle."""
        day = self.day(self._people.member(userid).userid, at)
        customers = [f"{userid}#{len(day.sent) + n}" for n in range(max(chats, asked))]
        for customer in customers[:chats]:
            day.sent[customer] += messages // chats
        if chats:
            day.sent[customers[0]] += messages % chats
        day.asked |= dict.fromkeys(customers[:asked], at)
        day.waited |= dict.fromkeys(customers[: min(answered, asked)], _MINUTE)

    def endpoints(self) -> dict[str, Any]:
        return {"externalcontact/get_user_behavior_data": self.get_user_behavior_data}

    def get_user_behavior_data(self, call: Call) -> Answer:
        """Several members are summed."""
        userids = strings_of(call.body, "userid", USERS_A_CALL)
        parties = call.body.get("partyid") or []
        need(userids or parties, 40035, "invalid parameter: userid and partyid are both empty")
        need(len(parties) <= USERS_A_CALL, 40035, "invalid parameter: partyid")
        members = {self._people.api_member(userid).userid for userid in userids}
        # The sandbox has one department, everybody's.
        members |= set(self._people.members) if parties else set()
        days = asked_days(call.body, "start_time", "end_time", call.at, BEHAVIOUR_DAYS)
        return {"behavior_data": [self._shown(members, day) for day in days]}

    def _shown(self, members: set[str], day: int) -> dict[str, Any]:
        kept = [self._days[member, day] for member in members if (member, day) in self._days]
        asked = sum(len(k.asked) for k in kept)
        waits = [seconds for k in kept for seconds in k.waited.values()]
        shown: dict[str, Any] = {
            "stat_time": day,
            "new_apply_cnt": sum(k.applied for k in kept),
            "new_contact_cnt": sum(k.added for k in kept),
            "chat_cnt": sum(len(k.sent) for k in kept),
            "message_cnt": sum(k.sent.total() for k in kept),
            "negative_feedback_cnt": sum(k.lost for k in kept),
        }
        # Both are there only when customers began chats.
        if asked:
            shown["reply_percentage"] = round(100 * len(waits) / asked, 2)
        if waits:
            shown["avg_reply_time"] = round(sum(waits) / len(waits) / _MINUTE)
        return shown
