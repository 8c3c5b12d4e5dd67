"""Logs: one line an event, a stable word first, no secret and nothing personal.

Ids of people are masked by name of field, so a careless `log.info("…", external_userid=…)` does no harm.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

HIDDEN = frozenset({"token", "access_token", "secret", "welcome_code", "encoding_aes_key", "body", "text", "name"})
MASKED = frozenset({"external_userid", "userid", "line", "target", "unionid", "openid"})


def configure_log(*, json: bool, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Set up structlog for the process: JSON lines for machines, or readable ones."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            exception_formatter=structlog.dev.plain_traceback  # the rich one prints locals, and with them people
        )
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            mask,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )


def mask(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what is secret, shorten what is personal."""
    for name in fields.keys() & HIDDEN:
        fields[name] = "…"
    for name in fields.keys() & MASKED:
        fields[name] = masked(str(fields[name]))
    return fields


def masked(value: str) -> str:
    """The last four characters of an id: enough to tell two apart, too little to know one."""
    return f"…{value[-4:]}" if len(value) > 8 else "…"
