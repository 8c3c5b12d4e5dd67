"""Temporary media: three days, shared by the corp's apps (official page 90253), and permanent pictures (90256)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.world.wire import Answer, ApiError, Call, Ids, Upload, need

MEDIA_SECONDS = 3 * 86400
SMALLEST_BYTES = 6
_MEGABYTE = 1024 * 1024
BYTES_AT_MOST = {"image": 10 * _MEGABYTE, "voice": 2 * _MEGABYTE, "video": 10 * _MEGABYTE, "file": 20 * _MEGABYTE}
PICTURE_BYTES = 2 * _MEGABYTE
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True, slots=True)
class Stored:
    """One file; `content_type` is ours, by its bytes, never the sender's word."""

    media_id: str
    type: str
    filename: str
    content_type: str
    data: bytes
    created_at: int


def picture_type(data: bytes) -> str | None:
    """image/png or image/jpeg by the first bytes, else None."""
    return next((mime for magic, mime in _PICTURES.items() if data.startswith(magic)), None)


class Media:
    """What was uploaded."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._stored: dict[str, Stored] = {}
        self.base_url = ""

    def find(self, media_id: str, at: int) -> Stored | None:
        """None when unknown, or older than its three days (permanent pictures have no end)."""
        stored = self._stored.get(media_id)
        if stored is None or (stored.type != "picture" and at >= stored.created_at + MEDIA_SECONDS):
            return None
        return stored

    def need(self, media_id: object, at: int) -> Stored:
        """Raises ApiError 40007."""
        stored = self.find(str(media_id), at)
        if stored is None or stored.type == "picture":
            raise ApiError(40007, "invalid media_id")
        return stored

    def endpoints(self) -> dict[str, Any]:
        return {"media/upload": self.upload, "media/uploadimg": self.uploadimg, "media/get": self.get}

    def upload(self, call: Call) -> Answer:
        kind = call.query.get("type", "")
        need(kind in BYTES_AT_MOST, 40004, "invalid media type")
        stored = self._store(kind, self._file(call, BYTES_AT_MOST[kind]), call.at, kind == "image")
        # created_at is a string on the wire (official page 90253).
        return {"type": kind, "media_id": stored.media_id, "created_at": str(call.at)}

    def uploadimg(self, call: Call) -> Answer:
        stored = self._store("picture", self._file(call, PICTURE_BYTES), call.at, True)
        return {"url": f"{self.base_url}/media/{stored.media_id}"}

    def get(self, call: Call) -> Answer:
        """The wire turns this into the bytes themselves."""
        return {"file": self.need(call.query.get("media_id"), call.at)}

    def keep(self, kind: str, file: Upload, at: int) -> Stored:
        """What somebody sends in a client: temporary, as an upload is."""
        return self._store(kind, file, at, False)

    def _file(self, call: Call, at_most: int) -> Upload:
        if call.upload is None:
            raise ApiError(41006, "media is missing")
        need(call.upload.filename, 40035, "invalid parameter: filename is missing")
        need(len(call.upload.data) >= SMALLEST_BYTES, 40006, "media is empty")
        need(len(call.upload.data) <= at_most, 45001, f"media is over {at_most} bytes")
        return call.upload

    def _store(self, kind: str, file: Upload, at: int, must_be_picture: bool) -> Stored:
        mime = picture_type(file.data)
        need(mime or not must_be_picture, 40004, "only JPG and PNG pictures")
        media_id = self._ids.letters("3", 63)
        stored = Stored(media_id, kind, file.filename, mime or "application/octet-stream", file.data, at)
        self._stored[media_id] = stored
        return stored
