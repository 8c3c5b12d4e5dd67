"""`kf/sync_msg`: what customers, servicers and the system said, page by page (official page 94670)."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from sandbox.world.kf import KfAccount, KfDesk
from sandbox.world.limits import MINUTE, Window
from sandbox.world.wire import Answer, ApiError, Call, need, number_of

PAGE_AT_MOST = 1000
CURSOR_BYTES, TOKEN_BYTES = 64, 128
HORIZON_SECONDS = 3 * 86400
# "Strictly limited" without a token; how strictly is not published.
WITHOUT_TOKEN_PER_MINUTE = 10


class KfSync:
    """Never returns what an app itself has sent: the feed holds only what is said in clients, and events."""

    def __init__(self, desk: KfDesk) -> None:
        self._desk = desk
        self.without_token = Window(WITHOUT_TOKEN_PER_MINUTE, MINUTE)

    def endpoints(self) -> dict[str, Any]:
        return {"kf/sync_msg": self.sync_msg}

    def sync_msg(self, call: Call) -> Answer:
        account = self._desk.api_account(call.body)
        limit = number_of(call.body, "limit", PAGE_AT_MOST, PAGE_AT_MOST)
        need(call.body.get("voice_format", 0) in (0, 1), 40035, "invalid parameter: voice_format")
        start = max(_position(account, call.body.get("cursor")), _oldest(account, call.at))
        self._check_token(account, call)
        if start < len(account.feed) and self._desk.trouble("kf_empty_pages") is not None:
            return {"next_cursor": _cursor(account, start), "has_more": 1, "msg_list": []}
        shown = account.feed[start : start + limit]
        after = start + len(shown)
        return {
            "next_cursor": _cursor(account, after),
            "has_more": int(after < len(account.feed)),
            "msg_list": [dict(item) for item in shown],
        }

    def _check_token(self, account: KfAccount, call: Call) -> None:
        """Raises ApiError 95007 (bad or expired token), 45009 (too often without one)."""
        token = call.body.get("token")
        if not token:
            if self.without_token.blocked(call.at):
                raise ApiError(45009, "api freq out of limit, still blocked")
            self.without_token.draw(call.at)
            return
        fits = len(str(token).encode()) <= TOKEN_BYTES
        need(fits and self._desk.token_is_good(token, account.open_kfid, call.at), 95007, "msgtoken invalid or expired")


def _cursor(account: KfAccount, position: int) -> str:
    return f"{account.open_kfid[2:18]}{position:x}"


def _position(account: KfAccount, cursor: object) -> int:
    """How many items of the feed a cursor has seen. Raises ApiError 50100."""
    if cursor in (None, ""):
        return 0
    text, start = str(cursor), account.open_kfid[2:18]
    need(len(text.encode()) <= CURSOR_BYTES and text.startswith(start), 50100, "invalid cursor")
    try:
        position = int(text.removeprefix(start), 16)
    except ValueError:
        raise ApiError(50100, "invalid cursor") from None
    need(0 <= position <= len(account.feed), 50100, "invalid cursor")
    return position


def _oldest(account: KfAccount, at: int) -> int:
    """The first item that is not older than three days."""
    return bisect_left(account.feed, at - HORIZON_SECONDS, key=lambda item: int(item["send_time"]))
