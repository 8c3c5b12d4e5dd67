"""A one-to-one task that its guide cannot send any more: who else may send it to those customers who know them too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from bot.scrm.actions.sends import CreateMassSend
from bot.scrm.calendar import Slot
from bot.scrm.clicks import kept
from bot.scrm.decision import Decision
from bot.scrm.facts import Facts
from bot.scrm.gates.board import Board, PoolSeen
from bot.scrm.gates.decide import SlotDecision, decide
from bot.scrm.gates.situation import Situation
from bot.scrm.gates.situations import Occasion, find_entry, situations
from bot.scrm.item import Item
from bot.scrm.mix import state_under
from bot.scrm.post import mass_send
from bot.scrm.records.planning import Decided, KeepDecisions
from bot.scrm.records.sends import PassOn, SettleSend
from bot.scrm.send import AWAY, LEFT, LeftBehind, key_of
from bot.scrm.week import day_of

PASSED_ON: Final = (LEFT, AWAY)
"""Why a task is passed on. What a person dismissed or stopped is not to be sent by anybody."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A guide who might take a task over, as at any slot, and the answer."""

    s: Situation
    before: PoolSeen
    decision: SlotDecision

    @property
    def userid(self) -> str:
        return self.s.pool.id

    def decided(self, because: str) -> Decided:
        """What is remembered of who takes it over. It goes to a few of the pool, so it is no matter of the mix."""
        s = self.s
        return Decided(
            pool=s.pool,
            decision=replace(self.decision, outcome="taken_over", because=because),
            weight=s.care.budget.weights.get(s.touchpoint, 0),
            mix=state_under(s.mix.ratio, s.now, self.before.mix),
            before=self.before.mix,
            posts=self.before.posts,
            by_hand=False,
            waits=True,
        )


async def passed_on(settled: SettleSend, facts: Facts) -> Decision:
    """A send that reached nobody is over. Where its guide has left the corp, its groups wait for another owner; where
    the guide is gone at all, who else knows its customers takes them over."""
    settled = structs.replace(settled, held=settled.reason == LEFT)
    left = await facts.planning.left_behind(settled.key) if settled.reason in PASSED_ON else None
    item = facts.content.library.get(left.item) if left else None
    if left is None or item is None or item.digest != left.digest:
        return Decision(records=(settled,))
    slot, board = await _free_slot(left.slot, facts)
    asked = list(_ask(left, settled.reason, item, slot, board, facts))
    going = [each for each in asked if each.decision.goes]
    people = await facts.planning.shares(left.key, [each.userid for each in going]) if going else {}
    heirs = [each for each in going if people.get(each.userid)]
    taken = "，".join(f"{each.before.name} 接手 {people[each.userid]} 位" for each in heirs)
    against = dict.fromkeys(each.decision.because for each in asked if not each.decision.goes)
    reason = "；".join(words for words in (settled.reason, taken, *against) if words)
    over = Decision(records=(structs.replace(settled, reason=reason),), because=(reason,))
    whose = next((pool.name for pool in board.pools if pool.id == left.userid), left.userid)
    why = f"接手 {whose} 的任务：{settled.reason}"
    return await _to(heirs, left, item, slot, why, facts) + over if heirs else over


def _ask(left: LeftBehind, why: str, item: Item, slot: Slot, board: Board, facts: Facts) -> Iterator[Asked]:
    """Each who may be asked, who knows most of the customers first: whether they would send this very item now. Load,
    leave, quiet hours, approval, pilot and rules are asked as at any slot."""
    line, seen = find_entry(facts.content, left.slot), {pool.id: pool for pool in board.pools}
    if line is None:
        return
    only, fixed = _known_to(left, why, facts), replace(line.entry, item=item.id)
    occasion = Occasion(slot, line.calendar, fixed, facts.content, facts.now, facts.timezone)
    each = {s.pool.id: s for s in situations(occasion, board, only)}
    for s in (each[userid] for userid in only if userid in each):
        yield Asked(s, seen[s.pool.id], decide(s))


def _known_to(left: LeftBehind, why: str, facts: Facts) -> Sequence[str]:
    """Of who has left the corp, all others; of who is away, who stands in."""
    if why == LEFT:
        return left.known_to
    spare = dict(facts.content.care.stand_ins(facts.now)).get(left.userid)
    return [userid for userid in left.known_to if userid == spare]


async def _free_slot(before: Slot, facts: Facts) -> tuple[Slot, Board]:
    """From now to the same end; a second later where something was passed on in this one."""
    slot, today = replace(before, at=facts.now), day_of(facts.now, facts.timezone)
    while True:
        board = await facts.planning.board("私聊", slot, today)
        if not any(slot.key in pool.outcomes for pool in board.pools):
            return slot, board
        slot = replace(slot, at=slot.at + 1)


async def _to(heirs: Sequence[Asked], left: LeftBehind, item: Item, slot: Slot, why: str, facts: Facts) -> Decision:
    """The decision, the customers and the task of each heir."""
    decided = tuple(each.decided(why) for each in heirs)
    version = facts.content.version
    kept_ = KeepDecisions(slot=slot, touchpoint="私聊", pools=decided, version=version, at=facts.now)
    keys = tuple((key_of(slot, each.userid, item.id, 1), each.userid) for each in heirs)
    passed = PassOn(key=left.key, heirs=keys, slot=slot, at=facts.now)
    tasks = list[CreateMassSend]()
    for (key, userid), each in zip(keys, heirs, strict=True):
        tasks.append(await mass_send(key, userid, item, each.s.pool.place, slot.by_at, facts))
    return Decision(records=(*kept(item, facts), kept_, passed), actions=tuple(tasks))
