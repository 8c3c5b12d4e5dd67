"""The command line beside a running bot; what a script reads comes from a process of its own, as scripts run it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.chinese import HELP, WORDS
from bot.cli.common import read_content, say_table
from bot.clock import VirtualClock
from bot.config import load_config
from bot.scrm.action_names import KINDS
from bot.scrm.actions import ACTIONS, SendAppMessage
from bot.store import outbox
from demo.stage import ROOT, config_text, deployment
from main import cli
from tests.cli.typed import command, environ
from tests.house import GUIDE, House, house, reopened, sqlite_url


async def as_a_process(home: House, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one command."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "main.py", *arguments, cwd=ROOT, env=environ(home), stdout=-1, stderr=-1
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def listed(home: House, *more: str) -> list[dict[str, Any]]:
    code, out, err = await as_a_process(home, "outbox", "list", "--json", *more)
    assert code == 0, err
    entries: list[dict[str, Any]] = json.loads(out)
    return entries


async def test_what_waits_is_listed_dropped_and_heard_of(tmp_path: Path) -> None:
    """A welcome that a person gives up is no longer counted as waiting, and the guide has the words."""
    async with reopened(tmp_path) as home:
        home.sandbox.faults.add("errcode", where="send_welcome_msg", errcode=-1, count=100)
        await home.sandbox.customer_adds(state="store", userid=GUIDE)
        await home.until("重试", lambda: home.rows("SELECT 1 FROM outbox WHERE kind='SendWelcome' AND attempts > 0"))
        [entry] = [e for e in await listed(home) if e["kind"] == "SendWelcome"]
        code, out, _ = await command(home, "outbox", "drop", str(entry["id"]))
        assert (code, "已放弃" in out) == (0, True)
        home.app.dispatcher.wake()
        await home.until("台账", lambda: home.rows("SELECT 1 FROM follows WHERE welcome = 'refused'"))
        await home.settled()
        assert [t.kind for t in await home.tasks()] == ["welcome"]
        assert (await command(home, "outbox", "drop", str(entry["id"])))[0] == 1


async def test_a_refused_action_is_retried_with_all_its_tries(tmp_path: Path) -> None:
    """Used-up tries do not count against a person's wish."""
    async with reopened(tmp_path) as home:
        home.sandbox.faults.add("errcode", where="message/send", errcode=81013, count=1)
        action = SendAppMessage(userid=GUIDE, text="你好")
        await home.app.database.write(partial(outbox.put, cause=10**6, run=0, actions=[action], now=home.clock.now()))
        for lane in home.app.lanes:
            lane.wake()
        await home.until("拒绝", lambda: home.rows("SELECT 1 FROM outbox WHERE state = 'refused'"))
        [entry] = await listed(home, "--state", "refused")
        assert (await command(home, "outbox", "retry", str(entry["id"])))[0] == 0
        assert await home.scalar("SELECT attempts FROM outbox WHERE id = :id", id=entry["id"]) == 0


async def test_the_doctor_finds_a_healthy_deployment_healthy_and_says_what_is_not(tmp_path: Path) -> None:
    """Exit code 0 when all is well; one trouble is told once, with the page to open."""
    async with house(sqlite_url(tmp_path), clock=VirtualClock(int(time.time()))) as home:
        code, out, err = await command(home, "doctor", "--json")
        assert (code, [f["subject"] for f in json.loads(out) if not f["ok"]]) == (0, []), err
        home.sandbox.faults.add("errcode", where="gettoken", errcode=40001, count=100)
        code, out, _ = await command(home, "doctor", "--json")
        broken = [f for f in json.loads(out) if not f["ok"]]
        assert (code, [f["subject"] for f in broken]) == (1, ["main access_token"])
        assert "work.weixin.qq.com" in broken[0]["mend"]


async def test_check_tells_every_slip_with_its_line(tmp_path: Path) -> None:
    """The files as shipped pass."""
    async with reopened(tmp_path) as home:
        code, out, _ = await command(home, "check")
        assert (code, "0 个错误" in out) == (0, True)


