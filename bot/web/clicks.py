"""/r/<code>: an item's link, counted on its way. It leads where staff's files say; nothing of who opens it is kept."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from aiohttp import web

from bot.clock import Clock
from bot.scrm.links import LinkRejected
from bot.store import clicks
from bot.web.lobby import Lobby
from bot.web.pages import PRIVATE

PATH = "/r/{code:[a-z2-7]{12}}"

REST_SECONDS = 300
"""Who opens a link again within this time at least, and twice this at most, is not counted again."""

MOST_A_MINUTE = 600
"""Openings of one link that are counted: more than its readers make, fewer than a machine could."""

DAY_SECONDS = 86_400


class Visitors:
    """Who opened what in the last minutes: hashes in memory, by a key that is drawn anew each day and kept nowhere.

    `most`: hashes in each of two halves; when one is full the older half is forgotten.
    """

    def __init__(self, clock: Clock, most: int = 50_000) -> None:
        self._clock, self._most = clock, most
        self._day = self._half = self._minute = -1
        self._key = b""
        self._seen, self._before = set[bytes](), set[bytes]()
        self._counts = Counter[str]()

    @property
    def remembered(self) -> int:
        """How many hashes there are."""
        return len(self._seen) + len(self._before)

    def counts(self, code: str, visitor: str) -> bool:
        """Whether an opening is to be counted."""
        if not self.is_new(code, visitor):
            return False
        if (minute := self._clock.now() // 60) != self._minute:
            self._minute, self._counts = minute, Counter()
        self._counts[code] += 1
        return self._counts[code] <= MOST_A_MINUTE

    def is_new(self, code: str, visitor: str) -> bool:
        """Whether this one has let the link be for a while; from now on they have not."""
        self._turn(self._clock.now())
        mark = blake2b(f"{code}\n{visitor}".encode(errors="replace"), key=self._key, digest_size=16).digest()
        new = mark not in self._seen and mark not in self._before
        self._seen.add(mark)
        return new

    def _turn(self, now: int) -> None:
        if now // DAY_SECONDS != self._day:
            self._day, self._key = now // DAY_SECONDS, secrets.token_bytes(32)
            self._seen, self._before = set(), set()
        if now // REST_SECONDS != self._half or len(self._seen) >= self._most:
            late = now // REST_SECONDS > self._half + 1
            self._before, self._seen, self._half = set() if late else self._seen, set(), now // REST_SECONDS


@dataclass(frozen=True, slots=True)
class ClickDoor:
    lobby: Lobby
    visitors: Visitors

    def routes(self) -> list[web.RouteDef]:
        return [web.get(PATH, self.lobby.pages.kind(self.get), allow_head=False)]

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Count it, unless the same one did just now, and on. Whoever comes for what is not ours is told so."""
        code = request.match_info["code"]
        url = await self.lobby.database.look_up(partial(clicks.leads_to, code=code))
        if url is None:
            raise LinkRejected("bad")
        if self.visitors.counts(code, _visitor(request)):
            await self.lobby.database.write(partial(clicks.opened, code=code, now=self.lobby.clock.now()))
        return web.Response(status=302, headers={**PRIVATE, "Location": url})


def _visitor(request: web.Request) -> str:
    """Where a request comes from, as the proxy before us says it, and by which browser."""
    said = (request.headers.get(name, "") for name in ("X-Forwarded-For", "User-Agent"))
    return "\n".join((request.remote or "", *said))
