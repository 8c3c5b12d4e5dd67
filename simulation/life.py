"""What people do while the days pass, by seed: come, buy, refuse, complain, leave; guides press what they are asked to.

Nobody reacts to what is sent: how many stay and buy is an assumption here, not a result.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.content.snapshot import Content
from bot.flow.orders import arrivals as order_arrivals
from bot.flow.receive import arrived
from bot.scrm.consent import EVERYTHING
from bot.scrm.events.privacy import PreferenceSet
from bot.store import inbox
from bot.store.inbox import Arrival
from sandbox.world import World
from sandbox.world.habits import Habit
from sandbox.world.wire import Event
from simulation.corp import order

APP = "main"
OPENS, CLOSES = 9 * 3600, 22 * 3600
DAY = 86_400
JOINS_A_GROUP = 0.4
CONFIRMS = Habit(after=(60, 3600), share=0.9, deselect=0.01)
"""Nine of ten tasks are pressed within an hour, one customer in a hundred left out where that is possible."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of all customers that do it on a day; and what guides do with their tasks."""

    adds: float = 0.002
    orders: float = 0.003
    deletes: float = 0.0007
    refusals: float = 0.0003
    complaints: float = 0.0003
    confirms: Habit = CONFIRMS


USUAL = Rates()
QUIET = Rates(0, 0, 0, 0, 0, Habit(after=(30, 300)))
"""No customer does anything, and guides press whatever they are asked to."""

Act = Callable[[int], list[Arrival]]


@dataclass(slots=True)
class Life:
    """The days of a world. `counts`: what happened so far."""

    world: World
    content: Content
    seed: int
    rates: Rates = USUAL
    counts: Counter[str] = field(default_factory=Counter)
    planned: set[int] = field(default_factory=set)
    _heap: list[tuple[int, int, Act]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _people: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Guides have their habits from now on."""
        self.world.habits.members_confirm(self.rates.confirms)
        self._people = list(self.world.people.customers)

    def plan(self, day_began_at: int) -> None:
        """What this day brings, once."""
        self.planned.add(day_began_at)
        dice = Random(f"{self.seed}/life/{day_began_at}")
        whole = len(self._people)
        for share, what in (
            (self.rates.adds, self._adds),
            (self.rates.orders, self._orders),
            (self.rates.deletes, self._deletes),
            (self.rates.refusals, self._refuses),
            (self.rates.complaints, self._complains),
        ):
            for _ in range(_whole(share * whole, dice)):
                at = day_began_at + dice.randrange(OPENS, CLOSES)
                heapq.heappush(self._heap, (at, next(self._order), what(Random(dice.random()))))

    @property
    def next_at(self) -> int | None:
        """When somebody does something next."""
        return self._heap[0][0] if self._heap else None

    def due(self, now: int) -> list[Arrival]:
        """Do it; what the bot is told."""
        told: list[Arrival] = []
        while self._heap and self._heap[0][0] <= now:
            at, _, act = heapq.heappop(self._heap)
            told += act(at)
        return told

    def heard(self, events: list[Event], at: int) -> list[Arrival]:
        """Callbacks as the bot's inbox keeps them."""
        app = self.world.apps.all()[0]
        return [arrived(APP, event.xml, at) for event in events if app.hears(event)]

    def _adds(self, dice: Random) -> Act:
        def act(at: int) -> list[Arrival]:
            states = [way.state for way in self.world.contact_ways.all() if way.users]
            userid = None if states else dice.choice(sorted(self.world.people.members))
            state = dice.choice(states) if states else None
            who, events = self.world.relations.customer_adds(at, state=state, userid=userid)
            self._people.append(who)
            self.counts["added"] += 1
            owners = {follow.userid for follow in self.world.people.followers_of(who)}
            groups = [group for group in self.world.groups.all() if group.owner in owners]
            if groups and dice.random() < JOINS_A_GROUP:
                events += self.world.groups.scanned(at, dice.choice(groups), who)
            return self.heard(events, at)

        return act

    def _orders(self, dice: Random) -> Act:
        def act(at: int) -> list[Arrival]:
            self.counts["orders"] += 1
            made = order(f"simulated-{self.counts['orders']}", dice.choice(self._people), at, dice)
            return order_arrivals([made], at)

        return act

    def _deletes(self, dice: Random) -> Act:
        def act(at: int) -> list[Arrival]:
            who = dice.choice(self._people)
            friends = [f for f in self.world.people.followers_of(who) if f.status == "friends"]
            if not friends:
                return []
            self.counts["left"] += 1
            events = self.world.relations.customer_deletes(at, external_userid=who, userid=friends[0].userid)
            for group in self.world.groups.all():
                if who in group.seats and group.owner == friends[0].userid:
                    events += self.world.groups.leaves(at, chat_id=group.chat_id, person=who)
            return self.heard(events, at)

        return act

    def _refuses(self, dice: Random) -> Act:
        def act(at: int) -> list[Arrival]:
            self.counts["refused"] += 1
            who, topic = dice.choice(self._people), dice.choice((*self.content.care.topics, EVERYTHING))
            said = PreferenceSet(created_at=at, external_userid=who, topic=topic, wanted=False, by="customer")
            return [inbox.own_arrival(said, cause=f"simulated/{self.counts['refused']}")]

        return act

    def _complains(self, dice: Random) -> Act:
        def act(at: int) -> list[Arrival]:
            by_hand = {g.name for g in self.content.taxonomy.groups if g.set_by == "人工"}
            tags = [id_ for group in self.world.tags.groups() if group.name in by_hand for id_ in group.tags]
            follows = self.world.people.followers_of(dice.choice(self._people))
            if not tags or not follows:
                return []
            self.counts["complained"] += 1
            events = self.world.relations.member_edits(
                at, userid=follows[0].userid, external_userid=follows[0].external_userid, add_tags=[dice.choice(tags)]
            )
            return self.heard(events, at)

        return act


def _whole(wanted: float, dice: Random) -> int:
    """So many on average."""
    return int(wanted) + (dice.random() < wanted % 1)
