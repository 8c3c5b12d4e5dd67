"""`explain`: why an entry does or does not go to a group, a guide's Moments or one customer, and what would turn it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import explain_customer
from bot.cli.answer import show
from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    Json,
    known,
    opened,
    read_config,
    read_content,
    refuse,
    run,
    say,
    say_json,
)
from bot.cli.outlook import DAYS_AHEAD, FromDay, foresee, seen_from, start_of

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.flow.held_now import Waits
    from bot.flow.outlook import Outlook
    from bot.scrm.gates.ahead import Foreseen
    from bot.scrm.kind import Touchpoint

What = Annotated[
    str, typer.Argument(help="日历/条目，例如 dec-2026/group-solstice；或者一位客户：任何编号，或 #人员编号")
]
Where = Annotated[
    str | None, typer.Argument(help="问条目：群名、群 chat_id 或导购 userid。问客户：日历/条目。不写就都看")
]


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def explain(
        what: What,
        where: Where = None,
        since: FromDay = None,
        as_json: Json = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """为什么会发、不会发：一个条目对每个群，或者一位客户对每条私聊。没放行的门都列出来，和最少改什么就能发。"""
        from bot.content.folders import Folders
        from bot.content.places import Places
        from bot.scrm.gates.answer import of_pool

        chosen, content = read_config(config), read_content(root)
        now = start_of(chosen, since)
        if "/" not in what:
            explain_customer.explain(chosen, content, Folders.of(root), what, where, now, as_json=as_json)
            return
        touchpoint = _touchpoint(content, what)
        if not as_json:
            say(f"{seen_from(now, chosen.corp.timezone)} 看起")
        outlook = run(foresee(chosen, content, DAYS_AHEAD, now))
        _pool_known(outlook, touchpoint, where)
        held = run(_held(chosen, content, what, now, where))
        answers = [of_pool(each) for each in _next(outlook, what, where, held=bool(held))]
        if as_json:
            waits = [{**each.explained.told(), "until": each.until} for each in held]
            say_json({"entry": what, "pools": [each.told() for each in answers], "held": waits})
            return
        places = Places(Folders.of(root).content)
        for each in held:
            show(each.explained, each.explained.pool, places)
            say(f"  {each.until}。")
        for told in answers:
            show(told, told.pool, places)


def _touchpoint(content: Content, wanted: str) -> Touchpoint:
    """Where the entry goes; exit code 2 when there is none, or when it goes to each customer by themselves."""
    from bot.flow.outlook import SEEN_BY_ALL, entries_of

    entries = entries_of(content)
    known(wanted, entries, "条目")
    touchpoint = entries[wanted].touchpoint
    if touchpoint not in SEEN_BY_ALL:
        raise refuse(f"{wanted} 是{touchpoint}，发给谁要一个一个看：main.py explain 客户 {wanted}")
    return touchpoint


def _pool_known(outlook: Outlook, touchpoint: Touchpoint, wanted: str | None) -> None:
    pools = outlook.boards[touchpoint].pools
    if not pools:
        raise refuse(f"还不知道有哪些{'群' if touchpoint == '群' else '导购'}：先 main.py sync all。")
    names = {name: None for pool in pools for name in (pool.name, pool.id)}
    if wanted is not None:
        known(wanted, names, "群" if touchpoint == "群" else "导购")


async def _held(config: Config, content: Content, entry: str, now: int, pool: str | None) -> list[Waits]:
    """What the entry is held back from now, pool by pool."""
    from bot.flow.held_now import waiting

    async with opened(config) as database:
        found = await waiting(database, content, config.corp.timezone, entry, now)
    return [each for each in found if pool in (None, each.pool.id, each.pool.name)]


def _next(outlook: Outlook, entry: str, pool: str | None, *, held: bool) -> list[Foreseen]:
    """The entry's next slot, pool by pool; exit code 1 when there is none, nor anything held back from another one."""
    mine = [each for each in outlook.foreseen if f"{each.situation.calendar.id}/{each.situation.entry.id}" == entry]
    found = [each for each in mine if pool in (None, each.situation.pool.id, each.situation.pool.name)]
    if not found and held:
        return []
    if not found:
        say(f"{entry} 不发给{pool}：看看条目的 who。" if mine else f"接下来 {DAYS_AHEAD} 天 {entry} 没有要发的。")
        raise typer.Exit(1)
    return [each for each in found if each.situation.slot.at == found[0].situation.slot.at]
