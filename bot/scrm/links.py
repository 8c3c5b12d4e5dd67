"""Signed links: what a page is for, whom it is about, and until when, in an address that nobody can change.

    token = base64url(mac 16 bytes · expires_at 5 bytes · subject)

The purpose is part of the key and not of the token, so a token made for one page opens no other. Base64 has several
spellings of the same bytes; only the one we write is taken.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Purpose = Literal["survey", "preferences", "guide", "member", "browser", "form", "login"]
Refusal = Literal["bad", "expired"]

MAC_BYTES, EXPIRY_BYTES = 16, 5
SEPARATOR = "\n"

CODE_LENGTH = 12
"""60 bits: nobody finds one by trying."""

SURVEY_SECONDS = 30 * 24 * 3600
"""Longer than any run stays open: whoever comes late is told so, and not that the link is broken."""

PREFERENCES_SECONDS = 365 * 24 * 3600
"""A way to say no must outlive the message that offers it."""

GUIDE_SECONDS = 12 * 3600
"""A working day, counted from when the guide may read it."""

MEMBER_SECONDS = 2 * 3600
"""Less: it leads to every customer of the guide, and whoever enters the app gets a new one."""

MEMBER_STEP_SECONDS = 30 * 60
"""Links to a guide's own page made within this are the same link, so WeCom shows a message with it once (30 minutes
are the default of `duplicate_check_interval`, official page 90236)."""


class LinkRejected(Exception):  # noqa: N818 (reads as what it is)
    """A token that opens nothing. bad: not ours, changed, or made for another page; expired: ours, and too old."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason)
        self.reason: Refusal = reason


def sign(key: bytes, purpose: Purpose, subject: Sequence[str], expires_at: int) -> str:
    """A token about `subject`, e.g. (external_userid, userid, survey id), good until `expires_at` (epoch seconds).

    Raises:
        ValueError: a part of the subject holds a line break.
    """
    if any(SEPARATOR in part for part in subject):
        raise ValueError("a subject is made of single lines")
    payload = expires_at.to_bytes(EXPIRY_BYTES, "big") + SEPARATOR.join(subject).encode()
    return _encode(_mac(key, purpose, payload) + payload)


def verify(key: bytes, purpose: Purpose, token: str, now: int) -> tuple[str, ...]:
    """The subject of a token.

    Raises:
        LinkRejected: nothing may be believed of it.
    """
    raw = _decode(token)
    mac, payload = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, purpose, payload)):
        raise LinkRejected("bad")
    if now >= int.from_bytes(payload[:EXPIRY_BYTES], "big"):
        raise LinkRejected("expired")
    return tuple(payload[EXPIRY_BYTES:].decode().split(SEPARATOR))


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of our pages, as of `now`. `base_url`: how the outside reaches us, without a slash at the end."""

    base_url: str
    key: bytes = field(repr=False)
    now: int

    def survey(self, external_userid: str, userid: str, survey_id: str) -> str:
        """A survey of one customer, offered by one guide."""
        subject = (external_userid, userid, survey_id)
        return f"{self.base_url}/s/{sign(self.key, 'survey', subject, self.now + SURVEY_SECONDS)}"

    def preferences(self, external_userid: str) -> str:
        """What a customer wants to hear of, and what not."""
        expires_at = self.now + PREFERENCES_SECONDS
        return f"{self.base_url}/p/{sign(self.key, 'preferences', (external_userid,), expires_at)}"

    def guide(self, external_userid: str, userid: str, read_at: int = 0) -> str:
        """The page of one customer, for one of their guides, who will read of it at `read_at` or at once."""
        return f"{self.base_url}/g/{self.guide_token(external_userid, userid, read_at)}"

    def guide_token(self, external_userid: str, userid: str, read_at: int = 0) -> str:
        """What opens that page, and what a program shows us as its bearer."""
        expires_at = max(self.now, read_at) + GUIDE_SECONDS
        return sign(self.key, "guide", (external_userid, userid), expires_at)

    def click_code(self, item: str, url: str) -> str:
        """The name of an item's link that is counted."""
        return _code(self.key, item, url)

    def click(self, item: str, url: str) -> str:
        """An item's link that is counted: it says nothing about who opens it, and never ends."""
        return f"{self.base_url}/r/{self.click_code(item, url)}"

    def approval(self, item: str) -> str:
        """Where staff read an item and approve it: not signed, since only who is logged in sees it."""
        return f"{self.base_url}/console/approvals/{item}"

    def member(self, userid: str) -> str:
        """A guide's own page, with their newest customers."""
        expires_at = self.now - self.now % MEMBER_STEP_SECONDS + MEMBER_SECONDS
        return f"{self.base_url}/m/{sign(self.key, 'member', (userid,), expires_at)}"


def _code(key: bytes, item: str, url: str) -> str:
    """Twelve letters and digits that only we can make of an item and an address."""
    mac = hmac.digest(key, f"zhiyu/click/{item}\n{url}".encode(), hashlib.sha256)
    return base64.b32encode(mac)[:CODE_LENGTH].decode().lower()


def _mac(key: bytes, purpose: Purpose, payload: bytes) -> bytes:
    key_of_purpose = hmac.digest(key, b"zhiyu/link/" + purpose.encode(), hashlib.sha256)
    return hmac.digest(key_of_purpose, payload, hashlib.sha256)[:MAC_BYTES]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(token: str) -> bytes:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise LinkRejected("bad") from None
    if len(raw) < MAC_BYTES + EXPIRY_BYTES or _encode(raw) != token:
        raise LinkRejected("bad")
    return raw
