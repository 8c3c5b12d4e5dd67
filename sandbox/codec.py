"""Callback cryptography as WeCom does it, written from its own description so that no misreading is shared.

Source: official pages 90238 and 90239: SHA-1 over the sorted parts, AES-256-CBC, PKCS#7 by 32.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
_ENCRYPT = re.compile(r"<Encrypt>(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?</Encrypt>")


class CodecError(ValueError):
    """The bytes were not made with this token, key and receive id."""


def signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """40 lower-case hex digits over the byte-wise sorted parts."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, encrypted))).encode()).hexdigest()


class Codec:
    """Seals and opens with one app's EncodingAESKey (43 characters) for one receive id (the corpid)."""

    def __init__(self, encoding_aes_key: str, receive_id: str) -> None:
        key = base64.b64decode(encoding_aes_key + "=")
        if len(key) != 32:
            raise CodecError("EncodingAESKey must be 43 base64 characters")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._receive_id = receive_id.encode()

    def encrypt(self, text: str, random16: bytes) -> str:
        """base64 of the ciphertext of `random16 | length | text | receive id`."""
        message = text.encode()
        plain = random16 + struct.pack(">I", len(message)) + message + self._receive_id
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted: str) -> str:
        """The text inside; CodecError for anything that this key and receive id did not seal."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
            decryptor = self._cipher.decryptor()
            plain = decryptor.update(sealed) + decryptor.finalize()
            text, receive_id = _unpack(_unpad(plain))
            decoded = text.decode()
        except (binascii.Error, ValueError, struct.error) as error:
            raise CodecError(str(error)) from error
        if not hmac.compare_digest(receive_id, self._receive_id):
            raise CodecError("another receive id")
        return decoded


def envelope(corpid: str, agentid: int, encrypted: str) -> str:
    """The body of a callback POST (official page 90239)."""
    return (
        f"<xml><ToUserName><![CDATA[{corpid}]]></ToUserName><AgentID><![CDATA[{agentid}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    )


def encrypted_part(body: str) -> str:
    """What `<Encrypt>` holds; CodecError when there is none."""
    found = _ENCRYPT.search(body)
    if found is None:
        raise CodecError("no Encrypt element")
    return found[1]


def _unpad(plain: bytes) -> bytes:
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise CodecError("bad padding")
    return plain[:-pad]


def _unpack(plain: bytes) -> tuple[bytes, bytes]:
    (length,) = struct.unpack(">I", plain[16:20])
    if 20 + length > len(plain):
        raise CodecError("bad length")
    return plain[20 : 20 + length], plain[20 + length :]
