"""The tick: a few times a minute, see what is due. APScheduler only calls; what is due is a fact in the database."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.flow.duty_due import RETRY_SECONDS, due_duties, duty_cause, receiving_now
from bot.flow.erase import is_night
from bot.flow.held_due import ask_again
from bot.flow.sends_due import remind, tell_of_stops
from bot.flow.sequences_due import due_sequences
from bot.flow.slots_due import look_for_slots
from bot.flow.steps_due import gather_steps
from bot.flow.survey_due import due_surveys
from bot.scrm.events import MediaDue, MediaKind, OwnEvent
from bot.scrm.events.kf import KfPullDue
from bot.scrm.events.library import CodesRunLow
from bot.scrm.events.planning import PoolsDue
from bot.scrm.events.privacy import CompactionDue
from bot.scrm.events.sync import SyncDue
from bot.scrm.events.tags import TagExpired
from bot.scrm.events.transfers import TransferResultDue
from bot.scrm.gift import CodeStock
from bot.scrm.kind import TOUCHPOINTS
from bot.scrm.plans import Plans
from bot.scrm.sync import due_syncs
from bot.scrm.week import day_began_at, local_time
from bot.store import (
    codes,
    erase,
    inbox,
    kf_accounts,
    library,
    orders,
    retention,
    sends_due,
    syncs,
    tags,
    transfers,
)
from bot.store.database import Database
from bot.wecom.net.token import AccessToken

TICK_SECONDS = 15
REFRESH_AHEAD_SECONDS = 12 * 3600
"""A media_id is renewed this long before its 3 days end."""

EXPIRED_AT_ONCE = 200
KF_QUIET_SECONDS = 3600
"""After so long without a pull a kf account is asked once without a bell, which is rarely allowed."""

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
        codes_left: Callable[[str, int], None],
    ) -> None:
        self._database = database
        self._content = content
        self._token = token
        self._timezone = timezone
        self._clock = clock
        self._happened = happened
        self._keep = keep
        self._orders_at = 0
        self._forgot_at = 0
        self._pools_on = ""
        self._codes_at = 0
        self._codes_left = codes_left
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
        """Look once, for everything."""
        await self._each(self._lead, self._token.keep_warm, self._kf, self._syncs, self._transfers)
        await self.look()
        await self._each(self._forget, self._compaction)

    async def look(self) -> None:
        """Look for what the hour brings to customers and guides. The rest of a tick keeps up with WeCom and tidies."""
        await self._each(self._media, self._duty, self._expired_tags, self._orders, self._surveys)
        await self._each(self._slots, self._held, self._sends, self._sequences, self._pools, self._codes)

    async def _each(self, *looks: Callable[[], Awaitable[None]]) -> None:
        """One that fails does not keep the others from their turn."""
        for look in looks:
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
        since_at = day_began_at(now, self._timezone)
        receiving = await self._database.read(partial(receiving_now, since_at=since_at))
        due = due_duties(self._content().channels, receiving, now, self._timezone)
        kept, zone = receiving.kept, self._timezone
        await self._tell([(event, duty_cause(event, kept.get(event.channel_id), now, zone)) for event in due])

    async def _expired_tags(self) -> None:
        now = self._clock.now()
        lives = {
            tag.path: group.expires_seconds
            for group in self._content().taxonomy.groups
            if group.expires_seconds
            for tag in group.tags
        }
        found = await self._database.read(partial(tags.expired, tags=lives, now=now, limit=EXPIRED_AT_ONCE))
        due = [
            (TagExpired(created_at=now, external_userid=who, tag=tag), f"expired/{tag}/{at}") for who, tag, at in found
        ]
        await self._tell(due)

    async def _syncs(self) -> None:
        now = self._clock.now()
        due = due_syncs(await self._database.read(syncs.latest), now, self._timezone)
        await self._tell([(SyncDue(created_at=now, kind=kind), cause) for kind, cause in due])

    async def _transfers(self) -> None:
        now = self._clock.now()
        between = await self._database.read(transfers.waiting)
        due = [TransferResultDue(created_at=now, **each._asdict()) for each in between]
        await self._tell([(event, f"{event.line}/{now // RETRY_SECONDS}") for event in due])

    async def _orders(self) -> None:
        """Orders whose person is known by now, an hour after the last look."""
        now = self._clock.now()
        if now - self._orders_at < RETRY_SECONDS:
            return
        told = await self._database.read(partial(orders.phones_told, since_at=self._orders_at - RETRY_SECONDS))
        for first in range(0, len(told), orders.CHUNK):
            await self._database.write(partial(orders.know_phones, told=told[first : first + orders.CHUNK]))
        while matches := await self._database.read(orders.match_waiting):
            await self._database.write(partial(orders.give, matches=matches))
        self._orders_at = now

    async def _kf(self) -> None:
        """The bells of 微信客服 can be lost, too."""
        now = self._clock.now()
        accounts = await self._database.read(kf_accounts.all_accounts)
        quiet = [a for a in accounts if a.account_id and a.pulled_at <= now - KF_QUIET_SECONDS]
        due = [(KfPullDue(created_at=now, open_kfid=a.open_kfid), f"kf-due/{now // KF_QUIET_SECONDS}") for a in quiet]
        await self._tell(due)

    async def _compaction(self) -> None:
        """Once an hour of the night, while somebody was erased whose gaps are still in the file."""
        now = self._clock.now()
        if not is_night(now, self._timezone):
            return
        waiting = await self._database.read(partial(erase.uncompacted, now=now))
        if waiting:
            await self._tell([(CompactionDue(created_at=now), f"compaction/{now // RETRY_SECONDS}")])

    async def _surveys(self) -> None:
        await self._tell(await due_surveys(self._database, self._clock.now()))

    async def _slots(self) -> None:
        if await look_for_slots(self._database, self._content(), self._clock.now(), self._timezone):
            self._happened()

    async def _held(self) -> None:
        if await ask_again(self._database, self._clock.now()):
            self._happened()

    async def _sends(self) -> None:
        for look in (sends_due.stopped, sends_due.due, sends_due.to_hear):
            await self._tell(await self._database.read(partial(look, now=self._clock.now())))
        now = self._clock.now()
        away = [userid for userid, _ in self._content().care.stand_ins(now)]
        await self._tell(await self._database.read(partial(sends_due.of_away, now=now, away=away)))
        told = await tell_of_stops(self._database, now)
        if await remind(self._database, self._content().care, now, self._timezone) or told:
            self._happened()

    async def _sequences(self) -> None:
        for look in (due_sequences, gather_steps):
            if await look(self._database, self._content(), self._clock.now()):
                self._happened()

    async def _pools(self) -> None:
        """Once a day, at its first look. The day is the cause: a restart or a clock set back tells nothing twice."""
        now = self._clock.now()
        day = f"{local_time(now, self._timezone):%Y-%m-%d}"
        if day != self._pools_on:
            await self._tell([(PoolsDue(created_at=now, touchpoint=t), f"pools/{day}") for t in TOUCHPOINTS])
            self._pools_on = day

    async def _codes(self) -> None:
        """Once an hour: one-use codes that will not last are an alarm, once a day for people who are awake."""
        now, content = self._clock.now(), self._content()
        if now - self._codes_at < RETRY_SECONDS:
            return
        look = partial(codes.stocks, offers=content.offers, codes=content.codes, now=now)
        found = await self._database.read(look, unhurried=True)
        for stock in found:
            self._codes_left(stock.offer, stock.left)
            if stock.low:
                log.warning("codes_run_low", offer=stock.offer, left=stock.left, days=stock.days)
        if content.care.awake_at("导购提醒", now, self._timezone) <= now:
            await self._tell(codes_low(found, now, f"{local_time(now, self._timezone):%Y-%m-%d}"))
        self._codes_at = now

    async def _tell(self, due: Sequence[tuple[OwnEvent, str]]) -> None:
        """Put own events into the inbox, each once per cause."""
        if due:
            arrivals = [inbox.own_arrival(event, cause=cause) for event, cause in due]
            await self._database.write(partial(inbox.put, arrivals=arrivals))
            self._happened()

    async def _forget(self) -> None:
        """Drop what has been kept long enough: closed rows a chunk a tick, the rest once a day, since no
        index leads to it; where more is over than one look lets go, the next tick goes on."""
        now = self._clock.now()
        await self._database.write(partial(retention.forget, now=now, keep=self._keep))
        if now - self._forgot_at < retention.DAY_SECONDS:
            return
        most = 0
        for name in retention.STALE:
            over = partial(retention.stale, name=name, now=now, keep=self._keep)
            stale = await self._database.read(over, unhurried=True)
            most = max(most, len(stale))
            for first in range(0, len(stale), retention.CHUNK):
                keys = stale[first : first + retention.CHUNK]
                await self._database.write(partial(retention.let_go, name=name, keys=keys))
        if most < retention.AT_MOST:
            self._forgot_at = now


def codes_low(found: Sequence[CodeStock], now: int, day: str) -> list[tuple[OwnEvent, str]]:
    """What people are to hear of codes, each offer once on a `day` while it lasts."""
    return [
        (CodesRunLow(created_at=now, offer=s.offer, total=s.total, left=s.left, lately=s.lately), f"codes/{day}")
        for s in found
        if s.low
    ]


def due_media(wanted: Mapping[str, str], usable: Mapping[str, str], now: int) -> list[MediaDue]:
    """The files that WeCom has not, or not for long any more, or in another edition."""
    return [
        MediaDue(created_at=now, path=path, sha256=sha256, kind=kind_of(path))
        for path, sha256 in sorted(wanted.items())
        if usable.get(path) != sha256
    ]


def kind_of(path: str) -> MediaKind:
    """The media type that WeCom wants for a file."""
    return KINDS.get(path[path.rfind(".") :].lower(), "file")


async def tell(database: Database, event: OwnEvent, cause: str) -> None:
    """Put one own event into the inbox."""
    await database.write(partial(inbox.put, arrivals=[inbox.own_arrival(event, cause=cause)]))
