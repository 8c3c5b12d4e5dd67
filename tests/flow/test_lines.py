"""The laws of lines, over every order of events that chance can think of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bot.flow.lines import PASS_IN_A_ROW, Lines


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    line: str


@dataclass
class Play:
    """Lines beside what must be true of them."""

    lines: Lines[Item] = field(default_factory=Lines)
    now: int = 0
    made: int = 0
    expected: dict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    passing: list[Item] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    under_way: list[tuple[Item, bool]] = field(default_factory=list)

    def add(self, line: str, passes: bool) -> None:
        self.made += 1
        item = Item(self.made, line)
        self.lines.add(item, passes=passes)
        (self.passing if passes else self.expected[line]).append(item)

    def take(self) -> None:
        """Everything that may go goes, and nothing else."""
        busy = {item.line for item, passes in self.under_way if not passes}
        free = {
            line: queue[0]
            for line, queue in self.expected.items()
            if queue and line not in busy and self.held.get(line, 0) <= self.now
        }
        taken = list(self.lines.ready(self.now))
        assert [item for item, passes in taken if passes] == self.passing
        assert {item.line: item for item, passes in taken if not passes} == free
        assert len(taken) == len(self.passing) + len(free)
        self.passing = []
        for line in free:
            self.held.pop(line, None)
        self.under_way += taken

    def end(self, which: int, hold: int) -> None:
        """One that is under way is done, or fails and is held for some seconds."""
        if not self.under_way:
            return
        item, passes = self.under_way.pop(which % len(self.under_way))
        if hold == 0:
            self.lines.done(item, passes=passes)
            if not passes:
                assert self.expected[item.line].pop(0) == item
            return
        self.lines.hold(item, self.now + hold, passes=passes)
        if not passes:
            self.held[item.line] = self.now + hold
            return
        queue = self.expected[item.line]
        if not queue:
            self.held[item.line] = self.now + hold
        queue.append(item)

    def finish(self) -> None:
        """In the end everybody has had a turn."""
        for _ in range(10 * (self.made + 1)):
            self.now = max(self.now, self.lines.next_release() or 0)
            self.take()
            while self.under_way:
                self.end(0, 0)
        assert not len(self.lines)
        assert not any(self.expected.values())


STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from("abc"), st.booleans()),
    st.tuples(st.just("take")),
    st.tuples(st.just("end"), st.integers(0, 9), st.sampled_from([0, 0, 1, 5])),
    st.tuples(st.just("wait"), st.integers(1, 6)),
)


@given(st.lists(STEPS, max_size=60))
def test_lines_keep_their_order_whatever_happens(steps: list[tuple[object, ...]]) -> None:
    """In a line: one at a time, in order, a held one first. Deadlines and other lines wait for nobody."""
    play = Play()
    for name, *args in steps:
        if name == "wait":
            play.now += int(str(args[0]))
        else:
            getattr(play, str(name))(*args)
        assert len(play.lines) == sum(map(len, play.expected.values())) + len(play.passing) + sum(
            passes for _, passes in play.under_way
        )
    play.finish()


def test_a_held_line_holds_nobody_else() -> None:
    """And says when it goes on."""
    lines: Lines[Item] = Lines()
    first, second, other = Item(1, "a"), Item(2, "a"), Item(3, "b")
    for item in (first, second, other):
        lines.add(item)
    assert [item for item, _ in lines.ready(0)] == [first, other]
    lines.hold(first, 60, passes=False)
    lines.done(other, passes=False)
    assert lines.next_release() == 60
    lines.add(Item(4, "b"))
    assert [item.id for item, _ in lines.ready(59)] == [4]
    assert [item for item, _ in lines.ready(60)] == [first]
    lines.done(first, passes=False)
    assert [item for item, _ in lines.ready(60)] == [second]


def test_a_deadline_passes_its_held_line_once() -> None:
    """One that failed on the way has lost its privilege: it waits at the end of its line."""
    lines: Lines[Item] = Lines()
    lines.add(Item(1, "a"), held_until=100)
    lines.add(Item(2, "a"), passes=True)
    assert [(item.id, passes) for item, passes in lines.ready(0)] == [(2, True)]
    lines.hold(Item(2, "a"), 5, passes=True)
    assert list(lines.ready(50)) == []
    assert [item.id for item, _ in lines.ready(100)] == [1]


@given(st.integers(0, 60), st.integers(0, 9))
def test_a_flood_of_deadlines_starves_no_line(flood: int, lines_ready: int) -> None:
    """Of any eight turns one goes to a line, as long as one is ready; and the flood has all the others."""
    lines: Lines[Item] = Lines()
    for n in range(flood):
        lines.add(Item(n, f"passing-{n}"), passes=True)
    for n in range(lines_ready):
        lines.add(Item(flood + n, f"line-{n}"))
    turns = [passes for _, passes in lines.ready(0)]
    assert len(turns) == flood + lines_ready
    contested = turns[: len(turns) - turns[::-1].index(not turns[-1])] if len(set(turns)) == 2 else []
    for first in range(len(contested) - PASS_IN_A_ROW):
        assert contested[first : first + PASS_IN_A_ROW + 1].count(False) == 1
