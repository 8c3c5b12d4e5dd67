"""The way into the console: by WeCom, or by a link that is good once; and who is in.

By WeCom: this browser gets a random state in a cookie, WeCom sends it back with a code, and both have to fit. So nobody
can let another one in as themselves, and an address that was used, or seen by others, lets nobody in.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from aiohttp import web

from bot.flow.schedule import tell
from bot.scrm.events.customers import StaffEntered
from bot.scrm.links import LinkRejected, sign, verify
from bot.scrm.role import Staff
from bot.store import console
from bot.store.console import SESSION_SECONDS, Session
from bot.store.database import Database
from bot.web.lobby import Lobby
from bot.web.pages import Refused
from bot.wecom.errors import AnswerLost, NotReached, WeComError

HOME: Final = "/console"
COOKIE, STATE = "zhiyu_console", "zhiyu_login"
STATE_SECONDS: Final = 10 * 60
"""To take out the phone and scan."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComLogin:
    """How WeCom says who somebody is. `whoami`: asks it by the code that a browser brought."""

    corpid: str
    agentid: str
    qr_url: str
    in_app_url: str
    back: str
    whoami: Callable[[str], Awaitable[Mapping[str, Any]]]

    def address(self, state: str, *, in_app: bool) -> str:
        """Where a browser is sent (official pages 98152, and 91022 inside the client)."""
        ours = {"appid": self.corpid, "agentid": self.agentid, "redirect_uri": self.back, "state": state}
        if in_app:
            asked = ours | {"response_type": "code", "scope": "snsapi_base"}
            return f"{self.in_app_url}?{urlencode(asked)}#wechat_redirect"
        return f"{self.qr_url}?{urlencode({'login_type': 'CorpApp'} | ours)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`staff`: who may come in at all."""

    lobby: Lobby
    staff: Mapping[str, Staff]
    wecom: WeComLogin

    async def who(self, request: web.Request) -> tuple[Staff, Session] | None:
        """Who is in; None: nobody, or somebody whom the configuration names no more."""
        secret = request.cookies.get(COOKIE, "")
        if not secret:
            return None
        look = partial(console.session, secret=secret, now=self.lobby.clock.now())
        session = await self._database.look_up(look)
        staff = self.staff.get(session.userid) if session else None
        return (staff, session) if staff and session else None

    def to_wecom(self, request: web.Request) -> tuple[str, str]:
        """Where this browser goes to say who it is, and the cookie that it has to come back with."""
        state = secrets.token_urlsafe(24)
        onward = request.query.get("next", "")
        signed = sign(self.lobby.key, "login", (state, _inside(onward)), self.lobby.clock.now() + STATE_SECONDS)
        in_app = "wxwork" in request.headers.get("User-Agent", "").lower()
        return self.wecom.address(state, in_app=in_app), signed

    async def back_from_wecom(self, request: web.Request) -> tuple[str, str]:
        """Who came back, and where they wanted to go.

        Raises:
            Refused: not from where this browser was sent to, too late, a used code, or nobody who may come in.
        """
        try:
            signed = request.cookies.get(STATE, "")
            state, onward = verify(self.lobby.key, "login", signed, self.lobby.clock.now())
        except (LinkRejected, ValueError):
            raise Refused("login") from None
        if not secrets.compare_digest(state.encode(), request.query.get("state", "").encode()):
            raise Refused("login")
        return await self._named(request.query.get("code", "")), onward

    async def _named(self, code: str) -> str:
        try:
            answer = await self.wecom.whoami(code)
        except WeComError as error:
            log.warning("login_refused_by_wecom", errcode=error.errcode)
            raise Refused("login") from None
        except (AnswerLost, NotReached):
            raise Refused("wecom_away") from None
        return self.named(str(answer.get("userid", "")))

    def named(self, userid: str) -> str:
        """Raises Refused for whom the configuration does not name."""
        if userid not in self.staff:
            raise Refused("no_entry")
        return userid

    async def by_link(self, secret: str) -> str:
        """Whom a link lets in, once. Raises Refused."""
        use = partial(console.use_link, secret=secret, now=self.lobby.clock.now())
        userid = await self._database.write(use)
        if userid is None:
            raise Refused("link")
        return self.named(userid)

    async def let_in(self, userid: str, response: web.Response) -> None:
        """From now on this browser is theirs, until the day is over or they go."""
        secret, now = secrets.token_urlsafe(32), self.lobby.clock.now()
        await self._database.write(partial(console.begin, secret=secret, userid=userid, now=now))
        await tell(self._database, StaffEntered(created_at=now, userid=userid), f"console/{now}")
        self.remember(response, COOKIE, secret, SESSION_SECONDS)
        response.del_cookie(STATE, path=HOME)
        log.info("console_entered", userid=userid)

    async def let_out(self, session: Session, response: web.Response) -> None:
        """They go."""
        await self._database.write(partial(console.end, key=session.key))
        response.del_cookie(COOKIE, path=HOME)

    def remember(self, response: web.Response, name: str, value: str, seconds: int) -> None:
        """Have the browser show this, to the console only."""
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="Lax", secure=self.lobby.browsers.secure, path=HOME
        )

    @property
    def _database(self) -> Database:
        return self.lobby.database


async def new_link(database: Database, public_url: str, userid: str, now: int) -> str:
    """An address that lets whoever opens it first come in as `userid`, soon."""
    secret = secrets.token_urlsafe(32)
    await database.write(partial(console.make_link, secret=secret, userid=userid, now=now))
    return f"{public_url}{HOME}/enter?key={secret}"


def _inside(path: str) -> str:
    """Nobody is sent elsewhere from our login."""
    ours = path == HOME or path.startswith((f"{HOME}/", f"{HOME}?"))
    return path if ours and path.isprintable() else HOME
