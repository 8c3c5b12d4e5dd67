"""Codes and links whose receivers change with the hour, the day's adds or the groups there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.scrm.channel import Channel, KeptWay, is_lost
from bot.scrm.events import DutyChanged
from bot.scrm.week import day_began_at, week_minute
from bot.store import library, people, relations

RETRY_SECONDS = 3600
"""What could not be done is due again after this."""


@dataclass(frozen=True, slots=True)
class Receiving:
    """Who receives at WeCom, how many each guide has received today, which groups there are, who has left the corp."""

    kept: Mapping[str, KeptWay]
    added: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    groups: Sequence[tuple[str, str]] = ()
    left: Collection[str] = ()


def receiving_now(conn: Connection, since_at: int) -> Receiving:
    added = relations.added_since(conn, since_at)
    return Receiving(library.kept_ways(conn), added, library.active_groups(conn), people.left_the_corp(conn))


def duty_cause(event: DutyChanged, kept: KeptWay | None, now: int, timezone: str) -> str:
    """What is there is tried once an hour as long as it is as it is. What is not there yet, once for each list of
    receivers: a refusal is for people to mend. That nobody is left to receive is said once a day."""
    if not event.userids:
        return f"duty/nobody/{day_began_at(now, timezone)}"
    since = f"{kept.kept_at}/{now // RETRY_SECONDS}" if kept else ""
    return f"duty/{since}/{event.userids}"


def due_duties(channels: Mapping[str, Channel], receiving: Receiving, now: int, timezone: str) -> list[DutyChanged]:
    """The channels whose way in leads to others than it should now."""
    due, moment = {}, week_minute(now, timezone)
    for id_, channel in sorted(channels.items()):
        kept = receiving.kept.get(id_)
        if channel.off or is_lost(channel, kept):
            continue
        if channel.way == "入群" and (kept is None or kept.way == "入群"):
            wanted, now_has = channel.leads_into(receiving.groups), kept.chat_ids if kept else ()
        elif kept and kept.way == channel.way and channel.way in ("联系我", "获客链接"):
            wanted = channel.receivers(*moment, receiving.added.get(id_, {}), receiving.left)
            now_has = kept.userids
            if not wanted and channel.on_duty(*moment):
                due[id_] = wanted
        else:
            continue
        if wanted and wanted != now_has:
            due[id_] = wanted
    return [DutyChanged(created_at=now, channel_id=id_, userids=wanted) for id_, wanted in due.items()]
