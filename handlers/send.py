"""Tasks of guides at WeCom: from whom a one-to-one item reaches to mass sends, and what became of every send."""

from __future__ import annotations

from typing import Any

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.actions.sends import CreateMassSend, ReadMassSend, ReadMoment, ReadReactions
from bot.scrm.clicks import kept
from bot.scrm.decision import Decision
from bot.scrm.events.planning import AudiencePlanned, Batch
from bot.scrm.events.sends import (
    GuideAway,
    ReactionsDue,
    SendDue,
    SendFailed,
    SendMade,
    SendRead,
    SendsStopped,
    TasksOpen,
)
from bot.scrm.facts import Facts
from bot.scrm.item import Item
from bot.scrm.passing import passed_on
from bot.scrm.pick_item import Place
from bot.scrm.post import listed, mass_send
from bot.scrm.records import NoteMemberLeft
from bot.scrm.records.sends import (
    DismissTasks,
    HearAgain,
    KeepSend,
    LookAgain,
    ReleaseAudience,
    SettleSend,
    StartSend,
)
from bot.scrm.send import (
    AWAY,
    FIRST_LOOK_SECONDS,
    GIVE_UP_SECONDS,
    JOB_SECONDS,
    LATE_SECONDS,
    LEFT,
    STOPPED_SECONDS,
    TELL_SECONDS,
    is_over,
    key_of,
    next_hear_at,
    next_look_at,
    pace,
)
from bot.scrm.switch import switches_by_name
from bot.scrm.week import local_time
from bot.scrm.words import Words
from bot.wecom.events import MemberCreated, MemberDeleted

router = Router()

MOST_TASKS = 12
"""Lines of a reminder: WeCom cuts an app message at 2,048 bytes."""

NOT_PRESSED = "导购到截止时间还没有点发送"
NO_RESULT = "别人点了，这里到截止时间还没有发出"


@router.on(AudiencePlanned)
async def audience_planned(event: AudiencePlanned, facts: Facts) -> Decision:
    """A task for each guide, if the item is still the one that was approved and there is still time."""
    item = facts.content.library.get(event.item)
    about = f"“{item.title if item else event.item}”看了 {event.asked} 人，发给 {event.reached} 人"
    against = await _against(item, event, facts)
    if against is not None or item is None:
        planned = tuple(dict.fromkeys(batch.planned_id for batch in event.batches))
        released = ReleaseAudience(planned_ids=planned, because=against or "", at=facts.now)
        return Decision(records=(released,) if planned else (), because=(f"{about}；{against}",))
    tasks = [await _task(event, batch, item, facts) for batch in event.batches]
    return Decision(
        records=(*kept(item, facts), *(record for record, _ in tasks)),
        actions=tuple(action for _, action in tasks),
        because=(f"{about}，{len(tasks)} 个群发任务",),
    )


async def _against(item: Item | None, event: AudiencePlanned, facts: Facts) -> str | None:
    if item is None or item.digest != event.digest:
        return "内容在圈人的时候改过了，没有发"
    off = await facts.planning.switched_off()
    if any(each in off for each in switches_by_name("私聊", event.slot.calendar, event.slot.entry)):
        return "圈人的时候被人停掉了，没有发"
    return "圈完人已经过了截止时间，没有发" if facts.now >= event.slot.by_at else None


async def _task(event: AudiencePlanned, batch: Batch, item: Item, facts: Facts) -> tuple[KeepSend, CreateMassSend]:
    key = key_of(event.slot, batch.userid, item.id, batch.number)
    record = KeepSend(
        key=key,
        touchpoint="私聊",
        slot=event.slot,
        userid=batch.userid,
        item=item.id,
        people=batch.people,
        planned_id=batch.planned_id,
        after=batch.after,
        upto=batch.upto,
        at=facts.now,
    )
    place = Place(batch.place, event.places)
    return record, await mass_send(key, batch.userid, item, place, event.slot.by_at, facts)


@router.on(SendMade)
async def made(event: SendMade, facts: Facts) -> Decision:
    """The guide has it; look in a while. A job is looked at soon."""
    look_at = event.created_at + (FIRST_LOOK_SECONDS if event.task_id else JOB_SECONDS)
    started = StartSend(
        key=event.key,
        task_id=event.task_id,
        job_id=event.job_id,
        failed=event.failed,
        look_at=look_at,
        at=event.created_at,
    )
    return Decision(records=(started,), because=("任务已经到导购手上" if event.task_id else "企业微信在建朋友圈任务",))


@router.on(SendFailed)
async def failed(event: SendFailed, facts: Facts) -> Decision:
    """Nobody gets it; where nobody can say whether it was made, all stays as if it had been."""
    state = "unknown" if event.state == "unknown" else "failed"
    settled = SettleSend(key=event.key, state=state, reason=event.reason, at=event.created_at)
    ended = await passed_on(settled, facts) if state == "failed" else Decision(records=(settled,))
    return Decision(because=(f"任务没有建成：{event.reason}",)) + ended


