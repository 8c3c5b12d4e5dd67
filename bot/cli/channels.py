"""`channels`: every way in with its code, who receives there now, and what it has brought."""

from __future__ import annotations

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
    read_content,
    run,
    say,
    say_json,
    say_table,
    warn,
)

if TYPE_CHECKING:
    from bot.config import Config
    from bot.scrm.channel import Channel, KeptWay

HEAD = ("渠道", "名称", "方式", "现在接待", "每人每天", "替补")
QR_SCALE = 10
TIMEOUT_SECONDS = 20


def add(app: typer.Typer, root: Path) -> None:
    @app.command()
    def channels(
        qr: Annotated[Path | None, typer.Option("--qr", help="把每个渠道的二维码图片写进这个文件夹")] = None,
        config: ConfigFile = DEFAULT_CONFIG,
        as_json: Json = False,
    ) -> None:
        """列出所有渠道：链接、谁在接待、上限；--qr 导出二维码图片。"""
        rows = run(_rows(read_config(config), root))
        if as_json:
            say_json(rows)
        else:
            say_table(HEAD, [_cells(row) for row in rows])
            for row in rows:
                say(f"{row['id']}  {row['link'] or row['qr_code'] or '还没有建好'}")
        if qr:
            qr.mkdir(parents=True, exist_ok=True)
            missing = run(_write(qr, rows))
            warn(f"写好 {len(rows) - len(missing)} 张，在 {qr}")
            for why in missing:
                warn(why)
            if missing:
                raise typer.Exit(1)


async def _rows(config: Config, root: Path) -> list[dict[str, Any]]:
    from bot.store import kf_accounts, library

    content = read_content(root)
    async with opened(config) as database:
        ways = await database.read(library.kept_ways)
        links = {id_: await database.read(partial(kf_accounts.link, channel_id=id_)) for id_ in content.channels}
    return [_row(channel, ways.get(channel.id), links[channel.id]) for channel in content.channels.values()]


def _row(channel: Channel, way: KeptWay | None, kf_link: tuple[str, str] | None) -> dict[str, Any]:
    link = f"{way.url}?customer_channel={channel.id}" if way and way.url else ""
    return {
        "id": channel.id,
        "title": channel.title,
        "way": channel.way,
        "receivers": list(way.userids or way.chat_ids) if way else [],
        "daily_cap": channel.daily_cap,
        "spare": channel.spare,
        "link": link or (kf_link[1] if kf_link else ""),
        "qr_code": way.qr_code if way else "",
        "printed": channel.printed,
        "off": channel.off,
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    receivers = "、".join(row["receivers"])
    title = f"{row['title']}（停用）" if row["off"] else row["title"]
    return (row["id"], title, row["way"], receivers, str(row["daily_cap"] or ""), row["spare"] or "")


async def _write(folder: Path, rows: list[dict[str, Any]]) -> list[str]:
    """One picture a channel; what could not be written, and why."""
    import aiohttp

    missing = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)) as http:
        for row in rows:
            if row["link"]:
                _draw(folder / f"{row['id']}.png", row["link"])
            elif row["off"] and not row["qr_code"]:
                continue
            elif not row["qr_code"] or not await _fetch(http, row["qr_code"], folder / row["id"]):
                missing.append(f"{row['id']}：{'没能下载二维码图片' if row['qr_code'] else '企业微信里还没有建好'}")
    return missing


def _draw(path: Path, link: str) -> None:
    import segno

    segno.make(link, error="m").save(str(path), scale=QR_SCALE)


async def _fetch(http: Any, address: str, path: Path) -> bool:
    """WeCom draws contact ways and join ways itself, and tells nobody what the code says: keep its picture."""
    import asyncio

    import aiohttp

    try:
        async with http.get(address) as answer:
            picture = await answer.read()
    except (aiohttp.ClientError, TimeoutError):
        return False
    if answer.status != 200:
        return False
    suffix = {"image/jpeg": ".jpg", "image/svg+xml": ".svg"}.get(answer.content_type, ".png")
    await asyncio.to_thread(path.with_suffix(suffix).write_bytes, picture)
    return True
