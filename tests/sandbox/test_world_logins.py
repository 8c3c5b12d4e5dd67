"""Members who tell an app in a browser who they are."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.world.logins import CODE_SECONDS, STATE_BYTES
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import AGENTID, CORPID, OTHER_AGENTID, Corp

BACK = "https://bot.example/console/return"


@pytest.fixture
def desk(corp: Corp) -> Corp:
    """The app can be reached at bot.example."""
    corp.world.apps.by_agentid(AGENTID).callback_url = "https://bot.example/callback/main"
    return corp


def code_of(corp: Corp, userid: str = "lihua") -> str:
    back = corp.world.logins.agrees(corp.at, userid, AGENTID, BACK, "s1")
    query = parse_qs(urlsplit(back).query)
    assert back.startswith(BACK) and query["state"] == ["s1"]
    return query["code"][0]


def who(corp: Corp, code: str, agentid: int = AGENTID) -> object:
    answer = corp.ask("auth/getuserinfo", agentid=agentid, code=code)
    return answer.get("userid", answer["errcode"])


def test_code_is_good_once_and_for_five_minutes(desk: Corp) -> None:
    first, second = code_of(desk), code_of(desk, "wangfang")
    assert who(desk, first) == "lihua"
    assert who(desk, first) == 40029
    desk.at += CODE_SECONDS
    assert who(desk, second) == 40029
    assert who(desk, "made-up") == 40029


def test_code_is_for_the_app_that_asked(desk: Corp) -> None:
    code = code_of(desk)
    assert who(desk, code, OTHER_AGENTID) == 40029
    assert who(desk, code) == "lihua"


@pytest.mark.parametrize("back", ["https://evil.example/", "javascript:alert(1)", "https://bot.example.evil/", ""])
def test_nobody_is_sent_to_a_foreign_domain(desk: Corp, back: str) -> None:
    with pytest.raises(NotFoundError):
        desk.world.logins.check(CORPID, AGENTID, back, "s1")
    with pytest.raises(NotFoundError):
        desk.world.logins.check("ww_other", AGENTID, BACK, "s1")
    with pytest.raises(NotFoundError):
        desk.world.logins.check(CORPID, AGENTID, BACK, "s" * (STATE_BYTES + 1))
