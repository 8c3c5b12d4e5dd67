"""The tag library and customers' tags, with a bot and a WeCom: nothing lost by a new name, nothing deleted unasked."""

from __future__ import annotations

from pathlib import Path

from bot.scrm.events.tags import TagDeletionAsked
from bot.store import inbox
from tests.flow.edited import edit, edited, go_live
from tests.house import GUIDE, House, house, sqlite_url

DAY = 86_400
FILE = "tags.yaml"
CARRIED = "SELECT tag, source FROM person_tags WHERE external_userid = 'wm-1' ORDER BY tag"


def library(home: House) -> dict[str, str]:
    """ "组/名" → id, as the sandbox has it."""
    return {f"{g.name}/{t.name}": t.id for g in home.sandbox.world.tags.groups() for t in g.tags.values()}


async def worn(home: House, customer: str = "wm-1", guide: str = GUIDE) -> set[str]:
    """The tags that the guide sees at WeCom."""
    ids = next(
        f.tag_ids for f in home.sandbox.world.people.follows() if (f.userid, f.external_userid) == (guide, customer)
    )
    return {path for path, tag_id in library(home).items() if tag_id in ids}


async def add(home: House, customer: str = "wm-1", guide: str = GUIDE, state: str = "parcel") -> None:
    await home.sandbox.customer_adds(userid=guide, external_userid=customer, state=state)
    await home.wait(4)


async def test_a_new_name_keeps_the_tag_with_its_customers(tmp_path: Path) -> None:
    """At WeCom and with us, who set it included; the old name is no more."""
    folders = edited(tmp_path, {})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        await add(home)
        before = library(home)
        assert await worn(home) == {"来源/包裹卡"}
        edit(folders, FILE, "tags: [包裹卡, ", "tags: [{name: 快递卡, was: 包裹卡}, ")
        edit(folders, FILE, "{group: 来源,", "{group: 渠道来源, was: 来源,")
        edit(folders, "channels.yaml", "来源/包裹卡", "来源/快递卡")
        edit(folders, "channels.yaml", "[来源/", "[渠道来源/")
        await go_live(home)
        assert library(home)["渠道来源/快递卡"] == before["来源/包裹卡"]
        assert not [path for path in library(home) if path.startswith("来源/")]
        assert await worn(home) == {"渠道来源/快递卡"}
        assert await home.rows(CARRIED) == [("渠道来源/快递卡", "channel/parcel")]


async def test_what_is_still_on_its_way_is_tagged_under_the_new_name(tmp_path: Path) -> None:
    """The old name is not made anew for it."""
    folders = edited(tmp_path, {})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        await home.sandbox.customer_adds(userid=GUIDE, external_userid="wm-1", state="parcel")
        await home.settled()
        assert await home.scalar("SELECT state FROM outbox WHERE kind = 'MarkTags'") == "pending"
        edit(folders, FILE, "tags: [包裹卡, ", "tags: [{name: 快递卡, was: 包裹卡}, ")
        edit(folders, "channels.yaml", "来源/包裹卡", "来源/快递卡")
        await go_live(home)
        await home.wait(4)
        assert "来源/包裹卡" not in library(home)
        assert await worn(home) == {"来源/快递卡"}
        assert await home.rows(CARRIED) == [("来源/快递卡", "channel/parcel")]


async def test_what_an_admin_made_is_left_alone_and_the_refusal_is_told(tmp_path: Path) -> None:
    """WeCom lets an app rename only what it made; the rest of the plan is carried out."""
    folders = edited(tmp_path, {})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        await home.sandbox.admin_edits_tags("create", group="诱因", name="压力")
        edit(folders, FILE, "熬夜, 生理期]", "熬夜, 生理期, {name: 压力大, was: 压力}, 花粉]")
        await go_live(home)
        assert "诱因/压力" in library(home)
        assert "诱因/花粉" in library(home)
        told = "SELECT DISTINCT reason FROM inbox WHERE name = 'CorpTagsSynced' AND reason <> ''"
        [reason] = await home.rows(told)
        assert reason[0].startswith("“诱因/压力”不能改名为“诱因/压力大”：")
        assert reason[0].endswith("（60011）")


async def test_a_tag_is_deleted_only_by_a_persons_word_and_not_while_the_file_has_it(tmp_path: Path) -> None:
    """Gone from the file it stays at WeCom; asked to, it goes from all who carry it."""
    folders = edited(tmp_path, {})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        await add(home)
        asked = TagDeletionAsked(created_at=home.clock.now(), tag="来源/包裹卡")
        await home.put(inbox.own_arrival(asked, cause="one"))
        await home.settled()
        assert await worn(home) == {"来源/包裹卡"}
        edit(folders, FILE, "tags: [包裹卡, ", "tags: [")
        edit(folders, "channels.yaml", "    tags: [来源/包裹卡]\n", "")
        await go_live(home)
        assert await worn(home) == {"来源/包裹卡"}
        await home.put(inbox.own_arrival(asked, cause="two"))
        await home.settled()
        assert "来源/包裹卡" not in library(home)
        assert await home.rows(CARRIED) == []
        assert await home.scalar("SELECT count(*) FROM corp_tags WHERE name = '包裹卡'") == 0


async def test_a_tag_ends_when_its_time_is_over(tmp_path: Path) -> None:
    """With us and at WeCom; one that was set again meanwhile is counted anew."""
    folders = edited(tmp_path, {FILE: ("{group: 来源, pick: 单选,", "{group: 来源, pick: 单选, expires: 2天,")})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        await add(home)
        await home.clock.advance(DAY)
        await add(home, guide="guide-zhou")
        await home.clock.advance(DAY + 10)
        await home.app.schedule.tick()
        await home.settled()
        assert await worn(home) == {"来源/包裹卡"}
        await home.clock.advance(DAY)
        await home.app.schedule.tick()
        await home.settled()
        assert await worn(home) == set()
        assert await home.rows(CARRIED) == []
        assert "摘下" in await home.scalar("SELECT reason FROM inbox WHERE name = 'TagExpired'")


async def test_the_first_way_in_stays_for_every_guide(tmp_path: Path) -> None:
    """来源 is one of a kind; a guide's own choice at WeCom stays."""
    async with house(sqlite_url(tmp_path)) as home:
        await add(home)
        await add(home, guide="guide-chen", state="store")
        assert await worn(home) == await worn(home, guide="guide-chen") == {"来源/包裹卡"}
        await home.sandbox.member_edits(GUIDE, "wm-1", add_tags=[library(home)["来源/内容"]])
        await home.wait(3)
        assert await worn(home) == {"来源/内容"}
        assert await worn(home, guide="guide-chen") == set()
        await add(home, guide="guide-wu", state="parcel")
        assert await worn(home) == {"来源/内容"}
        assert await worn(home, guide="guide-wu") == set()
        assert await home.rows(CARRIED) == [("来源/内容", "wecom")]
