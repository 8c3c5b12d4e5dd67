"""The parts of a bot, put together and at rest: nothing moves before somebody runs it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bot.clock import Clock
from bot.config import Config, RetentionConfig
from bot.content.folders import Folders
from bot.content.live import LiveContent
from bot.flow.decide import Decider
from bot.flow.deliver import Lane
from bot.flow.dispatch import Dispatcher
from bot.flow.perform import Post
from bot.flow.pressure import Pressure
from bot.flow.schedule import Schedule
from bot.metrics import Metrics
from bot.router import Router
from bot.scrm.links import Links
from bot.scrm.settings import Settings
from bot.store.database import Database
from bot.store.retention import DAY_SECONDS, Keep
from bot.wecom.net.client import WeComClient


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A bot: what it is made of. `url`: where it listens; empty: nowhere yet."""

    config: Config
    folders: Folders
    clock: Clock
    content: LiveContent
    database: Database
    wecom: WeComClient
    decider: Decider
    dispatcher: Dispatcher
    lanes: tuple[Lane, ...]
    schedule: Schedule
    metrics: Metrics
    pressure: Pressure
    url: str = ""

    def wake(self) -> None:
        """Something was put into the inbox or the outbox: those who decide and deliver look at once."""
        self.dispatcher.wake()
        for lane in self.lanes:
            lane.wake()


def build(
    config: Config,
    router: Router,
    folders: Folders,
    clock: Clock,
    content: LiveContent,
    database: Database,
    wecom: WeComClient,
) -> App:
    """All of them, each given what it needs and no more."""
    zone, metrics, pressure = config.corp.timezone, Metrics(), Pressure()

    def decided() -> None:
        for lane in lanes:
            lane.wake()

    decider = Decider(
        database=database,
        router=router,
        content=lambda: content.current,
        timezone=zone,
        links=partial(Links, config.public_url, config.link_key),
        settings=_settings(config),
        clock=clock,
    )
    dispatcher = Dispatcher(
        decider=decider, database=database, clock=clock, metrics=metrics, pressure=pressure, decided=decided
    )
    post = Post(
        wecom,
        database,
        clock,
        agentid=int(config.main_app.agentid),
        media_folder=folders.content / "media",
        timezone=zone,
        data_folder=config.data_folder,
        people_key=config.people_key,
        happened=dispatcher.wake,
        taxonomy=lambda: content.current.taxonomy,
    )
    lane = partial(Lane, post=post, metrics=metrics, pressure=pressure)
    lanes = (
        lane(urgent=True, slots=config.outbound.welcome_concurrency),
        lane(urgent=False, slots=config.outbound.concurrency),
    )
    schedule = Schedule(
        database=database,
        content=lambda: content.current,
        token=wecom.token,
        timezone=zone,
        clock=clock,
        happened=dispatcher.wake,
        keep=_keep(config.retention),
        codes_left=lambda offer, left: metrics.codes_left.labels(offer).set(left),
    )
    return App(
        config=config,
        folders=folders,
        clock=clock,
        content=content,
        database=database,
        wecom=wecom,
        decider=decider,
        dispatcher=dispatcher,
        lanes=lanes,
        schedule=schedule,
        metrics=metrics,
        pressure=pressure,
    )


def _settings(config: Config) -> Settings:
    return Settings(
        kf_click_reopens_window=config.unconfirmed.kf_click_reopens_window,
        guide_capacity=config.pool.guide_capacity,
        approvers=tuple(userid for userid, who in config.staff.items() if who.may("approve")),
    )


def _keep(days: RetentionConfig) -> Keep:
    return Keep(
        inbox_seconds=days.inbox_days * DAY_SECONDS,
        outbox_seconds=days.outbox_days * DAY_SECONDS,
        kf_text_seconds=days.kf_text_days * DAY_SECONDS,
        answers_seconds=days.answers_days * DAY_SECONDS,
        order_ids_seconds=days.order_ids_days * DAY_SECONDS,
        planned_seconds=days.planned_days * DAY_SECONDS,
    )
