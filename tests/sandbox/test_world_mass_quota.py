"""How many mass sends reach one customer, and crowds of members who press or do not."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.world.days import Period, began
from sandbox.world.habits import Habit
from sandbox.world.mass import OWN_RECEIVERS_AT_MOST
from sandbox.world.quota import DAILY, WEEKLY, MassQuota
from sandbox.world.wire import NotFoundError
from tests.sandbox.corp import Corp
from tests.sandbox.mass_corp import confirms, created, customers, statuses

CHINA = datetime.timezone(datetime.timedelta(hours=8))
DAY = 86400


def at(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


def sent(corp: Corp, **body: object) -> int:
    """The status of the only recipient of one more mass send."""
    msgid = created(corp, sender="lihua", **body)
    confirms(corp, msgid)
    (status,) = statuses(corp, msgid).values()
    return status


def test_a_month_has_as_many_as_days(corp: Corp) -> None:
    """28 in February, the next is status 3 and not on the phone; March begins anew, in UTC+8."""
    corp.at = at("2027-02-10T12:00:00")
    (customer,) = customers(corp, 1)
    assert {sent(corp) for _ in range(28)} == {1} and sent(corp) == 3
    assert len(corp.world.people.chats["lihua", customer]) == 28
    corp.at = at("2027-02-28T23:50:00")
    assert sent(corp) == 3
    corp.at = at("2027-03-01T00:00:00")
    assert sent(corp) == 1


def test_admin_chooses_a_week_or_a_day(corp: Corp) -> None:
    """Seven from Monday on, or one a day."""
    corp.at = at("2027-02-10T12:00:00")
    customers(corp, 1)
    corp.world.mass.quota.policy = "week"
    assert [sent(corp) for _ in range(WEEKLY + 1)] == [1] * WEEKLY + [3]
    corp.at = at("2027-02-15T00:00:00")
    assert sent(corp) == 1
    corp.world.mass.quota.policy = "day"
    assert sent(corp) == 3
    corp.at += DAY
    assert [sent(corp) for _ in range(DAILY + 1)] == [1] * DAILY + [3]


def test_group_has_a_quota_of_its_own(corp: Corp) -> None:
    """Its owner's customers may have used up theirs."""
    customers(corp, 1)
    corp.world.groups.creates(corp.at, owner="lihua")
    corp.world.mass.quota.policy = "day"
    assert [sent(corp), sent(corp, chat_type="group"), sent(corp), sent(corp, chat_type="group")] == [1, 1, 3, 3]


def test_members_own_mass_sends_draw_on_the_same_quota(corp: Corp) -> None:
    """What a member, or a colleague, sent by hand is no longer there for the corp."""
    (customer,) = customers(corp, 1)
    corp.adds(userid="wangfang", external_userid=customer)
    corp.world.mass.quota.policy = "day"
    corp.world.mass.sends_own(corp.at, userid="wangfang", text="我自己发的", to=[customer])
    assert sent(corp) == 3
    with pytest.raises(NotFoundError, match="收件人"):
        corp.world.mass.sends_own(corp.at, userid="lihua", text="x", to=["wm"] * (OWN_RECEIVERS_AT_MOST + 1))


@given(
    st.lists(st.integers(0, 100 * DAY), min_size=1, max_size=80).map(sorted),
    st.sampled_from(["day", "week", "month"]),
)
def test_no_period_ever_holds_more_than_its_quota(instants: list[int], policy: Period) -> None:
    """And nobody is refused while there is room."""
    quota, taken = MassQuota(), dict[int, int]()
    quota.policy = policy
    for instant in instants:
        now = at("2027-01-30T00:00:00") + instant
        start = began(policy, now)
        month = datetime.datetime.fromtimestamp(now, CHINA).month
        most = {"day": 1, "week": 7, "month": {1: 31, 2: 28, 3: 31, 4: 30, 5: 31}[month]}[policy]
        assert quota.draw("wm", now) == (taken.get(start, 0) < most)
        taken[start] = min(most, taken.get(start, 0) + 1)


def crowd(corp: Corp, habit: Habit) -> tuple[str, int]:
    """Twenty members with a customer each and this habit, and one mass send to all; its msgid and when it was made."""
    people = []
    for number in range(20):
        corp.world.add_member(f"m{number}", f"成员{number}")
        people += customers(corp, 3, f"m{number}")
    corp.world.habits.members_confirm(habit)
    made_at = corp.at
    return created(corp, external_userid=people, allow_select=True), made_at


def pressed(corp: Corp, msgid: str) -> dict[str, int]:
    """Member → when he pressed, of those who have."""
    send = corp.world.mass.find(msgid)
    assert send is not None
    return {task.userid: task.sent_at for task in send.tasks.values() if task.sent_at}


def test_crowd_presses_late_in_part_and_some_never(corp: Corp) -> None:
    """Each within its seconds, some of them, but not those who never do; asked again, the same."""
    msgid, made_at = crowd(corp, Habit((60, 600), share=0.5, never=frozenset({"m3"})))
    corp.world.later.due(made_at + 59)
    assert pressed(corp, msgid) == {}
    corp.world.later.due(made_at + 10_000)
    times = pressed(corp, msgid)
    assert 3 <= len(times) <= 17 and "m3" not in times
    first = made_at + corp.world.mass.dispatch_seconds
    assert all(first + 60 <= instant <= first + 600 for instant in times.values()) and len(set(times.values())) > 1
    again = Corp()
    other, _ = crowd(again, Habit((60, 600), share=0.5, never=frozenset({"m3"})))
    again.world.later.due(made_at + 10_000)
    assert pressed(again, other) == times


def test_crowd_leaves_recipients_out_but_never_all(corp: Corp) -> None:
    """deselect = 1 keeps one recipient of each member."""
    msgid, made_at = crowd(corp, Habit((0, 0), deselect=1.0))
    corp.world.later.due(made_at + 10)
    assert all(sorted(statuses(corp, msgid, f"m{number}").values()) == [0, 0, 1] for number in range(20))


def test_crowd_does_not_press_what_is_gone(corp: Corp) -> None:
    """Cancelled, pressed by hand, or the member has left: nothing happens twice, nothing breaks."""
    msgid, made_at = crowd(corp, Habit((100, 100)))
    confirms(corp, msgid, "m0")
    corp.world.member_leaves(corp.at, "m1")
    send = corp.world.mass.find(msgid)
    assert send is not None
    send.cancelled_at = corp.at
    assert corp.world.later.due(made_at + 1000) == []
    assert set(pressed(corp, msgid)) == {"m0"}
