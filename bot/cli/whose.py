"""Whose command it is, where not everybody's counts: those who may in the console may here, and nobody else.

But stopping is for a hurry: where nobody is named who may, what only stops or takes back is anybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.cli.common import doer, refuse, warn

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.role import Staff
    from bot.store.audit import Doer
    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Right:
    """What not everybody may. `said`: 能… and 不能… go before it; `near`: what of the command was meant, perhaps;
    `takes_back`: nothing goes out by it, so it waits for nobody to be named."""

    said: str
    has: Callable[[Staff], bool]
    near: str = "。"
    takes_back: bool = False


async def whose(database: Database, config: Config, by: str, right: Right) -> Doer:
    """Who is meant by a userid or by the name that WeCom tells; exit code 2, with who may, unless they have the
    right. The name as it was given, with a word on it, where that is anybody's."""
    from bot.store import standing

    if right.takes_back and not any(map(right.has, config.staff.values())):
        warn(f"config.yaml 的 login.people 里还没有人能{right.said}，照你写的“{by}”记下。")
        return doer(by)
    names = await database.read(partial(standing.names, userids=list(config.staff)))
    return doer(_entitled(config.staff, names, by, right).userid)


def _entitled(staff: Mapping[str, Staff], names: Mapping[str, str], by: str, right: Right) -> Staff:
    from bot.scrm.role import CALLED
    from bot.yamlfile import did_you_mean

    meant = [by] if by in staff else sorted(userid for userid, name in names.items() if name == by)
    if len(meant) > 1:
        raise refuse(f"不止一位“{by}”，请写账号：{'、'.join(meant)}。")
    if not meant:
        near = did_you_mean(by, [*staff, *names.values()]) or "。"
        raise refuse(f"没有“{by}”这个人{near}{_may(staff, names, right)}")
    who = staff[meant[0]]
    if not right.has(who):
        raise refuse(f"{by}（{CALLED[who.role]}）不能{right.said}{right.near}{_may(staff, names, right)}")
    return who


def _may(staff: Mapping[str, Staff], names: Mapping[str, str], right: Right) -> str:
    """Who has the right, and where that is written."""
    who = [f"{names[each]}（{each}）" if each in names else each for each in sorted(staff) if right.has(staff[each])]
    may = f"能{right.said}的有 {'、'.join(who)}。" if who else f"还没有能{right.said}的人。"
    return f"{may}名单在 config.yaml 的 login.people。"
