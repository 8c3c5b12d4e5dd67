"""`check`: everything wrong with what staff wrote, all at once, before any customer sees it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import Json, say, say_json

if TYPE_CHECKING:
    from bot.yamlfile import Problem


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def check(
        config: Annotated[Path | None, typer.Option("--config", help="连部署配置一起检查")] = None,
        schema: Annotated[
            bool, typer.Option("--schema", help="把 JSON Schema 写到 content/schema，编辑器可据此补全")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """检查 content/ 和 templates/messages/，一次列出所有问题（文件:行: 键: 哪里不对）。"""
        if schema:
            from bot.content.schema import write_schemas

            write_schemas(root / "content" / "schema")
        problems = [*_content_problems(root), *_config_problems(config)]
        if config and not any(p.severity == "error" for p in problems):
            problems += _kept_problems(config, root)
        _show(problems, as_json)
        if any(p.severity == "error" for p in problems):
            raise typer.Exit(1)


def _content_problems(root: Path) -> list[Problem]:
    from bot.content.folders import Folders
    from bot.content.load import load
    from bot.yamlfile import Problems

    folders = Folders.of(root)
    try:
        return list(load(folders.content, folders.messages).warnings)
    except Problems as found:
        return list(found.problems)


def _config_problems(config: Path | None) -> list[Problem]:
    if config is None:
        return []
    import os

    from bot.cli.common import dotenv
    from bot.config import load_config
    from bot.yamlfile import Problems

    try:
        load_config(config, {**dotenv(config.parent / ".env"), **os.environ})
    except Problems as found:
        return list(found.problems)
    return []


def _kept_problems(config: Path, root: Path) -> list[Problem]:
    """What the files would break of the codes and tags that are out already."""
    from bot.cli.common import read_config, run
    from bot.cli.kept import look, nothing_yet

    chosen = read_config(config)
    return [] if nothing_yet(chosen) else list(run(look(chosen, root)).problems)


def _show(problems: list[Problem], as_json: bool) -> None:
    if as_json:
        rows = [
            {"file": p.file, "line": p.line, "key": p.key, "message": p.message, "severity": p.severity}
            for p in problems
        ]
        say_json({"problems": rows})
        return
    for problem in problems:
        mark = "错误" if problem.severity == "error" else "提醒"
        say(f"{mark} {problem.file}:{problem.line}: {problem.said}")
    errors = sum(p.severity == "error" for p in problems)
    more = "改好以后再检查一次：文件读得懂了，才看得出别处有没有写错。" if errors else ""
    say(f"{errors} 个错误，{len(problems) - errors} 个提醒。{more}" if problems else "全部通过。")
