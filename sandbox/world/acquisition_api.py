"""获客助手 by API: links, their customers and the quota (official pages 97297, 97298, 97375, 97398)."""

from __future__ import annotations

from typing import Any

from sandbox.world.acquisition import Acquisition, Comer, Link
from sandbox.world.contact_ways import ContactWays
from sandbox.world.wire import Answer, ApiError, Body, Call, need, number_of, page, strings_of, text_of

USERS_A_LINK = 100
LINKS_A_PAGE, CUSTOMERS_A_PAGE = 100, 1000
STATISTIC_DAYS, STATISTIC_BACK_DAYS = 30, 180
_FIELDS = ("link_name", "range", "skip_verify", "priority_option", "mark_source")
_DAY = 86400


class AcquisitionApi:
    """An app sees only the links that it made. `links_at_most`: None, as the number behind 41095 is not published."""

    def __init__(self, acquisition: Acquisition, contact_ways: ContactWays) -> None:
        self._acquisition, self._contact_ways = acquisition, contact_ways
        self.links_at_most: int | None = None

    def endpoints(self) -> dict[str, Any]:
        base = "externalcontact/customer_acquisition"
        return {
            f"{base}/create_link": self.create_link,
            f"{base}/list_link": self.list_link,
            f"{base}/get": self.get,
            f"{base}/update_link": self.update_link,
            f"{base}/delete_link": self.delete_link,
            f"{base}/customer": self.customer,
            f"{base}/statistic": self.statistic,
            f"{base}_quota": self.quota,
        }

    def create_link(self, call: Call) -> Answer:
        text_of(call.body, "link_name")
        need("range" in call.body, 40035, "invalid parameter: range")
        at_most = self.links_at_most
        need(at_most is None or len(self._acquisition.links) < at_most, 41095, "acquisition link count limit")
        link = self._acquisition.open(call.at, call.app.agentid, self._checked(call.body))
        shown = {"link_id": link.link_id, "link_name": link.fields["link_name"]}
        return {"link": shown | {"url": link.url, "create_time": link.create_time}}

    def list_link(self, call: Call) -> Answer:
        links = [link for link in self._acquisition.links.values() if link.made_by == call.app.agentid]
        limit = number_of(call.body, "limit", LINKS_A_PAGE, LINKS_A_PAGE)
        shown, cursor = page(links, [link.ordinal for link in links], call.body.get("cursor"), limit)
        return {"link_id_list": [link.link_id for link in shown], "next_cursor": cursor}

    def get(self, call: Call) -> Answer:
        link = self._own(call)
        shown = {
            "link_name": link.fields["link_name"],
            "url": link.url,
            "create_time": link.create_time,
            "skip_verify": link.skip_verify,
        }
        more = {name: link.fields[name] for name in ("mark_source",) if name in link.fields}
        answer: Answer = {"link": shown | more, "range": {"user_list": [], "department_list": [], **link.range}}
        return answer | {name: link.fields[name] for name in ("priority_option",) if name in link.fields}

    def update_link(self, call: Call) -> Answer:
        """Overwrites what was sent."""
        link = self._own(call)
        link.fields = link.fields | self._checked(call.body)
        return {}

    def delete_link(self, call: Call) -> Answer:
        """By API no callback is sent."""
        del self._acquisition.links[self._own(call).link_id]
        return {}

    def customer(self, call: Call) -> Answer:
        link = self._own(call)
        limit = number_of(call.body, "limit", CUSTOMERS_A_PAGE, CUSTOMERS_A_PAGE)
        ordinals = list(range(1, len(link.came) + 1))
        shown, cursor = page(link.came, ordinals, call.body.get("cursor"), limit)
        return {"customer_list": [self._comer(comer) for comer in shown], "next_cursor": cursor}

    def statistic(self, call: Call) -> Answer:
        link = self._own(call)
        start, end = (number_of(call.body, name, 0, 2**40) for name in ("start_time", "end_time"))
        need(start <= end <= start + STATISTIC_DAYS * _DAY, 40035, f"invalid parameter: over {STATISTIC_DAYS} days")
        need(start >= call.at - (STATISTIC_BACK_DAYS + 1) * _DAY, 40035, "invalid parameter: start_time too early")
        last = end + _DAY - 1
        return {
            "click_link_customer_cnt": sum(start <= at <= last for at in link.opened),
            "new_customer_cnt": sum(start <= comer.at <= last for comer in link.came),
        }

    def quota(self, call: Call) -> Answer:
        left = sorted((expire_at, count) for expire_at, count in self._acquisition.quota.items() if count)
        return {
            "total": self._acquisition.used,
            "balance": self._acquisition.balance,
            "quota_list": [{"expire_date": expire_at, "balance": count} for expire_at, count in left],
        }

    def _comer(self, comer: Comer) -> dict[str, Any]:
        shown = {"external_userid": comer.external_userid, "userid": comer.userid}
        written = self._acquisition.has_written(comer.userid, comer.external_userid)
        return shown | {"chat_status": int(written), "state": comer.state}

    def _own(self, call: Call) -> Link:
        link = self._acquisition.links.get(text_of(call.body, "link_id"))
        if link is None or link.made_by != call.app.agentid:
            raise ApiError(40035, "invalid parameter: link_id")
        return link

    def _checked(self, body: Body) -> dict[str, Any]:
        fields = {name: body[name] for name in _FIELDS if name in body}
        if "range" in fields:
            asked = fields["range"]
            need(isinstance(asked, dict), 40035, "invalid parameter: range")
            users = strings_of(asked, "user_list")
            need(users or asked.get("department_list"), 40035, "invalid parameter: range is empty")
            need(len(users) <= USERS_A_LINK, 41041, f"more than {USERS_A_LINK} members")
            fields["range"] = {**asked, "user_list": [self._contact_ways.receiver(userid) for userid in users]}
        return fields
