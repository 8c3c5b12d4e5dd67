"""`plan`: what the days to come would bring, slot by slot, before it happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import plan_month, plan_steps
from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    Json,
    read_config,
    read_content,
    run,
    say,
    say_json,
    say_table,
)
from bot.cli.outlook import DAY_SECONDS, DAYS_AHEAD, FromDay, foresee, seen_from, start_of

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.flow.outlook import Outlook
    from bot.scrm.gates.ahead import Foreseen
    from bot.scrm.gift import CodeStock

HEAD = ("时间", "条目", "触点", "发到", "结果", "内容", "为什么")
CELLS = ("at", "entry", "touchpoint", "pool", "outcome", "item", "because")


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def plan(
        days: Annotated[int, typer.Option("--days", min=1, max=62, help="看几天")] = 7,
        since: FromDay = None,
        as_json: Json = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """接下来几天会发什么、发到哪里、哪些发不出去、为什么，还会缺哪一类内容，群发额度够不够，和上一次看的差在哪里。

        只看不发，什么都不会改。"""
        from bot.flow.outlook import TO_ALL_AND_EACH

        chosen, content = read_config(config), read_content(root)
        now = start_of(chosen, since)
        outlook = run(foresee(chosen, content, max(days, DAYS_AHEAD), now, TO_ALL_AND_EACH))
        told = _told(chosen, content, outlook, now, days)
        if as_json:
            say_json(told)
        else:
            say(f"{seen_from(now, chosen.corp.timezone)} 看起")
            low = [stock for stock in outlook.stocks if stock.low]
            _show(told, outlook.until(now + days * DAY_SECONDS).empty, chosen.corp.timezone, low)


def _told(config: Config, content: Content, outlook: Outlook, now: int, days: int) -> dict[str, Any]:
    """Everything that there is to say of so many days, and of the quota of the month to come."""
    from bot.flow import plan_last, steps_told
    from bot.scrm import plan_told
    from bot.scrm.gates.quota_use import quota_uses
    from bot.scrm.gates.shortages import shortages

    zone, until_at = config.corp.timezone, now + days * DAY_SECONDS
    near = outlook.until(until_at)
    foreseen = [each for each in near.foreseen if not each.situation.slot.is_step]
    span = now, now + DAYS_AHEAD * DAY_SECONDS
    uses = quota_uses(outlook.boards["群"], outlook.foreseen, content.quota, span, zone)
    shown = plan_told.shown(foreseen, now, until_at)
    different = plan_last.since_last(config.data_folder, shown)
    plan_last.keep(config.data_folder, shown)
    return {
        "slots": [_row(each, zone) for each in foreseen],
        "steps": steps_told.steps(near, zone),
        "missing": plan_told.missing(shortages(foreseen)),
        "conflicts": plan_told.conflicts(foreseen, zone),
        "quota": plan_month.quota(uses),
        "codes": [{**asdict(stock), "low": stock.low, "days": stock.days} for stock in outlook.stocks],
        "since_last": None if different is None else plan_told.told(different, zone),
    }


def _show(told: dict[str, Any], empty: str, timezone: str, stocks: Iterable[CodeStock]) -> None:
    from bot.scrm.plan_told import names

    if empty:
        say(empty)
    else:
        say_table(HEAD, ([row[key] for key in CELLS] for row in told["slots"]))
        counts = Counter(row["outcome"] for row in told["slots"])
        say("，".join(f"{word} {count}" for word, count in counts.items()))
    if told["steps"]:
        say_table(plan_steps.HEAD, ([str(row[key]) for key in plan_steps.CELLS] for row in told["steps"]))
        say(plan_steps.ONE_BY_ONE)
    for each in told["conflicts"]:
        say(f"冲突 {each['at']} {each['entry']}：{each['because']}（{names(each['pools'])}）")
    for gap in told["missing"]:
        say(f"第 {gap['week']} 周 {gap['touchpoint']}缺 {gap['count']} 条 {gap['kind']}：{names(gap['pools'])}")
    for stock in stocks:
        say(f"券码 {stock.said}")
    for line in plan_month.quota_lines(told["quota"], timezone):
        say(line)
    _show_difference(told["since_last"])


def _show_difference(found: dict[str, list[dict[str, Any]]] | None) -> None:
    from bot.scrm.plan_told import names

    if found is None:
        return
    words = {"added": "多了", "gone": "少了", "changed": "变了"}
    counts = "，".join(f"{word} {len(found[key])}" for key, word in words.items() if found[key])
    say(f"和上一次看的比：{counts or '一样'}")
    for key, word in words.items():
        for each in found[key]:
            said = " → ".join(filter(None, (each["was"], each["now"])))
            say(f"  {word} {each['at']} {each['entry']}：{said}（{names(each['pools'])}）")


def _row(each: Foreseen, timezone: str) -> dict[str, str]:
    from bot.scrm.gates.outcome import SAID
    from bot.scrm.week import local_time

    s, decision = each.situation, each.decision
    return {
        "at": f"{local_time(s.slot.at, timezone):%m-%d %H:%M}",
        "entry": f"{s.calendar.id}/{s.entry.id}",
        "touchpoint": s.touchpoint,
        "pool": s.pool.name,
        "outcome": SAID[decision.outcome],
        "item": f"{decision.item.kind} {decision.item.title}" if decision.item else "",
        "because": decision.because,
    }
