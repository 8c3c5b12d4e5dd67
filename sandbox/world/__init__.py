"""The world: everything that WeCom knows of one corp, and its rules. No I/O, no clock of its own, seeded dice."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.world.acquisition import Acquisition
from sandbox.world.acquisition_api import AcquisitionApi
from sandbox.world.apps import Apps
from sandbox.world.attachments import Attachments
from sandbox.world.behaviour import Behaviour
from sandbox.world.contact_ways import ContactWays
from sandbox.world.events import system_event
from sandbox.world.group_api import GroupApi
from sandbox.world.group_statistics import GroupStatistics
from sandbox.world.group_welcome import GroupWelcomes
from sandbox.world.groups import Groups
from sandbox.world.habits import Habits
from sandbox.world.join_ways import JoinWays
from sandbox.world.kf import KfDesk
from sandbox.world.kf_accounts import KfAccounts
from sandbox.world.kf_codes import KfCodes
from sandbox.world.kf_customers import KfCustomers
from sandbox.world.kf_send import KfSend
from sandbox.world.kf_servicers import KfServicers
from sandbox.world.kf_state import KfState
from sandbox.world.kf_sync import KfSync
from sandbox.world.later import Later
from sandbox.world.limits import Limits, Traffic
from sandbox.world.logins import Logins
from sandbox.world.mass import Mass
from sandbox.world.mass_api import MassApi
from sandbox.world.mass_audience import MassAudience
from sandbox.world.media import Media
from sandbox.world.messages import Messages
from sandbox.world.moment_api import MomentApi
from sandbox.world.moment_audience import MomentAudience
from sandbox.world.moment_feed import MomentFeed
from sandbox.world.moment_results import MomentResults
from sandbox.world.moments import Moments
from sandbox.world.people import Member, People
from sandbox.world.pool import Pool
from sandbox.world.profiles import Profiles
from sandbox.world.relations import Relations
from sandbox.world.tags import Tags
from sandbox.world.transfer_groups import GroupTransfers
from sandbox.world.transfers import Transfers
from sandbox.world.welcome import WelcomeCodes
from sandbox.world.wire import Answer, App, Body, Call, Event, Ids, Upload, need

__all__ = ["App", "Member", "World"]


class World:
    """One corp. `answer` is the API; `relations`, `messages` and `tags` hold what people do in their clients."""

    def __init__(self, corpid: str, seed: int | str) -> None:
        self.corpid = corpid
        self.ids = ids = Ids(seed)
        self.apps = Apps(corpid, ids)
        self.people = People()
        self.logins = Logins(corpid, ids, self.people, self.apps)
        self.later = Later()
        self.limits = Limits()
        self.traffic = Traffic()
        self.media = Media(ids)
        self.tags = Tags(corpid, ids, self.people)
        self.contact_ways = ContactWays(ids, self.people)
        self.welcome = WelcomeCodes(ids, self.people, self.media)
        self.messages = Messages(corpid, ids, self.people, self.media)
        self.relations = Relations(corpid, ids, self.people, self.contact_ways, self.welcome)
        self.group_welcomes = GroupWelcomes(ids, self.media)
        self.groups = Groups(corpid, ids, self.people, self.group_welcomes)
        self.group_api = GroupApi(self.groups, self.people)
        self.join_ways = JoinWays(ids, self.groups, self.contact_ways)
        self.acquisition = Acquisition(corpid, ids, self.people, self.relations)
        self.acquisition_api = AcquisitionApi(self.acquisition, self.contact_ways)
        self.behaviour = Behaviour(self.people, self.relations)
        self.transfers = Transfers(self.people, self.relations, self.later)
        self.habits = Habits(random.Random(f"{seed}/habits"), self.later)
        self.mass = Mass(ids, self.people, self.groups, self.habits)
        self.mass_audience = MassAudience(self.people, self.groups, self.tags)
        self.mass_api = MassApi(self.mass, self.mass_audience, self.people, self.media)
        self.moments = Moments(ids, self.people, self.habits)
        self.moment_feed = MomentFeed(self.moments, self.people)
        self.moment_audience = MomentAudience(self.people, self.tags)
        self.moment_api = MomentApi(ids, self.moments, self.moment_audience, self.media)
        self.pool = Pool(ids, self.people, self.groups, self.tags)
        self.kf = KfDesk(corpid, ids, self.people)
        codes = KfCodes(ids)
        self.kf_sync = KfSync(self.kf)
        self.kf_customers = KfCustomers(self.kf, codes, self.media)
        self.kf_servicers = KfServicers(self.kf, codes)
        kf_api = (KfAccounts(self.kf, self.media), KfSend(self.kf, codes, self.media), KfState(self.kf, codes))
        self._endpoints = self._collect((*kf_api, self.kf_sync))

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
        need(not (app.contact_secret and "customer_acquisition" in api), 48002, "api forbidden for this secret")
        need(app.customer_contact or not api.startswith("externalcontact/"), 48002, "api forbidden for this app")
        need(app.kf or not api.startswith("kf/"), 48002, "api forbidden for this app")
        self.limits.draw(api, ip, at)
        return self._endpoints[api](Call(app=app, at=at, query=query, body=body, upload=upload))

    def add_member(self, userid: str, name: str, **how: bool) -> Member:
        """An employee joins (or is replaced)."""
        member = self.people.members[userid] = Member(userid, name, **how)
        return member

    def member_leaves(self, at: int, userid: str) -> list[Event]:
        """A member leaves the corp. Raises NotFoundError."""
        userid = self.people.member(userid).userid
        self.transfers.member_left(at, userid)
        told = system_event(self.corpid, at, "change_contact", "delete_user", UserID=userid)
        return [told, *self.groups.member_left(at, userid)]

    def serve_at(self, base_url: str) -> None:
        """Where the pictures and codes that answers point to can be fetched."""
        self.media.base_url = self.contact_ways.base_url = self.kf.base_url = base_url

    def _collect(self, kf: tuple[Any, ...]) -> dict[str, Callable[[Call], Answer]]:
        profiles = Profiles(self.people, self.tags)
        parts = (self.tags, self.contact_ways, self.welcome, self.messages, self.media, profiles, self.logins)
        others = (
            *(self.group_api, self.group_welcomes, self.join_ways, GroupStatistics(self.groups, self.people)),
            *(self.acquisition_api, self.behaviour, self.transfers),
            *(self.mass_api, self.moment_api, MomentResults(self.moments, self.people), Attachments(self.media)),
            GroupTransfers(self.groups, self.people, self.transfers, self.later),
        )
        own: dict[str, Callable[[Call], Answer]] = {
            "getcallbackip": lambda call: {"ip_list": ["127.0.0.1"]},
            "get_api_domain_ip": lambda call: {"ip_list": ["127.0.0.1"]},
        }
        return own | {api: method for part in (*parts, *others, *kf) for api, method in part.endpoints().items()}
