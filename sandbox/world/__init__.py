"""The world: everything that WeCom knows of one corp, and its rules. No I/O, no clock of its own, seeded dice."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.world.apps import App, Apps
from sandbox.world.contact_ways import ContactWays
from sandbox.world.limits import Limits, Traffic
from sandbox.world.media import Media
from sandbox.world.messages import Messages
from sandbox.world.people import Member, People
from sandbox.world.profiles import Profiles
from sandbox.world.relations import Relations
from sandbox.world.tags import Tags
from sandbox.world.welcome import WelcomeCodes
from sandbox.world.wire import Answer, Body, Call, Ids, Upload, need

__all__ = ["App", "Member", "World"]


class World:
    """One corp. `answer` is the API; `relations`, `messages` and `tags` hold what people do in their clients."""

    def __init__(self, corpid: str, seed: int | str) -> None:
        self.corpid = corpid
        ids = Ids(seed)
        self.apps = Apps(corpid, ids)
        self.people = People()
        self.limits = Limits()
        self.traffic = Traffic()
        self.media = Media(ids)
        self.tags = Tags(corpid, ids, self.people)
        self.contact_ways = ContactWays(ids, self.people)
        self.welcome = WelcomeCodes(ids, self.people, self.media)
        self.messages = Messages(corpid, ids, self.people, self.media)
        self.relations = Relations(corpid, ids, self.people, self.contact_ways, self.welcome)
        self._endpoints = self._collect()

    def knows(self, api: str) -> bool:
        """Whether there is such an API; a wrong path answers 404."""
        return api == "gettoken" or api in self._endpoints

    def answer(
        self,
        api: str,
        *,
        at: int,
        ip: str,
        query: Mapping[str, str],
        body: Body,
        upload: Upload | None = None,
    ) -> Answer:
        """Act on one API call, token and limits first. Raises ApiError."""
        if api == "gettoken":
            self.limits.draw(api, ip, at)
            return self.apps.gettoken(query, ip, at)
        app = self.apps.caller(query.get("access_token", ""), ip, at)
        need(app.customer_contact or not api.startswith("externalcontact/"), 48002, "api forbidden for this app")
        self.limits.draw(api, ip, at)
        return self._endpoints[api](Call(app=app, at=at, query=query, body=body, upload=upload))

    def add_member(self, userid: str, name: str, **how: bool) -> Member:
        """An employee joins (or is replaced)."""
        member = self.people.members[userid] = Member(userid, name, **how)
        return member

    def serve_at(self, base_url: str) -> None:
        """Where the pictures and codes that answers point to can be fetched."""
        self.media.base_url = self.contact_ways.base_url = base_url

    def _collect(self) -> dict[str, Callable[[Call], Answer]]:
        profiles = Profiles(self.people, self.tags)
        parts = (self.tags, self.contact_ways, self.welcome, self.messages, self.media, profiles)
        own: dict[str, Callable[[Call], Answer]] = {
            "getcallbackip": lambda call: {"ip_list": ["127.0.0.1"]},
            "get_api_domain_ip": lambda call: {"ip_list": ["127.0.0.1"]},
        }
        return own | {api: method for part in parts for api, method in part.endpoints().items()}
