"""What an answer means for what we know of a person: tags and profile fields, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.scrm.actions.remark import RemarkCustomer
from bot.scrm.decision import Decision
from bot.scrm.records.survey import DropProfileField, SaveProfileField
from bot.scrm.survey.correction import withdrawn
from bot.scrm.survey.run import CHOICES, Fact, Known, Question, Survey, SurveyRun, tags_for, tags_of_run
from bot.scrm.tagging import NOBODY, SURVEY, CarriedTag, is_hand, tag_customer, untag_customer
from bot.scrm.taxonomy import Taxonomy

LONGEST_REMARK: Final = 100
"""Characters of a description (150 in all, official page 92115); the rest is left for the guide's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Whose answer it is: `userids`, the guides who know them; `carried`, the tags that they carry with anyone."""

    external_userid: str
    userids: Sequence[str]
    carried: Sequence[CarriedTag]
    known: Known


def effects(
    survey: Survey, question: Question, values: tuple[str, ...], who: Answerer, taxonomy: Taxonomy, at: int
) -> Decision:
    """The tags and the profile field that an answer sets. What a hand set stays as it is; a skip sets nothing."""
    source = source_of(survey, question)
    decision = Decision()
    if tags := tags_for(question, values):
        decision += _tagged(who, taxonomy, tags, source, at)
    if question.save and values and not _by_hand(who.known.fields.get(question.save)):
        value = "、".join(values) if question.type in CHOICES else values[0]
        noted = SaveProfileField(
            external_userid=who.external_userid, field=question.save, value=value, source=source, at=at
        )
        decision += Decision(records=(noted,))
    return decision


def agreed(survey: Survey, run: SurveyRun, question: Question, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What an answer agrees to: (purpose, the words that stood there). The first answer of a run agrees to what is
    asked at all, a phone number to its own why; a skip agrees to nothing."""
    if not values:
        return ()
    first = not any(answer.values for answer in run.answers)
    return ((("survey", survey.consent),) if first else ()) + (
        (("phone", question.why),) if question.type == "手机号" else ()
    )


def _tagged(who: Answerer, taxonomy: Taxonomy, tags: tuple[str, ...], source: str, at: int) -> Decision:
    """With the guides who have this customer, else with nobody's name until one has."""
    return tag_customer(
        taxonomy,
        external_userid=who.external_userid,
        userids=who.userids or (NOBODY,),
        current=who.carried,
        wanted=tags,
        source=source,
        at=at,
    )


def taken_back(
    survey: Survey, before: SurveyRun, after: SurveyRun, who: Answerer, taxonomy: Taxonomy, at: int
) -> tuple[Answerer, Decision]:
    """What answers taught that do not stand any more goes: who answers as they are then, and what to do for it.

    What a hand or something else than this survey set stays.
    """
    lost = {taxonomy.current(tag) for tag in tags_of_run(survey, before) - tags_of_run(survey, after)}
    ours = [held for held in who.carried if held.tag in lost and held.source.startswith(f"{SURVEY}{survey.id}/")]
    decision = untag_customer(taxonomy, external_userid=who.external_userid, held=ours, tags=sorted(lost), at=at)
    for question in (survey.question(answer.question_id) for answer in withdrawn(before, after)):
        if question and question.save:
            source = source_of(survey, question)
            dropped = DropProfileField(external_userid=who.external_userid, field=question.save, source=source)
            decision += Decision(records=(dropped,))
    return replace(who, carried=[held for held in who.carried if held not in ours]), decision


def remarked(survey: Survey, run: SurveyRun, who: Answerer) -> Decision:
    """The answers of a run that is done as a line for each guide, where staff switched that on."""
    said = "；".join("、".join(answer.values) for answer in run.answers if answer.values)
    if run.state != "done" or not survey.remark or not said:
        return Decision()
    about, line = who.external_userid, f"{survey.title}：{said}"[:LONGEST_REMARK]
    remarks = (RemarkCustomer(userid=userid, external_userid=about, line_added=line) for userid in who.userids)
    return Decision(actions=tuple(remarks))


def source_of(survey: Survey, question: Question) -> str:
    """How the source of a tag or field is written."""
    return f"{SURVEY}{survey.id}/{question.id}"


def fact_of(value: str, source: str, at: int) -> Fact:
    """A tag or field as something known; the source says who told it."""
    survey_id = source.split("/")[1] if source.startswith(SURVEY) else ""
    return Fact(value, at, is_hand(source), survey_id)


def facts_of(told: Iterable[tuple[str, str, int]]) -> dict[str, Fact]:
    """Tags as (tag, source, at), each perhaps told more than once: a hand's word stands before the system's, and what
    a survey learnt comes last, since it is taken back when the answer is."""
    facts: dict[str, Fact] = {}
    for tag, source, at in told:
        fact = fact_of(tag, source, at)
        facts[tag] = max(facts.get(tag, fact), fact, key=lambda f: (f.by_hand, not f.survey, f.at))
    return facts


def _by_hand(fact: Fact | None) -> bool:
    return fact is not None and fact.by_hand
