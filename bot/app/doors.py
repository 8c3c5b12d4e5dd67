"""The way in: every address that we answer."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.app.parts import App
from bot.config import AppConfig, Config
from bot.flow.intake import Intake
from bot.flow.receive import Receiver
from bot.web.console.site import Site
from bot.web.health import Health
from bot.web.orders import PATH as ORDERS_PATH
from bot.web.orders import OrderDoor
from bot.web.site import page_routes
from bot.wecom.callback import MAX_BODY_BYTES, CallbackVerifier


def web_application(app: App, receivers: Mapping[str, Receiver], console: Site) -> web.Application:
    """All that we answer. receivers: of callbacks, by path."""
    config, database, clock, happened = app.config, app.database, app.clock, app.dispatcher.wake
    health = Health(database, app.metrics)
    application = web.Application(client_max_size=MAX_BODY_BYTES + 1)
    for path, receiver in receivers.items():
        application.router.add_get(path, receiver.verify)
        application.router.add_post(path, receiver.receive)
    application.add_routes(
        page_routes(
            database=database,
            content=lambda: app.content.current,
            clock=clock,
            happened=happened,
            folder=app.folders.pages,
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


def callback_receivers(app: App, intake: Intake) -> dict[str, Receiver]:
    """One for each app of the corp, by the path of its callbacks."""
    return {
        f"/callback/{each.name}": Receiver(each.name, verifier(app.config, each), intake, app.clock, app.metrics)
        for each in app.config.apps
    }


def verifier(config: Config, app: AppConfig) -> CallbackVerifier:
    """What checks the callbacks of one app."""
    return CallbackVerifier(
        app.callback_token.get_secret_value(),
        app.encoding_aes_key.get_secret_value(),
        config.corp.id,
        config.callback.window_seconds,
    )
