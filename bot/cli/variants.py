"""`variants`: other wordings of an item, proposed by a language model, kept until a person takes them over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.common import (
    DEFAULT_CONFIG,
    ConfigFile,
    Json,
    known,
    read_config,
    read_content,
    refuse,
    run,
    say,
    say_json,
    signed,
)

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.snapshot import Content
    from bot.copilot.variants import Brief
    from bot.scrm.item import Item

Kept = dict[str, Any]
FILE = "variants.json"
OUTLETS = ("私聊", "群", "朋友圈")
MOST = 5


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def variants(
        item: Annotated[str, typer.Argument(help="内容编号")],
        outlet: Annotated[str, typer.Option("--for", help="用在哪里：私聊、群、朋友圈")] = "朋友圈",
        persona: Annotated[str | None, typer.Option("--persona", help="只给哪个人设；不写就每个有导购的人设")] = None,
        count: Annotated[int, typer.Option("--count", min=1, max=MOST, help="每个人设几版")] = 2,
        take: Annotated[list[str] | None, typer.Option("--take", help="把这一版写进内容文件，写它的编号")] = None,
        by: Annotated[str, typer.Option("--by", help="谁挑的，和 --take 一起写：只在结果里说一声，不另外记")] = "",
        kept: Annotated[bool, typer.Option("--kept", help="不问模型，只看留着的")] = False,
        as_json: Json = False,
        config: ConfigFile = DEFAULT_CONFIG,
    ) -> None:
        """让模型照人设改写一条内容，查过再留着。人挑中的才写进内容文件，写进去以后要重新审批，才会发。"""
        chosen, content = read_config(config), read_content(root)
        known(item, content.library, "内容")
        known(outlet, OUTLETS, "地方")
        if take:
            _take(chosen, root, content, item, take, signed(by))
            return
        if not kept:
            run(_propose(chosen, root, content, content.library[item], outlet, persona, count))
        _show([each for each in _kept(chosen) if each["item"] == item], as_json)


async def _propose(
    config: Config, root: Path, content: Content, item: Item, outlet: Any, persona: str | None, count: int
) -> None:
    """Ask for each persona, and keep what nothing is against; what is, is said with its reasons."""
    from bot.content.proposed import objections
    from bot.copilot.client import Llm, LlmError
    from bot.copilot.variants import propose

    if config.llm is None:
        raise refuse("config.yaml 里没有写 llm，没有模型可问。")
    briefs = _briefs(root, content, item, outlet, persona)
    try:
        async with Llm(config.llm.base_url, config.llm.model, config.llm.api_key.get_secret_value()) as llm:
            for brief in briefs:
                for text in await propose(llm, brief, count):
                    against = list(objections(text, item, outlet, brief.persona, _around(root, content, brief)))
                    if against:
                        say(f"没留（{brief.persona.name}）：{text}\n  因为{'；'.join(against)}")
                    else:
                        _keep(config, brief, text)
    except LlmError as error:
        raise refuse(f"{error}。") from None


def _briefs(root: Path, content: Content, item: Item, outlet: Any, persona: str | None) -> list[Brief]:
    """One for each persona who may say the item; exit code 2 where there is nothing to word anew."""
    from bot.content.knowledge import KnowledgeFile
    from bot.content.reading import Reading
    from bot.copilot.variants import Brief

    if persona is not None:
        known(persona, content.personas, "人设")
    files = Reading(root / "content", root / "templates" / "messages").several("knowledge", KnowledgeFile).files
    entries = (entry for _, file in files for entry in file.entries if entry.id == item.source)
    facts = tuple(fact.say for entry in entries for fact in entry.facts)
    voices = [p for p in content.personas.values() if (p.id == persona if persona else p.guides)]
    may = [p for p in voices if not item.personas or p.id in item.personas]
    briefs = [Brief(item, voice, outlet, facts) for voice in may]
    if not briefs or not briefs[0].there:
        raise refuse(f"“{item.id}”没有写给{outlet}的话，或没有人设能说它。")
    return briefs


def _around(root: Path, content: Content, brief: Brief) -> Any:
    from bot.content.lint_folder import read_linter
    from bot.content.proposed import Around

    told = (*brief.facts, brief.item.title, *(variant.text for variant in brief.item.variants))
    linter = read_linter(root / "content") if (root / "content" / "lint").exists() else None
    return Around(linter, content.offers.get(brief.item.offer or ""), told)


def _keep(config: Config, brief: Brief, text: str) -> None:
    """`digest`: of what a person would take over, word for word."""
    row = {"item": brief.item.id, "for": brief.outlet, "persona": brief.persona.id, "text": text}
    digest = hashlib.sha256(json.dumps(row, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    rows = [each for each in _kept(config) if each["digest"] != digest]
    _write(config, [*rows, {**row, "digest": digest}])


def _take(config: Config, root: Path, content: Content, item: str, digests: Sequence[str], by: str) -> None:
    """Into the file of the item, all of them; exit code 2, and nothing is changed, when one cannot be."""
    rows = _kept(config)
    for short in digests:
        found = [row for row in rows if row["item"] == item and row["digest"].startswith(short)]
        if len(found) != 1:
            raise refuse(f"留着的里面没有“{short}”这一版：main.py variants {item} --kept")
        _insert(root, content, item, found[0])
        rows.remove(found[0])
    _write(config, rows)
    say(f"{by} 把 {len(digests)} 版写进了“{content.library[item].title}”。要发，先审批：main.py approve {item}")


def _insert(root: Path, content: Content, item: str, row: Kept) -> None:
    from bot.content.proposed import has_card, inserted
    from bot.yamlfile import Problems

    like = content.library[item].worded_for(row["for"])[0]
    if has_card(like):
        raise refuse(f"“{item}”的{row['for']}带着卡片，请照着抄一版：\n{row['text']}")
    path, document, i = _file_of(root, item)
    before = path.read_text(encoding="utf-8")
    path.write_text(inserted(document, before, i, row["for"], row["persona"], row["text"], like), encoding="utf-8")
    try:
        _load(root)
    except Problems as found:
        path.write_text(before, encoding="utf-8")
        raise refuse(f"写进去会有错，没有写：{found.problems[0]}") from None


def _file_of(root: Path, item: str) -> tuple[Path, Any, int]:
    """Where an item stands: its file, read, and its number in it."""
    from bot.content.library import LibraryFile
    from bot.content.reading import Reading

    reading = Reading(root / "content", root / "templates" / "messages")
    for document, file in reading.several("library", LibraryFile).files:
        for i, row in enumerate(file.items):
            if row.id == item:
                return root / document.name, document, i
    raise LookupError(item)


def _load(root: Path) -> None:
    from bot.cli.common import contents

    contents(root)


def _show(rows: Sequence[Kept], as_json: bool) -> None:
    if as_json:
        say_json({"variants": list(rows)})
        return
    for row in rows:
        say(f"{row['digest'][:8]}  {row['for']}  {row['persona']}\n{row['text']}\n")
    say(f"留着 {len(rows)} 版。挑中的写进内容文件：--take 编号 --by 你的名字" if rows else "没有留着的。")


def _kept(config: Config) -> list[Kept]:
    try:
        rows: list[Kept] = json.loads((config.data_folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return rows


def _write(config: Config, rows: Sequence[Kept]) -> None:
    config.data_folder.mkdir(parents=True, exist_ok=True)
    (config.data_folder / FILE).write_text(json.dumps(list(rows), ensure_ascii=False, indent=1), encoding="utf-8")
