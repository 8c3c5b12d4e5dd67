"""Keeping media at WeCom."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from bot.flow.perform.post import Events, Performed, Post
from bot.scrm.actions import Action, UploadMedia
from bot.scrm.events import MediaUploaded
from bot.store.outbox import Claimed


async def _upload_media(post: Post, action: UploadMedia, claimed: Claimed) -> Events:
    data = (post.media_folder / action.path).read_bytes()
    if sha256(data).hexdigest() != action.sha256:
        return ()  # a newer edition of the file has an action of its own
    answer = await post.wecom.media.upload(action.kind, (Path(action.path).name, data))
    uploaded = MediaUploaded(
        created_at=post.clock.now(), path=action.path, sha256=action.sha256, media_id=answer["media_id"]
    )
    return (uploaded,)


HOW: dict[type[Action], Performed] = {
    UploadMedia: _upload_media,
}
