"""One customer and the days to come: which one-to-one slots reach them, and what is in the way of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.scrm.calendar import Slot, SlotKey
from bot.scrm.care import Care
from bot.scrm.gates.addressed import ahead_of
from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.changes import Change
from bot.scrm.gates.explain import fewest, slot_changes
from bot.scrm.gates.person import person_stops
from bot.scrm.gates.reach import Reach
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.verdict import Stop
from bot.scrm.holdout import draw
from bot.scrm.item import Item
from bot.scrm.rules.facts import PersonNow
from bot.scrm.touch import Touch


@dataclass(frozen=True, slots=True)
class Relation:
    """Since when a guide knows somebody (epoch seconds), and by which channel."""

    added_at: int
    channel: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """A customer as the customer of the guide who owns them. `groups`: chat_ids they are in; `guides`: userids of all
    who follow them, and so whose Moments they may see; `relations`: to each of these; `steps`: the slots that steps of
    their sequences go with."""

    person_id: int
    person: PersonNow
    groups: frozenset[str] = frozenset()
    guides: frozenset[str] = frozenset()
    relations: Mapping[str, Relation] = field(default_factory=dict)
    steps: frozenset[SlotKey] = frozenset()

    def before(self, item: Item, slot: Slot) -> PersonNow:
        """The person when this item is about to go out: each item draws its control anew."""
        step_at = slot.at if slot.key in self.steps else None
        return replace(self.person, draw=draw(self.person_id, item.id), step_at=step_at)

    def sees(self, s: Situation) -> bool:
        """Whether a post to this pool may come before their eyes."""
        return s.pool.id in (self.groups if s.touchpoint == "群" else self.guides)

    def written_to(self, care: Care, now: int) -> Whom:
        """The same as the customer of who writes to them at `now` (epoch seconds): their own guide, or who stands in
        for that one and knows them too. What is asked of a guide and a customer is asked of these two."""
        spare = dict(care.stand_ins(now)).get(self.person.userid, "")
        if spare not in self.relations:
            return self
        known = self.relations[spare]
        return replace(self, person=replace(self.person, userid=spare, added_at=known.added_at, channel=known.channel))

    def touched(self, touch: Touch) -> Whom:
        """The same, once this has reached them."""
        return replace(self, person=replace(self.person, touches=(*self.person.touches, touch)))


@dataclass(frozen=True, slots=True)
class Coming:
    """What a one-to-one slot would come to for one customer. `stops`: every shut gate, of slot, item and person."""

    whom: Whom
    foreseen: Foreseen
    stops: tuple[Stop, ...]

    @property
    def reaches(self) -> bool:
        """Whether they get it."""
        return self.foreseen.decision.goes and not self.stops


def coming(whom: Whom, foreseen: Iterable[Foreseen]) -> Iterator[Coming]:
    """Slot by slot, in order: what reaches them counts in those after it, and so does what they may see elsewhere."""
    for each in foreseen:
        s, decision = each.situation, each.decision
        if s.touchpoint != "私聊":
            if decision.goes and decision.item and whom.sees(s):
                whom = whom.touched(_touch(s, decision.item, addressed=False))
        elif s.pool.userid == (theirs := whom.written_to(s.care, s.now)).person.userid and (
            not s.slot.is_step or s.slot.key in whom.steps
        ):
            one = Coming(theirs, each, tuple(_stops(theirs, each)))
            yield one
            if one.reaches and decision.item:
                whom = whom.touched(_touch(s, decision.item, addressed=True))


def changes_for(one: Coming) -> tuple[Change, ...] | None:
    """The fewest changes by which something of this slot would reach them; None: there are none."""
    s = one.foreseen.situation
    if one.foreseen.decision.item is None:
        return slot_changes(s)
    return fewest(s, lambda then, item: _asked(one.whom, then, item))


def _stops(whom: Whom, each: Foreseen) -> Iterator[Stop]:
    decision = each.decision
    if not decision.goes:
        yield from decision.stops
    if decision.item:
        yield from _asked(whom, each.situation, decision.item)


def _asked(whom: Whom, s: Situation, item: Item) -> list[Stop]:
    return person_stops(Reach(person=whom.before(item, s.slot), ahead=ahead_of(s, item)))


def _touch(s: Situation, item: Item, *, addressed: bool) -> Touch:
    """As it will be remembered: at the last moment at which it may leave."""
    weight = s.care.budget.weights.get(s.touchpoint, 0)
    of = {"kind": item.kind, "topic": item.topic, "item": item.id}
    return Touch(at=s.slot.by_at, touchpoint=s.touchpoint, weight=weight, addressed=addressed, **of)  # type: ignore[arg-type]
