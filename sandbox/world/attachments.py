"""media/upload_attachment: files for Moments and product albums, in a space of their own (official page 96347)."""

from __future__ import annotations

from typing import Any

from sandbox.world.media import BYTES_AT_MOST, Media
from sandbox.world.wire import Answer, Call, need

MOMENT_VIDEO_SECONDS = 30
# attachment_type → the scene that it is good for, and what may be uploaded
_SCENES = {"1": ("moments", ("image", "video")), "2": ("album", ("image", "video", "file"))}


class Attachments:
    """Whether WeCom looks into a video here or when it is used is not published; here."""

    def __init__(self, media: Media) -> None:
        self._media = media

    def endpoints(self) -> dict[str, Any]:
        return {"media/upload_attachment": self.upload_attachment}

    def upload_attachment(self, call: Call) -> Answer:
        scene, kinds = _SCENES.get(call.query.get("attachment_type", ""), ("", ()))
        need(scene, 40035, "invalid parameter: attachment_type")
        kind = call.query.get("media_type", "")
        need(kind in kinds, 40004, "invalid media type")
        file = self._media.file_of(call, BYTES_AT_MOST[kind])
        if (scene, kind) == ("moments", "video"):
            need(file.data[4:8] == b"ftyp", 41090, "the video is not mp4")
            need(mp4_seconds(file.data) <= MOMENT_VIDEO_SECONDS, 41082, f"a video over {MOMENT_VIDEO_SECONDS} seconds")
        stored = self._media.store(kind, file, call.at, kind == "image", scene)
        # created_at is a number here, unlike that of media/upload.
        return {"type": kind, "media_id": stored.media_id, "created_at": call.at}


def mp4_seconds(data: bytes) -> float:
    """How long it plays, as its movie header (mvhd, ISO/IEC 14496-12) says; 0 when there is none."""
    at = data.find(b"mvhd") + 4
    if at < 4:
        return 0.0
    wide = data[at : at + 1] == b"\1"
    times, size = (at + 20, 8) if wide else (at + 12, 4)
    scale = int.from_bytes(data[times : times + 4], "big")
    length = int.from_bytes(data[times + 4 : times + 4 + size], "big")
    return length / scale if scale else 0.0
