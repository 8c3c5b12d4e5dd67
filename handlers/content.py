"""A new edition of content/ went live: bring WeCom in line with it."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import SyncMember, UploadMedia
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive, MediaDue
from bot.scrm.facts import Facts

router = Router()


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """The names of the guides who receive."""
    guides = dict.fromkeys(u for c in facts.content.channels.values() for u in c.userids)
    unknown = [userid for userid in guides if await facts.members.get(userid) is None]
    actions = tuple(SyncMember(userid=userid) for userid in unknown)
    return Decision(actions=actions, because=(f"内容版本 {event.version[:12]}",))


@router.on(MediaDue)
async def media_due(event: MediaDue, facts: Facts) -> Decision:
    """Upload a file before somebody needs it: a welcome has no time to."""
    if facts.content.media.get(event.path) != event.sha256:
        return Decision(because=("内容已经不用这个文件了",))
    return Decision(actions=(UploadMedia(path=event.path, sha256=event.sha256, kind=event.kind),))
