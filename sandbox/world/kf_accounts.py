"""kf accounts, links, servicers and who the customers are (official pages 94661–94665, 94645–94647, 95159)."""

from __future__ import annotations

import re
from typing import Any

from sandbox.world.kf import SESSION_SECONDS, KfAccount, KfDesk, KfSession, Link, Servicer
from sandbox.world.media import Media
from sandbox.world.people import Customer
from sandbox.world.wire import Answer, Body, Call, need, number_of, strings_of, text_of

ACCOUNTS_AT_MOST = 10_000
NAME_CHARS = 16
LIST_LIMIT = 100
SCENE_BYTES = 32
SERVICERS_AT_MOST, DEPARTMENTS_AT_MOST = 2000, 20
BATCH_AT_MOST = 100
_SCENE = re.compile(r"[0-9a-zA-Z_-]*")


class KfAccounts:
    """What apps do with accounts."""

    def __init__(self, desk: KfDesk, media: Media) -> None:
        self._desk, self._media = desk, media

    def endpoints(self) -> dict[str, Any]:
        return {
            "kf/account/add": self.account_add,
            "kf/account/update": self.account_update,
            "kf/account/del": self.account_del,
            "kf/account/list": self.account_list,
            "kf/add_contact_way": self.add_contact_way,
            "kf/servicer/add": self.servicer_add,
            "kf/servicer/del": self.servicer_del,
            "kf/servicer/list": self.servicer_list,
            "kf/customer/batchget": self.customer_batchget,
        }

    def account_add(self, call: Call) -> Answer:
        need(len(self._desk.accounts) < ACCOUNTS_AT_MOST, 95005, "too many kf accounts")
        name = _name(call.body)
        self._media.need(call.body.get("media_id"), call.at)
        return {"open_kfid": self._desk.add_account(name, str(call.body["media_id"])).open_kfid}

    def account_update(self, call: Call) -> Answer:
        account = self._desk.api_account(call.body)
        if "name" in call.body:
            account.name = _name(call.body)
        if "media_id" in call.body:
            self._media.need(call.body["media_id"], call.at)
            account.avatar_media_id = str(call.body["media_id"])
        return {}

    def account_del(self, call: Call) -> Answer:
        del self._desk.accounts[self._desk.api_account(call.body).open_kfid]
        return {}

    def account_list(self, call: Call) -> Answer:
        """Both GET and POST are in use, so offset and limit may be in the query."""
        asked = {key: int(value) for key, value in call.query.items() if key in ("offset", "limit") and value.isdigit()}
        asked |= {key: call.body[key] for key in ("offset", "limit") if key in call.body}
        offset, limit = asked.get("offset", 0), number_of(asked, "limit", LIST_LIMIT, LIST_LIMIT)
        need(isinstance(offset, int) and offset >= 0, 40035, "invalid parameter: offset")
        shown = list(self._desk.accounts.values())[offset : offset + limit]
        return {"account_list": [self._account_json(account) for account in shown]}

    def add_contact_way(self, call: Call) -> Answer:
        account = self._desk.api_account(call.body)
        scene = call.body.get("scene", "")
        fits = isinstance(scene, str) and len(scene.encode()) <= SCENE_BYTES and _SCENE.fullmatch(scene)
        need(fits, 40035, "invalid parameter: scene")
        key = self._desk.ids.letters("ENC", 11)
        url = f"{self._desk.base_url}/kf/kfc{account.open_kfid[-15:]}?enc_scene={key}"
        self._desk.links[key] = Link(account.open_kfid, str(scene), url)
        return {"url": url}

    def servicer_add(self, call: Call) -> Answer:
        account = self._desk.api_account(call.body)
        users, departments = _whom(call.body)
        new = set(users) - set(account.servicers)
        need(len(account.servicers) + len(new) <= SERVICERS_AT_MOST, 40035, "invalid parameter: too many servicers")
        results = [self._added(account, userid) for userid in users]
        fresh = [department for department in departments if department not in account.departments]
        need(len(account.departments) + len(fresh) <= DEPARTMENTS_AT_MOST, 40035, "invalid parameter: too many parties")
        account.departments += fresh
        return {"result_list": results + [_result("department_id", department) for department in departments]}

    def servicer_del(self, call: Call) -> Answer:
        account = self._desk.api_account(call.body)
        users, departments = _whom(call.body)
        gone = [account.servicers.pop(userid, None) for userid in users]
        account.departments = [department for department in account.departments if department not in departments]
        results = [
            _result("userid", userid) if was else _result("userid", userid, 60253, "not a servicer")
            for userid, was in zip(users, gone, strict=True)
        ]
        return {"result_list": results + [_result("department_id", department) for department in departments]}

    def servicer_list(self, call: Call) -> Answer:
        account = self._desk.api_account(call.query)
        users = [_servicer_json(servicer) for servicer in account.servicers.values()]
        return {"servicer_list": users + [{"department_id": department} for department in account.departments]}

    def customer_batchget(self, call: Call) -> Answer:
        wanted = strings_of(call.body, "external_userid_list", BATCH_AT_MOST)
        need(wanted, 40035, "invalid parameter: external_userid_list")
        with_context = call.body.get("need_enter_session_context") == 1
        sessions = {
            external_userid: self._latest(external_userid, call.at) for external_userid in dict.fromkeys(wanted)
        }
        return {
            "customer_list": [self._customer_json(s, call.at, with_context) for s in sessions.values() if s],
            "invalid_external_userid": [key for key, session in sessions.items() if session is None],
        }

    def _account_json(self, account: KfAccount) -> dict[str, Any]:
        return {
            "open_kfid": account.open_kfid,
            "name": account.name,
            "avatar": f"{self._media.base_url}/media/{account.avatar_media_id}" if account.avatar_media_id else "",
            "manage_privilege": account.manage_privilege,
        }

    def _added(self, account: KfAccount, userid: str) -> dict[str, Any]:
        member = self._desk.people.find_member(userid)
        if member is None:
            return _result("userid", userid, 60111, "userid not found")
        if member.userid in account.servicers:
            return _result("userid", userid, 0, "ignored")
        account.servicers[member.userid] = Servicer(member.userid)
        return _result("userid", userid)

    def _latest(self, external_userid: str, at: int) -> KfSession | None:
        """The session that the customer entered last, at any account; None when nothing happened for 48 hours."""
        own = (self._desk.sessions.get((open_kfid, external_userid)) for open_kfid in self._desk.accounts)
        live = (s for s in own if s and at < max(s.entered_at, s.wrote_at) + SESSION_SECONDS)
        return max(live, key=lambda session: session.entered_at, default=None)

    def _customer_json(self, session: KfSession, at: int, with_context: bool) -> dict[str, Any]:
        customer: Customer = self._desk.people.customers[session.external_userid]
        shown: dict[str, Any] = {
            "external_userid": customer.external_userid,
            "nickname": customer.name,
            "avatar": "",
            "gender": customer.gender,
        }
        if self._desk.wechat_bound and customer.unionid:
            shown["unionid"] = customer.unionid
        if with_context and at < session.entered_at + SESSION_SECONDS:
            shown["enter_session_context"] = {"scene": session.scene, "scene_param": session.scene_param}
        return shown


def _name(body: Body) -> str:
    name = text_of(body, "name", 95006)
    need(len(name) <= NAME_CHARS, 95006, f"name is over {NAME_CHARS} characters")
    return name


def _whom(body: Body) -> tuple[list[str], list[int]]:
    """Members and departments, of which there must be one at least."""
    users = strings_of(body, "userid_list", BATCH_AT_MOST)
    departments = body.get("department_id_list") or []
    well_formed = isinstance(departments, list) and all(isinstance(item, int) for item in departments)
    need(well_formed and len(departments) <= BATCH_AT_MOST, 40035, "invalid parameter: department_id_list")
    need(users or departments, 40035, "invalid parameter: userid_list is missing")
    return users, departments


def _result(kind: str, key: str | int, errcode: int = 0, errmsg: str = "success") -> dict[str, Any]:
    return {kind: key, "errcode": errcode, "errmsg": errmsg}


def _servicer_json(servicer: Servicer) -> dict[str, Any]:
    shown: dict[str, Any] = {"userid": servicer.userid, "status": servicer.status}
    return shown | ({"stop_type": servicer.stop_type} if servicer.status else {})
