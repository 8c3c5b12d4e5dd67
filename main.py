"""The command line of 知遇 Zhiyu. Wiring only: `python main.py --help` lists what it can do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli import build
from demo import command
from simulation import command as simulation

if TYPE_CHECKING:
    from bot.router import Router


def behaviours() -> Router:
    from handlers import router

    return router


cli = build(Path(__file__).parent, behaviours)
command.add(cli)
simulation.add(cli, Path(__file__).parent)

if __name__ == "__main__":
    cli()
