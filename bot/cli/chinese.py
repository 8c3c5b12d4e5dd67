"""Typer's own words in Chinese, as far as it lets them be given: headings and hints. What it says of a slip itself
("No such option …") is written into it."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

WORDS = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "写得不对",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
    "ABORTED_TEXT": "已取消。",
    "RICH_HELP": "运行 [blue]'{command_path} {help_option}'[/] 看怎么写。",
}

HELP = "看有哪些写法。"


class ChineseGroup(TyperGroup):
    """The outermost command: before anything is shown, the words are put in place."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args != ["serve"]:  # it shows no help, and need not wait for what draws it
            from typer import rich_utils

            for name, word in WORDS.items():
                setattr(rich_utils, name, word)
            _say_help(self, ctx)
        return super().parse_args(ctx, args)


def _say_help(command: Any, ctx: Any) -> None:
    """What --help says of itself, in each command: the option is made once and kept."""
    command.get_help_option(ctx).help = HELP
    for each in getattr(command, "commands", {}).values():
        _say_help(each, ctx)
