"""What crowds of members do with the tasks they get: press at once, late, or never; leave somebody out."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sandbox.world.later import Later
from sandbox.world.wire import Event, NotFoundError

TaskKind = Literal["mass", "moments"]
_KINDS: tuple[TaskKind, ...] = ("mass", "moments")


@dataclass(frozen=True, slots=True)
class Habit:
    """`after`: seconds from … to … that a task lies there; `share`: how many of the tasks are pressed;
    `deselect`: how many recipients are left out where a task lets the member choose."""

    after: tuple[int, int]
    share: float = 1.0
    never: frozenset[str] = frozenset()
    deselect: float = 0.0


@dataclass(slots=True)
class Habits:
    """Nobody presses anything by himself until told so. Seeded."""

    dice: random.Random
    later: Later
    _of: dict[TaskKind, Habit] = field(default_factory=dict)

    def members_confirm(self, habit: Habit, kinds: Iterable[str] = _KINDS) -> None:
        """From now on tasks of these kinds are pressed so. Raises NotFoundError."""
        for kind in kinds:
            known = next((name for name in _KINDS if name == kind), None)
            if known is None:
                raise NotFoundError(f"没有这种任务：{kind}，可以是 mass、moments")
            self._of[known] = habit

    def stop(self) -> None:
        """Members wait again until somebody presses for them; what is under way stays under way."""
        self._of.clear()

    def assigned(self, kind: TaskKind, userid: str, at: int, press: Callable[[int, Habit], None]) -> None:
        """A task reaches a member at `at`; `press` is what happens if he presses it."""
        habit = self._of.get(kind)
        if habit is None or userid in habit.never or self.dice.random() >= habit.share:
            return

        def act(now: int) -> list[Event]:
            # Cancelled meanwhile, pressed by hand, or the member has left: nothing to press.
            with contextlib.suppress(NotFoundError):
                press(now, habit)
            return []

        self.later.set(at + self.dice.randint(*habit.after), act)

    def some_of(self, recipients: Sequence[str], share: float) -> list[str]:
        """Those whom a member leaves out; never all of them."""
        chosen = [recipient for recipient in recipients if self.dice.random() < share]
        return chosen if len(chosen) < len(recipients) else chosen[1:]
