"""How PostgreSQL is spoken to: few round trips, since each one costs more than what the server does in it."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECTIONS = 20
"""Made once and kept: one made for a moment and thrown away costs more than waiting for one that is there."""

IDLE_SECONDS = 5
"""A connection that rested longer is asked whether it still lives (three round trips) before it is used."""

STATEMENTS = 500
"""Kept prepared on each connection; we have some hundreds of them."""


def postgres_engine(url: URL, people_key: bytes) -> AsyncEngine:
    """A pool of connections. Where one broke while in use, its job fails, and all the others are made anew."""
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_use_lifo=True,  # the one used last has its statements prepared
        hide_parameters=True,
        execution_options={"people_key": people_key},
        connect_args={"prepared_statement_cache_size": STATEMENTS},
    )

    @event.listens_for(engine.sync_engine, "checkin")
    def rest(_: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def rouse(connection: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) > IDLE_SECONDS:
            _ping(engine, connection)

    return engine


def _ping(engine: AsyncEngine, connection: Any) -> None:
    try:
        engine.dialect.do_ping(connection)
    except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        raise DisconnectionError from error  # the pool makes a new one
