"""What waits for a person's word before it may go out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.changes import Approve
from bot.scrm.item import Item
from bot.scrm.plans import Plans
from bot.scrm.role import Staff


def waiting(plans: Plans, approved: Collection[str], role: str = "") -> list[Item]:
    """The items that nobody has approved as they are worded now, in this role; drafts and what the linter refuses do
    not wait. `approved`: digests, and digest@role."""
    return [item for item in _may_wait(plans) if lacking(item, [role], approved)]


def unapproved(
    plans: Plans, wanted: Mapping[str, Collection[str]], approved: Collection[str]
) -> list[tuple[Item, list[str]]]:
    """Every item that may not go out for want of a word, with the roles whose it is ("": anybody's). `wanted`: item →
    as whom a rule wants one."""
    found = ((item, lacking(item, {"", *wanted.get(item.id, ())}, approved)) for item in _may_wait(plans))
    return [(item, roles) for item, roles in found if roles]


def _may_wait(plans: Plans) -> Iterator[Item]:
    return (item for item in plans.library.values() if not unfit(plans, item))


def unfit(plans: Plans, item: Item) -> str:
    """Why nobody can approve an item as it is worded now; empty where its word may be given."""
    if item.draft:
        return "还是草稿"
    refusals = plans.refused.get(item.digest, ())
    return f"审查没过，{'；'.join(refusals)}" if refusals else ""


def lacking(item: Item, roles: Iterable[str], approved: Collection[str]) -> list[str]:
    """Which of these roles ("": anybody) have not approved an item as it is worded now."""
    return [role for role in sorted(roles) if (f"{item.digest}@{role}" if role else item.digest) not in approved]


def who_may(staff: Mapping[str, Staff], roles: Collection[str], but: str) -> dict[str, tuple[str, ...]]:
    """Whose word would help → as which of these roles ("": anybody); not who asks."""
    others = sorted((each for each in staff.values() if each.userid != but), key=lambda each: each.userid)
    own = {each.userid: tuple(sorted(role for role in roles if each.approves(role))) for each in others}
    return {userid: mine for userid, mine in own.items() if mine}


def wanted(foreseen: Iterable[Foreseen]) -> dict[str, frozenset[str]]:
    """item → as whom a rule wants somebody's word before it may go where it is to go, now or in the days to come."""
    found: dict[str, set[str]] = {}
    for each in foreseen:
        for change in (change for stop in each.decision.stops for change in stop.changes):
            if isinstance(change, Approve) and change.role:
                found.setdefault(change.item, set()).add(change.role)
    return {item: frozenset(roles) for item, roles in found.items()}
