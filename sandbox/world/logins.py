"""Members tell an app in a browser who they are, by a scan or in the client (official pages 91022, 91023, 98152)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sandbox.world.apps import Apps
from sandbox.world.people import People
from sandbox.world.wire import Answer, Call, Ids, NotFoundError, need

CODE_SECONDS = 5 * 60
STATE_BYTES = 128


@dataclass(slots=True)
class _Code:
    userid: str
    agentid: int
    ends_at: int


class Logins:
    """The codes that are out."""

    def __init__(self, corpid: str, ids: Ids, people: People, apps: Apps) -> None:
        self._corpid, self._ids, self._people, self._apps = corpid, ids, people, apps
        self._codes: dict[str, _Code] = {}

    def endpoints(self) -> dict[str, Callable[[Call], Answer]]:
        return {"auth/getuserinfo": self.who}

    def check(self, corpid: str, agentid: int, redirect_uri: str, state: str) -> None:
        """Raises NotFoundError, whose words a person reads, where WeCom shows no page to log in."""
        app = self._apps.by_agentid(agentid)
        trusted, asked = urlsplit(app.callback_url).hostname, urlsplit(redirect_uri)
        if corpid != self._corpid:
            raise NotFoundError("appid 不是这个企业")
        if asked.scheme not in ("http", "https") or asked.hostname != trusted:
            raise NotFoundError("redirect_uri 的域名不是这个应用的可信域名（50001）")
        if len(state.encode()) > STATE_BYTES:
            raise NotFoundError("state 太长")

    def agrees(self, at: int, userid: str, agentid: int, redirect_uri: str, state: str) -> str:
        """A member says who they are; the address that their browser is sent to. Raises NotFoundError."""
        self.check(self._corpid, agentid, redirect_uri, state)
        code = self._ids.letters("", 43)
        self._codes[code] = _Code(self._people.member(userid).userid, agentid, at + CODE_SECONDS)
        joint = "&" if urlsplit(redirect_uri).query else "?"
        return f"{redirect_uri}{joint}{urlencode({'code': code, 'state': state})}"

    def who(self, call: Call) -> Answer:
        """Whose code it is: once, and only for the app that it was made for."""
        code = self._codes.get(call.query.get("code", ""))
        need(code is not None and code.agentid == call.app.agentid, 40029, "invalid code")
        del self._codes[call.query["code"]]
        assert code is not None
        need(call.at < code.ends_at, 40029, "code expired")
        return {"userid": code.userid}
