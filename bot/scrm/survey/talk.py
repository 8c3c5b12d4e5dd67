"""A survey in chat: which words and which menu, and when nothing is said.

A tap sends one choice; to choose several, people type numbers. So the menu of a 多选 question numbers its lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.scrm.actions.kf import MenuItem
from bot.scrm.consent import WHERE_TO_CHOOSE
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfEntered
from bot.scrm.kf import KfSession, greet, speak
from bot.scrm.records.survey import SaveSurveyRun
from bot.scrm.survey.answers import SKIP, menu_id
from bot.scrm.survey.correction import withdrawn
from bot.scrm.survey.run import Question, Survey, SurveyRun, asked

HEAD_BYTES: Final = 1024
"""Of a msgmenu's head_content (reference section 6.3)."""

MOST_ASKED: Final = 2
"""A question is asked, and gently asked once more when the answer was not clear. Then it is left."""

TAILS: Final = {
    "单选": "点一下就好，也可以直接回数字",
    "多选": "想选几个就回数字，例如 1、2",
    "文字": "直接打字回复就好",
    "数字": "直接回一个数字就好",
    "日期": "直接回日期，例如 1995-06-18",
    "手机号": "直接回 11 位手机号就好",
}

GUIDE_WORDS: Final = "之前那几个小问题，方便的时候点开选一下就好，半分钟，之后我说的都更对你的情况：{link}"
"""What a guide can send by hand when nothing may be said in 微信客服."""

DECLINED: Final = f"好的，不问了，之后也不会再问。有事随时说，我在。\n{WHERE_TO_CHOOSE}"
REMINDER: Final = "上次的小问题还差一点，方便的时候点一下就好，不想答也没关系，回“不用了”我就不再问。"


@dataclass(frozen=True, slots=True)
class Message:
    """What one kf message holds."""

    text: str
    menu: tuple[MenuItem, ...]
    tail: str


def message(survey: Survey, run: SurveyRun, question: Question, lead: str = "") -> Message:
    """A question as it is put in chat, with what must stand before the first one. `lead`: said before it all."""
    first = (survey.intro, survey.consent) if not run.asked_id else ()
    body = "\n".join(part for part in (*first, question.ask, question.why) if part)
    return Message(_fitting(lead, body), _menu(run, question), TAILS[question.type])


def ask(
    survey: Survey, run: SurveyRun, question: Question, session: KfSession, now: int, lead: str = ""
) -> tuple[SurveyRun, Decision]:
    """Put a question in a session, if we may speak there: the run after it, not yet kept, and what to do."""
    put = asked(run, question, session.open_kfid)
    said = message(survey, run, question, lead)
    decision = speak(session, _topic(put), said.text, now, said.menu, said.tail)
    return (put, decision) if decision.actions else (run, decision)


def ask_on_entering(
    survey: Survey, run: SurveyRun, question: Question, event: KfEntered, now: int, lead: str
) -> tuple[SurveyRun, Decision]:
    """Greet somebody who enters and put the question, in the one message that their code allows."""
    put = asked(run, question, event.open_kfid)
    said = message(survey, run, question, lead)
    decision = greet(event, f"{_topic(put)}/{event.msgid}", said.text, now, said.menu, said.tail)
    return (put, decision) if decision.actions else (run, decision)


def say(run: SurveyRun, what: str, text: str, session: KfSession, now: int) -> Decision:
    """A plain word about a run, once."""
    return speak(session, f"survey/{run.run_id}/{what}", text, now)


def go_on(
    survey: Survey, run: SurveyRun, question: Question | None, session: KfSession, now: int, gift: str = ""
) -> tuple[SurveyRun, Decision]:
    """After an answer in chat: the next question, unless it stands there already; thanks, and the gift in its words,
    when nothing is left."""
    if question is None:
        thanks = "\n".join(part for part in (survey.thanks, gift) if part)
        return run, say(run, "thanks", thanks, session, now) if run.state == "done" else Decision()
    if run.asked_id == question.id and run.open_kfid == session.open_kfid:
        return run, Decision(because=("下一题已经问过了，等客户回",))
    return ask(survey, run, question, session, now)


def saved(run: SurveyRun, before: SurveyRun) -> Decision:
    """Keep the run, if anything about it changed."""
    if run == before:
        return Decision()
    gone = tuple(answer.question_id for answer in withdrawn(before, run))
    return Decision(records=(SaveSurveyRun(run=replace(run, revision=before.revision), withdrawn=gone),))


def _topic(run: SurveyRun) -> str:
    # With the revision: a question that a correction took away and opened again is asked for the first time twice.
    return f"survey/{run.run_id}/{run.asked_id}/{run.asked_times}/{run.revision}"


def _menu(run: SurveyRun, question: Question) -> tuple[MenuItem, ...]:
    numbered = question.type == "多选"
    says = [f"{n}. {o.say}" if numbered else o.say for n, o in enumerate(question.options, 1)]
    items = [MenuItem(id=menu_id(run.run_id, question.id, n), say=say) for n, say in enumerate(says, 1)]
    if not question.required:
        items.append(MenuItem(id=menu_id(run.run_id, question.id, 0), say=SKIP))
    return tuple(items)


def _fitting(lead: str, body: str) -> str:
    """Lead and body, or as much of the lead as fits before the body, which must stand whole."""
    room = HEAD_BYTES - len(body.encode()) - 1
    kept = lead.encode()[: max(room, 0)].decode(errors="ignore")
    return f"{kept}\n{body}" if kept else body
