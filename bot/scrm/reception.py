"""How a new customer is received: which words, by when, and what a guide is told when they could not leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.scrm.actions import SendAppMessage, SendWelcome, Text
from bot.scrm.channel import Channel
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.scrm.links import Links
from bot.scrm.persona import Persona
from bot.scrm.records import AddTask
from bot.scrm.week import local_time, week_minute
from bot.scrm.welcome import Situation, Welcome
from bot.scrm.words import Words

WELCOME_SECONDS = 20
"""A welcome code lives this long from the event on (official page 92137)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """All a welcome may know: the callback carries ids only, and nothing remote may be asked in time."""

    userid: str
    external_userid: str
    welcome_code: str | None
    created_at: int
    channel: Channel | None
    returning: bool
    member_known: bool
    guide_name: str
    persona: Persona
    usable_media: Mapping[str, str]
    links: Links


def situation(newcomer: Newcomer, now: int, timezone: str) -> Situation:
    """The circumstances by which staff choose a welcome."""
    weekday, minute = week_minute(now, timezone)
    return Situation(
        channel_id=newcomer.channel.id if newcomer.channel else None,
        userid=newcomer.userid,
        returning=newcomer.returning,
        weekday=weekday,
        minute=minute,
    )


def values(newcomer: Newcomer, welcome: Welcome) -> dict[str, object]:
    """What the words of a welcome may use."""
    known: dict[str, object] = {
        "guide": {"name": newcomer.guide_name},
        "persona": newcomer.persona.values,
        "channel": {"title": newcomer.channel.title if newcomer.channel else ""},
    }
    if welcome.survey:
        known["survey"] = {"link": newcomer.links.survey(newcomer.external_userid, newcomer.userid, welcome.survey)}
    return known


def greet(newcomer: Newcomer, welcome: Welcome, now: int) -> Decision:
    """Send this welcome before its code dies; text alone when a file is not at WeCom yet."""
    usable = tuple(a for a in welcome.attachments if a.media is None or a.media in newcomer.usable_media)
    because = [f"欢迎语 {welcome.id}"]
    if len(usable) < len(welcome.attachments):
        because.append("有素材还没上传成功，这次不带它")
    action = SendWelcome(
        userid=newcomer.userid,
        external_userid=newcomer.external_userid,
        text=Words(f"welcome/{welcome.id}", values(newcomer, welcome)),
        ready=ready_words(newcomer, welcome),
        attached=usable,
        not_after_at=min(newcomer.created_at, now) + WELCOME_SECONDS,
    )
    return Decision(actions=(action,), because=tuple(because))


def ready_words(newcomer: Newcomer, welcome: Welcome) -> Words:
    """What a guide can send by hand when no welcome could leave."""
    return Words(f"welcome/{welcome.id}/missed", values(newcomer, welcome))


def ask_guide(
    facts: Facts,
    *,
    userid: str,
    external_userid: str,
    customer_name: str,
    reason: str,
    ready_text: Text,
    maybe_sent: bool = False,
) -> Decision:
    """Make the greeting a guide's task, and bring it to the guide with the words ready.

    `maybe_sent`: nobody knows whether the welcome arrived, so the guide looks before saying it again.
    """
    read_at = facts.content.care.awake_at("导购提醒", facts.now, facts.timezone)
    words = Words(
        "guide/welcome_missed.txt",
        {
            "customer": {"name": customer_name},
            "reason": reason,
            "maybe_sent": maybe_sent,
            "ready_text": ready_text,
            "at": local_time(facts.now, facts.timezone).strftime("%m-%d %H:%M"),
            "page": facts.links.guide(external_userid, userid, read_at),
        },
    )
    task = AddTask(
        userid=userid,
        kind="welcome",
        external_userid=external_userid,
        reason=reason,
        ready_text=ready_text,
        created_at=facts.now,
    )
    return Decision(records=(task,), actions=(SendAppMessage(userid=userid, text=words),), because=(reason,))
