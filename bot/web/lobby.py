"""What every page of ours needs at the door: links opened, browsers known, forms checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from aiohttp import web

from bot.clock import Clock
from bot.scrm.links import LinkRejected, Purpose, verify
from bot.store import tombstones
from bot.store.database import Database
from bot.web.browser import Browsers
from bot.web.pages import Form, Pages, Refused, Turnstile, read_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Lobby:
    """`key`: signs links; `home`: the host that people see in the address."""

    database: Database
    pages: Pages
    browsers: Browsers
    turnstile: Turnstile
    clock: Clock
    key: bytes
    home: str

    @classmethod
    def at(cls, public_url: str, key: bytes, database: Database, pages: Pages, clock: Clock) -> Lobby:
        """That of the pages which people reach at this address."""
        site = urlsplit(public_url)
        return cls(
            database=database,
            pages=pages,
            browsers=Browsers(key, secure=site.scheme == "https"),
            turnstile=Turnstile(clock),
            clock=clock,
            key=key,
            home=site.netloc,
        )

    def open(self, purpose: Purpose, token: str) -> tuple[str, ...]:
        """The subject of a link. Raises LinkRejected."""
        return verify(self.key, purpose, token, self.clock.now())

    async def open_of_customer(self, purpose: Purpose, token: str) -> tuple[str, ...]:
        """The subject of a link about a customer, who comes first in it.

        Raises:
            LinkRejected: also when they asked to be forgotten since.
        """
        subject = self.open(purpose, token)
        erased_at = partial(tombstones.erased_at, external_userid=subject[0])
        if await self.database.look_up(erased_at) is not None:
            raise LinkRejected("expired")
        return subject

    def browser(self, request: web.Request) -> str | None:
        """The name of the browser; None for one that has none yet."""
        return self.browsers.name(request, self.clock.now())

    async def posted(
        self, request: web.Request, counted_as: str, *what: str, fields: Sequence[str] = ()
    ) -> tuple[Form, str]:
        """What was posted, and what is unique to its form: one about `what`, then about what its `fields` say.

        Raises:
            Refused: not by a page of ours, too large, too slow, too often; not this browser's form, or not about that.
        """
        self.turnstile.enter(counted_as)
        form = await read_form(request, self.clock, self.home)
        browser = self.browser(request)
        if browser is None:
            raise Refused("cookies")
        about = (form.get(field, [""])[0] for field in fields)
        return form, self.browsers.check(browser, form, *what, *about, now=self.clock.now())

    def page(
        self, request: web.Request, template: str, *what: str, status: int = 200, **values: object
    ) -> web.Response:
        """A page with a form about `what`, that only this browser can send."""
        now, known = self.clock.now(), self.browser(request)
        browser = known or self.browsers.new_name()
        form = self.browsers.form(browser, *what, now=now)
        page = self.pages.show(template, status=status, form=form, **values)
        if known is None:
            self.browsers.remember(page, browser, now)
        return page


def link_of(token: str) -> str:
    """A name for a link by which nobody can open it."""
    return hashlib.sha256(token.encode()).hexdigest()
