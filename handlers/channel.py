"""Every channel has its way in at WeCom, and the right people receive there: by the rota, by cap, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.router import Router
from bot.scrm.actions import KeepContactWay
from bot.scrm.actions.channels import CompareWays, KeepAcquisitionLink, KeepJoinWay
from bot.scrm.channel import LOST, Channel, KeptWay, at_odds, is_lost, orphans
from bot.scrm.decision import Decision
from bot.scrm.events import ContactWayKept, ContentWentLive, DutyChanged
from bot.scrm.events.library import WayDiffers, WaysDue
from bot.scrm.facts import Facts
from bot.scrm.records import SaveContactWay
from bot.scrm.records.library import NotePrinted, NoteWay
from bot.scrm.week import day_began_at, week_minute

router = Router()


@router.on(ContentWentLive)
async def went_live(event: ContentWentLive, facts: Facts) -> Decision:
    """A way in for every channel. What the file would break is left as it is, and what it forgot is named."""
    channels, kept = facts.content.channels, await facts.channels.kept()
    odd = dict(at_odds(channels, kept))
    decision = Decision(
        records=(
            NotePrinted(
                printed=tuple(c.id for c in channels.values() if c.printed),
                unprinted=tuple(c.id for c in channels.values() if not c.printed),
            ),
        ),
        because=(
            *(f"渠道 {id_}：{why}" for id_, why in odd.items()),
            *(f"渠道 {id_} 不在文件里了，企业微信里的码还留着" for id_ in orphans(channels, kept)),
        ),
    )
    for channel in channels.values():
        if channel.id not in odd and not channel.off:
            decision += await _keep(channel, facts)
    return decision


@router.on(DutyChanged)
async def duty_changed(event: DutyChanged, facts: Facts) -> Decision:
    """Another shift begins, somebody has had enough for today, or there is another group to lead into."""
    channel = facts.content.channel(event.channel_id)
    if channel is None:
        return Decision(because=("内容里已经没有这个渠道了，或者已停用",))
    return Decision(because=(f"渠道 {channel.id} 换班",)) + await _keep(channel, facts)


@router.on(ContactWayKept)
async def kept(event: ContactWayKept, facts: Facts) -> Decision:
    """A channel's code or link; its id is shown nowhere else."""
    channel = facts.content.channels.get(event.channel_id)
    record = SaveContactWay(
        channel_id=event.channel_id,
        config_id=event.config_id,
        qr_code=event.qr_code,
        userids=event.userids,
        at=event.created_at,
        way=event.way,
        url=event.url,
        chat_ids=event.chat_ids,
        printed=channel.printed if channel else False,
    )
    return Decision(records=(record,))


@router.on(WaysDue)
async def compare(event: WaysDue, facts: Facts) -> Decision:
    """The nightly reading asks for it, too."""
    return Decision(actions=(CompareWays(),))


@router.on(WayDiffers)
async def differs(event: WayDiffers, facts: Facts) -> Decision:
    """What others changed is put right; what they deleted is made anew, unless it is on paper: that people decide."""
    known = (await facts.channels.kept()).get(event.channel_id)
    if known is None or known.config_id != event.config_id:
        return Decision(because=("这个码已经换过了",))
    gone_at = event.created_at if event.gone else None
    noted = NoteWay(
        channel_id=event.channel_id,
        config_id=event.config_id,
        userids=event.userids,
        chat_ids=event.chat_ids,
        gone_at=gone_at,
    )
    decision = Decision(records=(noted,), because=(_what_differs(event, known),))
    channel = facts.content.channel(event.channel_id)
    if channel is None or channel.way != known.way:
        return decision + Decision(because=("文件里没有这个渠道了，或者已停用，不改回去",))
    return decision + await _keep(channel, facts, replace(known, gone_at=gone_at))


def _what_differs(event: WayDiffers, known: KeptWay) -> str:
    if event.gone:
        return f"渠道 {event.channel_id} 的码在企业微信里被删了"
    if known.gone_at is not None:
        return f"渠道 {event.channel_id} 的码又有了"
    now = "、".join((*event.userids, *event.chat_ids)) or "没有人，或者不算这个渠道的"
    return f"渠道 {event.channel_id} 的码在企业微信里被改过，现在接待的是：{now}"


async def _keep(channel: Channel, facts: Facts, known: KeptWay | None = None) -> Decision:
    if is_lost(channel, known or (await facts.channels.kept()).get(channel.id)):
        return Decision(because=(f"渠道 {channel.id}：{LOST}",))
    if channel.way == "入群":
        return _keep_join_way(channel, channel.leads_into(await facts.channels.groups()))
    if channel.way == "客服":
        return Decision()
    moment = week_minute(facts.now, facts.timezone)
    since_at = day_began_at(facts.now, facts.timezone)
    added = (await facts.channels.added_since(since_at)).get(channel.id, {}) if channel.daily_cap else {}
    left, on_duty = await facts.channels.left(), channel.on_duty(*moment)
    userids = channel.receivers(*moment, added, left)
    not_there = [userid for userid in on_duty if userid in left]
    if not_there and not userids:
        words = f"{'、'.join(not_there)} 已离开企业，也没有 spare 可以接，现在没有人接待，码先不动"
        return Decision(because=(f"渠道 {channel.id}：{words}",))
    because = _full(channel, [userid for userid in on_duty if userid not in not_there], userids)
    if channel.way == "获客链接":
        return Decision(actions=(KeepAcquisitionLink(channel_id=channel.id, userids=userids),), because=because)
    keep = KeepContactWay(channel_id=channel.id, title=channel.title, userids=userids)
    return Decision(actions=(keep,), because=because)


def _full(channel: Channel, on_duty: Sequence[str], userids: tuple[str, ...]) -> tuple[str, ...]:
    """Who rests until tomorrow, and who receives instead."""
    resting = [userid for userid in on_duty if userid not in userids]
    if not resting:
        return ()
    return (f"{'、'.join(resting)} 今天在 {channel.id} 已接满 {channel.daily_cap} 位，由 {'、'.join(userids)} 接待",)


def _keep_join_way(channel: Channel, chat_ids: tuple[str, ...]) -> Decision:
    if not chat_ids:
        return Decision(because=(f"渠道 {channel.id}：没有群名符合 {'、'.join(channel.groups)}，有了群再建入群码",))
    return Decision(actions=(KeepJoinWay(channel_id=channel.id, title=channel.title, chat_ids=chat_ids),))
