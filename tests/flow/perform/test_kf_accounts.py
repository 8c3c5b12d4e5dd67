"""Accounts, servicers and links of 微信客服 are at WeCom as staff wrote them; nothing is made twice or deleted."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from bot.scrm.actions.kf import KeepKfAccount, KeepKfLink
from bot.store import outbox
from handlers import kf as behaviour
from tests.house import House, house, sqlite_url

NAME = "屿禾护肤顾问"


async def quiet(home: House) -> None:
    """Every bell is heard, and all that follows is done."""
    await home.sandbox.callbacks_settled()
    await home.settled()


async def keep(home: House, *actions: Any, cause: int = 10**6) -> None:
    write = partial(outbox.put, cause=cause, run=0, actions=actions, now=home.clock.now())
    await home.app.database.write(write)
    home.app.lanes[1].wake()
    await quiet(home)


def wanted(name: str = NAME, *guides: str) -> KeepKfAccount:
    return KeepKfAccount(account_id="advisor", name=name, guides=guides or ("guide-lin",), avatar="kf/advisor.png")


def home_of(folder: Path, **how: Any) -> Any:
    return house(sqlite_url(folder), router=behaviour.router, waits=False, **how)


async def test_an_account_is_made_with_its_picture_and_people(tmp_path: Path) -> None:
    """Once; what is there is found again, renamed when staff rename it, and nobody is taken out."""
    async with home_of(tmp_path) as home:
        await home.until("链接", lambda: home.rows("SELECT 1 FROM kf_links"))
        [account] = home.sandbox.world.kf.accounts.values()
        assert (account.name, list(account.servicers)) == (NAME, ["guide-lin", "guide-zhou"])
        assert account.avatar_media_id
        await keep(home, wanted())
        await keep(home, wanted("护肤客服", "guide-wu", "nobody"), cause=10**6 + 1)
        assert list(home.sandbox.world.kf.accounts.values()) == [account]
        assert (account.name, list(account.servicers)) == ("护肤客服", ["guide-lin", "guide-zhou", "guide-wu"])
        because = await home.scalar("SELECT reason FROM inbox WHERE name = 'KfAccountKept' ORDER BY id DESC")
        assert because == "没能加为接待人员：nobody"


async def test_an_account_made_by_a_lost_answer_is_found(tmp_path: Path) -> None:
    """By its name; the second try makes no second one."""
    fault = {"kind": "reset_after", "where": "kf/account/add", "count": 1}
    async with home_of(tmp_path, faults=[fault]) as home:
        await home.wait(3)
        assert [a.name for a in home.sandbox.world.kf.accounts.values()] == [NAME]
        assert len(home.sandbox.log.calls("kf/account/add")) == 1
        assert await home.scalar("SELECT account_id FROM kf_accounts") == "advisor"


async def test_a_link_is_made_once(tmp_path: Path) -> None:
    """It can be neither listed nor deleted; its scene is the channel."""
    async with home_of(tmp_path) as home:
        await home.until("链接", lambda: home.rows("SELECT 1 FROM kf_links"))
        [row] = await home.rows("SELECT channel_id, open_kfid, url FROM kf_links")
        await keep(home, KeepKfLink(channel_id="kf-official", open_kfid=row.open_kfid))
        assert len(home.sandbox.log.calls("kf/add_contact_way")) == 1
        who = await home.sandbox.kf.customer_enters(url=row.url)
        await quiet(home)
        assert await home.scalar("SELECT channel_id FROM kf_sessions WHERE external_userid = :who", who=who) == (
            "kf-official"
        )
