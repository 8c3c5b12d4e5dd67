"""A few questions to every new person: offered, asked in 微信客服, answered anywhere, and ended one way or another.

It never asks what is known, falls silent when a human talks, and takes no for an answer.
"""

from __future__ import annotations

from bot.router import Router
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfEntered, KfMessageReceived, KfServicerSpoke, KfSessionChanged, KfSessionRead
from bot.scrm.events.survey import SurveyAnswered, SurveyDeclined
from bot.scrm.events.sync import CustomerFound
from bot.scrm.facts import Facts
from bot.scrm.gift import give
from bot.scrm.kf import BOT_STATES, CHANGED_TO_ENDED, ENDED, KfSession, greet
from bot.scrm.records.privacy import SaveConsent
from bot.scrm.records.survey import NoteUnsurveyed, OpenSurveyRun
from bot.scrm.survey.answers import NearMiss, Understood, understand_form
from bot.scrm.survey.effects import agreed
from bot.scrm.survey.hearing import hear
from bot.scrm.survey.lookup import Found, for_chat, for_newcomer, for_page
from bot.scrm.survey.run import Question, Survey, SurveyRun, ended, next_question
from bot.scrm.survey.taking import correct, take
from bot.scrm.survey.talk import DECLINED, MOST_ASKED, ask, ask_on_entering, go_on, saved, say
from bot.scrm.tagging import NOBODY
from bot.wecom.events import CustomerAdded, CustomerHalfAdded

router = Router()

Added = CustomerAdded | CustomerHalfAdded | CustomerFound

NOT_HERE = "这个客服账号不问调研"


@router.on(CustomerAdded, CustomerHalfAdded, CustomerFound)
async def offer(event: Added, facts: Facts) -> Decision:
    """A new relation: a survey is offered with it, or it is noted why not."""
    follow = await facts.follows.of(event.userid, event.external_userid)
    if follow and follow.status != "ended":
        return Decision(because=("这段关系已经有了，调研不再另开",))
    found = await for_newcomer(event.external_userid, event.userid, event.state, event.created_at, facts)
    if isinstance(found, str):
        return _passed_over(event.userid, event.external_userid, found, facts)
    return _kept(found, found.run) + Decision(because=(f"调研 {found.survey.id}",))


@router.on(KfEntered)
async def entered(event: KfEntered, facts: Facts) -> Decision:
    """Greet whoever enters an account with a survey, and put the first question with it: one message, within 20 s."""
    account = facts.content.kf_accounts.get(await facts.kf.account_id(event.open_kfid) or "")
    if account is None or not account.survey:
        return _passed_over(NOBODY, event.external_userid, NOT_HERE, facts)
    plain = greet(event, f"greeting/{event.msgid}", account.greeting, facts.now)
    if not plain.actions:
        return _passed_over(NOBODY, event.external_userid, plain.because[0], facts)
    found = await for_chat(event.external_userid, event.scene, account.survey, event.created_at, facts)
    if isinstance(found, str):
        return plain + _passed_over(NOBODY, event.external_userid, found, facts)
    survey, run = found.survey, found.run
    known = await facts.surveys.known(event.external_userid)
    question = next_question(survey, run, known, facts.now)
    if question is None or (run.asked_id == question.id and run.asked_times >= MOST_ASKED):
        return plain
    put, said = ask_on_entering(survey, run, question, event, facts.now, account.greeting)
    return _kept(found, put) + said + Decision(because=(f"调研 {survey.id}：{question.id}",))


@router.on(KfMessageReceived)
async def heard(event: KfMessageReceived, facts: Facts) -> Decision:
    """An answer, a near miss, a no; anything else is for others to reply to."""
    understood = await hear(event, facts)
    if understood is None or understood.left:
        return Decision()
    session = await facts.kf.session(event.open_kfid, event.external_userid)
    opens = event.menu_id is None or facts.settings.kf_click_reopens_window
    session = session.heard(event.created_at, opens_window=opens)
    survey, run, question = understood.survey, understood.run, understood.question
    match understood.said:
        case "declined":
            stopped = ended(run, "declined", facts.now)
            words = DECLINED.format(link=facts.links.preferences(event.external_userid))
            return saved(stopped, run) + say(run, "declined", words, session, facts.now)
        case Understood(values) if question:
            return await _answered_in_chat(event, survey, run, question, values, session, facts)
        case NearMiss(hint) if question:
            put, said = ask(survey, run, question, session, facts.now, lead=hint)
            return saved(put, run) + said
    return await _onward(survey, run, session, facts)


