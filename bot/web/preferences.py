"""What a customer wants to hear of: /p/<token>. It says nothing about who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from aiohttp import web
from sqlalchemy import Connection

from bot.clock import Clock
from bot.scrm.consent import CUSTOMER, EVERYTHING, Preferences
from bot.scrm.events.privacy import PreferenceSet
from bot.store import inbox, privacy, seats
from bot.store.database import Database
from bot.web.lobby import Lobby, link_of
from bot.web.pages import Form
from bot.wecom.events.base import customer_line

PATH = "/p/{token}"
ALL_OFF = "记下了，以后不再主动给你发内容。你找我们，我们照常回。"
SAVED = "记下了，以后按你选的来。"


@dataclass(frozen=True, slots=True)
class PreferenceBook:
    """Reads what a customer wants, and keeps what somebody says of it. `topics`: those of today (care.yaml)."""

    database: Database
    topics: Callable[[], Sequence[str]]
    clock: Clock
    happened: Callable[[], None]

    async def known(self, external_userid: str) -> Preferences:
        """What the customer does not want, by what was said up to now: what is not handled yet, too."""
        return await self.database.read(partial(_known, external_userid=external_userid))

    async def keep(self, external_userid: str, by: str, changes: Sequence[tuple[str, bool]], once: str) -> None:
        """Put (topic, wanted) into the inbox; on return it is on disk. `once`: the same form counts once."""
        arrivals = [
            inbox.own_arrival(
                PreferenceSet(
                    created_at=self.clock.now(), external_userid=external_userid, topic=topic, wanted=wanted, by=by
                ),
                cause=f"page/{once}/{topic}",
            )
            for topic, wanted in changes
        ]
        await self.database.write(partial(inbox.put, arrivals=arrivals), urgent=True)
        self.happened()


def _known(conn: Connection, *, external_userid: str) -> Preferences:
    # What waits is read before what is stored: handled in between, it is heard twice and counts once.
    waiting = seats.unhandled(conn, customer_line(external_userid), PreferenceSet)
    known = privacy.preferences_of(conn, external_userid)
    for said in waiting:
        known = after(known, [(said.topic, said.wanted)], said.by)
    return known


def asked_for(known: Preferences, form: Form, topics: Sequence[str], by: str) -> list[tuple[str, bool]]:
    """What a form with the topics says: the ticked ones are wanted; or nothing at all, by its button."""
    if form.get("action") == ["none"]:
        return [(EVERYTHING, False)]
    return changed(known, frozenset(form.get("topic", ())), topics, by)


def after(known: Preferences, changes: Iterable[tuple[str, bool]], by: str) -> Preferences:
    """The preferences as they will be once all this is handled."""
    for topic, wanted in changes:
        if known.hears(topic, wanted=wanted, by=by):
            known = known.after(topic, wanted=wanted, by=by)
    return known


def topics_of(known: Preferences, topics: Sequence[str]) -> list[tuple[str, bool, bool]]:
    """(topic, whether it is wanted, whether only the customer can have it again)."""
    return [(topic, not known.opted_out(topic), known.own_word(topic)) for topic in topics]


def changed(
    known: Preferences, wanted: frozenset[str], topics: Sequence[str], by: str = CUSTOMER
) -> list[tuple[str, bool]]:
    """What has to be said, in this order, so that of these topics the wanted ones are and the others are not."""
    said: list[tuple[str, bool]] = []
    if EVERYTHING in known.refused and wanted:
        said.append((EVERYTHING, True))
        known = after(known, said, by)
    return said + [(topic, topic in wanted) for topic in topics if (topic in wanted) == known.opted_out(topic)]


@dataclass(frozen=True, slots=True)
class PreferencePages:
    """`counts`: whether links of items are counted, which is said here."""

    lobby: Lobby
    book: PreferenceBook
    counts: Callable[[], bool]

    def routes(self) -> list[web.RouteDef]:
        kind = self.lobby.pages.kind
        return [web.get(PATH, kind(self.get)), web.post(PATH, kind(self.post))]

    async def get(self, request: web.Request) -> web.StreamResponse:
        """The topics, and which of them are wanted."""
        return self._show(request, await self.book.known(await self._whose(request)))

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Keep what is wanted from now on; the page that answers comes after it is on disk."""
        external_userid = await self._whose(request)
        known = await self.book.known(external_userid)
        link = link_of(request.match_info["token"])
        form, once = await self.lobby.posted(request, link, "preferences", link)
        changes = asked_for(known, form, self.book.topics(), CUSTOMER)
        await self.book.keep(external_userid, CUSTOMER, changes, once)
        saved = ALL_OFF if changes == [(EVERYTHING, False)] else SAVED
        return self._show(request, after(known, changes, CUSTOMER), saved)

    async def _whose(self, request: web.Request) -> str:
        [external_userid] = await self.lobby.open_of_customer("preferences", request.match_info["token"])
        return external_userid

    def _show(self, request: web.Request, known: Preferences, saved: str = "") -> web.Response:
        return self.lobby.page(
            request,
            "preferences.html",
            *("preferences", link_of(request.match_info["token"])),
            title="想收到什么，你说了算",
            topics=[(topic, wanted, False) for topic, wanted, _ in topics_of(known, self.book.topics())],
            saved=saved,
            counts=self.counts(),
        )
