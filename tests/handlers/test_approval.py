"""Who may approve hears that somebody waits for it: once for a wording, in the daytime, and not who asked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.flow import deeds
from bot.scrm.approval import who_may
from bot.scrm.role import Staff
from bot.store.audit import Doer
from tests.handlers.test_calendar import at
from tests.handlers.test_calendar import home as home
from tests.house import House
from tests.web.office import ADMIN, GUIDE, OPERATOR

STAFF = {
    each.userid: each
    for each in (Staff(ADMIN, "admin", ("店长",)), Staff(OPERATOR, "operator"), Staff(GUIDE, "guide", ("店长",)))
}


async def heard(home: House, userid: str) -> list[str]:
    said = await home.sandbox.member_reads(userid)
    texts = [str(m["content"].get("content", "")) for m in said if m["msgtype"] == "text"]
    return [text for text in texts if "请你审批" in text]


async def asks(home: House, *, digest: str = "") -> bool:
    item = home.app.content.current.library["dg-cream-set"]
    item = replace(item, digest=digest) if digest else item
    by = Doer(OPERATOR, "控制台", home.clock.now())
    done = await home.app.database.write(partial(deeds.ask_approval, by=by, item=item, approvers=(ADMIN,)))
    home.app.dispatcher.wake()
    return done


def test_whose_word_helps() -> None:
    """Anybody's who may approve, or theirs in whose role it is wanted; never who asks, and no guide's."""
    assert who_may(STAFF, [""], "x") == (ADMIN, OPERATOR)
    assert who_may(STAFF, [""], OPERATOR) == (ADMIN,)
    assert who_may(STAFF, ["店长"], OPERATOR) == (ADMIN,) and who_may(STAFF, ["店长"], ADMIN) == ()
    assert who_may(STAFF, [], "x") == ()


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
