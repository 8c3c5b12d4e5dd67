"""The reception ledger: every new person is greeted or not, and surveyed or not, and why. Nobody is left out.

New is who was added, or first wrote in 微信客服, since a moment; who was there before us, or was handed over, is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, case, exists, func, or_, select

from bot.store.tables.kf import KfMessages, KfSessions
from bot.store.tables.people import Follows
from bot.store.tables.surveys import SurveyRuns, Unsurveyed
from bot.store.upsert import columns

Came = Literal["add", "kf"]
SurveyStand = Literal["surveyed", "offered", "declined", "expired", "taken_over", "not_offered"]

follows, runs, unsurveyed = columns(Follows), columns(SurveyRuns), columns(Unsurveyed)
sessions, messages = columns(KfSessions), columns(KfMessages)

STANDS: dict[str, SurveyStand] = {
    "done": "surveyed",
    "offered": "offered",
    "open": "offered",
    "declined": "declined",
    "expired": "expired",
    "taken_over": "taken_over",
}
GREETED: Mapping[bool, str] = {True: "已欢迎", False: "没欢迎，或不知道"}
SURVEYED: Mapping[SurveyStand, str] = {
    "surveyed": "已答调研",
    "offered": "已发，还没答完",
    "declined": "不愿答",
    "expired": "到期没答完",
    "taken_over": "人工接待，停下了",
    "not_offered": "没有发",
}
"""How one was received, in words."""

_NOT_GREETED = {"waiting": "还在发送中", "unknown": "不知道送到没有，已请导购看一眼", None: "还没有处理到"}
TOLD = ("callback", "reconcile")
"""How somebody new becomes known; the others were there before us, or were handed over."""

NOT_HANDLED = "还没有处理到"
NOT_SHOWN = "欢迎语没有送到，里面的链接客户还没看到"
NO_KF_WORD = "客服里没有可用的欢迎码，也没有说过话"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """How one new person was received. `at`: when they came (epoch seconds); reasons are for people."""

    person_id: int
    came: Came
    at: int
    greeted: bool
    greeting_reason: str
    survey: SurveyStand
    survey_reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everybody, and the sums: (greeted, reason) and (survey, reason) → how many. Each column sums to all."""

    rows: tuple[Reception, ...]
    greetings: dict[tuple[bool, str], int]
    surveys: dict[tuple[SurveyStand, str], int]


@dataclass(frozen=True, slots=True)
class _Came:
    person_id: int
    came: Came
    at: int
    greeted: bool
    reason: str


def ledger(conn: Connection, since_at: int) -> Ledger:
    """Who came since then (epoch seconds), the first one first."""
    everyone = _first_by_person([*_added(conn, since_at), *_entered(conn, since_at)])
    stands = {**_passed_over(conn), **_runs(conn)}
    rows = tuple(_reception(each, stands) for each in everyone)
    return Ledger(
        rows,
        dict(Counter((row.greeted, row.greeting_reason) for row in rows)),
        dict(Counter((row.survey, row.survey_reason) for row in rows)),
    )


def _reception(each: _Came, stands: dict[int, tuple[SurveyStand, str]]) -> Reception:
    survey, reason = stands.get(each.person_id, ("not_offered", NOT_HANDLED))
    if reason == NOT_SHOWN:
        survey, reason = ("offered", "") if each.greeted else ("not_offered", reason)
    return Reception(
        person_id=each.person_id,
        came=each.came,
        at=each.at,
        greeted=each.greeted,
        greeting_reason=each.reason,
        survey=survey,
        survey_reason=reason,
    )


def _first_by_person(all_of_them: Sequence[_Came]) -> list[_Came]:
    """One line a person: a greeting that arrived counts before one that did not, then the earlier."""
    first: dict[int, _Came] = {}
    for each in sorted(all_of_them, key=lambda c: (not c.greeted, c.at)):
        first.setdefault(each.person_id, each)
    return sorted(first.values(), key=lambda c: (c.at, c.person_id))


def _added(conn: Connection, since_at: int) -> Iterable[_Came]:
    earlier = follows.alias("earlier")
    before = exists(
        select(1).where(
            earlier.c.person_id == follows.c.person_id,
            or_(earlier.c.added_at < since_at, earlier.c.source.not_in(TOLD)),
        )
    )
    query = select(follows.c.person_id, follows.c.added_at, follows.c.welcome, follows.c.welcome_reason).where(
        follows.c.added_at >= since_at,
        follows.c.source.in_(TOLD),
        ~before,
    )
    for person_id, at, welcome, reason in conn.execute(query):
        if welcome == "sent":
            yield _Came(person_id, "add", at, True, "")
        elif welcome != "history":
            yield _Came(person_id, "add", at, False, reason or _NOT_GREETED.get(welcome, NOT_HANDLED))


def _entered(conn: Connection, since_at: int) -> Iterable[_Came]:
    """Those whom only 微信客服 knows."""
    known = select(follows.c.person_id)
    sent = func.sum(case((messages.c.state == "sent", 1), else_=0))
    spoke = (
        select(messages.c.person_id, sent.label("sent"), func.max(messages.c.reason).label("why_not"))
        .where(messages.c.origin == "bot")
        .group_by(messages.c.person_id)
        .subquery()
    )
    came_at = func.min(func.coalesce(sessions.c.entered_at, sessions.c.customer_at))
    query = (
        select(sessions.c.person_id, came_at, func.max(spoke.c.sent), func.max(spoke.c.why_not))
        .outerjoin(spoke, spoke.c.person_id == sessions.c.person_id)
        .where(sessions.c.person_id.not_in(known))
        .group_by(sessions.c.person_id)
        .having(came_at >= since_at)
    )
    for person_id, at, sent, why_not in conn.execute(query):
        not_yet = NO_KF_WORD if sent is None else _NOT_GREETED["waiting"]
        yield _Came(person_id, "kf", at, bool(sent), "" if sent else why_not or not_yet)


def _runs(conn: Connection) -> dict[int, tuple[SurveyStand, str]]:
    """person → how their newest survey stands; who answered one is surveyed, whatever was asked again since.

    With NOT_SHOWN: nobody has put a question or reminded yet, so only the link in the welcome can have.
    """
    only_linked = (runs.c.state == "offered") & (runs.c.asked_id == "") & (runs.c.reminded == 0)
    query = select(runs.c.person_id, runs.c.state, case((only_linked, NOT_SHOWN), else_=""))
    newest_last = (case((runs.c.state == "done", 1), else_=0), runs.c.started_at, runs.c.run_id)
    rows = conn.execute(query.where(runs.c.person_id.is_not(None)).order_by(*newest_last))
    return {person_id: (STANDS[state], reason) for person_id, state, reason in rows}


def _passed_over(conn: Connection) -> dict[int, tuple[SurveyStand, str]]:
    """person → why they were offered none, the newest reason."""
    query = select(unsurveyed.c.person_id, unsurveyed.c.reason).order_by(unsurveyed.c.noted_at)
    return {person_id: ("not_offered", reason) for person_id, reason in conn.execute(query)}
