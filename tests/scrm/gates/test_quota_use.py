"""How much of the quota each group will have used up."""

from __future__ import annotations

from dataclasses import replace

from bot.scrm.gates.ahead import Foreseen
from bot.scrm.gates.board import Board, PoolSeen
from bot.scrm.gates.decide import decide
from bot.scrm.gates.quota_use import quota_uses
from bot.scrm.gates.situation import Met
from bot.scrm.quota import UNLIMITED, Quota, QuotaPolicy, allowance
from tests.scrm.gates.plain import entry, item, situation
from tests.scrm.gates.worlds import DAY, NOON, SHANGHAI

NEWS = item("news", "活动")
WEEKLY = Quota((QuotaPolicy(0, "周", 7),), {"群": 2})
SPAN = NOON, NOON + 10 * DAY


def board(*met: Met, own_sends: tuple[int, ...] = ()) -> Board:
    quiet = PoolSeen(id="wr-2", name="会员群二", userid="guide-wu")
    busy = PoolSeen(id="wr", name="会员群一", userid="guide-lin", met=met, own_sends=own_sends)
    return Board(pools=(quiet, busy), approved=frozenset(), switches=frozenset(), first_seen_at={})


def post(days: int, **how: object) -> Foreseen:
    s = situation(NEWS, entry=entry(item="news", **how))
    s = replace(s, slot=replace(s.slot, at=NOON + days * DAY))
    return Foreseen(s, decide(s))


def met(days: int, *, by_hand: bool = False) -> Met:
    return Met(NOON + days * DAY, "old", "科普", "护肤知识", "e", by_hand=by_hand)


def test_what_was_sent_and_what_is_to_come_count_in_their_window() -> None:
    """The firm's and the members' own; what is sent by hand costs nothing, and neither does what will not go."""
    window = allowance(WEEKLY, NOON, SHANGHAI)
    assert window
    left_days = (window.end_at - NOON) // DAY
    stopped = replace(post(0), decision=replace(post(0).decision, outcome="skipped"))
    foreseen = [post(0), post(0, via="导购手发"), stopped, post(left_days + 1)]
    uses = quota_uses(
        board(met(0), met(0, by_hand=True), met(-30), own_sends=(NOON,)), foreseen, WEEKLY, SPAN, SHANGHAI
    )
    mine = sorted((u for u in uses if u.pool == "wr"), key=lambda u: u.start_at)
    assert [(u.used, u.coming, u.left) for u in mine[:2]] == [(2, 1, 2), (0, 1, 4)]
    assert uses[0] == mine[0] and {u.name for u in uses} == {"会员群一", "会员群二"}
    assert mine[0].start_at <= NOON and mine[-1].end_at >= SPAN[1]


def test_without_a_limit_there_is_nothing_to_use_up() -> None:
    """A firm that wrote no quota."""
    assert quota_uses(board(), [post(0)], UNLIMITED, SPAN, SHANGHAI) == []
