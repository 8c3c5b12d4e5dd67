"""A house on SQLite for every test that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.house import House, reopened


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """The sample brand on opening day."""
    async with reopened(tmp_path) as here:
        yield here


@pytest.fixture(autouse=True)
def plain_tracebacks() -> Iterator[None]:
    """Short ones: the colourful default, with all locals, takes a second each."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])
    yield
    structlog.reset_defaults()
