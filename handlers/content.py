"""A new edition of content/ went live: bring WeCom in line with it."""

from __future__ import annotations

from bot.router import Router
from bot.scrm.actions import Action, KeepContactWay, SyncCorpTags, SyncMember, UploadMedia
from bot.scrm.channel import Channel
from bot.scrm.decision import Decision
from bot.scrm.events import ContentWentLive, DutyChanged, MediaDue
from bot.scrm.facts import Facts
from bot.scrm.week import week_minute

router = Router()


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """Tags that WeCom lacks, a code for every channel, and the names of the guides who receive."""
    channels = facts.content.channels.values()
    actions: list[Action] = [SyncCorpTags(wanted=facts.content.taxonomy.wecom_tags)]
    actions += [_keep(channel, facts) for channel in channels if channel.way == "联系我"]
    for userid in dict.fromkeys(u for c in channels for u in c.userids):
        if await facts.members.get(userid) is None:
            actions.append(SyncMember(userid=userid))
    return Decision(actions=tuple(actions), because=(f"内容版本 {event.version[:12]}",))


@router.on(DutyChanged)
async def duty_changed(event: DutyChanged, facts: Facts) -> Decision:
    """Another shift begins: those who come from now on are received by it."""
    channel = facts.content.channel(event.channel_id)
    if channel is None:
        return Decision(because=("内容里已经没有这个渠道了",))
    return Decision(actions=(_keep(channel, facts),), because=(f"渠道 {channel.id} 换班",))


def _keep(channel: Channel, facts: Facts) -> KeepContactWay:
    on_duty = channel.on_duty(*week_minute(facts.now, facts.timezone))
    return KeepContactWay(channel_id=channel.id, title=channel.title, userids=on_duty)


@router.on(MediaDue)
async def media_due(event: MediaDue, facts: Facts) -> Decision:
    """Upload a file before somebody needs it: a welcome has no time to."""
    if facts.content.media.get(event.path) != event.sha256:
        return Decision(because=("内容已经不用这个文件了",))
    return Decision(actions=(UploadMedia(path=event.path, sha256=event.sha256, kind=event.kind),))
