"""The states of a session, moved by apps and by people."""

from __future__ import annotations

import pytest

from sandbox.world.kf import SESSION_SECONDS, State
from sandbox.world.wire import NotFoundError
from tests.sandbox.kf_corp import KfCorp

# How a session comes into each state.
WAYS: dict[int, tuple[str, ...]] = {
    0: (),
    1: ("say",),
    2: ("pool",),
    3: ("human",),
    4: ("human", "end"),
}


@pytest.fixture
def corp() -> KfCorp:
    """Two servicers, and a customer who has just written."""
    corp = KfCorp()
    corp.hires("lihua", "wangfang")
    corp.writes()
    return corp


def bring(corp: KfCorp, state: int) -> None:
    """Into a state, by allowed moves."""
    steps = {
        "say": corp.say,
        "pool": lambda: corp.trans(2),
        "human": lambda: corp.trans(3, "lihua"),
        "end": lambda: corp.trans(4),
    }
    for step in WAYS[state]:
        steps[step]()
    assert corp.state() == state


@pytest.mark.parametrize(("state", "allowed"), [(0, {1, 2, 3}), (1, {2, 3}), (2, {3}), (3, {3, 4}), (4, set())])
def test_app_moves_a_session_only_as_documented(state: int, allowed: set[int]) -> None:
    """95016 for another move, 95013 once it has ended; a move is not told."""
    for wanted in range(5):
        corp = KfCorp()
        corp.hires("lihua", "wangfang")
        corp.writes()
        bring(corp, state)
        before = corp.told()
        errcode = corp.trans(wanted, "wangfang")["errcode"]
        assert errcode == (0 if wanted in allowed else 95013 if state == 4 else 95016)
        assert corp.state() == (wanted if wanted in allowed else state)
        assert corp.told() == before


def test_session_ends_48_hours_after_the_last_message(corp: KfCorp) -> None:
    """And a message begins a new one."""
    corp.say()
    corp.at += SESSION_SECONDS
    assert corp.state() == State.ENDED
    corp.writes()
    assert corp.state() == State.NEW


def test_servicer_must_be_one_and_receive(corp: KfCorp) -> None:
    """95014 not a servicer or not activated, 95019 stopped."""
    corp.world.add_member("zhao", "赵敏")
    assert corp.trans(3, "zhao")["errcode"] == corp.trans(3, "nobody")["errcode"] == 95014
    corp.world.people.member("wangfang").activated = False
    assert corp.trans(3, "wangfang")["errcode"] == 95014
    corp.world.kf_servicers.receives(corp.at, userid="lihua", open_kfid=corp.open_kfid, receives=False)
    assert corp.trans(3, "lihua")["errcode"] == 95019
    assert corp.trans(3)["errcode"] == corp.trans(9)["errcode"] == 40035
    status = corp.events("servicer_status_change")[0]
    assert (status["servicer_userid"], status["status"], status["stop_type"]) == ("lihua", 2, 0)
    corp.world.kf_servicers.receives(corp.at, userid="lihua", open_kfid=corp.open_kfid)
    assert corp.trans(3, "lihua")["errcode"] == 0
    assert corp.events("servicer_status_change")[1]["status"] == 1


def test_human_takes_transfers_ends_and_reopens_and_each_is_told(corp: KfCorp) -> None:
    """change_type 1, 2, 3, 4; codes with 1 and 3."""
    corp.trans(2)
    corp.serves("takes")
    corp.serves("transfers", to_userid="wangfang")
    corp.serves("ends", "wangfang")
    corp.serves("writes", text="还有一件事")
    told = [
        (e["change_type"], e.get("old_servicer_userid"), e.get("new_servicer_userid"), "msg_code" in e)
        for e in corp.events("session_status_change")
    ]
    assert told == [
        (1, None, "lihua", True),
        (2, "lihua", "wangfang", False),
        (3, "wangfang", None, True),
        (4, None, "lihua", False),
    ]
    assert corp.state() == State.HUMAN


def test_long_ended_session_stays_open_once_a_servicer_writes(corp: KfCorp) -> None:
    """48 hours from then."""
    corp.at += SESSION_SECONDS
    corp.serves("writes", text="还有一件事")
    corp.at += SESSION_SECONDS - 1
    assert corp.state() == State.HUMAN
    corp.at += 1
    assert corp.state() == State.ENDED


def test_session_stays_with_its_human_when_the_customer_writes(corp: KfCorp) -> None:
    """Until it is ended."""
    corp.serves("takes")
    corp.writes("谢谢")
    assert corp.state() == State.HUMAN


def test_people_cannot_do_what_the_client_does_not_offer(corp: KfCorp) -> None:
    """Others' sessions, sessions that wait for nobody, accounts that are not theirs."""
    with pytest.raises(NotFoundError, match="不由"):
        corp.serves("writes", text="你好")
    corp.serves("takes")
    with pytest.raises(NotFoundError, match="接不了"):
        corp.serves("takes", "wangfang")
    with pytest.raises(NotFoundError, match="不由"):
        corp.serves("ends", "wangfang")
    with pytest.raises(NotFoundError, match="不是"):
        corp.serves("transfers", to_userid="nobody")


def test_servicer_takes_a_message_back(corp: KfCorp) -> None:
    """servicer_recall_msg names it and who."""
    corp.serves("takes")
    msgid = corp.serves("writes", text="写错了")
    corp.serves("recalls", msgid=msgid)
    event = corp.events("servicer_recall_msg")[0]
    assert (event["recall_msgid"], event["servicer_userid"]) == (msgid, "lihua")


def test_state_of_nobody_is_refused_and_of_a_newcomer_is_not_begun(corp: KfCorp) -> None:
    """40096; a friend who never came, and who only entered, are in 4."""
    corp.customer, _ = corp.adds()
    assert corp.state() == State.ENDED and len(corp.world.kf.sessions) == 1
    assert corp.ask("kf/service_state/get", {"open_kfid": corp.open_kfid, "external_userid": "wm"})["errcode"] == 40096
    corp.customer = corp.enters().external_userid
    assert corp.state() == State.ENDED
