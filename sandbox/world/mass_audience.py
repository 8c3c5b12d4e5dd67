"""Whom a mass send is for: members, and for each the customers or groups he will send to (official page 92135)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sandbox.world.groups import Groups
from sandbox.world.people import Follow, People
from sandbox.world.tags import Tags
from sandbox.world.wire import Body, need, strings_of, text_of

CUSTOMERS_A_TASK = 10_000
GROUPS_A_TASK = 2000
TAGS_A_LIST = 100
# Member → whom he will send to; and those whom nobody can.
Audience = tuple[dict[str, list[str]], list[str]]


class MassAudience:
    """Reads `external_userid`, `chat_id_list`, `tag_filter` and `sender` of add_msg_template.

    `sender_gets_all`: a named sender gets the task though a colleague chatted last (not published; inferred).
    `leavers_fail_at_once`: who has deleted the member is in fail_list, instead of failing later with status 2
    (which of the two is not published).
    """

    def __init__(self, people: People, groups: Groups, tags: Tags) -> None:
        self._people, self._groups, self._tags = people, groups, tags
        self.sender_gets_all = True
        self.leavers_fail_at_once = False

    def of_groups(self, body: Body) -> Audience:
        """The sender's groups: those named, or all of them for him to choose from. Raises ApiError."""
        sender = self._sender(text_of(body, "sender"))
        own = [group.chat_id for group in self._groups.owned_by(sender)]
        asked = list(dict.fromkeys(strings_of(body, "chat_id_list", GROUPS_A_TASK)))
        chosen = [chat_id for chat_id in own if chat_id in asked] if asked else own
        # That groups which are not his are in fail_list too is not published in words.
        return ({sender: chosen} if chosen else {}), [chat_id for chat_id in asked if chat_id not in chosen]

    def of_customers(self, body: Body) -> Audience:
        """The customers named, else those with the tags, else all of the sender's. Raises ApiError."""
        sender = self._sender(text_of(body, "sender")) if body.get("sender") else ""
        asked = list(dict.fromkeys(strings_of(body, "external_userid", CUSTOMERS_A_TASK)))
        wanted = self._wanted_tags(body)
        need(sender or asked or wanted, 40035, "sender, external_userid and tag_filter are all missing")
        # With customers named, the tags are not looked at.
        pairs = self._pairs_of(asked) if asked else self._pairs_with(wanted, sender)
        audience: dict[str, list[str]] = {}
        for customer, follows in pairs.items():
            follow = self._chosen(follows, sender)
            if follow is not None:
                audience.setdefault(follow.userid, []).append(customer)
        reached = {customer for customers in audience.values() for customer in customers}
        return audience, [customer for customer in asked if customer not in reached]

    def _sender(self, userid: str) -> str:
        member = self._people.api_member(userid)
        need(member.customer_contact, 84074, f"member has no external contact permission: {userid}")
        return member.userid

    def _wanted_tags(self, body: Body) -> list[set[str]]:
        """One set for each list: one of each must be there."""
        tag_filter = body.get("tag_filter") or {}
        groups = (tag_filter.get("group_list") or []) if isinstance(tag_filter, Mapping) else None
        well_formed = isinstance(groups, list) and all(isinstance(group, Mapping) for group in groups)
        need(well_formed, 40035, "invalid parameter: tag_filter")
        wanted = [set(strings_of(group, "tag_list", TAGS_A_LIST)) for group in groups or []]
        for tag_id in (tag_id for tags in wanted for tag_id in tags):
            need(self._tags.shown(tag_id), 40068, f"invalid tag_id: {tag_id}")
        return [tags for tags in wanted if tags]

    def _pairs_of(self, customers: Iterable[str]) -> dict[str, list[Follow]]:
        return {customer: self._people.followers_of(customer) for customer in customers}

    def _pairs_with(self, wanted: list[set[str]], sender: str) -> dict[str, list[Follow]]:
        """Tags belong to a pair: it is the member who tagged the customer whom the filter finds (not published)."""
        pairs: dict[str, list[Follow]] = {}
        follows = self._people.customers_of(sender) if sender else self._people.follows()
        for follow in follows:
            if follow.usable and all(tags.intersection(follow.tag_ids) for tags in wanted):
                pairs.setdefault(follow.external_userid, []).append(follow)
        return pairs

    def _chosen(self, follows: list[Follow], sender: str) -> Follow | None:
        """The sender's own, else the one who chatted with the customer last."""
        usable = [f for f in follows if f.status == "friends" or not self.leavers_fail_at_once]
        own = next((follow for follow in usable if follow.userid == sender), None)
        if sender and (own is None or self.sender_gets_all):
            return own
        latest = max(usable, key=self._last_chat, default=None)
        return latest if not sender or latest is own else None

    def _last_chat(self, follow: Follow) -> tuple[bool, int, int]:
        chat = self._people.chats.get((follow.userid, follow.external_userid))
        return follow.status == "friends", chat[-1].at if chat else follow.createtime, follow.ordinal
