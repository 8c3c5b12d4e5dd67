"""The way in: every address that we answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from aiohttp import web

from bot.clock import Clock
from bot.config import AppConfig, Config
from bot.content.live import LiveContent
from bot.flow.intake import Intake
from bot.flow.receive import Receiver
from bot.metrics import Metrics
from bot.store.database import Database
from bot.web.console.site import Site
from bot.web.health import Health
from bot.web.orders import PATH as ORDERS_PATH
from bot.web.orders import OrderDoor
from bot.web.site import page_routes
from bot.wecom.callback import MAX_BODY_BYTES, CallbackVerifier


def web_application(
    config: Config,
    pages: Path,
    clock: Clock,
    database: Database,
    content: LiveContent,
    metrics: Metrics,
    receivers: Mapping[str, Receiver],
    happened: Callable[[], None],
    console: Site,
) -> web.Application:
    """All that we answer. receivers: of callbacks, by path."""
    health = Health(database, metrics)
    application = web.Application(client_max_size=MAX_BODY_BYTES + 1)
    for path, receiver in receivers.items():
        application.router.add_get(path, receiver.verify)
        application.router.add_post(path, receiver.receive)
    application.add_routes(
        page_routes(
            database=database,
            content=lambda: content.current,
            clock=clock,
            happened=happened,
            folder=pages,
            public_url=config.public_url,
            key=config.link_key,
            timezone=config.corp.timezone,
        )
    )
    application.add_routes(console.routes())
    if orders_key := config.orders_key.get_secret_value():
        door = OrderDoor(orders_key.encode(), config.people_key, database, clock, happened)
        application.router.add_post(ORDERS_PATH, door.receive)
    application.router.add_get("/healthz", health.healthz)
    application.router.add_get("/metrics", health.metrics)
    return application


def callback_receivers(config: Config, intake: Intake, clock: Clock, metrics: Metrics) -> dict[str, Receiver]:
    """One for each app, by the path of its callbacks."""
    return {
        f"/callback/{app.name}": Receiver(app.name, verifier(config, app), intake, clock, metrics)
        for app in config.apps
    }


def verifier(config: Config, app: AppConfig) -> CallbackVerifier:
    """What checks the callbacks of one app."""
    return CallbackVerifier(
        app.callback_token.get_secret_value(),
        app.encoding_aes_key.get_secret_value(),
        config.corp.id,
        config.callback.window_seconds,
    )
