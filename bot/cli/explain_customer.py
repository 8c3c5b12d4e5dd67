"""`explain CUSTOMER`: what reached somebody, what they are still to get, and why they do not get the rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.answer import show
from bot.cli.common import known, opened, refuse, run, say, say_json
from bot.cli.outlook import DAYS_AHEAD, foresee, seen_from

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.folders import Folders
    from bot.content.snapshot import Content
    from bot.scrm.gates.answer import Explained
    from bot.store.database import Database

NO_GUIDE = "现在不是任何一位导购的客户，私聊没有人能发"


def explain(
    config: Config, content: Content, folders: Folders, customer: str, entry: str | None, now: int, *, as_json: bool
) -> None:
    """Answer for one customer, as they stand now and from an instant on (epoch seconds); exit code 2 for a name that
    nobody knows, 1 where there is nothing to answer."""
    from bot.content.places import Places

    if entry is not None:
        _one_to_one(content, customer, entry)
    told = run(_told(config, content, customer, now))
    if entry is not None:
        told = {"person_id": told["person_id"], "entry": entry, "coming": [_the_next(told, entry)]}
    if as_json:
        say_json({**told, "coming": [each.told() for each in told["coming"]]})
        return
    say(f"{seen_from(now, config.corp.timezone)} 看起")
    if entry is None:
        _say_of(told, config.corp.timezone)
    places = Places(folders.content)
    for each in told["coming"]:
        show(each, each.entry, places)


def _one_to_one(content: Content, customer: str, entry: str) -> None:
    from bot.flow.outlook import entries_of

    entries = entries_of(content)
    known(entry, entries, "条目")
    if (touchpoint := entries[entry].touchpoint) != "私聊":
        raise refuse(f"{entry} 发到{touchpoint}，人人看到，不按人决定：main.py explain {entry}")


def _the_next(told: dict[str, Any], entry: str) -> Explained:
    """The next slot of an entry; exit code 1 when there is none for this customer."""
    found: Explained | None = next((each for each in told["coming"] if each.entry == entry), None)
    if found is None:
        say(f"接下来 {DAYS_AHEAD} 天 {entry} 没有要发给这位客户的" + (f"：{NO_GUIDE}。" if not told["guide"] else "。"))
        raise typer.Exit(1)
    return found


async def _told(config: Config, content: Content, customer: str, now: int) -> dict[str, Any]:
    """Everything about one customer. Instants in epoch seconds."""
    from bot.flow.one_customer import about
    from bot.flow.outlook import TO_ALL_AND_EACH

    async with opened(config) as database:
        person_id = await find(database, content, customer)
    outlook = await foresee(config, content, DAYS_AHEAD, now, TO_ALL_AND_EACH)
    async with opened(config) as database:
        return await about(database, content, config.corp.timezone, person_id, now, outlook)


async def find(database: Database, content: Content, customer: str) -> int:
    """The person that an id names; exit code 2, with the nearest name, when there is none."""
    from bot.flow.outlook import entries_of
    from bot.store import belongings
    from bot.yamlfile import did_you_mean

    person_id = await database.read(partial(belongings.find, customer=customer))
    if person_id is not None:
        return person_id
    bare = (name.partition("/")[2] for name in entries_of(content))
    alike = await database.read(partial(belongings.alike, customer=customer))
    meant = did_you_mean(customer, [*alike, *bare]) or "。"
    raise refuse(f"没有客户“{customer}”{meant}要问条目就写 日历/条目。")


def _say_of(told: dict[str, Any], timezone: str) -> None:
    from bot.flow.one_customer import LATELY_DAYS
    from bot.scrm.span import spelled
    from bot.scrm.week import spoken
    from bot.store.person_now import SAID

    say(f"客户 #{told['person_id']}，" + (f"{told['guide']} 的客户" if told["guide"] else NO_GUIDE))
    say(f"阶段 {told['stage']['because']}")
    say(f"不想收到：{'、'.join(told['refused']) or '没有说过'}")
    if points := told["points"]:
        say(f"疲劳：{spelled(points['per_seconds'])}里 {points['used']:g} 分，上限 {points['most']} 分")
    if quota := told["quota"]:
        kept = f"，其中 {quota['reserve']} 条备用" if quota["reserve"] else ""
        say(f"群发额度：用了 {quota['used']} 条，一共 {quota['most']} 条{kept}")
    say(f"最近 {LATELY_DAYS} 天：" + ("" if told["lately"] else "什么都没有收到"))
    for each in told["lately"]:
        what = f"{SAID[each['how']]}“{each['title']}”（{each['kind']}）"
        by = "最晚 " if each["how"] == "reserved" else ""
        say(f"  {by}{spoken(each['at'], timezone)}  {each['touchpoint']}  {what}")
    for one in told["sequences"]:
        say(f"序列 {_stand(one, timezone)}")
    say(f"接下来 {DAYS_AHEAD} 天的私聊：" + ("" if told["coming"] else "没有"))


def _stand(run: dict[str, Any], timezone: str) -> str:
    """How somebody stands in a sequence, in words."""
    from bot.scrm.week import spoken

    name, since = f"{run['calendar']}/{run['sequence']}", spoken(run["started_at"], timezone)
    if run["state"] == "running":
        return f"{name}：{since} 进来，下一步 {run['step']}"
    ended = {"done": "走完了", "stopped": f"停了，{run['because']}", "passed": f"没让进，{run['because']}"}
    return f"{name}：{since} {ended[run['state']]}"
