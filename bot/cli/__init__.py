"""The command line. Each command is a file; nothing heavy is imported before a command needs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli import (
    approve,
    backup,
    channels,
    check,
    console,
    dismiss,
    doctor,
    explain,
    ledger,
    lint,
    orders,
    outbox,
    owner,
    people,
    plan,
    replay,
    report,
    serve,
    switch,
    sync,
    transfer,
    trial,
    variants,
)
from bot.cli.chinese import ChineseGroup

if TYPE_CHECKING:
    from bot.router import Router


def build(root: Path, router: Callable[[], Router]) -> typer.Typer:
    """All commands over one project folder. `router` is called only by what needs the behaviours."""
    app = typer.Typer(
        cls=ChineseGroup,
        help="知遇 Zhiyu：企业微信客户接待与私域助手",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    serve.add(app, root, router)
    check.add(app, root)
    lint.add(app, root)
    plan.add(app, root)
    explain.add(app, root)
    approve.add(app, root)
    variants.add(app, root)
    trial.add(app, root)
    switch.add(app, root)
    dismiss.add(app, root)
    console.add(app, root)
    doctor.add(app, root)
    sync.add(app, root, router)
    transfer.add(app, root)
    outbox.add(app, root)
    replay.add(app, root)
    orders.add(app, root)
    people.add(app, root)
    backup.add(app, root)
    channels.add(app, root)
    owner.add(app, root)
    report.add(app, root)
    ledger.add(app, root)
    return app
