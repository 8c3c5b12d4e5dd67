"""A whole story, logged at its most talkative: no secret and nothing personal is in it."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import DBAPIError

from bot.log import configure_log, mask, masked
from tests.house import GUIDE, SEND, House, customer_xml, house

NAME, WORDS = "王小满女士", "这句话只说给你听"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything that any logger says, ours and the libraries'."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    configure_log(json=True, level="DEBUG", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.removeHandler(handler)
    root.setLevel(level)


async def everything_happens(home: House) -> None:
    """Greeted, refused, lost, late, unknown, unreachable: all that is ever logged about people."""
    sandbox = home.sandbox
    for n, kind in enumerate(("", "reset_after", "errcode", "http_503", "half", "html")):
        if kind:
            sandbox.faults.add(kind, where=SEND, count=1, errcode=41050)
        await sandbox.customer_adds(userid=GUIDE, external_userid=f"wm-somebody-{n}", state="store", name=NAME)
        await sandbox.callbacks_settled()
        await home.wait(4)
    sandbox.faults.add("errcode", where="*", unless="gettoken", errcode=40014, count=4)
    await sandbox.member_edits(GUIDE, "wm-somebody-0", remark=WORDS)
    await sandbox.customer_deletes("wm-somebody-0", GUIDE)
    await sandbox.member_writes_app(GUIDE, int(home.config.main_app.agentid), WORDS)
    await sandbox.callbacks_settled()
    await home.wait(8)
    body, query = home.sender.seal(customer_xml("edit_external_contact", "somebody-9", 1), home.clock.now() - 999)
    await home.post(body, query)
    await home.post(b"<xml>wm-somebody</xml>", query)


async def test_no_secret_and_nobody_is_in_the_log(
    database_url: str, said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happened, even a database that refuses what it was given."""
    async with house(database_url) as home:
        await everything_happens(home)
        codes = [c["body"]["welcome_code"] for c in home.welcomes()]
        token = next(iter(tokens_of(home)))
        await database_fails(home, monkeypatch)
        app = home.config.main_app
        forbidden = {
            "secret": app.secret.get_secret_value(),
            "callback token": app.callback_token.get_secret_value(),
            "aes key": app.encoding_aes_key.get_secret_value(),
            "access token": token,
            "customer": "wm-somebody",
            "name": NAME,
            "words": WORDS,
            "welcome": "静安店的",
            **{f"welcome code {n}": code for n, code in enumerate(codes)},
        }
    text = said.getvalue()
    assert "action_failed" in text and "callback_not_kept" in text  # it did talk
    assert [what for what, value in forbidden.items() if value in text] == []


def tokens_of(home: House) -> list[str]:
    """The access tokens that the sandbox has given out."""
    return list(home.sandbox.world.apps._tokens)


async def database_fails(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses a callback: its own words name what it was given."""
    write = home.app.database.write

    async def refuse(job: Any, *, urgent: bool = False) -> Any:
        def broken(conn: Any) -> Any:
            conn.exec_driver_sql("DROP TABLE inbox")
            return job(conn)

        return await write(broken if urgent else job, urgent=urgent)

    monkeypatch.setattr(home.app.database, "write", refuse)
    with pytest.raises(DBAPIError):
        await refuse(lambda conn: conn.exec_driver_sql("SELECT nothing"), urgent=True)
    assert await home.push(customer_xml("edit_external_contact", "somebody-8", 1, State=WORDS)) == 503
    await asyncio.sleep(0)


REAL = "wmqfasd1e1927831123109rBAAAA"
"""As on WeCom's pages (official page 92114)."""


def test_what_looks_like_a_person_is_masked_wherever_it_stands(said: io.StringIO) -> None:
    """In the words of an error, a list, a traceback."""
    log = structlog.get_logger()
    union = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"[:28]
    log.warning("call_failed", error=f"no customer {REAL}, phone 13800138000", who=[REAL, {"to": f"x/{union}"}])
    try:
        raise ValueError(f"{REAL} and +8613900139000")
    except ValueError:
        log.exception("broke", servicer_userid="LiSiWangWu", handover="ZhangSanFeng")
    text = said.getvalue()
    forbidden = (REAL, "13800138000", "13900139000", union, "LiSiWangWu", "ZhangSanFeng")
    assert [value for value in forbidden if value in text] == []
    assert "…AAAA" in text and "call_failed" in text and "ValueError" in text


def test_what_only_looks_a_little_like_a_person_is_left_alone(said: io.StringIO) -> None:
    """Words of ours, instants and numbers of rows must stay readable."""
    kept = {"loop": "worker_of_the_write_gate", "at": 1795658400, "took": "0.13800138000", "event_id": 13800138}
    structlog.get_logger().info("work_goes_on", **kept)
    assert "…" not in said.getvalue()


def test_a_careless_line_does_no_harm() -> None:
    """By name of field, what is secret is hidden and ids are shortened."""
    fields = mask(None, "info", {"external_userid": "wmABCDEFGHIJ", "welcome_code": "CODE", "kind": "x", "text": "hi"})
    assert fields == {"external_userid": "…GHIJ", "welcome_code": "…", "kind": "x", "text": "…"}
    assert masked("short") == "…"
