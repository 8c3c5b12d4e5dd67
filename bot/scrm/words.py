"""Words as they are decided: which template, with which values. The text itself is rendered elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A message to be rendered.

    `template`: "welcome/<id>" or "welcome/<id>/missed" for what staff wrote in content/welcome.yaml,
    else a file below templates/messages such as "guide/customer_lost.txt".
    `values`: what the template may use, e.g. {"guide": {"name": "林夕"}}.
    """

    template: str
    values: Mapping[str, object]
