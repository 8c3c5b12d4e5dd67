"""Ways in, with a bot and a WeCom: who has had enough rests, nothing is made twice, nothing printed is dropped,
what others changed is put right."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bot.content.channels import ChannelsFile, kept_problems
from bot.flow.schedule import tell
from bot.scrm.channel import LOST
from bot.scrm.events.library import WaysDue
from bot.scrm.events.sync import SyncDue
from bot.store import library
from bot.yamlfile import parse, validate
from tests.flow.edited import edit, edited, go_live
from tests.house import House, house, sqlite_url

FILE = "channels.yaml"
LINK = """
  - id: ads
    title: 抖音投放
    class: 投放
    way: 获客链接
    rota:
      - {guides: [guide-lin]}
    tags: [来源/内容]
"""
JOIN = """
  - {id: club, title: 会员群入口, class: 门店, way: 入群, groups: [会员群*]}
"""
NEWCOMER = """
channels:
  - {id: fair, title: 市集, class: 门店, way: 联系我, rota: [{guides: [guide-new]}]}
"""
CREATE = "externalcontact/customer_acquisition/create_link"


def with_more(folder: Path, more: str) -> Any:
    """The brand with one more channel."""
    return edited(folder, {FILE: ("\nchannels:\n", f"\nchannels:\n{more}")})


async def tick(home: House) -> None:
    await home.app.schedule.tick()
    await home.settled()


def receivers(home: House, state: str) -> list[str]:
    """Who receives on a channel, as the sandbox has it."""
    return home.sandbox.world.contact_ways.find(state, None).users


async def test_who_has_had_enough_today_rests_until_tomorrow(tmp_path: Path) -> None:
    """Then the spare receives; at midnight all begin anew."""
    folders = edited(tmp_path, {FILE: ("daily_cap: 80", "daily_cap: 1")})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        assert receivers(home, "parcel") == ["guide-lin", "guide-zhou"]
        for n, (guide, rest) in enumerate([("guide-lin", ["guide-zhou"]), ("guide-zhou", ["guide-chen"])]):
            await home.sandbox.customer_adds(userid=guide, external_userid=f"wm-{n}", state="parcel")
            await home.settled()
            await tick(home)
            assert receivers(home, "parcel") == rest
        reasons = [r[0] for r in await home.rows("SELECT reason FROM inbox WHERE name = 'DutyChanged' ORDER BY id")]
        assert reasons[-1].endswith("guide-lin、guide-zhou 今天在 parcel 已接满 1 位，由 guide-chen 接待")
        await home.clock.advance(24 * 3600)
        await tick(home)
        assert receivers(home, "parcel") == ["guide-lin", "guide-zhou"]


async def test_a_link_is_made_once_though_its_answer_was_lost(tmp_path: Path) -> None:
    """It is found by its name; who comes by it belongs to the channel."""
    folders = with_more(tmp_path, LINK)
    lost = {"kind": "reset_after", "where": CREATE, "count": 1}
    async with house(sqlite_url(tmp_path), folders=folders, faults=[lost]) as home:
        await home.wait(5)
        [link] = home.sandbox.world.acquisition.links.values()
        assert await home.rows("SELECT way, url, config_id FROM channels WHERE channel_id = 'ads'") == [
            ("获客链接", link.url, link.link_id)
        ]
        await home.sandbox.links.customer_adds(link.url, channel="ads", external_userid="wm-1")
        await home.wait(4)
        assert await home.rows("SELECT channel_id, what FROM follow_log") == [("ads", "added")]


async def test_a_link_that_wecom_refuses_is_shown_and_not_asked_for_for_ever(tmp_path: Path) -> None:
    """Acquisition links cost money and need a permission."""
    refusal = {"kind": "errcode", "where": CREATE, "errcode": 48002}
    async with house(sqlite_url(tmp_path), folders=with_more(tmp_path, LINK), faults=[refusal]) as home:
        for _ in range(3):
            await home.clock.advance(3600)
            await tick(home)
        assert len(home.sandbox.log.calls(CREATE)) == 1
        [entry] = await home.rows("SELECT state, errcode FROM outbox WHERE kind = 'KeepAcquisitionLink'")
        assert entry == ("refused", 48002)


async def test_a_code_for_groups_follows_the_groups(tmp_path: Path) -> None:
    """Made when the first group fits its pattern, led on when there is another."""
    async with house(sqlite_url(tmp_path), folders=with_more(tmp_path, JOIN)) as home:
        assert not home.sandbox.log.calls("externalcontact/groupchat/add_join_way")
        seen = []
        for name in ("会员群1", "闲聊群", "会员群2"):
            await home.sandbox.groups.creates("guide-lin", name)
            await home.wait(5)
            await tick(home)
            seen.append(sum(len(w.chat_ids) for w in home.sandbox.world.join_ways.all()))
        assert seen == [1, 1, 2]
        assert len(home.sandbox.log.calls("externalcontact/groupchat/add_join_way")) == 1
        [kept] = await home.rows("SELECT way, qr_code <> '' FROM channels WHERE channel_id = 'club'")
        assert tuple(kept) == ("入群", True)


async def test_a_code_that_is_in_the_file_no_more_is_kept_and_named(tmp_path: Path) -> None:
    """Deleting it would break what is printed; changing its way is refused."""
    folders = edited(tmp_path, {})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        before = {way.config_id for way in home.sandbox.world.contact_ways.all()}
        edit(folders, FILE, "id: parcel", "id: parcel-new")
        edit(folders, "welcome.yaml", "channels: [parcel]", "channels: [parcel-new]")
        edit(folders, "calendars/sequences.yaml", "channels: [parcel]", "channels: [parcel-new]")
        edit(folders, "library/talks.yaml", "channels: [parcel]", "channels: [parcel-new]")
        edit(
            folders,
            FILE,
            "title: 好友推荐\n    class: 转介绍\n    way: 联系我",
            "title: 好友推荐\n    class: 转介绍\n    way: 获客链接",
        )
        await go_live(home)
        assert before < {way.config_id for way in home.sandbox.world.contact_ways.all()}
        assert not home.sandbox.log.calls(CREATE)
        [reason] = await home.rows("SELECT reason FROM inbox WHERE name = 'ContentWentLive' ORDER BY id DESC LIMIT 1")
        assert "渠道 parcel：已印刷的渠道不能改名或删除，卡片会全部失效" in reason[0]
        assert "渠道 friend：“联系我”的码已经发出去了，不能改成“获客链接”" in reason[0]
        assert await home.scalar("SELECT printed FROM channels WHERE channel_id = 'parcel'")


async def test_two_who_take_turns_within_the_hour(tmp_path: Path) -> None:
    """Each relieves the other in time, however often."""
    hours = (("9:00 ~ 10:10", "lin"), ("10:10 ~ 10:20", "wu"), ("10:20 ~ 10:30", "lin"), ("10:30 ~ 10:40", "wu"))
    rota = "".join(
        f"      - {{hours: {when}, guides: [guide-{who}]}}\n" for when, who in (*hours, ("10:40 ~ 9:00", "lin"))
    )
    was = "      - {guides: [guide-lin]}\n    tags: [来源/好友推荐]"
    folders = edited(tmp_path, {FILE: (was, f"{rota}    tags: [来源/好友推荐]")})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        seen = []
        for _ in range(5):
            await tick(home)
            seen += receivers(home, "friend")
            await home.clock.advance(600)
    assert seen == ["guide-lin", "guide-wu", "guide-lin", "guide-wu", "guide-lin"]


async def test_who_comes_into_a_group_by_a_code_carries_its_tags(tmp_path: Path) -> None:
    """Though no guide has them yet; who was invited, or is a member, carries none."""
    tagged = JOIN.replace("groups: [会员群*]", "groups: [会员群*], tags: [来源/门店]")
    async with house(sqlite_url(tmp_path), folders=with_more(tmp_path, tagged)) as home:
        chat_id = await home.sandbox.groups.creates("guide-lin", "会员群一")
        await home.wait(3)
        await tick(home)
        await home.sandbox.groups.scans(state="club", external_userid="wm-scan")
        await home.sandbox.existing_pool(1, guides=["guide-lin"])
        [invited] = [who for who in home.sandbox.world.people.customers if who != "wm-scan"]
        await home.sandbox.groups.invites(chat_id, [invited], by="guide-lin")
        await home.wait(3)
        tags = await home.rows("SELECT userid, external_userid, tag, source FROM person_tags")
        assert [tuple(row) for row in tags] == [("", "wm-scan", "来源/门店", "channel/club")]


async def test_a_channel_that_is_off_makes_nothing_and_claims_nobody(tmp_path: Path) -> None:
    """Its code stays at WeCom and still lets in; who comes is greeted as anybody, and belongs to no channel."""
    off = {FILE: ("    tags: [来源/好友推荐]", "    tags: [来源/好友推荐]\n    off: 是")}
    folders = edited(tmp_path, off)
    async with house(sqlite_url(tmp_path), folders=folders, waits=False) as home:
        await home.until("三个渠道活码", lambda: len(home.sandbox.world.contact_ways.all()) >= 3)
        await home.settled()
        assert sorted(way.state for way in home.sandbox.world.contact_ways.all()) == ["content", "parcel", "store"]
        edit(folders, FILE, "    off: 是", "")
        await go_live(home)
        assert receivers(home, "friend") == ["guide-lin"]
        edit(folders, FILE, "来源/好友推荐]\n", "来源/好友推荐]\n    off: 是\n")
        edit(folders, FILE, "      - {guides: [guide-lin]}", "      - {guides: [guide-wu]}")
        await go_live(home)
        await tick(home)
        assert receivers(home, "friend") == ["guide-lin"], "kept as it was"
        await home.sandbox.customer_adds(state="friend", external_userid="wm-1")
        await home.wait(3)
        [follow] = await home.rows("SELECT channel_id, welcome FROM follows WHERE external_userid = 'wm-1'")
        assert tuple(follow) == (None, "sent")
        assert not await home.rows("SELECT 1 FROM person_tags WHERE tag = '来源/好友推荐'")


async def compared(home: House) -> list[str]:
    """A look at every code, as of the nightly reading; why what was done."""
    before = len(await differences(home))
    await tell(home.app.database, WaysDue(created_at=home.clock.now()), f"test/{time.monotonic_ns()}")
    home.app.dispatcher.wake()
    await home.settled()
    return (await differences(home))[before:]


async def differences(home: House) -> list[str]:
    return [reason for (reason,) in await home.rows("SELECT reason FROM inbox WHERE name = 'WayDiffers' ORDER BY id")]


async def test_a_code_that_somebody_changed_is_put_right(tmp_path: Path) -> None:
    """Who receives there, and whose channel it counts for; what is as it should be is left alone."""
    async with house(sqlite_url(tmp_path)) as home:
        ways, changes = home.sandbox.world.contact_ways, "externalcontact/update_contact_way"
        rota = receivers(home, "parcel")
        assert await compared(home) == [] and not home.sandbox.log.calls(changes)
        parcel, store = ways.find("parcel", None), ways.find("store", None)
        parcel.fields["user"], store.fields["state"] = ["guide-wu"], "parcel2"
        said = sorted(await compared(home))
        assert "parcel 的码在企业微信里被改过，现在接待的是：guide-wu" in said[0] and "store" in said[1]
        assert (parcel.users, store.state) == (rota, "store")
        assert await compared(home) == [] and len(home.sandbox.log.calls(changes)) == 2


async def test_the_nightly_reading_looks_at_the_codes_too(tmp_path: Path) -> None:
    """Without anybody asking."""
    async with house(sqlite_url(tmp_path)) as home:
        home.sandbox.world.contact_ways.find("parcel", None).fields["user"] = ["guide-wu"]
        await tell(home.app.database, SyncDue(created_at=home.clock.now(), kind="customers"), "night")
        home.app.dispatcher.wake()
        await home.settled()
        assert len(await differences(home)) == 1 and "guide-wu" not in receivers(home, "parcel")


async def test_a_code_that_somebody_deleted_is_made_anew(tmp_path: Path) -> None:
    """Where nothing is on paper: the channel has a code again, another one."""
    folders = edited(tmp_path, {FILE: ("printed: 是", "printed: 否")})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        ways = home.sandbox.world.contact_ways
        old = ways.find("parcel", None).config_id
        del ways._ways[old]
        assert ["被删了" in why for why in await compared(home)] == [True]
        new = ways.find("parcel", None).config_id
        assert new != old and await compared(home) == []
        assert await home.scalar("SELECT config_id FROM channels WHERE channel_id = 'parcel'") == new


async def test_a_printed_code_that_is_gone_waits_for_people(tmp_path: Path) -> None:
    """It is named, and no other one is made until somebody says so; if it comes back it is the old one."""
    folders = edited(tmp_path, {})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        ways = home.sandbox.world.contact_ways
        printed = ways.find("parcel", None)
        del ways._ways[printed.config_id]
        [why] = await compared(home)
        assert LOST in why and await compared(home) == []
        await tick(home)
        await go_live(home)
        assert len(ways.all()) == 3
        kept = await home.app.database.read(library.kept_ways)
        document = parse(FILE, (folders.content / FILE).read_bytes())
        problems = list(kept_problems(document, validate(document, ChannelsFile), kept))
        assert [(p.message, p.severity) for p in problems] == [(LOST, "warning")]
        ways._ways[printed.config_id] = printed
        assert ["又有了" in why for why in await compared(home)] == [True]
        assert ways.find("parcel", None) is printed and len(ways.all()) == 4
        del ways._ways[printed.config_id]
        await compared(home)
        edit(folders, FILE, "printed: 是", "printed: 否")
        await go_live(home)
        assert ways.find("parcel", None).config_id != printed.config_id


async def test_links_and_codes_for_groups_are_compared_too(tmp_path: Path) -> None:
    """A link by the list of ours; a group that WeCom itself added to a full code is no difference."""
    async with house(sqlite_url(tmp_path), folders=with_more(tmp_path, LINK + JOIN)) as home:
        await home.sandbox.groups.creates("guide-lin", "会员群1")
        await home.wait(5)
        await tick(home)
        [link], [join] = home.sandbox.world.acquisition.links.values(), home.sandbox.world.join_ways._ways.values()
        groups = list(join.chat_ids)
        join.fields["chat_id_list"] = [*groups, "wr-made-by-wecom"]
        assert await compared(home) == []
        link.fields["range"] = {"user_list": ["guide-wu"]}
        join.fields["chat_id_list"] = ["wr-other"]
        assert len(await compared(home)) == 2
        assert (link.fields["range"]["user_list"], join.chat_ids) == (["guide-lin"], groups)
        del home.sandbox.world.acquisition.links[link.link_id]
        assert ["ads 的码在企业微信里被删了" in why for why in await compared(home)] == [True]
        [anew] = home.sandbox.world.acquisition.links.values()
        assert anew.link_id != link.link_id and await compared(home) == []


async def test_a_member_who_is_not_active(tmp_path: Path) -> None:
    """WeCom refuses a code with them (41054): no file can know it, so the outbox says why, and nobody waits."""
    folders = edited(tmp_path, {})
    async with house(sqlite_url(tmp_path), folders=folders) as home:
        home.sandbox.add_member("guide-new", "小新", activated=False)
        edit(folders, FILE, "\nchannels:\n", NEWCOMER)
        await go_live(home)
        made = "SELECT state, reason FROM outbox WHERE kind = 'KeepContactWay' AND payload LIKE '%guide-new%'"
        [row] = await home.rows(made)
        assert (row.state, row.reason) == ("refused", "成员尚未激活或未实名")
