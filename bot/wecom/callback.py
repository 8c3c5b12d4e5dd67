"""From the bytes of a callback to its plaintext, refusing everything that WeCom did not write.

Nothing is parsed or decrypted before the signature over it holds; the envelope is taken apart by one expression.
Source: developer.work.weixin.qq.com/document/path/90238 and 90241, reference section 1.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from hashlib import sha1
from hmac import compare_digest
from typing import Final, Literal, cast

from wechatpy.crypto.base import WeChatCipher
from wechatpy.work.crypto import PrpCrypto
from wechatpy.work.exceptions import InvalidCorpIdException

MAX_BODY_BYTES: Final = 65_536

Reason = Literal["query", "too_large", "envelope", "stale", "signature", "padding", "content", "receive_id"]

_BLOCK = 32
_RANDOM, _LENGTH = 16, 4
_BASE64 = "[A-Za-z0-9+/]+={0,2}"
_OTHER = r"(?:<(?!Encrypt>)(?P<{0}>\w+)>(?:<!\[CDATA\[[^]<]*\]\]>|[^<]*)</(?P={0})>\s*|<\w+\s*/>\s*)*"
_ENVELOPE = re.compile(
    rf"\s*<xml>\s*{_OTHER.format('before')}"
    rf"<Encrypt>\s*(?P<cdata><!\[CDATA\[)?(?P<encrypt>{_BASE64})(?(cdata)\]\]>)\s*</Encrypt>\s*"
    rf"{_OTHER.format('after')}</xml>\s*".encode()
)
_ECHO = re.compile(_BASE64)
_TIMESTAMP = re.compile("[0-9]{1,12}")


class CallbackRejected(Exception):  # noqa: N818 - what happened, not a fault of ours
    """A request that is not an authentic, fresh callback for this app.

    reason: which check failed, from a closed set, fit for a counter; the message holds nothing of the request.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def signature(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """`msg_signature` over a ciphertext: sha1, in lower-case hex, over the four in byte order."""
    return sha1("".join(sorted((token, timestamp, nonce, encrypt))).encode()).hexdigest()


class CallbackVerifier:
    """Checks and decrypts what is POSTed to one app's callback address.

    token: at most 32 letters and digits. encoding_aes_key: 43 characters. receive_id: corpid, or suite id.
    window_seconds: how far a timestamp may lie from now, to either side.
    Raises ValueError, in words for staff, when a key cannot be right.
    """

    def __init__(self, token: str, encoding_aes_key: str, receive_id: str, window_seconds: int) -> None:
        if not re.fullmatch("[A-Za-z0-9]{1,32}", token):
            raise ValueError("回调 Token 应为 1–32 位英文字母或数字")
        if not re.fullmatch("[A-Za-z0-9]{43}", encoding_aes_key):
            raise ValueError("回调 EncodingAESKey 应为 43 位英文字母或数字")
        self._token = token
        self._receive_id = receive_id
        self._window = window_seconds
        self._crypto = _StrictCrypto(base64.b64decode(encoding_aes_key + "="))

    def open(self, query: Mapping[str, str], body: bytes, now: int) -> str:
        """The plaintext XML of a POST. `query` is URL-decoded; `now` in epoch seconds. Raises CallbackRejected."""
        if len(body) > MAX_BODY_BYTES:
            raise CallbackRejected("too_large")
        envelope = _ENVELOPE.fullmatch(body)
        if envelope is None:
            raise CallbackRejected("envelope")
        return self._open(query, envelope["encrypt"].decode(), now)

    def echo(self, query: Mapping[str, str], now: int) -> str:
        """What to answer to the GET by which WeCom verifies the address (path/90238). Raises CallbackRejected.

        Base64 holds `+`, which a form decoder turns into a space; it is turned back.
        """
        echostr = query.get("echostr", "").replace(" ", "+")
        if len(echostr) > MAX_BODY_BYTES or not _ECHO.fullmatch(echostr):
            raise CallbackRejected("query")
        return self._open(query, echostr, now)

    def _open(self, query: Mapping[str, str], encrypt: str, now: int) -> str:
        given, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
        if not (given and nonce and given.isascii() and nonce.isascii() and _TIMESTAMP.fullmatch(timestamp)):
            raise CallbackRejected("query")
        if abs(now - int(timestamp)) > self._window:
            raise CallbackRejected("stale")
        if not compare_digest(signature(self._token, timestamp, nonce, encrypt), given):
            raise CallbackRejected("signature")
        return self._decrypt(encrypt)

    def _decrypt(self, encrypt: str) -> str:
        try:
            return cast(str, self._crypto.decrypt(encrypt, self._receive_id))  # type: ignore[no-untyped-call]
        except InvalidCorpIdException:
            raise CallbackRejected("receive_id") from None
        except ValueError:  # not base64, not whole blocks, not UTF-8
            raise CallbackRejected("content") from None


class _StrictCipher(WeChatCipher):
    """wechatpy trusts the last byte to be a padding and the header to be a length; neither is taken on trust here."""

    def decrypt(self, ciphertext: bytes) -> bytes:
        plain = cast(bytes, super().decrypt(ciphertext))  # type: ignore[no-untyped-call]
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise CallbackRejected("padding")
        room = len(plain) - pad - _RANDOM - _LENGTH
        if int.from_bytes(plain[_RANDOM : _RANDOM + _LENGTH], "big") > room:
            raise CallbackRejected("content")
        return plain


class _StrictCrypto(PrpCrypto):
    def __init__(self, key: bytes) -> None:
        self.cipher = _StrictCipher(key)  # type: ignore[no-untyped-call]
