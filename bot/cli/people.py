"""`timeline`, `export`, `erase`: all that we know of one person; shown, handed over, forgotten."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    Json,
    opened,
    read_config,
    run,
    say,
    say_json,
    say_table,
    warn,
)

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.customer_stage import Judged
    from bot.store.database import Database
    from bot.store.timeline import Moment

STAGE = "customer_stage"
"""In an export, beside the tables: what we make of a person, which is kept nowhere."""

Customer = Annotated[str, typer.Argument(help="external_userid、unionid、会员号、openid，或 #人员编号")]


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def timeline(customer: Customer, config: ConfigFile = DEFAULT_CONFIG, as_json: Json = False) -> None:
        """一位客户的时间线：加好友、迎新、调研、聊天、进群、订单、流失。"""
        from bot.scrm.week import local_time

        chosen = read_config(config)
        moments, judged = run(_timeline(chosen, customer))
        if as_json:
            return say_json([asdict(m) for m in moments])
        rows = [(local_time(m.at, chosen.corp.timezone).strftime("%Y-%m-%d %H:%M"), m.what, m.said) for m in moments]
        say_table(("时间", "什么", "内容"), rows)
        return say(f"现在的阶段 {judged.because}")

    @app.command()
    def export(
        customer: Customer,
        to: Annotated[Path | None, typer.Option("--to", help="写到哪个文件；- 是标准输出")] = None,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """把关于一位客户的全部数据导出成 JSON，交给本人。"""
        file = run(_export(read_config(config), customer, to))
        if file:
            say(f"已导出到 {file}；里面是个人信息，交给本人后请删掉。")

    @app.command()
    def erase(
        customer: Customer,
        yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
        wait: Annotated[int, typer.Option("--wait", min=0, help="最多等几秒看回执")] = 60,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """删除关于一位客户的全部个人信息：数据库、日志、导出、备份；留一张没有个人信息的回执。不能撤销。"""
        chosen = read_config(config)
        if not yes and not typer.confirm("删除以后不能恢复，继续吗？"):
            raise typer.Exit(1)
        warn("正在删除，完成后给出回执……")
        receipt = run(_erase(chosen, customer, wait))
        if as_json:
            say_json(receipt)
        elif receipt:
            say(
                f"已删除 {sum(receipt['rows'].values())} 行；回执 {receipt['sha256'][:16]}…，在数据目录的 receipts 里。"
            )
            if receipt["compacted_at"] is None:
                say("数据库文件比较大，今夜 3 到 5 点再整理；整理完以前，文件的空隙里可能还有删掉的内容。")
        else:
            say("已记下；服务在运行的话几秒内开始，回执会写进数据目录的 receipts。")


async def _person(database: Database, customer: str) -> int:
    from bot.store import belongings

    person_id = await database.read(partial(belongings.find, customer=customer))
    if person_id is None:
        warn("没有这位客户。")
        raise typer.Exit(1)
    return person_id


async def _timeline(config: Config, customer: str) -> tuple[list[Moment], Judged]:
    from bot.store.timeline import timeline

    async with opened(config) as database:
        person_id = await _person(database, customer)
        return await database.read(partial(timeline, person_id=person_id)), await _judged(database, person_id)


async def _judged(database: Database, person_id: int) -> Judged:
    """The stage that somebody is in now, by what was seen of them."""
    from bot.clock import SystemClock
    from bot.scrm.customer_stage import customer_stage
    from bot.store.evidence import evidence

    return customer_stage(await database.read(partial(evidence, person_id=person_id)), SystemClock().now())


async def _export(config: Config, customer: str, to: Path | None) -> Path | None:
    from bot.clock import SystemClock
    from bot.store import belongings
    from bot.store.papers import export_file, write_privately

    async with opened(config) as database:
        person_id = await _person(database, customer)
        known = await database.read(partial(belongings.who, person_id=person_id))
        held = await database.read(partial(belongings.rows, who=known))
        stage = asdict(await _judged(database, person_id))
    full = {name: rows for name, rows in held.items() if rows} | {STAGE: stage}
    words = json.dumps(full, ensure_ascii=False, indent=2, default=_plain)
    if to == Path("-"):
        sys.stdout.write(words + "\n")
        return None
    file = to or export_file(config.data_folder, person_id, SystemClock().now())
    write_privately(file, words + "\n")
    return file


def _plain(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


async def _erase(config: Config, customer: str, wait: int) -> dict[str, Any] | None:
    from bot.clock import SystemClock
    from bot.flow.schedule import tell
    from bot.scrm.events.privacy import EraseAsked
    from bot.store import erase

    now = SystemClock().now()
    async with opened(config) as database:
        person_id = await _person(database, customer)
        await tell(database, EraseAsked(created_at=now, person_id=person_id), f"erase/{now}")
        for _ in range(wait * 2):
            if receipt := await database.read(partial(erase.receipt_of, person_id=person_id)):
                return receipt
            await asyncio.sleep(0.5)
    return None
