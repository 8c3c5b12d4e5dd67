"""One item of 导购 before the sample brand's customers, by its own care.yaml, quota.yaml and rules."""

from __future__ import annotations

from pathlib import Path

from bench.crowd import ENTRY, ITEM
from bot.content.care import CareFile
from bot.content.quota import QuotaFile
from bot.content.rules import RulesFile
from bot.scrm.calendar import Entry, Every
from bot.scrm.gates.people import Ahead
from bot.scrm.item import Item
from bot.scrm.rules.condition import Fact
from bot.yamlfile import Document, parse, validate

CONTENT = Path(__file__).parents[1] / "content"
TIMEZONE = "Asia/Shanghai"
REST = 45 * 86_400


def ahead(at: int) -> Ahead:
    """What is decided about at `at` (epoch seconds)."""
    item = Item(
        id=ITEM, title="新品面霜", kind="导购", topic="新品", variants=(), digest="d", repeat_after_seconds=REST
    )
    rules = RulesFile.value(validate(_document("rules/brand.yaml"), RulesFile), _document("rules/brand.yaml"), TIMEZONE)
    known = {"kind": "导购", "topic": "新品", "item": ITEM, "touchpoint": "私聊", "hour": 15, "item_age_days": 20}
    return Ahead(
        item=item,
        entry=Entry(id=ENTRY, touchpoint="私聊", when=Every(("每天",)), minute=0, item=ITEM),
        care=validate(_document("care.yaml"), CareFile).value(),
        at=at,
        timezone=TIMEZONE,
        quota=validate(_document("quota.yaml"), QuotaFile).value(TIMEZONE),
        rules=tuple(rule for rule in rules if rule.about_people),
        known={Fact(name): value for name, value in known.items()},
    )


def _document(name: str) -> Document:
    return parse(name, (CONTENT / name).read_bytes())
