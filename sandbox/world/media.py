"""Temporary media: three days, shared by the corp's apps (official page 90253), and permanent pictures (90256)."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    """One file; `content_type` is ours, by its bytes, never the sender's word.

    `scene`: what upload_attachment was told it is for; "" = media/upload, good for everything else.
    """

    media_id: str
    type: str
    filename: str
    content_type: str
    data: bytes
    created_at: int
    scene: str = ""


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
        """Raises ApiError 40007; the ids of upload_attachment are of another space (official page 96347)."""
        stored = self.find(str(media_id), at)
        if stored is None or stored.type == "picture" or stored.scene:
            raise ApiError(40007, "invalid media_id")
        return stored

    def need_for(self, scene: str, media_id: object, at: int) -> Stored:
        """Raises ApiError 40007 (unknown or too old) or 41072 (uploaded for something else)."""
        stored = self.find(str(media_id), at)
        if stored is None:
            raise ApiError(40007, "invalid media_id")
        need(stored.scene == scene, 41072, "wrong scene: use media/upload_attachment")
        return stored

    def endpoints(self) -> dict[str, Any]:
        return {"media/upload": self.upload, "media/uploadimg": self.uploadimg, "media/get": self.get}

    def upload(self, call: Call) -> Answer:
        kind = call.query.get("type", "")
        need(kind in BYTES_AT_MOST, 40004, "invalid media type")
        stored = self.store(kind, self.file_of(call, BYTES_AT_MOST[kind]), call.at, kind == "image")
        # created_at is a string on the wire (official page 90253).
        return {"type": kind, "media_id": stored.media_id, "created_at": str(call.at)}

    def uploadimg(self, call: Call) -> Answer:
        stored = self.store("picture", self.file_of(call, PICTURE_BYTES), call.at, True)
        return {"url": f"{self.base_url}/media/{stored.media_id}"}

    def get(self, call: Call) -> Answer:
        """The wire turns this into the bytes themselves."""
        return {"file": self.need(call.query.get("media_id"), call.at)}

    def keep(self, kind: str, file: Upload, at: int) -> Stored:
        """What somebody sends in a client: temporary, as an upload is."""
        return self.store(kind, file, at, False)

    def copy(self, stored: Stored, prefix: str, at: int) -> Stored:
        """The same file under an id of its own: what WeCom shows of a post is not what was uploaded for it."""
        copied = replace(stored, media_id=self._ids.letters(prefix, 40), created_at=at, scene="")
        self._stored[copied.media_id] = copied
        return copied

    def file_of(self, call: Call, at_most: int) -> Upload:
        """The upload of a call. Raises ApiError."""
        if call.upload is None:
            raise ApiError(41006, "media is missing")
        need(call.upload.filename, 40035, "invalid parameter: filename is missing")
        need(len(call.upload.data) >= SMALLEST_BYTES, 40006, "media is empty")
        need(len(call.upload.data) <= at_most, 45001, f"media is over {at_most} bytes")
        return call.upload

    def store(self, kind: str, file: Upload, at: int, must_be_picture: bool, scene: str = "") -> Stored:
        """Keep a file under a new id. Raises ApiError 40004."""
        mime = picture_type(file.data)
        need(mime or not must_be_picture, 40004, "only JPG and PNG pictures")
        media_id = self._ids.letters("3", 63)
        stored = Stored(media_id, kind, file.filename, mime or "application/octet-stream", file.data, at, scene)
        self._stored[media_id] = stored
        return stored
