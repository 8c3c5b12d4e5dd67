"""Rules: the exceptions to the plan, each with its reason (content/rules/)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.scrm.kind import Kind, Touchpoint
from bot.scrm.period import ALWAYS_VALID, Period
from bot.scrm.rules.condition import Condition
from bot.scrm.who import EVERYONE, EVERYWHERE, Pilot, Who

Then = Literal["跳过", "推迟", "审批", "换类", "放行"]
"""skip, hold, approve, swap, send: the strictest first, which is how ties are broken."""

STRICTEST_FIRST: Final[tuple[Then, ...]] = get_args(Then)
PRIORITY: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """What content something is about; empty lines hold always."""

    kinds: tuple[Kind, ...] = ()
    topics: tuple[str, ...] = ()
    touchpoints: tuple[Touchpoint, ...] = ()
    items: tuple[str, ...] = ()


EVERYTHING: Final = What()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`condition`: `what`, `who` and `when` of the file as one tree. `about_people`: it uses a fact of a person.

    `to`: kinds to choose from instead (换类). `by`: the role that approves (审批). `until_at`: epoch seconds (推迟).
    `because`: a sentence that guides read. Of several that hold the highest `priority` speaks, then the strictest.
    `pilot`: for which pools it is asked at all.
    """

    id: str
    then: Then
    because: str
    condition: Condition
    about_people: bool
    what: What = EVERYTHING
    who: Who = EVERYONE
    to: tuple[Kind, ...] = ()
    by: str | None = None
    until_at: int | None = None
    priority: int = PRIORITY
    valid: Period = ALWAYS_VALID
    off: bool = False
    pilot: Pilot = EVERYWHERE
    source: str = ""
    """Where it stands, file:line, for people."""