@pytest.mark.parametrize("command", [["serve"], ["doctor"], ["outbox", "list"]])
def test_without_an_env_file_it_says_how_to_begin(command: list[str], tmp_path: Path) -> None:
    """Exit code 2, every missing name at once, and the one command that helps."""
    import subprocess

    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    (tmp_path / "config.yaml").write_bytes((ROOT / "config.yaml").read_bytes())
    arguments = [sys.executable, str(ROOT / "main.py"), *command, "--config", str(tmp_path / "config.yaml")]
    done = subprocess.run(arguments, env=bare, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "ZHIYU_SECRET" in done.stderr and "cp .env.example .env" in done.stderr


async def test_what_sync_does_not_know_is_not_taken_for_a_customer(tmp_path: Path) -> None:
    """A slip of the finger is told, with what may be written; a customer's id is taken."""
    async with reopened(tmp_path) as home:
        code, out, err = await command(home, "sync", "custmers")
        assert (code, out) == (2, "") and "custmers" in err
        assert (await command(home, "sync", "wm-1"))[0] == 0


async def test_a_slip_in_the_files_is_told_and_not_a_traceback(tmp_path: Path) -> None:
    """By commands that need what staff wrote, as `check` tells it."""
    shutil.copytree(ROOT / "content", tmp_path / "content")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "content" / "channels.yaml").write_text("channels: 1\n", encoding="utf-8")
    with pytest.raises(typer.Exit) as left:
        read_content(tmp_path)
    assert left.value.exit_code == 2


def test_a_long_cell_goes_on_in_the_next_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is cut: a link can be copied."""
    link = "https://work.weixin.qq.com/" + "k" * 200
    say_table(("渠道", "链接"), [("包裹卡", link)])
    shown = "".join(re.findall("[!-~]+", capsys.readouterr().out))
    assert link in shown


async def test_a_demo_is_looked_at_from_outside(tmp_path: Path) -> None:
    """The file that a demo leaves beside its database says all that a command needs."""
    config = deployment(f"sqlite:///{tmp_path}/demo.sqlite3", 8600, "http://127.0.0.1:8601")
    file = tmp_path / "demo.config.yaml"
    file.write_text(config_text(config), encoding="utf-8")
    assert load_config(file, {}) == config


async def test_a_transfer_to_nobody_is_refused_at_once(tmp_path: Path) -> None:
    """With the nearest name; nothing is asked of anybody."""
    async with reopened(tmp_path) as home:
        await home.sandbox.existing_pool(2, guides=[GUIDE, "guide-wu"])
        for arguments in (("transfer", GUIDE, "guide-wuu"), ("transfer", "guide-lim", "guide-wu")):
            code, _, err = await command(home, *arguments)
            plain = "".join(err.split()).replace("│", "")
            assert code == 2 and "没有能接待客户的成员" in plain, err
            assert ("guide-wu" if "wuu" in arguments[2] else GUIDE) in plain
        assert not await home.rows("SELECT 1 FROM inbox WHERE name = 'TransferAsked'")
        code, said, _ = await command(home, "transfer", GUIDE, "guide-wu")
        assert code == 0 and "已记下" in said


def test_every_action_has_a_name_for_people() -> None:
    """And no name is left over from an action that is no more."""
    assert set(KINDS) == {kind.__name__ for kind in ACTIONS} and len(set(KINDS.values())) == len(KINDS)


def test_by_is_said_to_be_kept_where_it_is() -> None:
    """What stops or dismisses keeps who did it; who takes a wording over is only named in the answer."""
    kept = {}
    for name in ("stop", "switch", "dismiss", "variants"):
        told = CliRunner().invoke(cli, [name, "--help"], env={"TERMINAL_WIDTH": "200", "COLUMNS": "200"}).output
        [by] = (line for line in told.splitlines() if " --by " in line)
        kept[name] = "会记下来" in by
    assert kept == {"stop": True, "switch": True, "dismiss": True, "variants": False}


def test_headings_and_hints_are_chinese() -> None:
    """Of every name that is given, Typer has one: another version may call it otherwise."""
    from typer import rich_utils

    assert all(hasattr(rich_utils, name) for name in WORDS)
    shown = CliRunner().invoke(cli, ["outbox", "list", "--help"]).output
    assert "选项" in shown and "默认：50" in shown and "环境变量" in shown and "Options" not in shown
    for words in ([], ["outbox"], ["outbox", "list"], ["plan"]):
        help_ = CliRunner().invoke(cli, [*words, "--help"]).output
        assert HELP in help_ and "Show this message" not in help_
    slip = CliRunner().invoke(cli, ["outbox", "list", "--nothing"])
    assert slip.exit_code == 2 and "看怎么写" in slip.output and "写得不对" in slip.output
