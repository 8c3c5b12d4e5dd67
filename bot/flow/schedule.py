"""The tick: a few times a minute, see what is due. APScheduler only calls; what is due is a fact in the database."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.scrm.channel import Channel
from bot.scrm.events import DutyChanged, MediaDue, MediaKind, OwnEvent
from bot.scrm.facts import Plans
from bot.scrm.week import week_minute
from bot.store import inbox, library, retention
from bot.store.database import Database
from bot.wecom.net.token import AccessToken

TICK_SECONDS = 15
REFRESH_AHEAD_SECONDS = 12 * 3600
"""A media_id is renewed this long before its 3 days end."""

RETRY_SECONDS = 3600
"""What could not be done is due again after this."""

KINDS: dict[str, MediaKind] = {".jpg": "image", ".jpeg": "image", ".png": "image", ".mp4": "video"}

log = structlog.get_logger()


class Schedule:
    """What the passing of time brings about."""

    def __init__(
        self,
        *,
        database: Database,
        content: Callable[[], Plans],
        token: AccessToken,
        timezone: str,
        clock: Clock,
        happened: Callable[[], None],
        keep: retention.Keep,
    ) -> None:
        self._database = database
        self._content = content
        self._token = token
        self._timezone = timezone
        self._clock = clock
        self._happened = happened
        self._keep = keep
        self._scheduler = AsyncIOScheduler()

    def start(self) -> None:
        """Tick from now on."""
        self._scheduler.add_job(
            self.tick, "interval", seconds=TICK_SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    def stop(self) -> None:
        """No more ticks."""
        self._scheduler.shutdown(wait=False)

    async def tick(self) -> None:
        """Look once. One thing that fails does not keep the others from their turn."""
        for look in (self._lead, self._token.keep_warm, self._media, self._duty, self._forget):
            try:
                await look()
            except Exception:
                log.exception("tick_failed", look=look.__name__)

    async def _lead(self) -> None:
        """Two movers would do everything twice: who is no more the one stops, and begins anew as a candidate."""
        if not await self._database.leads():
            log.critical("leadership_lost")
            signal.raise_signal(signal.SIGTERM)

    async def _media(self) -> None:
        now = self._clock.now()
        usable = await self._database.read(partial(library.usable_media, until_at=now + REFRESH_AHEAD_SECONDS))
        due = due_media(self._content().media, usable, now)
        await self._tell([(event, f"media/{now // RETRY_SECONDS}/{event.sha256}") for event in due])

    async def _duty(self) -> None:
        now = self._clock.now()
        ways = await self._database.read(library.contact_ways)
        receiving = {way.channel_id: way.userids for way in ways.values()}
        due = due_duties(self._content().channels, receiving, now, self._timezone)
        await self._tell([(event, f"duty/{now // RETRY_SECONDS}/{event.userids}") for event in due])

    async def _tell(self, due: Sequence[tuple[OwnEvent, str]]) -> None:
        """Put own events into the inbox, each once per cause."""
        if due:
            arrivals = [inbox.own_arrival(event, cause=cause) for event, cause in due]
            await self._database.write(partial(inbox.put, arrivals=arrivals))
            self._happened()

    async def _forget(self) -> None:
        """Drop what has been kept long enough, a chunk a tick."""
        await self._database.write(partial(retention.forget, now=self._clock.now(), keep=self._keep))


def due_media(wanted: Mapping[str, str], usable: Mapping[str, str], now: int) -> list[MediaDue]:
    """The files that WeCom has not, or not for long any more, or in another edition."""
    return [
        MediaDue(created_at=now, path=path, sha256=sha256, kind=kind_of(path))
        for path, sha256 in sorted(wanted.items())
        if usable.get(path) != sha256
    ]


def due_duties(
    channels: Mapping[str, Channel], receiving: Mapping[str, tuple[str, ...]], now: int, timezone: str
) -> list[DutyChanged]:
    """The channels whose contact way names others than the rota does now."""
    moment = week_minute(now, timezone)
    on_duty = {id_: channels[id_].on_duty(*moment) for id_ in receiving if id_ in channels}
    return [
        DutyChanged(created_at=now, channel_id=channel_id, userids=userids)
        for channel_id, userids in sorted(on_duty.items())
        if userids != receiving[channel_id]
    ]


def kind_of(path: str) -> MediaKind:
    """The media type that WeCom wants for a file."""
    return KINDS.get(path[path.rfind(".") :].lower(), "file")


async def tell(database: Database, event: OwnEvent, cause: str) -> None:
    """Put one own event into the inbox."""
    await database.write(partial(inbox.put, arrivals=[inbox.own_arrival(event, cause=cause)]))
