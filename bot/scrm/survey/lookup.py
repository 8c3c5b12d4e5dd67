"""Which survey, and which run of it, something that happened is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.scrm.channel import Channel
from bot.scrm.events.survey import SurveyEvent
from bot.scrm.facts import Facts
from bot.scrm.survey.effects import Answerer
from bot.scrm.survey.run import Surface, Survey, SurveyRun, again, begin, new_run_id, next_question
from bot.scrm.week import week_minute
from bot.scrm.welcome import Situation, choose

NONE_FITS = "没有给这位客户的调研"
KNEW_BEFORE = "以前就认识，调研写了 existing: 跳过"
ALL_KNOWN = "要问的都已经知道了"


@dataclass(frozen=True, slots=True)
class Found:
    """A run and the wording it keeps. `is_new`: it begins now."""

    survey: Survey
    run: SurveyRun
    is_new: bool = False


async def answerer(external_userid: str, facts: Facts) -> Answerer:
    """What we know of somebody who answers, and of their guides."""
    return Answerer(
        external_userid=external_userid,
        userids=[userid for _, userid in await facts.follows.active(external_userid)],
        carried=await facts.tags.carried(external_userid),
        known=await facts.surveys.known(external_userid),
    )


async def for_newcomer(external_userid: str, userid: str, state: str | None, at: int, facts: Facts) -> Found | str:
    """The run to begin with a new relation; or why none, for people. Asked once, so an earlier run is reason enough."""
    knew = await facts.follows.count(external_userid) > 0
    channel = facts.content.channel(state)
    named = _welcome_survey(userid, channel, knew, facts)
    return await _begin(external_userid, userid, channel, named, at, knew, facts)


async def for_chat(external_userid: str, scene: str, named: str | None, at: int, facts: Facts) -> Found | str:
    """The run to go on with, or to begin, with somebody who enters 微信客服. `named`: the survey of the account."""
    for run in await facts.surveys.runs_of(external_userid):
        survey = await facts.surveys.worded(run) if run.under_way else None
        if survey and "客服" in survey.surfaces:
            return Found(survey, run)
    knew = await facts.follows.count(external_userid) > 0
    channel = facts.content.channel(scene)
    return await _begin(external_userid, None, channel, named, at, knew, facts, surface="客服")


async def for_page(event: SurveyEvent, facts: Facts) -> Found | None:
    """The run that a page means: that one, else the customer's own of this survey, else a new one."""
    run = await facts.surveys.run(event.run_id)
    if run is None and event.external_userid:
        mine = [r for r in await facts.surveys.runs_of(event.external_userid) if r.survey_id == event.survey_id]
        run = next((r for r in mine if r.under_way), mine[0] if mine else None)
        if run and (anew := await _again(event, run, facts)):
            return anew
    if run:
        worded = await facts.surveys.worded(run)
        return Found(worded, run) if worded else None
    survey = facts.content.surveys.get(event.survey_id)
    if survey is None:
        return None
    begun = begin(
        survey, event.run_id, external_userid=event.external_userid, userid=event.userid, now=event.created_at
    )
    return Found(survey, begun if event.external_userid else replace(begun, remind_at=None), is_new=True)


async def _again(event: SurveyEvent, last: SurveyRun, facts: Facts) -> Found | None:
    """The run that asks once more what holds no longer, if that is the one that the page means."""
    survey = facts.content.surveys.get(event.survey_id)
    if survey is None or event.external_userid is None:
        return None
    run = again(survey, last, await facts.surveys.known(event.external_userid), event.created_at)
    return Found(survey, run, is_new=True) if run and run.run_id == event.run_id else None


async def asked_here(external_userid: str, open_kfid: str, facts: Facts) -> SurveyRun | None:
    """The run under way whose question stands in this chat."""
    runs = await facts.surveys.runs_of(external_userid)
    return next((run for run in runs if run.under_way and run.asked_id and run.open_kfid == open_kfid), None)


def _welcome_survey(userid: str, channel: Channel | None, returning: bool, facts: Facts) -> str | None:
    """The survey whose link the welcome of this add carries."""
    weekday, minute = week_minute(facts.now, facts.timezone)
    situation = Situation(channel.id if channel else None, userid, returning, weekday, minute)
    return choose(facts.content.welcomes, situation).survey


async def _begin(
    external_userid: str,
    userid: str | None,
    channel: Channel | None,
    named: str | None,
    at: int,
    knew: bool,
    facts: Facts,
    surface: Surface | None = None,
) -> Found | str:
    who = await answerer(external_userid, facts)
    tags = {*who.known.tags, *(channel.tags if channel else ())}
    candidates = _candidates(named, facts)
    grouped = any(survey.who.groups for survey in candidates)
    groups = await facts.groups.of(external_userid) if grouped else ()
    fitting = [
        survey
        for survey in candidates
        if survey.who.holds(tags, channel.id if channel else None, userid, groups)
        and (surface is None or surface in survey.surfaces)
    ]
    if not fitting:
        return NONE_FITS
    survey = fitting[0]
    if runs := [run for run in await facts.surveys.runs_of(external_userid) if run.survey_id == survey.id]:
        anew = again(survey, runs[0], who.known, facts.now)
        return Found(survey, anew, is_new=True) if anew else f"调研 {survey.id} 已经问过（{runs[0].state}）"
    if knew and not survey.existing:
        return KNEW_BEFORE
    run_id = new_run_id(survey.id, external_userid, at)
    run = begin(survey, run_id, external_userid=external_userid, userid=userid, now=facts.now)
    return Found(survey, run, is_new=True) if next_question(survey, run, who.known, facts.now) else ALL_KNOWN


def _candidates(named: str | None, facts: Facts) -> Sequence[Survey]:
    """The one that staff named here, else all that begin with a new customer."""
    surveys = facts.content.surveys
    return [surveys[named]] if named and named in surveys else [s for s in surveys.values() if s.start == "加好友"]
