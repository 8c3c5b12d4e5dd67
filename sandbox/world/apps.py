"""Apps, their access tokens and the IP addresses that may call (official pages 91039, 90313)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.world.wire import Answer, ApiError, App, Ids, NotFoundError, need

TOKEN_SECONDS = 7200
WRONG_SECRETS_ALLOWED = 10
IP_BLOCK_SECONDS = 3600


@dataclass(slots=True)
class _Token:
    value: str
    agentid: int
    expires_at: int
    revoked_as: int = 0


class Apps:
    """Who may call, and with which token."""

    def __init__(self, corpid: str, ids: Ids) -> None:
        self.corpid = corpid
        self._ids = ids
        self._apps: dict[int, App] = {}
        self._current: dict[int, _Token] = {}
        self._tokens: dict[str, _Token] = {}
        self._wrong_secrets: Counter[str] = Counter()
        self._ip_blocked_until: dict[str, int] = {}

    def add(self, app: App) -> App:
        """Install or replace an app."""
        self._apps[app.agentid] = app
        return app

    def all(self) -> list[App]:
        return list(self._apps.values())

    def by_agentid(self, agentid: int) -> App:
        """Raises NotFoundError."""
        try:
            return self._apps[agentid]
        except KeyError:
            raise NotFoundError(f"没有 agentid 为 {agentid} 的应用") from None

    def gettoken(self, query: Mapping[str, str], ip: str, at: int) -> Answer:
        """The app's token: the same one as long as it is valid, a new one after (official page 91039)."""
        need(self._ip_blocked_until.get(ip, 0) <= at, 45009, "too many wrong secrets from this ip")
        need(query.get("corpid") == self.corpid, 40013, "invalid corpid")
        app = next((app for app in self._apps.values() if app.secret == query.get("corpsecret")), None)
        if app is None:
            self._count_wrong_secret(ip, at)
            raise ApiError(40001, "invalid credential")
        token = self._current.get(app.agentid)
        if token is None or token.revoked_as or token.expires_at <= at:
            token = self._issue(app, at)
        return {"access_token": token.value, "expires_in": token.expires_at - at}

    def caller(self, token: str, ip: str, at: int) -> App:
        """Whose token this is. Raises ApiError 40014 (unknown), 42001 (expired or revoked so), 60020 (IP)."""
        known = self._tokens.get(token)
        if known is None:
            raise ApiError(40014, "invalid access_token")
        need(not known.revoked_as, known.revoked_as, "access_token revoked")
        need(known.expires_at > at, 42001, "access_token expired")
        app = self._apps[known.agentid]
        need(ip in app.trusted_ips, 60020, f"not allow to access from your ip: {ip}")
        return app

    def revoke(self, agentid: int | None = None, errcode: int = 40014) -> None:
        """End the token of one app, or of all, before its time; calls with it answer `errcode` from now on."""
        for token in self._current.values():
            if agentid in (None, token.agentid):
                token.revoked_as = errcode

    def _issue(self, app: App, at: int) -> _Token:
        token = _Token(self._ids.letters("", 214), app.agentid, at + TOKEN_SECONDS)
        self._current[app.agentid] = self._tokens[token.value] = token
        return token

    def _count_wrong_secret(self, ip: str, at: int) -> None:
        self._wrong_secrets[ip] += 1
        if self._wrong_secrets[ip] >= WRONG_SECRETS_ALLOWED:
            self._wrong_secrets[ip] = 0
            self._ip_blocked_until[ip] = at + IP_BLOCK_SECONDS
