"""What several commands share: reading the configuration, opening the database, speaking plainly."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.store.audit import Doer
    from bot.store.database import Database

T = TypeVar("T")

ConfigFile = Annotated[Path, typer.Option("--config", envvar="ZHIYU_CONFIG", help="部署配置文件")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，给脚本用")]
By = Annotated[str, typer.Option("--by", help="谁做的，会记下来：成员账号（userid），或企业微信里的名字")]
DEFAULT_CONFIG = Path("config.yaml")


def say(text: str = "") -> None:
    """A line on standard output."""
    typer.echo(text)


def warn(text: str) -> None:
    """A line on standard error."""
    typer.echo(text, err=True)


def say_json(value: object) -> None:
    """JSON on standard output, for scripts."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as wide as the terminal; what does not fit goes on in the next line, so that it can be copied."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for title in head:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def read_config(path: Path) -> Config:
    """The configuration, or every problem of it on standard error and exit code 2."""
    from bot.config import load_config
    from bot.yamlfile import Problems

    env = path.parent / ".env"
    try:
        return load_config(path, {**dotenv(env), **os.environ})
    except Problems as found:
        for problem in found.problems:
            warn(str(problem))
        if not env.exists():
            warn(
                f"还没有 {env}：先 cp .env.example .env，再填上后台里的值。看试玩就写 --config data/demo.config.yaml。"
            )
        raise typer.Exit(2) from None


def refuse(text: str) -> typer.Exit:
    """To be raised when a command makes no sense: says why, and exits with 2."""
    warn(text)
    return typer.Exit(2)


def signed(by: str) -> str:
    """Who does it; exit code 2 when nobody says so."""
    if not by.strip():
        raise refuse("要写 --by，说清是谁。")
    return by.strip()


def doer(by: str = "") -> Doer:
    """Who does it here and now, for the audit trail; without a name, whoever may type commands on this machine."""
    from bot.clock import SystemClock
    from bot.store.audit import Doer

    return Doer(by or "服务器", "命令行", SystemClock().now())


def known(name: str, names: Iterable[str], what: str) -> None:
    """Exit code 2, with the nearest name, when there is no such `what`."""
    from bot.yamlfile import did_you_mean

    there = list(names)
    if name not in there:
        raise refuse(f"没有{what}“{name}”{did_you_mean(name, there)}")


def contents(root: Path) -> Content:
    """What staff wrote. Raises Problems."""
    from bot.content.folders import Folders
    from bot.content.load import load

    folders = Folders.of(root)
    return load(folders.content, folders.messages)


def read_content(root: Path) -> Content:
    """What staff wrote, or every problem of it on standard error and exit code 2."""
    from bot.yamlfile import Problems

    try:
        return contents(root)
    except Problems as found:
        for problem in found.problems:
            warn(str(problem))
        raise typer.Exit(2) from None


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on the fast loop where there is one."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """The database beside a running server: migrated, but without the right to move anything."""
    from bot.store.database import open_database
    from bot.store.migrate import prepare
    from bot.store.tombstones import PeopleKeyChangedError

    database = open_database(config.database.url.get_secret_value(), people_key=config.people_key)
    try:
        try:
            await prepare(database)
        except PeopleKeyChangedError as changed:
            warn(str(changed))
            raise typer.Exit(2) from None
        yield database
    finally:
        await database.close()


def moment(at: int | None, timezone: str) -> str:
    """An instant as staff read it."""
    from bot.scrm.week import local_time

    return local_time(at, timezone).strftime("%m-%d %H:%M:%S") if at else ""


def dotenv(path: Path) -> dict[str, str]:
    """NAME=value lines of a .env file; what is in the environment already wins."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#") and "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
