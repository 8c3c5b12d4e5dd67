"""Who may approve hears that somebody waits for it: once for a wording, in the daytime, and not who asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.flow import deeds
from bot.scrm.approval import who_may
from bot.scrm.role import Staff
from bot.store.audit import Doer
from tests.handlers.test_calendar import at
from tests.house import House, reopened
from tests.web.office import ADMIN, GUIDE, OPERATOR

STAFF = {
    each.userid: each
    for each in (Staff(ADMIN, "admin", ("店长",)), Staff(OPERATOR, "operator"), Staff(GUIDE, "guide", ("店长",)))
}


async def heard(home: House, userid: str) -> list[str]:
    said = await home.sandbox.member_reads(userid)
    texts = [str(m["content"].get("content", "")) for m in said if m["msgtype"] == "text"]
    return [text for text in texts if "请你审批" in text]


async def asks(
    home: House, *, digest: str = "", who: tuple[str, ...] = (ADMIN,), roles: tuple[str, ...] = ("",)
) -> bool:
    item = home.app.content.current.library["dg-cream-set"]
    item = replace(item, digest=digest) if digest else item
    by = Doer(OPERATOR, "控制台", home.clock.now())
    awake_at = home.app.content.current.care.awake_at("导购提醒", home.clock.now(), "Asia/Shanghai")
    whom = dict.fromkeys(who, roles)
    job = partial(deeds.ask_approval, by=by, item=item, whom=whom, awake_at=awake_at)
    done = await home.app.database.write(job)
    home.app.dispatcher.wake()
    return done


async def approve_it(home: House) -> None:
    item, by = home.app.content.current.library["dg-cream-set"], Doer(ADMIN, "控制台", home.clock.now())
    await home.app.database.write(partial(deeds.approve, by=by, items=[item]))


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """Nothing is approved."""
    async with reopened(tmp_path) as home:
        yield home


def test_whose_word_helps() -> None:
    """Anybody's who may approve, or theirs in whose role it is wanted; never who asks, and no guide's."""
    assert who_may(STAFF, [""], "x") == {ADMIN: ("",), OPERATOR: ("",)}
    assert who_may(STAFF, ["店长", ""], "x") == {ADMIN: ("", "店长"), OPERATOR: ("",)}
    assert who_may(STAFF, ["店长"], OPERATOR) == {ADMIN: ("店长",)} and who_may(STAFF, ["店长"], ADMIN) == {}
    assert who_may(STAFF, [], "x") == {}


async def test_they_hear_once_with_the_way_there(home: House) -> None:
    await home.look_at(at(10, 10, 0))
    assert await asks(home) and not await asks(home)
    await home.wait(20)
    [text] = await heard(home, ADMIN)
    assert "修护霜双支组" in text and f"{home.config.public_url}/console/approvals/dg-cream-set" in text
    assert OPERATOR in text and await heard(home, OPERATOR) == []
    assert [tuple(r) for r in await home.rows("SELECT who, what, target FROM audit_trail")] == [
        (OPERATOR, "请人审批", "dg-cream-set")
    ]


async def test_at_night_they_are_let_sleep(home: House) -> None:
    await home.look_at(at(10, 23, 30))
    await asks(home)
    await home.wait(20)
    assert await heard(home, ADMIN) == []
    await home.look_at(at(11, 9, 30))
    await home.wait(20)
    assert len(await heard(home, ADMIN)) == 1


async def test_of_words_that_were_edited_since_nobody_hears(home: House) -> None:
    await home.look_at(at(10, 10, 0))
    assert await asks(home, digest="0" * 64)
    await home.wait(20)
    assert await heard(home, ADMIN) == []


async def test_who_approves_in_the_night_is_not_asked_in_the_morning(home: House) -> None:
    await home.look_at(at(10, 23, 30))
    await asks(home)
    await home.wait(20)
    await approve_it(home)
    await home.look_at(at(11, 9, 30))
    await home.wait(20)
    assert await heard(home, ADMIN) == []
    assert "已经批过了" in await home.scalar("SELECT reason FROM inbox WHERE name = 'ApprovalAsked'")


async def test_who_is_wanted_later_is_asked_later(home: House) -> None:
    """Another role's word for the same wording, or somebody who may approve since; who was told is left in peace."""
    await home.look_at(at(10, 10, 0))
    assert await asks(home)
    await home.wait(20)
    assert await asks(home, who=(ADMIN, OPERATOR))
    await home.wait(20)
    assert (len(await heard(home, ADMIN)), len(await heard(home, OPERATOR))) == (1, 1)
    assert await asks(home, roles=("店长",)) and not await asks(home, roles=("", "店长"))
    await home.wait(20)
    first, second = await heard(home, ADMIN)  # other words: WeCom drops the same ones for half an hour
    assert "（以店长的身份）" in second and "身份" not in first


async def test_an_edit_that_is_taken_back_can_be_asked_for(home: House) -> None:
    """When its turn came it was worded otherwise, so nobody heard of it."""
    await home.look_at(at(10, 10, 0))
    whole, edited = home.app.content.current.library["dg-cream-set"], "0" * 64
    assert await asks(home, digest=edited)
    await home.wait(20)
    assert await heard(home, ADMIN) == []
    assert await asks(home, digest=edited) and not await asks(home, digest=edited)
    assert await asks(home, digest=whole.digest)
    await home.wait(20)
    assert len(await heard(home, ADMIN)) == 1 and not await asks(home)
