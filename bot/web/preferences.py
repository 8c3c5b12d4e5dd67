"""What a customer wants to hear of: /p/<token>. It says nothing about who they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.scrm.consent import EVERYTHING, TOPICS, Preferences
from bot.scrm.events.privacy import PreferenceSet
from bot.store import inbox, privacy
from bot.web.lobby import Lobby, link_of

PATH = "/p/{token}"
ALL_OFF = "记下了，以后不再主动给你发内容。你找我们，我们照常回。"
SAVED = "记下了，以后按你选的来。"


@dataclass(frozen=True, slots=True)
class PreferencePages:
    lobby: Lobby
    happened: Callable[[], None]

    def routes(self) -> list[web.RouteDef]:
        kind = self.lobby.pages.kind
        return [web.get(PATH, kind(self.get)), web.post(PATH, kind(self.post))]

    async def get(self, request: web.Request) -> web.StreamResponse:
        """The topics, and which of them are wanted."""
        return self._show(request, await self._known(await self._whose(request)))

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Keep what is wanted from now on; the page that answers comes after it is on disk."""
        external_userid = await self._whose(request)
        known = await self._known(external_userid)
        link = link_of(request.match_info["token"])
        form = await self.lobby.form(request, link)
        once = self.lobby.once(request, form, "preferences", link)
        none = form.get("action") == ["none"]
        changes = [(EVERYTHING, False)] if none else changed(known, frozenset(form.get("topic", ())))
        await self._keep(external_userid, changes, once)
        for topic, wanted in changes:
            known = known.after(topic, wanted=wanted)
        return self._show(request, known, ALL_OFF if none else SAVED)

    async def _whose(self, request: web.Request) -> str:
        [external_userid] = await self.lobby.open_of_customer("preferences", request.match_info["token"])
        return external_userid

    async def _known(self, external_userid: str) -> Preferences:
        return await self.lobby.database.read(partial(privacy.preferences_of, external_userid=external_userid))

    async def _keep(self, external_userid: str, changes: list[tuple[str, bool]], once: str) -> None:
        arrivals = [
            inbox.own_arrival(
                PreferenceSet(
                    created_at=self.lobby.clock.now(),
                    external_userid=external_userid,
                    topic=topic,
                    wanted=wanted,
                    by="customer",
                ),
                cause=f"page/{once}/{topic}",
            )
            for topic, wanted in changes
        ]
        await self.lobby.database.write(partial(inbox.put, arrivals=arrivals), urgent=True)
        self.happened()

    def _show(self, request: web.Request, known: Preferences, saved: str = "") -> web.Response:
        return self.lobby.page(
            request,
            "preferences.html",
            *("preferences", link_of(request.match_info["token"])),
            title="想收到什么，你说了算",
            topics=[(topic, not known.opted_out(topic)) for topic in TOPICS],
            saved=saved,
        )


def changed(known: Preferences, wanted: frozenset[str]) -> list[tuple[str, bool]]:
    """What has to be said, in this order, so that these topics are wanted and the others are not."""
    said: list[tuple[str, bool]] = []
    if EVERYTHING in known.refused and wanted:
        said.append((EVERYTHING, True))
        known = known.after(EVERYTHING, wanted=True)
    return said + [(topic, topic in wanted) for topic in TOPICS if (topic in wanted) == known.opted_out(topic)]
