"""Whom a Moment is for: visible_range of add_moment_task (official page 96351)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.world.people import Follow, People
from sandbox.world.tags import Tags
from sandbox.world.wire import Body, need, strings_of

MOMENT_SENDERS = 100_000


@dataclass(slots=True)
class MomentRange:
    """Member → the customers who are to see his post; `public`: no customers were chosen; and what nobody knows."""

    public: bool
    planned: dict[str, list[str]] = field(default_factory=dict)
    unknown_users: list[str] = field(default_factory=list)
    unknown_departments: list[int] = field(default_factory=list)
    unknown_tags: list[str] = field(default_factory=list)


class MomentAudience:
    """Only senders: all of their customers. Only tags: whoever follows one with the tags, for those customers.
    Both: those senders, for those customers. Neither: every member.

    `any_tag`: whether one of the tags is enough (not published).
    """

    def __init__(self, people: People, tags: Tags) -> None:
        self._people, self._tags = people, tags
        self.any_tag = True

    def of(self, body: Body) -> MomentRange:
        """Raises ApiError."""
        asked = body.get("visible_range") or {}
        need(isinstance(asked, Mapping), 40035, "invalid parameter: visible_range")
        senders, customers = asked.get("sender_list") or {}, asked.get("external_contact_list") or {}
        need(isinstance(senders, Mapping) and isinstance(customers, Mapping), 40035, "invalid parameter: visible_range")
        tag_ids = strings_of(customers, "tag_list")
        shown = MomentRange(public=not tag_ids)
        departments = senders.get("department_list") or []
        need(isinstance(departments, list), 40035, "invalid parameter: department_list")
        # A corp of the sandbox has no departments.
        shown.unknown_departments = departments
        shown.unknown_tags = [tag_id for tag_id in tag_ids if self._tags.shown(tag_id) is None]
        members = self._members(strings_of(senders, "user_list", MOMENT_SENDERS), shown)
        wanted = set(tag_ids) - set(shown.unknown_tags)
        for userid in members:
            planned = [f.external_userid for f in self._people.customers_of(userid) if self._sees(f, wanted, shown)]
            if planned or shown.public:
                shown.planned[userid] = planned
        return shown

    def _members(self, asked: list[str], shown: MomentRange) -> list[str]:
        able = [member.userid for member in self._people.members.values() if member.customer_contact]
        if not asked and not shown.unknown_departments:
            return able
        known = {userid: self._people.known_userid(userid) for userid in asked}
        shown.unknown_users = [userid for userid, spelt in known.items() if spelt not in able]
        return [spelt for spelt in dict.fromkeys(known.values()) if spelt in able]

    def _sees(self, follow: Follow, wanted: set[str], shown: MomentRange) -> bool:
        """Tags belong to a pair: it is the member who tagged the customer who shows it to him (not published).

        Customers with WeChat see Moments, those of another corp's WeCom do not (official page 96350).
        """
        in_wechat = self._people.customers[follow.external_userid].type == 1
        if follow.status != "friends" or not in_wechat or shown.public:
            return follow.status == "friends" and in_wechat
        found = wanted.intersection(follow.tag_ids)
        return bool(found) if self.any_tag else bool(wanted) and found == wanted
