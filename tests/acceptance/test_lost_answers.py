"""A WeCom that drops three answers in ten after acting: nothing is made twice, and nothing stays unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from demo.december import at, tagged
from demo.stories.calendar_day import approve
from sandbox.world.mass import MassSend, SendStatus
from tests.house import House, house

GUIDES = ("guide-lin", "guide-zhou", "guide-wu", "guide-chen")
FROM, UNTIL = (25, 19), (29, 22)
"""Of the sample's December, day and hour: two posts to groups, two Moments and a note."""

SLOTS = ((25, 19, 35), (26, 10, 5), (28, 10, 5), (28, 19, 35))


async def peopled(home: House) -> None:
    """Four guides with two groups and five customers each; of these one is shared by all, and three have dry skin."""
    for n, guide in enumerate(GUIDES):
        for name in ("一", "二"):
            people = await home.sandbox.existing_pool(20, guides=[guide])
            await home.sandbox.groups.creates(guide, f"会员群{n}{name}", people=people)
        for number in range(4):
            await home.sandbox.customer_adds(userid=guide, external_userid=f"wm-{n}-{number}")
        await home.sandbox.customer_adds(userid=guide, external_userid="wm-shared")
    await home.sandbox.callbacks_settled()
    await home.settled()
    for n, guide in enumerate(GUIDES):
        await tagged(home, guide, {f"wm-{n}-{number}": "肤质/干性" for number in range(3)})


async def lived(home: House) -> None:
    """Those days; whoever presses does so somewhere in between, and one guide never does."""
    await home.sandbox.staff.members_confirm(after_seconds=(120, 3000), share=0.8, never=[GUIDES[3]])
    hours = range(at(*FROM, 0), at(*UNTIL, 0), 7200)
    soon = [at(*slot) + 60 * after for slot in SLOTS for after in (1, 3, 5, 8, 13, 21, 34)]
    for moment in sorted({*hours, *soon}):
        await home.look_at(moment)


def twice(made: Iterable[object]) -> list[object]:
    return [what for what, times in Counter(made).items() if times > 1]


def whom(send: MassSend) -> list[tuple[object, ...]]:
    """Of each guide: what, on which day, and for whom. What nobody pressed may come round on another."""
    day = send.create_time // 86_400
    return [(send.text, day, userid, *sorted(task.recipients)) for userid, task in send.tasks.items()]


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
async def test_nothing_is_made_twice_and_nothing_stays_unknown(database_url: str, seed: int) -> None:
    """What the bot's books say in the end is what is on the phones."""
    async with house(database_url) as home:
        home.sandbox.faults._dice.seed(seed)
        await peopled(home)
        await home.look_at(at(25, 9, 0))
        for role in ("", "店长"):
            await approve(home, role)
        home.sandbox.faults.add("reset_after", where="externalcontact/*", probability=0.3)
        await lived(home)
        world, rows = home.sandbox.world, await home.rows("SELECT * FROM sends")
        mass = [send for send in world.mass.all() if not send.creator]
        assert len(mass) >= 10 and len(world.moments.all()) >= 4
        assert not twice(what for send in mass for what in whom(send))
        posts = [(m.text, m.create_time // 86_400, u) for m in world.moments.all() for u in m.tasks]
        assert not twice(posts)
        assert not twice(send.task_id for send in rows) and {row.state for row in rows} == {"sent", "lapsed"}
        assert {row.task_id for row in rows} == {s.msgid for s in mass} | {m.moment_id for m in world.moments.all()}
        assert sum(bool(call["fault"]) for call in home.sandbox.log.calls()) > 20
        await same_as_on_the_phones(home, rows)


async def same_as_on_the_phones(home: House, rows: list[Any]) -> None:
    """Each send is counted as WeCom has it, down to each group, guide and customer."""
    world = home.sandbox.world
    planned = await home.rows("SELECT calendar, entry, at, pool, outcome FROM planned WHERE kind IS NOT NULL")
    went: dict[tuple[object, ...], dict[str, bool]] = defaultdict(dict)
    for row in planned:
        went[row.calendar, row.entry, row.at][row.pool] = row.outcome in ("sent", "swapped")
    reached = Counter[str]()
    for row in rows:
        pools = went[row.calendar, row.entry, row.at]
        if row.touchpoint == "朋友圈":
            [moment] = [m for m in world.moments.all() if m.moment_id == row.task_id]
            assert {u: bool(task.posted_at) for u, task in moment.tasks.items()} == {u: pools[u] for u in moment.tasks}
            continue
        send = world.mass.find(row.task_id)
        assert send is not None
        got = [to for to in send.tasks[row.userid].recipients.values() if to.status == SendStatus.SENT]
        assert row.sent == len(got)
        if row.touchpoint == "群":
            assert {to.id for to in got} == {p for p in send.tasks[row.userid].recipients if pools[p]}
        else:
            reached.update(to.id for to in got)
    touched = await home.rows(TOUCHED)
    assert reached == Counter(row.who for row in touched) and reached
    assert await home.scalar("SELECT count(*) FROM touches WHERE state = 'reserved'") == 0


TOUCHED = """SELECT DISTINCT touches.planned_id, touches.person_id, follows.external_userid AS who FROM touches
    JOIN follows ON follows.person_id = touches.person_id WHERE touches.state = 'sent'"""
