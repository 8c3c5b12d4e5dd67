"""The sandbox's own callback cryptography, held against published vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.codec import Codec, CodecError, encrypted_part, envelope, signature

VECTORS = [
    json.loads(path.read_text())
    for path in sorted((Path(__file__).parents[1] / "data" / "sandbox_crypto").glob("v*.json"))
]
NEGATIVE = json.loads(
    (Path(__file__).parents[1] / "data" / "sandbox_crypto" / "n1_wechatpy_bad_nonce.json").read_text()
)
KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"


def random_of(vector: dict[str, Any]) -> bytes:
    """The 16 bytes are written as text where they are text, else the text is what the vector's author printed."""
    return str(vector["random"]).encode()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["id"])
def test_published_vector_signs_opens_and_seals_to_the_same_bytes(vector: dict[str, Any]) -> None:
    codec = Codec(vector["aes"], vector["receiveid"])
    signed = signature(vector["token"], vector["timestamp"], vector["nonce"], vector["encrypt"])
    assert signed == vector["signature"]
    assert codec.decrypt(vector["encrypt"]) == vector["plaintext"]
    assert codec.encrypt(vector["plaintext"], random_of(vector)) == vector["encrypt"]


def test_negative_vector_has_another_signature() -> None:
    signed = signature(NEGATIVE["token"], NEGATIVE["timestamp"], NEGATIVE["nonce"], NEGATIVE["encrypt"])
    assert signed != NEGATIVE["signature"]


def test_all_vectors_are_here() -> None:
    assert len(VECTORS) == 5


@given(st.text(max_size=200), st.binary(min_size=16, max_size=16))
def test_whatever_is_sealed_opens_to_itself(text: str, random16: bytes) -> None:
    codec = Codec(KEY, "ww_any")
    sealed = codec.encrypt(text, random16)
    assert codec.decrypt(sealed) == text
    assert encrypted_part(envelope("ww_any", 7, sealed)) == sealed


@given(st.binary(max_size=200).map(lambda b: __import__("base64").b64encode(b).decode()) | st.text(max_size=50))
def test_anything_else_is_refused_by_one_error(junk: str) -> None:
    with pytest.raises(CodecError):
        Codec(KEY, "ww_any").decrypt(junk)


def test_another_receive_id_is_refused() -> None:
    with pytest.raises(CodecError, match="another receive id"):
        Codec(KEY, "ww_b").decrypt(Codec(KEY, "ww_a").encrypt("x", b"0" * 16))


def test_short_key_is_refused() -> None:
    with pytest.raises(CodecError):
        Codec("c2hvcnQ", "ww")
