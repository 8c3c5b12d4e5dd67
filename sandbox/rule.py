"""What a rule of the sandbox's table says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """`constants`: module and name, e.g. `world.welcome.CODE_SECONDS`; `test`: file::function under tests/sandbox."""

    says: str
    source: str
    test: str
    constants: tuple[str, ...] = ()


def rules(test_file: str, source: str, *said: tuple[str, ...]) -> tuple[Rule, ...]:
    """(what it says, test function, constants …) of one file and one source."""
    return tuple(Rule(says, source, f"{test_file}::{test}", tuple(names)) for says, test, *names in said)
