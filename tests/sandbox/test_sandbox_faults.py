"""Faults strike where, how often and as long as they were asked to."""

from __future__ import annotations

import random

import pytest

from sandbox.faults import Faults


def faults(seed: int = 1) -> Faults:
    return Faults(random.Random(seed))


def test_pattern_matches_full_name_or_last_part() -> None:
    some = faults()
    some.add("errcode", "send_welcome_msg", errcode=-1)
    assert some.for_call("externalcontact/send_welcome_msg").kind == "errcode"
    assert some.for_call("externalcontact/get").kind is None


def test_everything_but_the_welcome_can_be_slow() -> None:
    some = faults()
    some.add("slow", unless="send_welcome_msg", seconds=10)
    assert some.for_call("externalcontact/send_welcome_msg").slow_seconds == 0
    assert some.for_call("externalcontact/mark_tag").slow_seconds == 10


def test_count_is_used_up() -> None:
    some = faults()
    some.add("reset_after", count=2)
    assert [some.for_call("gettoken").kind for _ in range(3)] == ["reset_after", "reset_after", None]


def test_waits_add_up_and_the_first_failure_wins() -> None:
    some = faults()
    some.add("slow", seconds=1)
    some.add("slow", seconds=2)
    some.add("html")
    some.add("half")
    assert str(some.for_call("x")) == "slow 3s html"


def test_probability_is_about_what_was_asked_and_the_same_for_a_seed() -> None:
    def throws(seed: int) -> list[bool]:
        some = faults(seed)
        some.add("http_503", probability=0.25)
        return [some.for_call("x").kind is not None for _ in range(2000)]

    assert 400 < sum(throws(3)) < 600
    assert throws(3) == throws(3) != throws(4)


def test_callback_faults_leave_calls_alone_and_the_other_way_round() -> None:
    some = faults()
    some.add("lost")
    some.add("slow", seconds=3)
    assert some.for_call("x").kind is None
    assert some.for_callback("x").lost and some.for_callback("x").delay_seconds == 0


def test_reordered_delays_each_callback_by_its_own_part() -> None:
    some = faults()
    some.add("reordered", seconds=4)
    delays = {some.for_callback("x").delay_seconds for _ in range(10)}
    assert len(delays) == 10 and all(0 <= delay < 4 for delay in delays)


def test_removed_and_cleared_faults_strike_no_more() -> None:
    some = faults()
    number = some.add("lost")
    some.add("duplicated", times=4)
    some.remove(number)
    assert some.for_callback("x").copies == 4 and not some.for_callback("x").lost
    some.clear()
    assert some.for_callback("x").copies == 1


@pytest.mark.parametrize(
    "wrong", [{"kind": "gremlin"}, {"kind": "slow", "seconds": -1}, {"kind": "lost", "probability": 2}]
)
def test_impossible_fault_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="故障"):
        faults().add(**wrong)  # type: ignore[arg-type]
