"""What the passing of time brings about for surveys: a polite reminder, and the end."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from bot.router import Router
from bot.scrm.actions import SendAppMessage
from bot.scrm.care import QuietFor
from bot.scrm.consent import EVERYTHING
from bot.scrm.decision import Decision
from bot.scrm.events.survey import SurveyExpiryDue, SurveyReminderDue
from bot.scrm.facts import Facts
from bot.scrm.naming import name_of
from bot.scrm.records import AddTask
from bot.scrm.survey.run import Question, Survey, SurveyRun, ended, next_question, not_reminded, reminded
from bot.scrm.survey.talk import GUIDE_WORDS, REMINDER, ask, saved
from bot.scrm.week import local_time
from bot.scrm.words import Words

router = Router()

READERS: tuple[QuietFor, ...] = ("私聊", "导购提醒")
"""A reminder is read by the customer, or by a guide who then writes to them."""


@router.on(SurveyReminderDue)
async def remind(event: SurveyReminderDue, facts: Facts) -> Decision:
    """By 微信客服 while its window is open, else by the guide; never in quiet hours, never once it is over."""
    run = await facts.surveys.run(event.run_id)
    if run is None or not run.under_way or run.reminded != event.nth or not _is_due(run, facts.now):
        return Decision(because=("已经不用提醒了",))
    survey = await facts.surveys.worded(run)
    if survey is None or run.external_userid is None or not await _may_be_reminded(run.external_userid, facts):
        return saved(replace(run, remind_at=None), run) + Decision(because=("这位客户不再提醒",))
    known = await facts.surveys.known(run.external_userid)
    question = next_question(survey, run, known, facts.now)
    if question is None:
        return saved(ended(run, "done", facts.now), run) + Decision(because=("要问的都已经知道了",))
    if (awake_at := _awake_at(facts)) > facts.now:
        return saved(replace(run, remind_at=awake_at), run) + Decision(because=("免打扰时段，过了再提醒",))
    return await _remind(survey, run, question, run.external_userid, facts)


@router.on(SurveyExpiryDue)
async def expire(event: SurveyExpiryDue, facts: Facts) -> Decision:
    """Nobody is asked for ever."""
    run = await facts.surveys.run(event.run_id)
    if run is None or not run.under_way or run.expires_at > facts.now:
        return Decision()
    return saved(ended(run, "expired", facts.now), run) + Decision(because=("到期没有答完，不再问",))


async def _remind(survey: Survey, run: SurveyRun, question: Question, external_userid: str, facts: Facts) -> Decision:
    after = reminded(survey, run, facts.now)
    if run.open_kfid:
        session = await facts.kf.session(run.open_kfid, external_userid)
        put, said = ask(survey, after, question, session, facts.now, lead=REMINDER)
        if said.actions:
            return saved(put, run) + _before_quiet(said, facts) + Decision(because=(f"第 {put.reminded} 次提醒",))
    asked = await _by_guide(survey, run, external_userid, facts)
    return saved(after if asked.actions else not_reminded(survey, run, facts.now), run) + asked


def _is_due(run: SurveyRun, now: int) -> bool:
    return run.remind_at is not None and run.remind_at <= now


async def _may_be_reminded(external_userid: str, facts: Facts) -> bool:
    """Not somebody who was forgotten, nor one who wants to hear nothing."""
    person = await facts.people.by_external_userid(external_userid)
    return person is not None and not await facts.consent.opted_out(external_userid, EVERYTHING)


async def _by_guide(survey: Survey, run: SurveyRun, external_userid: str, facts: Facts) -> Decision:
    pool = await facts.pool.now()
    if not pool.person_by_person:
        return Decision(because=(f"客服里不能再发；{pool.because}，不请导购逐个代问",))
    userid = await _guide(run, external_userid, facts)
    if userid is None:
        return Decision(because=("客服里不能再发，也没有导购可以代问",))
    person = await facts.people.by_external_userid(external_userid)
    ready = GUIDE_WORDS.format(link=facts.links.survey(external_userid, userid, survey.id))
    task = AddTask(
        userid=userid,
        kind="survey",
        external_userid=external_userid,
        reason=f"“{survey.title}”还没答完",
        ready_text=ready,
        created_at=facts.now,
    )
    values = {
        "customer": {"name": name_of(person)},
        "ready_text": ready,
        "at": local_time(run.started_at, facts.timezone).strftime("%m-%d %H:%M"),
        "page": f"{facts.links.guide(external_userid, userid)}/survey",
    }
    notice = SendAppMessage(userid=userid, text=Words("guide/survey_reminder.txt", values))
    return Decision(records=(task,), actions=(notice,), because=("客服里不能再发，请导购代问一句",))


async def _guide(run: SurveyRun, external_userid: str, facts: Facts) -> str | None:
    """Who asks in person: the guide of the run while they are connected, else whose customer it is."""
    connected = [userid for _, userid in await facts.follows.active(external_userid)]
    if run.userid in connected:
        return run.userid
    owner = await facts.people.owner(external_userid)
    if owner and owner.userid in connected:
        return owner.userid
    return connected[0] if connected else None


def _awake_at(facts: Facts) -> int:
    return max(facts.content.care.awake_at(whom, facts.now, facts.timezone) for whom in READERS)


def _before_quiet(said: Decision, facts: Facts) -> Decision:
    """What cannot be sent before the quiet hours is not sent in them."""
    quiet_at = facts.content.care.silent_at("私聊", facts.now, facts.timezone)
    sooner = (structs.replace(a, not_after_at=min(a.not_after_at or quiet_at, quiet_at)) for a in said.actions)
    return replace(said, actions=tuple(sooner))
