"""Logs: one line an event, a stable word first, no secret and nothing personal.

A process that logs imports this first: it loads structlog without what structlog would load beside it.

Ids of people are masked by name of field, so a careless `log.info("…", external_userid=…)` does no harm; and what looks
like one is masked wherever it stands, in the words of an error or a traceback too.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO


@contextmanager
def _hidden(name: str) -> Iterator[None]:
    """A package that is not loaded yet, as if it were not installed."""
    loaded = sys.modules.get(name)
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
        if loaded:
            sys.modules[name] = loaded


with _hidden("rich"):  # it would be loaded to draw tracebacks, which we print plainly: 5 MB and 0.1 s of every start
    import structlog

HIDDEN = frozenset({"token", "access_token", "secret", "welcome_code", "encoding_aes_key", "body", "text", "name"})
MASKED = frozenset({"line", "target", "unionid", "openid", "member_id", "phone", "handover", "takeover", "customer"})
"""Besides every field whose name ends in `userid`."""

_PERSONAL = re.compile(
    r"(?<![A-Za-z0-9_-])w[mo](?=[A-Za-z0-9_-]*[A-Z0-9])[A-Za-z0-9_-]{16,}"  # external_userid, as WeCom makes them
    r"|(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])"  # unionid and openid, as WeChat makes them
    r"|(?<![0-9.])(?:\+?86)?1[3-9][0-9]{9}(?![0-9])"  # a mobile number
)


def configure_log(*, json: bool, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Set up structlog for the process: JSON lines for machines, or readable ones."""
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(
            colors=(stream or sys.stderr).isatty(),
            exception_formatter=structlog.dev.plain_traceback,  # rich's prints locals, and with them people
        )
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            mask,
            structlog.processors.format_exc_info,
            mask_words,
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
    for name in fields:
        if name in MASKED or name.endswith("userid"):
            fields[name] = masked(str(fields[name]))
    return fields


def mask_words(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Shorten what looks like an id of a person, or a phone, in any words."""
    for name, value in fields.items():
        fields[name] = _words(value)
    return fields


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return _PERSONAL.sub(lambda found: masked(found[0]), value)
    if isinstance(value, dict):
        return {_words(key): _words(held) for key, held in value.items()}
    return [_words(held) for held in value] if isinstance(value, list | tuple | set | frozenset) else value


def masked(value: str) -> str:
    """The last four characters of an id: enough to tell two apart, too little to know one."""
    return f"…{value[-4:]}" if len(value) > 8 else "…"
