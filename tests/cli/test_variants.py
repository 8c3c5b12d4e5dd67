"""`variants`: what a model proposes is checked, kept, taken over by a person, and not sent before it was approved."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import build
from bot.content.load import load
from bot.content.snapshot import Content
from demo.stage import ROOT
from handlers import router
from sandbox.llm import SandboxLlm
from tests.house import sqlite_url

BRAND = Path(__file__).parent.parent / "data" / "brand"
GOOD = "脸一红就想多涂？先少做三件事，皮肤会谢谢你。"
LIBRARY = "library/redness.yaml"


@dataclass
class Desk:
    """The brand of the error tables in a folder of its own, and its command line."""

    root: Path

    def write(self, base_url: str) -> None:
        text = (ROOT / "config.yaml").read_text(encoding="utf-8")
        llm = f"llm:\n  base_url: {base_url}\n  model: a-model\n  api_key: ${{ZHIYU_LLM_API_KEY}}\n" if base_url else ""
        (self.root / "config.yaml").write_text(f"{text}\n{llm}", encoding="utf-8")

    async def run(self, *words: str) -> Result:
        names = ("CORP_ID", "AGENTID", "SECRET", "CALLBACK_TOKEN", "ENCODING_AES_KEY", "LLM_API_KEY")
        env = {f"ZHIYU_{name}": "1" for name in names} | {"ZHIYU_ENCODING_AES_KEY": "A" * 43}
        env |= {"ZHIYU_PUBLIC_URL": "https://a.example", "ZHIYU_DATABASE_URL": sqlite_url(self.root)}
        app = build(self.root, lambda: router)
        asked = partial(CliRunner().invoke, app, [*words, "--config", str(self.root / "config.yaml")], env=env)
        return await asyncio.to_thread(asked)

    async def kept(self) -> list[dict[str, str]]:
        told = (await self.run("variants", "kp-redness", "--kept", "--json")).stdout
        return list(json.loads(told)["variants"])

    @property
    def content(self) -> Content:
        return load(self.root / "content", self.root / "templates" / "messages")

    def file(self) -> str:
        return (self.root / "content" / LIBRARY).read_text(encoding="utf-8")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    shutil.copytree(BRAND, tmp_path, dirs_exist_ok=True)
    made = Desk(tmp_path)
    made.write("")
    yield made


def says(*texts: str) -> str:
    return json.dumps({"variants": list(texts)}, ensure_ascii=False)


async def test_from_the_proposal_to_the_file(desk: Desk) -> None:
    """By persona; taken over as it was shown, at the end of the item, the rest of the file as it was typed; the item
    waits for its approval then, since it is worded otherwise."""
    async with SandboxLlm([says("换季脸红别慌，先少做。"), says(GOOD)]) as llm:
        desk.write(llm.base_url)
        done = await desk.run("variants", "kp-redness", "--count", "1")
    assert done.exit_code == 0 and "留着 2 版" in done.stdout, done.output
    assert llm.keys == ["Bearer 1", "Bearer 1"]
    first, second = await desk.kept()
    assert {(r["persona"], r["text"]) for r in (first, second)} == {
        ("xiaohe", GOOD),
        ("acheng", "换季脸红别慌，先少做。"),
    }
    [mine] = [r for r in (first, second) if r["text"] == GOOD]
    before, was = desk.file(), desk.content.library["kp-redness"]
    took = await desk.run("variants", "kp-redness", "--take", mine["digest"][:8], "--by", "周岚")
    assert took.exit_code == 0 and "main.py approve kp-redness" in took.stdout, took.output
    now = desk.content.library["kp-redness"]
    assert now.variants[:-1] == was.variants and now.digest != was.digest
    assert (now.variants[-1].text, now.variants[-1].persona, now.variants[-1].outlets) == (GOOD, "xiaohe", ("朋友圈",))
    assert now.variants[-1].attachments == was.worded_for("朋友圈")[0].attachments
    lines, old = desk.file().split("\n"), before.split("\n")
    more = len(lines) - len(old)
    assert more > 0 and any(lines[:at] + lines[at + more :] == old for at in range(len(old)))
    assert [r["text"] for r in await desk.kept()] == ["换季脸红别慌，先少做。"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("亲亲，脸红先停三样。", "“亲亲”是人设禁用词"),
        ("先停三样，只要99元。", "原文里没有“99”"),
        ("{{ customer.name }}，先停三样。", "请删掉 customer.name"),
        ("三天消炎，脸不红。", "“消炎”是医疗用语"),
        ("脸红的时候，少做比多做有用。", "和已有的一版一样"),
        ("用这张卡 {{ offer.price }}。", "不能用 offer.price"),
        ("脸红😊😊😊先停。", "表情有 3 个，人设最多 2 个"),
        ("{% for x in y %}", ""),
        ("先停三样。\u2028    - for: 群", "看不见的字符 U+2028"),
        ("先停三样。\r    - for: 群", "看不见的字符 U+000D"),
        ("先停\u202e三样。", "看不见的字符 U+202E"),
    ],
)
async def test_what_may_not_be_said_is_not_kept(desk: Desk, text: str, why: str) -> None:
    """And it says why, to whoever asked."""
    async with SandboxLlm([says(text)]) as llm:
        desk.write(llm.base_url)
        done = await desk.run("variants", "kp-redness", "--persona", "xiaohe")
    assert "没留（小禾）" in done.stdout and why in done.stdout, done.output
    assert await desk.kept() == []


async def test_nothing_but_content_is_asked(desk: Desk) -> None:
    """The voice, the facts and the words that there are; a prompt has no other source."""
    async with SandboxLlm([says(GOOD)]) as llm:
        desk.write(llm.base_url)
        await desk.run("variants", "kp-redness", "--persona", "xiaohe")
    [asked] = llm.asked
    assert asked["model"] == "a-model" and asked["response_format"] == {"type": "json_object"}
    rules, told = (message["content"] for message in asked["messages"])
    assert "只能用下面给的事实" in rules
    for part in ("先问再答", "亲亲", "先停去角质、酸类和热水洗脸", "脸红的时候，少做比多做有用。"):
        assert part in told


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["我想想", "还是不行"], "模型两次都没有按格式回答"),
        ([401], "模型拒绝了（HTTP 401）"),
        (["我想想", says(GOOD)], "留着 1 版"),
        ([429, says(GOOD)], "留着 1 版"),
    ],
)
async def test_a_model_that_does_not_do_as_it_is_asked(desk: Desk, answers: list[str | int], said: str) -> None:
    """It is asked once more; a busy one is waited for; what is wrong is said."""
    async with SandboxLlm(answers) as llm:
        desk.write(llm.base_url)
        done = await desk.run("variants", "kp-redness", "--persona", "xiaohe", "--count", "1")
    assert said in done.output, done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("kp-rednes",), "没有内容“kp-rednes”，是不是 kp-redness？"),
        (("kp-redness",), "config.yaml 里没有写 llm"),
        (("kp-redness", "--take", "abc", "--by", "周岚"), "留着的里面没有“abc”这一版"),
        (("kp-redness", "--take", "abc"), "要写 --by"),
    ],
)
async def test_what_makes_no_sense_is_said(desk: Desk, words: tuple[str, ...], said: str) -> None:
    """With exit code 2."""
    done = await desk.run("variants", *words)
    assert done.exit_code == 2 and said in done.output, done.output
