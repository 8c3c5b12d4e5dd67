"""The governor holds every limit of WeCom at every moment, and welcomes always keep their share."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.net.governor import HOUR, MINUTE, SEND_WELCOME, Governor, Limits

NOW = 1_700_000_000
GET = "externalcontact/get"
SMALL = Limits(
    per_api_minute=5,
    per_api_hour=12,
    per_ip_minute=8,
    per_ip_hour=20,
    welcome_reserve_minute=2,
    per_member_minute=2,
    per_member_hour=3,
)


def admitted(governor: Governor, api: str, now: int, tries: int) -> int:
    return sum(governor.admit(api, now) is None for _ in range(tries))


def test_a_minute_is_full_until_the_second_that_filled_it_is_a_minute_gone() -> None:
    governor = Governor(SMALL)
    assert admitted(governor, GET, NOW, 9) == 5
    assert governor.admit(GET, NOW) == NOW + MINUTE + 1
    assert governor.admit(GET, NOW + MINUTE) == NOW + MINUTE + 1
    assert governor.admit(GET, NOW + MINUTE + 1) is None


def test_a_refused_call_is_not_counted() -> None:
    governor = Governor(SMALL)
    admitted(governor, GET, NOW, 50)
    assert {standing.name: standing.minute_used for standing in governor.standing(NOW)} == {"ip": 5, GET: 5}


def test_the_reserve_is_for_welcomes_alone() -> None:
    governor = Governor(SMALL)
    assert admitted(governor, GET, NOW, 9) + admitted(governor, "user/get", NOW, 9) == 6
    assert governor.admit("message/send", NOW) == NOW + MINUTE + 1
    assert admitted(governor, SEND_WELCOME, NOW, 9) == 2


def test_the_hour_has_a_limit_and_a_reserve_of_its_own() -> None:
    governor = Governor(SMALL)
    others = sum(
        admitted(governor, api, NOW + minute * 120, 1)
        for minute in range(20)
        for api in (GET, "user/get", "media/upload")
    )
    assert others == 15
    assert admitted(governor, SEND_WELCOME, NOW + 20 * 120, 9) == 5


def test_a_member_gets_no_more_than_wecom_would_deliver() -> None:
    governor = Governor(SMALL)
    send = "message/send"
    assert [governor.admit(send, NOW, "lisi") for _ in range(3)] == [None, None, NOW + MINUTE + 1]
    assert governor.admit(send, NOW, "wangwu") is None
    assert governor.admit(send, NOW + 70, "lisi") is None
    assert governor.admit(send, NOW + 140, "lisi") == NOW + HOUR + 1


def test_45009_parks_that_api_alone_for_a_minute() -> None:
    governor = Governor(SMALL)
    assert governor.block(GET, NOW) == NOW + MINUTE
    assert governor.admit(GET, NOW + 59) == NOW + MINUTE
    assert governor.admit(SEND_WELCOME, NOW) is None
    assert governor.admit(GET, NOW + MINUTE) is None


def test_45009_parks_for_the_hour_when_the_hour_was_nearly_full() -> None:
    governor = Governor(SMALL)
    for minute in range(3):
        admitted(governor, GET, NOW + minute * 100, 4)
    assert governor.block(GET, NOW + 300) == NOW + 300 + HOUR


def test_a_block_is_never_shortened_and_is_shown() -> None:
    governor = Governor(SMALL)
    governor.admit(GET, NOW)
    governor.block(GET, NOW + 30)
    assert governor.block(GET, NOW) == NOW + 90
    shown = {standing.name: standing.blocked_until_at for standing in governor.standing(NOW + 89)}
    assert shown == {"ip": None, GET: NOW + 90}
    assert all(standing.blocked_until_at is None for standing in governor.standing(NOW + 90))


def test_a_clock_that_goes_back_is_survived() -> None:
    governor = Governor(SMALL)
    assert admitted(governor, GET, NOW, 3) + admitted(governor, GET, NOW - 10, 3) == 5


class Model:
    """The limits said plainly: keep every call, count again each time."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, str, str | None]] = []

    def may(self, api: str, now: int, member: str | None) -> bool:
        def used(seconds: int, key: int, value: str | None) -> int:
            return sum(
                at + seconds >= now and (key < 0 or call[key] == value) for call in self.calls for at in [call[0]]
            )

        reserve_minute, reserve_hour = (0, 0) if api == SEND_WELCOME else (2, 5)
        fits = (
            used(60, 1, api) < 5
            and used(3600, 1, api) < 12
            and used(60, -1, None) < 8 - reserve_minute
            and used(3600, -1, None) < 20 - reserve_hour
        )
        return fits and (member is None or (used(60, 2, member) < 2 and used(3600, 2, member) < 3))


STEPS = st.tuples(
    st.integers(0, 90),
    st.sampled_from([(SEND_WELCOME, None), (GET, None), ("message/send", "lisi"), ("message/send", "wangwu")]),
)


@given(st.lists(STEPS, max_size=80))
def test_it_admits_exactly_what_the_plain_model_admits(steps: list[tuple[int, tuple[str, str | None]]]) -> None:
    governor, model, now = Governor(SMALL), Model(), NOW
    for pause, (api, member) in steps:
        now += pause
        again_at = governor.admit(api, now, member)
        assert (again_at is None) == model.may(api, now, member)
        if again_at is None:
            model.calls.append((now, api, member))
        else:
            assert again_at > now
            assert not model.may(api, again_at - 1, member)


@given(st.lists(STEPS, max_size=60))
def test_what_is_shown_is_what_was_admitted(steps: list[tuple[int, tuple[str, str | None]]]) -> None:
    governor, counts = Governor(), Counter[str]()
    for _, (api, member) in steps:
        if governor.admit(api, NOW, member) is None:
            counts.update([api, "ip"])
    assert Counter({standing.name: standing.hour_used for standing in governor.standing(NOW)}) == counts