@router.on(KfSessionChanged, KfServicerSpoke, KfSessionRead)
async def taken_over(event: KfSessionChanged | KfServicerSpoke | KfSessionRead, facts: Facts) -> Decision:
    """A human talks: what was asked in this chat falls silent for good."""
    if event.history or not _to_a_human(event):
        return Decision()
    runs = await facts.surveys.runs_of(event.external_userid)
    decision = Decision()
    for run in runs:
        if run.under_way and run.open_kfid == event.open_kfid:
            decision += saved(ended(run, "taken_over", facts.now), run)
            decision += Decision(because=(f"人工接待，调研 {run.survey_id} 不再说话",))
    return decision


@router.on(SurveyAnswered)
async def answered_on_a_page(event: SurveyAnswered, facts: Facts) -> Decision:
    """An answer from a page, or another one in its place; it begins the run when there was none."""
    found = await for_page(event, facts)
    if found is None:
        return Decision(because=("没有这份调研了",))
    survey, run = found.survey, found.run
    question = survey.question(event.question_id)
    meaning = understand_form(question, event.values) if question else None
    if question is None or not isinstance(meaning, Understood):
        return Decision(because=("看不懂的答案，没有记",))
    how = correct if event.corrects else take
    after, learnt = await how(survey, run, question, meaning.values, event.surface, event.created_at, facts)
    if after == run:
        return Decision(because=("这一题已经答过，或调研已经结束",))
    _, gift = await _gift(survey, after, facts)
    return _kept(found, after) + learnt + gift


@router.on(SurveyDeclined)
async def declined_on_a_page(event: SurveyDeclined, facts: Facts) -> Decision:
    """A no is a no, whether anything was asked before or not."""
    found = await for_page(event, facts)
    if found is None:
        return Decision(because=("没有这份调研了",))
    return _kept(found, ended(found.run, "declined", event.created_at))


def _passed_over(userid: str, external_userid: str, why: str, facts: Facts) -> Decision:
    """Remember why somebody new is offered none."""
    noted = NoteUnsurveyed(userid=userid, external_userid=external_userid, reason=why, at=facts.now)
    return Decision(records=(noted,), because=(f"没有开调研：{why}",))


def _kept(found: Found, run: SurveyRun) -> Decision:
    """Remember where a run stands, from its beginning on."""
    if found.is_new:
        return Decision(records=(OpenSurveyRun(run=run, survey=found.survey),))
    return saved(run, found.run)


async def _answered_in_chat(
    event: KfMessageReceived,
    survey: Survey,
    run: SurveyRun,
    question: Question,
    values: tuple[str, ...],
    session: KfSession,
    facts: Facts,
) -> Decision:
    after, learnt = await take(survey, run, question, values, "客服", event.created_at, facts)
    if after == run:
        return Decision(because=("调研已经结束，不再记答案",))
    consents = (_consent(event, shown, purpose) for purpose, shown in agreed(survey, run, question, values))
    learnt += Decision(records=tuple(consents))
    words, gift = await _gift(survey, after, facts)
    if run.state == "taken_over":
        return saved(after, run) + learnt + gift
    known = await facts.surveys.known(event.external_userid)
    following = next_question(survey, after, known, facts.now)
    put, said = go_on(survey, after, following, session, facts.now, words)
    return saved(put, run) + learnt + gift + said


async def _onward(survey: Survey, run: SurveyRun, session: KfSession, facts: Facts) -> Decision:
    """An old menu is tapped: what was answered stays, and where a page went on the chat goes on, too."""
    known = await facts.surveys.known(session.external_userid)
    words, gift = await _gift(survey, run, facts)
    put, said = go_on(survey, run, next_question(survey, run, known, facts.now), session, facts.now, words)
    return saved(put, run) + gift + said + Decision(because=("这一题已经答过",))


async def _gift(survey: Survey, run: SurveyRun, facts: Facts) -> tuple[str, Decision]:
    """What somebody is given who came to the end, in words, and what to remember of it."""
    if not survey.gift or run.state != "done" or run.external_userid is None:
        return "", Decision()
    return await give(survey.gift, run.external_userid, f"survey/{survey.id}", facts)


def _consent(event: KfMessageReceived, shown: str, purpose: str) -> SaveConsent:
    """Who answers below the words that say what for has agreed."""
    return SaveConsent(
        external_userid=event.external_userid,
        purpose=purpose,
        shown=shown,
        place="客服",
        granted=True,
        at=event.created_at,
    )


def _to_a_human(event: KfSessionChanged | KfServicerSpoke | KfSessionRead) -> bool:
    """Whether a person has the session from now on, or is being waited for."""
    if isinstance(event, KfSessionRead):
        return event.service_state not in (*BOT_STATES, ENDED)
    return isinstance(event, KfServicerSpoke) or event.change_type != CHANGED_TO_ENDED
