"""Who comes in by a guide's link: one guide beside one customer of theirs, and nobody else.

A link is a bearer: whoever has it is taken for the guide it was made for. So it opens one customer only, shows little,
ends after a working day, and at once when the guide and the customer part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from bot.scrm.links import LinkRejected
from bot.store import relations
from bot.web.lobby import Lobby
from bot.web.pages import NOTICES, PRIVATE, Refused
from bot.wecom.events.base import customer_line


@dataclass(frozen=True, slots=True)
class Pair:
    """A guide (`userid`) beside a customer of theirs, `name` being what the guide knows them by, if anything."""

    external_userid: str
    userid: str
    name: str
    added_at: int

    @property
    def line(self) -> str:
        """The line of the customer, on which everything said of them goes."""
        return customer_line(self.external_userid)


@dataclass(frozen=True, slots=True)
class GuideDoor:
    lobby: Lobby

    async def pair(self, token: str) -> Pair:
        """The two that a link was made for.

        Raises:
            LinkRejected: not ours.
            Refused: too old, or they are not connected any more.
        """
        try:
            external_userid, userid = await self.lobby.open_of_customer("guide", token)
        except LinkRejected as rejected:
            raise _of_guide(rejected) from None
        look = partial(relations.acquaintance, userid=userid, external_userid=external_userid)
        known = await self.lobby.database.read(look)
        if known is None:
            raise Refused("stranger")
        return Pair(external_userid, userid, known.name, known.added_at)

    async def bearer(self, request: web.Request) -> Pair:
        """The two that a program shows the token of, in `Authorization: Bearer …`."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise LinkRejected("bad")
        return await self.pair(token)

    def member(self, token: str) -> str:
        """The guide whose own page this is. Raises as `pair`."""
        try:
            [userid] = self.lobby.open("member", token)
        except LinkRejected as rejected:
            raise _of_guide(rejected) from None
        return userid


def _of_guide(rejected: LinkRejected) -> Exception:
    """A guide gets a new link in another way than a customer."""
    return Refused("stale") if rejected.reason == "expired" else rejected


def refusal(notice: str) -> web.Response:
    """What a program gets instead of a page that says no."""
    status, title, _ = NOTICES[notice]
    return answer_json({"error": notice, "message": title}, 401 if notice in ("bad", "stale") else status)


def answer_json(body: Mapping[str, Any], status: int = 200) -> web.Response:
    """An answer to a program; Chinese stays readable."""
    return web.json_response(body, status=status, headers=PRIVATE, dumps=partial(json.dumps, ensure_ascii=False))
