"""Which browser is asking: a signed cookie that says nothing but a random name, and forms that only it can send."""

from __future__ import annotations

import secrets

from aiohttp import web

from bot.scrm.links import LinkRejected, sign, verify
from bot.web.pages import Form, Refused

COOKIE = "zhiyu"
COOKIE_SECONDS = 30 * 24 * 3600
FORM_SECONDS = 24 * 3600
"""A page may lie open overnight."""


class Browsers:
    """Names browsers and signs their forms. `secure`: cookies travel over https only."""

    def __init__(self, key: bytes, *, secure: bool) -> None:
        self._key = key
        self.secure = secure

    def name(self, request: web.Request, now: int) -> str | None:
        """The name that we gave this browser; None for one that shows none, or not ours."""
        try:
            [name] = verify(self._key, "browser", request.cookies.get(COOKIE, ""), now)
        except (LinkRejected, ValueError):
            return None
        return name

    def new_name(self) -> str:
        """A name for a browser that has none."""
        return secrets.token_urlsafe(12)

    def remember(self, response: web.Response, name: str, now: int) -> None:
        """Have the browser show this name from now on."""
        cookie = sign(self._key, "browser", (name,), now + COOKIE_SECONDS)
        response.set_cookie(
            COOKIE, cookie, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=self.secure, path="/"
        )

    def form(self, name: str, *what: str, now: int) -> str:
        """The hidden field of a form about `what`. Each is another one, so that a form sent twice counts once."""
        return sign(self._key, "form", (name, secrets.token_urlsafe(8), *what), now + FORM_SECONDS)

    def check(self, name: str, form: Form, *what: str, now: int) -> str:
        """What is unique to this form.

        Raises:
            Refused: it was made for another browser or another matter, or too long ago.
        """
        try:
            owner, once, *about = verify(self._key, "form", form.get("form", [""])[0], now)
        except (LinkRejected, ValueError):
            raise Refused("form") from None
        if owner != name or tuple(about) != what:
            raise Refused("form")
        return once
