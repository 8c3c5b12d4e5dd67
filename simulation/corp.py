"""Who is there before the first day: guides whom the content names, their groups, customers with tags, orders, wishes.

All by seed. Shares are our own guesses at a brand of some size; nothing about them is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from sqlalchemy import Connection, insert, select

from bot.content.snapshot import Content
from bot.scrm.consent import EVERYTHING
from bot.scrm.order import Order, OrderItem
from bot.scrm.records import TagPerson
from bot.scrm.records.privacy import SavePreference
from bot.scrm.tagging import NOBODY
from bot.scrm.taxonomy import TagGroup
from bot.store import privacy
from bot.store.orders import follows, orders
from bot.store.people import tag_person
from sandbox.world import World
from sandbox.world.groups import Scene, Seat
from sandbox.world.people import Customer

DAY = 86_400
OLDEST_DAYS = 400
BOUGHT_DAYS = 200
PRICES = (6_900, 12_900, 19_900, 26_800)
"""Of orders, in fen."""

IN_GROUPS, SHARED, BUYERS, REFUSED, MEMBERS = 0.6, 0.05, 0.35, 0.01, 0.3
GROUP_SIZES = (40, 200)
SINGLE, MULTI = 0.7, 0.15
"""How many customers carry a tag of a 单选 group, and each tag of another."""


def guides(content: Content) -> list[str]:
    """Whom personas and channels name; without any, four."""
    named = {userid for persona in content.personas.values() for userid in persona.guides}
    named |= {userid for channel in content.channels.values() for userid in channel.userids}
    named |= {channel.spare for channel in content.channels.values() if channel.spare}
    return sorted(named) or [f"guide-{n}" for n in range(1, 5)]


def group_names(content: Content) -> list[str]:
    """What the groups that calendars speak of begin with."""
    entries = (entry for calendar in content.calendars for entry in calendar.entries if entry.touchpoint == "群")
    named = {pattern.replace("*", "").strip() for entry in entries for pattern in entry.who.groups}
    return sorted(name for name in named if name) or ["客户群"]


def settle(world: World, content: Content, customers: int, at: int, dice: Random) -> None:
    """People the world, told to nobody: whoever reads it finds them. `at`: epoch seconds, the last moment."""
    there = guides(content)
    states = [id_ for id_, channel in sorted(content.channels.items()) if channel.way == "联系我"]
    tag_ids = {f"{g.name}/{tag.name}": id_ for g in world.tags.groups() for id_, tag in g.tags.items()}
    of_guide: dict[str, list[str]] = {userid: [] for userid in there}
    for n in range(customers):
        who = Customer(f"wm{dice.getrandbits(120):030x}", f"顾客{n + 1}", 1, dice.randrange(3))
        world.people.customers[who.external_userid] = who
        for userid in dice.sample(there, 2 if dice.random() < SHARED and len(there) > 1 else 1):
            world.people.add_follow(
                userid,
                who.external_userid,
                createtime=at - dice.randrange(DAY, OLDEST_DAYS * DAY),
                status="friends",
                state=dice.choice(states) if states else "",
                oper_userid=who.external_userid,
                tag_ids=tuple(tag_ids[tag] for tag in _tags(content, dice) if tag in tag_ids),
                chat_started=True,
                welcomed=True,
            )
            of_guide[userid].append(who.external_userid)
    _groups(world, content, of_guide, at, dice)


def past(conn: Connection, content: Content, known: list[str], at: int, dice: Random) -> None:
    """What only our own records tell: orders, refusals, and tags that WeCom never sees. `known`: external_userids."""
    for who in known:
        for group in content.taxonomy.groups:
            if group.sync == "仅系统" and dice.random() < MEMBERS:
                tag = TagPerson(
                    userid=NOBODY,
                    external_userid=who,
                    tag=dice.choice(group.tags).path,
                    source="simulation",
                    at=at - DAY,
                    shown=False,
                )
                tag_person(conn, tag)
        if dice.random() < REFUSED:
            topic = dice.choice((*content.care.topics, EVERYTHING))
            said = SavePreference(external_userid=who, topic=topic, wanted=False, by="customer", at=at - DAY)
            privacy.save_preference(conn, said)
    _bought(conn, at, dice)


def order(order_id: str, who: str, paid_at: int, dice: Random) -> Order:
    """One order of one customer."""
    fen = dice.choice(PRICES)
    item = OrderItem(sku="simulated", title="", quantity=1, price_fen=fen)
    ids = (("external_userid", who),)
    return Order(order_id=order_id, paid_at=paid_at, total_fen=fen, items=(item,), ids=ids, state="paid")


def _bought(conn: Connection, at: int, dice: Random) -> None:
    """Wholesale: one by one, orders would take longer than all the rest of a run."""
    rows = []
    for person_id in conn.execute(select(follows.c.person_id).distinct().order_by(follows.c.person_id)).scalars():
        if dice.random() >= BUYERS:
            continue
        days = sorted(dice.randrange(DAY, BOUGHT_DAYS * DAY) for _ in range(dice.choice((1, 1, 1, 2, 2, 3))))
        rows += [
            {
                "order_id": f"before-{person_id}-{n}",
                "person_id": person_id,
                "is_first": n == len(days) - 1,
                "paid_at": at - ago,
                "total_fen": dice.choice(PRICES),
                "refunded_fen": 0,
                "state": "paid",
                "items": [],
                "saved_at": at,
            }
            for n, ago in enumerate(days)
        ]
    if rows:
        conn.execute(insert(orders), rows)


def _tags(content: Content, dice: Random) -> Iterator[str]:
    """What a customer is told apart by; what the system sets, or only a person, is not among it."""
    for group in content.taxonomy.groups:
        if group.set_by == "都可" and group.sync == "企微":
            yield from _of_group(group, dice)


def _of_group(group: TagGroup, dice: Random) -> Iterator[str]:
    if group.pick == "单选":
        if dice.random() < SINGLE:
            yield dice.choice(group.tags).path
        return
    yield from (tag.path for tag in group.tags if dice.random() < MULTI)


def _groups(world: World, content: Content, of_guide: dict[str, list[str]], at: int, dice: Random) -> None:
    """Each guide's groups, the older the fuller; their names as calendars call them."""
    names, made = group_names(content), 0
    for owner, theirs in of_guide.items():
        willing = [who for who in theirs if dice.random() < IN_GROUPS]
        while willing:
            size = dice.randint(*GROUP_SIZES)
            inside, willing = willing[:size], willing[size:]
            since_at = at - dice.randrange(5, OLDEST_DAYS) * DAY
            made += 1
            seats = [
                Seat(who, 2, max(since_at, at - dice.randrange(1, OLDEST_DAYS) * DAY), Scene.BY_QR) for who in inside
            ]
            name = f"{names[made % len(names)]}{made}"
            world.groups.open(since_at, owner, name, [Seat(owner, 1, since_at, Scene.INVITED), *seats])
