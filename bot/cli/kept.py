"""What is at WeCom already, held against the files: shown by `check --config` and `sync`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.cli.common import opened
from bot.yamlfile import Document, Problem, Problems, Row, parse, validate

if TYPE_CHECKING:
    from bot.config import Config
    from bot.content.in_use import InUse
    from bot.scrm.channel import KeptWay
    from bot.scrm.gift import CodeStock
    from bot.scrm.tag_plan import TagPlan
    from bot.scrm.taxonomy import Taxonomy

M = TypeVar("M", bound=Row)


@dataclass(frozen=True, slots=True)
class Kept:
    """What our database says that WeCom has. `carriers`: tag → people."""

    ways: dict[str, KeptWay]
    plan: TagPlan
    taxonomy: Taxonomy
    carriers: dict[str, int]
    tag_problems: tuple[Problem, ...]
    channel_problems: tuple[Problem, ...]
    use_problems: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the files would break of codes and tags that are out already; then what has no effect."""
        return (*self.channel_problems, *self.tag_problems, *self.use_problems)


async def look(config: Config, root: Path) -> Kept:
    """Files and database side by side.

    Raises:
        Problems: a file cannot be read.
    """
    from bot.clock import SystemClock
    from bot.content import channels, tags
    from bot.scrm.tag_plan import plan_tags
    from bot.store import library
    from bot.store import tags as store
    from bot.store.in_use import in_use

    tag_document, tag_file = _read(root, "tags.yaml", tags.TagsFile)
    way_document, way_file = _read(root, "channels.yaml", channels.ChannelsFile)
    async with opened(config) as database:
        ways = await database.read(library.kept_ways)
        mirrored = await database.read(library.corp_tags_mirrored)
        carriers = await database.read(store.carriers)
        now = SystemClock().now()
        use = await database.read(partial(in_use, now=now))
        stocks = await database.read(partial(_stocks, root=root, now=now))
    taxonomy = tag_file.value()
    plan = plan_tags(taxonomy, mirrored)
    unlisted = tags.unlisted_problems(tag_document, tag_file, plan.unlisted, carriers)
    kept = channels.kept_problems(way_document, way_file, ways)
    return Kept(ways, plan, taxonomy, carriers, tuple(unlisted), tuple(kept), tuple(_use_problems(root, use, stocks)))


def _stocks(conn: Any, root: Path, now: int) -> dict[str, CodeStock]:
    """offer → its one-use codes; nothing while the content is wrong."""
    from bot.cli.common import contents
    from bot.store.codes import stocks

    try:
        content = contents(root)
    except Problems:
        return {}
    return {stock.offer: stock for stock in stocks(conn, content.offers, content.codes, now)}


def _use_problems(root: Path, use: InUse, stocks: Mapping[str, CodeStock] = {}) -> Iterator[Problem]:
    """What has no effect as the corp is; a file that cannot be read is said elsewhere."""
    from bot.content import calendars, in_use, library, offers, rules
    from bot.content.folders import Folders
    from bot.content.reading import Reading

    folders = Folders.of(root)
    reading = Reading(folders.content, folders.messages)
    yield from in_use.stock_problems(reading.optional("offers.yaml", offers.OffersFile).files, stocks)
    yield from in_use.group_problems(reading.several("calendars", calendars.CalendarFile).files, use)
    yield from in_use.wording_problems(reading.several("library", library.LibraryFile).files, use)
    yield from in_use.idle_problems(reading.several("rules", rules.RulesFile).files, use)


def nothing_yet(config: Config) -> bool:
    """No server ran here before: there is no database, and a mere look should not make one."""
    from sqlalchemy.engine import make_url

    url = make_url(config.database.url.get_secret_value())
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _read(root: Path, name: str, model: type[M]) -> tuple[Document, M]:
    path = root / "content" / name
    shown = f"content/{name}"
    try:
        document = parse(shown, path.read_bytes())
    except OSError:
        raise Problems([Problem(shown, 1, "", "找不到这个文件，或者不能读")]) from None
    return document, validate(document, model)