@router.on(SendDue)
async def due(event: SendDue, facts: Facts) -> Decision:
    """Look, and look again should the look fail; take back what is over or was stopped."""
    now = event.created_at
    if event.look_at > event.by_at + GIVE_UP_SECONDS:  # looks were due since, and all came to nothing
        settled = SettleSend(key=event.key, state="unknown", reason="一直读不到结果", at=now)
        return Decision(records=(settled,), because=("一直读不到结果，不再看",))
    in_seconds = STOPPED_SECONDS if event.stopped else pace(now - event.made_at)
    again = LookAgain(key=event.key, at=next_look_at(now, event.slot_at, event.by_at, in_seconds))
    because = f"收回：{event.stopped}" if event.stopped else "看发到哪了"
    return Decision(records=(again,), actions=(_look(event),), because=(because,))


def _look(event: SendDue) -> ReadMassSend | ReadMoment:
    at, last = event.created_at, bool(event.stopped) or is_over(event.created_at, event.by_at)
    common: dict[str, Any] = {
        "key": event.key,
        "by_at": event.by_at,
        "last": last,
        "looked_at": at,
        "stopped": event.stopped,
    }
    if event.userid:
        return ReadMassSend(**common, msgid=event.task_id, userid=event.userid)
    return ReadMoment(**common, job_id=event.job_id, moment_id=event.task_id or None)


@router.on(ReactionsDue)
async def hear(event: ReactionsDue, facts: Facts) -> Decision:
    """Comments come for days."""
    now = event.created_at
    again = HearAgain(key=event.key, at=next_hear_at(now, event.by_at))
    reading = ReadReactions(key=event.key, moment_id=event.task_id, looked_at=now)
    return Decision(records=(again,), actions=(reading,), because=("看谁评论了、点了赞",))


@router.on(SendsStopped)
async def stopped(event: SendsStopped, facts: Facts) -> Decision:
    """One message to the guide: what is not to be pressed any more, and what customers have seen already."""

    def titles(items: tuple[str, ...]) -> str:
        return listed([f"“{title_of(item, facts)}”" for item in items], "任务")

    about = {"because": event.because, "taken_back": titles(event.taken_back), "left": titles(event.left)}
    words = Words("guide/stopped.txt", {"stopped": about})
    return Decision(actions=(SendAppMessage(userid=event.userid, text=words),), because=(event.because,))


@router.on(TasksOpen)
async def remind(event: TasksOpen, facts: Facts) -> Decision:
    """One message for all that a guide has not pressed yet."""
    shown = event.tasks[:MOST_TASKS]
    lines = [
        f"{local_time(task.by_at, facts.timezone):%H:%M} 前　{task.touchpoint}　{title_of(task.item, facts)}"
        for task in shown
    ]
    more = [f"还有 {len(event.tasks) - len(shown)} 条"] if len(event.tasks) > len(shown) else []
    about = {"count": len(event.tasks), "list": "\n".join([*lines, *more])}
    words, last_at = Words("guide/tasks.txt", {"tasks": about}), max(task.by_at for task in event.tasks)
    message = SendAppMessage(userid=event.userid, text=words, not_after_at=last_at)
    return Decision(actions=(message,), because=(f"提醒 {len(event.tasks)} 条还没点的",))


@router.on(MemberDeleted)
async def left(event: MemberDeleted, facts: Facts) -> Decision:
    """Nobody can press any more what a guide had in hand who has left the corp."""
    gone = NoteMemberLeft(userid=event.userid, left=True, at=event.created_at)
    dismissed = DismissTasks(userid=event.userid, because=LEFT, at=facts.now)
    return Decision(records=(gone, dismissed), because=(LEFT,))


@router.on(MemberCreated)
async def joined(event: MemberCreated, facts: Facts) -> Decision:
    """Somebody new, or back."""
    return Decision(records=(NoteMemberLeft(userid=event.userid, left=False, at=event.created_at),))


@router.on(GuideAway)
async def away(event: GuideAway, facts: Facts) -> Decision:
    """Who stands in writes to those who know both; what is for groups and Moments stays: nobody else could press it."""
    dismissed = DismissTasks(userid=event.userid, because=AWAY, touchpoint="私聊", at=facts.now)
    return Decision(records=(dismissed,), because=(AWAY,))


def title_of(item: str, facts: Facts) -> str:
    """What people call an item, also one that is gone."""
    known = facts.content.library.get(item)
    return known.title if known else item


@router.on(SendRead)
async def read(event: SendRead, facts: Facts) -> Decision:
    """Over once everybody has it, or its time is over and nobody pressed, or WeCom has had an hour to tell of all."""
    said = f"发到 {event.sent}，还有 {event.unsent} 没有结果" if event.pressed else "导购还没有点发送"
    late = event.created_at >= event.by_at + LATE_SECONDS
    if not (event.last and (late or not event.pressed)) and not (event.pressed and not event.unsent):
        return Decision(because=(said,))
    reason, state = (NO_RESULT, "sent") if event.pressed else (NOT_PRESSED, "lapsed")
    told = event.stopped not in ("", LEFT, AWAY)
    settled = SettleSend(
        key=event.key,
        state=state,
        reason=event.stopped or reason,
        tell_at=event.created_at + TELL_SECONDS if told else None,
        at=event.created_at,
    )
    ended = Decision(records=(settled,)) if event.pressed else await passed_on(settled, facts)
    return Decision(because=(said,)) + ended
