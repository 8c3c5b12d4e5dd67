"""Reading and annotating customers by API (official pages 92114, 92113, 92994, 92115, 92571)."""

from __future__ import annotations

from itertools import islice
from typing import Any

from sandbox.world.people import Follow, People
from sandbox.world.tags import Tags
from sandbox.world.wire import Answer, Call, need, number_of, page, place_of, strings_of, text_of

BATCH_USERS, BATCH_LIMIT, BATCH_DEFAULT = 100, 100, 50
FOLLOWERS_A_PAGE = 500
REMARK_CHARS, DESCRIPTION_CHARS, COMPANY_CHARS = 20, 150, 20
# field of the call → (field of the follow, characters at most)
_REMARKS = {
    "remark": ("remark", REMARK_CHARS),
    "description": ("description", DESCRIPTION_CHARS),
    "remark_company": ("remark_corp_name", COMPANY_CHARS),
}


class Profiles:
    """The externalcontact reads, remark, and user/get."""

    def __init__(self, people: People, tags: Tags) -> None:
        self._people, self._tags = people, tags

    def endpoints(self) -> dict[str, Any]:
        return {
            "externalcontact/get": self.get,
            "externalcontact/list": self.list,
            "externalcontact/batch/get_by_user": self.batch_get_by_user,
            "externalcontact/get_follow_user_list": self.get_follow_user_list,
            "externalcontact/remark": self.remark,
            "user/get": self.user_get,
        }

    def get(self, call: Call) -> Answer:
        external_userid = call.query.get("external_userid", "")
        need(external_userid, 41035, "external_userid is missing")
        contact = self._contact(external_userid)
        follows = self._people.followers_of(external_userid)
        need(follows, 84061, "not external contact")
        ordinals = [follow.ordinal for follow in follows]
        shown, cursor = page(follows, ordinals, call.query.get("cursor"), FOLLOWERS_A_PAGE)
        answer: Answer = {"external_contact": contact, "follow_user": [self._follow_user(f) for f in shown]}
        return answer | ({"next_cursor": cursor} if cursor else {})

    def list(self, call: Call) -> Answer:
        member = self._people.api_member(call.query.get("userid", ""))
        follows = list(self._people.customers_of(member.userid))
        need(follows, 84061, "not external contact")
        return {"external_userid": [follow.external_userid for follow in follows]}

    def batch_get_by_user(self, call: Call) -> Answer:
        userids = strings_of(call.body, "userid_list", BATCH_USERS)
        need(userids, 40035, "invalid parameter: userid_list is empty")
        limit = number_of(call.body, "limit", BATCH_DEFAULT, BATCH_LIMIT)
        members = dict.fromkeys(self._people.api_member(userid).userid for userid in userids)
        rest = self._people.customers_of_all(members, after=place_of(call.body.get("cursor")))
        follows = list(islice(rest, limit + 1))
        shown, cursor = page(follows, [follow.ordinal for follow in follows], call.body.get("cursor"), limit)
        contacts = [
            {"external_contact": self._contact(follow.external_userid), "follow_info": _follow_info(follow)}
            for follow in shown
        ]
        return {"external_contact_list": contacts, "next_cursor": cursor, "fail_info": {"unlicensed_userid_list": []}}

    def get_follow_user_list(self, call: Call) -> Answer:
        return {"follow_user": [m.userid for m in self._people.members.values() if m.customer_contact]}

    def remark(self, call: Call) -> Answer:
        follow = self._people.api_follow(text_of(call.body, "userid"), text_of(call.body, "external_userid", 41035))
        mobiles = call.body.get("remark_mobiles")
        given = {field: call.body[field] for field in _REMARKS if field in call.body}
        need(given or mobiles is not None, 40058, "nothing to change")
        for field, value in given.items():
            name, at_most = _REMARKS[field]
            need(isinstance(value, str) and len(value) <= at_most, 40058, f"{field} is over {at_most} characters")
            setattr(follow, name, value)
        if mobiles is not None:
            # Whether [""] or "" clears is not confirmed: both do here.
            follow.remark_mobiles = [mobile for mobile in mobiles if mobile]
        return {}

    def user_get(self, call: Call) -> Answer:
        member = self._people.api_member(call.query.get("userid", ""))
        return {"userid": member.userid, "name": member.name, "status": 1 if member.activated else 4, "department": [1]}

    def _contact(self, external_userid: str) -> dict[str, Any]:
        customer = self._people.api_customer(external_userid)
        shown = {
            "external_userid": customer.external_userid,
            "name": customer.name,
            "type": customer.type,
            "gender": customer.gender,
            "avatar": "",
        }
        return shown | ({"unionid": customer.unionid} if customer.unionid else {})

    def _follow_user(self, follow: Follow) -> dict[str, Any]:
        tags = [self._tags.shown(tag_id) for tag_id in follow.tag_ids]
        personal = [{"group_name": "", "tag_name": name, "type": 2} for name in follow.personal_tags]
        return _follow_head(follow) | {"tags": [tag for tag in tags if tag] + personal}


def _follow_info(follow: Follow) -> dict[str, Any]:
    return _follow_head(follow) | {"tag_id": list(follow.tag_ids)}


def _follow_head(follow: Follow) -> dict[str, Any]:
    head = {
        "userid": follow.userid,
        "remark": follow.remark,
        "description": follow.description,
        "createtime": follow.createtime,
        "remark_corp_name": follow.remark_corp_name,
        "remark_mobiles": list(follow.remark_mobiles),
        "add_way": follow.add_way,
        "oper_userid": follow.oper_userid,
    }
    return head | ({"state": follow.state} if follow.state else {})
