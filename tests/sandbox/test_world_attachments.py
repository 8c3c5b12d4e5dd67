"""Uploads for Moments and albums."""

from __future__ import annotations

import pytest

from sandbox.world.attachments import MOMENT_VIDEO_SECONDS, mp4_seconds
from sandbox.world.media import BYTES_AT_MOST, MEDIA_SECONDS
from tests.sandbox.corp import PNG, Corp
from tests.sandbox.mass_corp import TEXT, asked, customers
from tests.sandbox.moment_corp import WORDS, attachment, mp4, picture


def test_each_space_has_its_own_ids(corp: Corp) -> None:
    """An ordinary media_id in a Moment is 41072, so is an album's; a Moment's is of no use anywhere else."""
    customers(corp, 1)
    ours, album, ordinary = attachment(corp), attachment(corp, scene="2"), corp.media()
    assert ours["created_at"] == corp.at and ours["type"] == "image"
    assert asked(corp, "add_moment_task", **WORDS, attachments=[picture(ours["media_id"])])["errcode"] == 0
    for other in (ordinary, album):
        assert asked(corp, "add_moment_task", attachments=[picture(other["media_id"])])["errcode"] == 41072
    mass_send = TEXT | {"sender": "lihua", "attachments": [picture(ours["media_id"])]}
    assert asked(corp, "add_msg_template", **mass_send)["errcode"] == 40007
    assert corp.ask("media/get", media_id=ours["media_id"])["errcode"] == 40007


def test_attachment_lives_three_days(corp: Corp) -> None:
    customers(corp, 1)
    body = {"attachments": [picture(attachment(corp)["media_id"])]}
    corp.at += MEDIA_SECONDS - 1
    assert asked(corp, "add_moment_task", **body)["errcode"] == 0
    corp.at += 1
    assert asked(corp, "add_moment_task", **body)["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "data", "scene", "errcode"),
    [
        ("image", PNG, "3", 40035),
        ("file", PNG, "1", 40004),
        ("file", PNG, "2", 0),
        ("image", b"GIF89a and so on", "1", 40004),
        ("image", PNG.ljust(BYTES_AT_MOST["image"] + 1, b"\0"), "1", 45001),
        ("video", PNG, "1", 41090),
        ("video", mp4(MOMENT_VIDEO_SECONDS + 1), "1", 41082),
        ("video", mp4(MOMENT_VIDEO_SECONDS), "1", 0),
    ],
)
def test_attachment_has_its_kinds_and_limits(corp: Corp, kind: str, data: bytes, scene: str, errcode: int) -> None:
    assert attachment(corp, kind, data, scene)["errcode"] == errcode


def test_length_is_read_from_both_forms_of_the_header() -> None:
    assert mp4_seconds(mp4(7)) == mp4_seconds(mp4(7, wide=True)) == 7
    assert mp4_seconds(PNG) == mp4_seconds(b"mvhd") == 0
