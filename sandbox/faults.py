"""What may go wrong on request: answers that are slow, wrong or lost; callbacks that are lost, doubled or late.

A fault names where it strikes (`where`, a shell pattern over API names such as `externalcontact/send_welcome_msg`
or over event names such as `change_external_contact/add_external_contact`), how often, and for how long.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

API_KINDS = ("slow", "reset_before", "reset_after", "half", "html", "http_503", "errcode")
# Inside 微信客服: sync_msg answers an empty page though more is there; a message that was accepted does not arrive.
KF_KINDS = {"kf_empty_pages": "kf/sync_msg", "kf_send_fail": "kf/send_msg"}
CALLBACK_KINDS = ("lost", "duplicated", "delayed", "reordered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to fail. `count` None = until removed; `seconds` for slow, delayed, reordered (a random part of it);
    `fail_type` for kf_send_fail (official page 94670).
    """

    kind: str
    where: str = "*"
    unless: str = ""
    probability: float = 1.0
    count: int | None = None
    seconds: float = 0.0
    errcode: int = -1
    times: int = 2
    fail_type: int = 0

    def __post_init__(self) -> None:
        if self.kind not in (*API_KINDS, *CALLBACK_KINDS, *KF_KINDS):
            raise ValueError(f"没有这种故障：{self.kind}")
        if not 0 <= self.probability <= 1 or self.seconds < 0 or not 1 <= self.times <= 100:
            raise ValueError("故障的 probability 应在 0 到 1 之间，seconds 不小于 0，times 在 1 到 100 之间")

    def strikes(self, name: str) -> bool:
        """Whether it is about this API or event."""
        return _matches(name, self.where) and not (self.unless and _matches(name, self.unless))


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name, f"*/{pattern}")


@dataclass(frozen=True, slots=True)
class CallTrouble:
    """What befalls one API call: first the wait, then `kind` (None = answered as it should be)."""

    slow_seconds: float = 0.0
    kind: str | None = None
    errcode: int = 0

    def __str__(self) -> str:
        slow = [f"slow {self.slow_seconds:g}s"] if self.slow_seconds else []
        return " ".join(slow + ([self.kind] if self.kind else []))


@dataclass(frozen=True, slots=True)
class PushTrouble:
    """What befalls one callback."""

    lost: bool = False
    copies: int = 1
    delay_seconds: float = 0.0


class Faults:
    """The faults now in force. Seeded, so that a run can be had again."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._faults: dict[int, Fault] = {}
        self._left: dict[int, int] = {}
        self._last_id = 0

    def add(self, kind: str, where: str = "*", **how: object) -> int:
        """Put a fault in force; its number is for `remove`. Raises ValueError or TypeError on a bad description."""
        return self.put(Fault(kind=kind, where=where, **how))  # type: ignore[arg-type]

    def put(self, fault: Fault) -> int:
        """`add` for a fault that is already described."""
        self._last_id += 1
        self._faults[self._last_id] = fault
        if fault.count is not None:
            self._left[self._last_id] = fault.count
        return self._last_id

    def remove(self, fault_id: int) -> None:
        """Take one away; nothing happens when it is gone already."""
        self._faults.pop(fault_id, None)
        self._left.pop(fault_id, None)

    def clear(self) -> None:
        """Back to a WeCom without faults."""
        self._faults.clear()
        self._left.clear()

    def in_force(self) -> dict[int, Fault]:
        """Number → fault."""
        return dict(self._faults)

    def for_call(self, api: str) -> CallTrouble:
        """Throw the dice for one API call: waits add up, of the other kinds the first one wins."""
        slow, kind, errcode = 0.0, None, 0
        for fault in self._struck(api, ("slow",)):
            slow += fault.seconds
        for fault in self._struck(api, API_KINDS[1:]):
            kind, errcode = fault.kind, fault.errcode
            break
        return CallTrouble(slow, kind, errcode)

    def for_callback(self, event: str) -> PushTrouble:
        """Throw the dice for one callback."""
        lost, copies, delay = False, 1, 0.0
        for fault in self._struck(event, CALLBACK_KINDS):
            lost = lost or fault.kind == "lost"
            copies = max(copies, fault.times if fault.kind == "duplicated" else 1)
            delay += fault.seconds * {"delayed": 1.0, "reordered": self._dice.random()}.get(fault.kind, 0.0)
        return PushTrouble(lost, copies, delay)

    def for_kf(self, kind: str) -> int | None:
        """Throw the dice for one of KF_KINDS: its fail_type, None when all goes well."""
        return next((fault.fail_type for fault in self._struck(KF_KINDS[kind], (kind,))), None)

    def _struck(self, name: str, kinds: tuple[str, ...]) -> Iterator[Fault]:
        """Lazily, so that a fault that was not needed is not used up."""
        for fault_id, fault in list(self._faults.items()):
            if fault.kind in kinds and fault.strikes(name) and self._happens(fault_id, fault):
                yield fault

    def _happens(self, fault_id: int, fault: Fault) -> bool:
        if fault.probability < 1 and self._dice.random() >= fault.probability:
            return False
        if fault_id in self._left:
            self._left[fault_id] -= 1
            if self._left[fault_id] <= 0:
                self.remove(fault_id)
        return True
