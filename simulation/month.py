"""Some days over a made-up pool, from the first look ahead to what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.config import Config
from bot.content.folders import Folders
from bot.content.snapshot import Content
from bot.scrm.records.planning import Approval, SetSwitch
from bot.scrm.switch import Switch
from bot.scrm.week import local_time
from bot.store import planning
from simulation.figures import Json, figures
from simulation.life import USUAL, Rates
from simulation.run import DAY, Run, nothing, simulated
from simulation.stock import foreseen

BY = "simulation"


@dataclass(frozen=True, slots=True)
class Given:
    """What people have said of content: `approved` as `planning.approved` has it, and what they stopped."""

    approved: frozenset[str]
    switches: frozenset[Switch] = frozenset()


def everything(content: Content) -> Given:
    """As if all of it were approved, by everybody whom a rule asks for."""
    roles = {rule.by for rule in content.rules if rule.by}
    digests = {item.digest for item in content.library.values()}
    return Given(frozenset(digests | {f"{digest}@{role}" for digest in digests for role in roles}))


async def month(
    folders: Folders,
    config: Config,
    *,
    seed: int,
    customers: int,
    start_at: int,
    days: int,
    given: Given | None = None,
    rates: Rates = USUAL,
    on_day: Callable[[int], None] = nothing,
) -> Json:
    """`start_at`: the first second of a day (epoch seconds). `given`: None: everything is approved."""
    end_at = start_at + days * DAY
    async with simulated(folders, config, seed=seed, customers=customers, start_at=start_at, rates=rates) as run:
        await let_go(run, given or everything(run.content))
        there = {"guides": len(run.world.people.members), "groups": len(list(run.world.groups.all()))}
        expected = await run.database.read(lambda conn: foreseen(conn, run.content, start_at, end_at, run.timezone))
        run.on_day = on_day
        await run.until(end_at)
        counted = {name: run.life.counts[name] for name in ("added", "left", "orders", "refused", "complained")}
        return {
            "seed": seed,
            "from": f"{local_time(start_at, run.timezone):%Y-%m-%d}",
            "days_run": days,
            "people": {"customers": customers, **there, **counted},
            **await figures(run, start_at, expected),
        }


async def let_go(run: Run, given: Given) -> None:
    """Keep people's word on content."""
    at = run.clock.now()
    words = [each.partition("@") for each in sorted(given.approved)]
    approvals = [Approval(item="", digest=digest, role=role, by=BY, at=at) for digest, _, role in words]
    await run.database.write(lambda conn: planning.approve(conn, *approvals))
    for switch in given.switches:
        stopped = SetSwitch(switch=switch, on=False, by=BY, because="", at=at)
        await run.database.write(partial(planning.set_switch, record=stopped))
