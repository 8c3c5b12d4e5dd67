"""Uploads."""

from __future__ import annotations

import pytest

from sandbox.world.media import BYTES_AT_MOST, MEDIA_SECONDS, PICTURE_BYTES
from sandbox.world.wire import Upload
from tests.sandbox.corp import PNG, Corp


def test_media_lives_three_days(corp: Corp) -> None:
    answer = corp.media()
    assert answer["created_at"] == str(corp.at) and answer["type"] == "image"
    corp.at += MEDIA_SECONDS - 1
    assert corp.ask("media/get", media_id=answer["media_id"])["errcode"] == 0
    corp.at += 1
    assert corp.ask("media/get", media_id=answer["media_id"])["errcode"] == 40007


@pytest.mark.parametrize("kind", sorted(BYTES_AT_MOST))
def test_each_kind_has_its_size(corp: Corp, kind: str) -> None:
    most = BYTES_AT_MOST[kind]
    assert corp.media(kind, PNG.ljust(most, b"\0"))["errcode"] == 0
    assert corp.media(kind, PNG.ljust(most + 1, b"\0"))["errcode"] == 45001
    assert corp.media(kind, b"12345")["errcode"] == 40006


def test_pictures_are_png_or_jpeg_by_their_bytes(corp: Corp) -> None:
    assert corp.media("image", b"<svg onload=alert(1)>")["errcode"] == 40004
    assert corp.media("image", b"\xff\xd8\xff\xe0 jpeg")["errcode"] == 0
    assert corp.media("poster")["errcode"] == 40004
    assert corp.ask("media/upload", type="image")["errcode"] == 41006


def test_permanent_picture_has_an_address_and_no_media_id(corp: Corp) -> None:
    corp.world.serve_at("http://127.0.0.1:1")
    answer = corp.ask("media/uploadimg", upload=Upload("a.png", "image/png", PNG))
    media_id = answer["url"].rpartition("/")[2]
    corp.at += MEDIA_SECONDS * 100
    assert corp.world.media.find(media_id, corp.at) is not None
    assert corp.ask("media/get", media_id=media_id)["errcode"] == 40007
    big = Upload("a.png", "image/png", PNG.ljust(PICTURE_BYTES + 1, b"\0"))
    assert corp.ask("media/uploadimg", upload=big)["errcode"] == 45001
