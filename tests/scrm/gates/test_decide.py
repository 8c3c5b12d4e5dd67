"""What becomes of a slot for a pool: the cases that a rule, an approval or a wording turns."""

from __future__ import annotations

from dataclasses import replace

from bot.scrm.gates.decide import decide
from bot.scrm.gates.explain import slot_changes
from bot.scrm.gates.said import said
from bot.scrm.gates.situation import Met
from bot.scrm.item import Variant
from bot.scrm.quota import Quota, QuotaPolicy
from bot.scrm.rules.condition import Compare, Condition, Const, Fact
from bot.scrm.who import Who
from tests.scrm.gates.plain import entry, item, rule, situation
from tests.scrm.gates.worlds import NOON

SELL, TEACH, TALK, EVENT = item("a", "导购"), item("b", "科普"), item("c", "互动"), item("h", "活动")
SWAP = rule("to-event", "换类", to=("活动",))


def test_a_rule_that_wants_another_kind_gets_it_though_there_is_plenty() -> None:
    """Before the other kinds that the line allows."""
    decision = decide(situation(SELL, TEACH, TALK, EVENT, rules=(SWAP,)))
    assert (decision.outcome, decision.item) == ("swapped", EVENT)


def test_what_stands_in_by_the_mix_is_no_swap() -> None:
    """A rule held the first choice back and wanted nothing in its place: the mix goes on to the next kind."""
    decision = decide(situation(SELL, TEACH, rules=(rule("ask", "审批", by="店长"),)))
    assert (decision.outcome, decision.item) == ("sent", TEACH)


def test_an_approval_that_is_given_does_not_hide_the_rule_below() -> None:
    """It steps aside, and what it hid speaks."""
    rules = (rule("ask", "审批", by="店长", priority=60), SWAP)
    s = situation(SELL, EVENT, entry=entry(item="a"), rules=rules)
    given = replace(s, approved=s.approved | {f"{SELL.digest}@店长"})
    assert decide(given).outcome == "swapped"


def test_a_draft_that_sorts_first_does_not_hide_a_swap() -> None:
    """The rule is about what would have gone out."""
    rules = (rule("new", "换类", Compare("==", Fact("topic"), Const("新品")), to=("活动",)),)
    draft, fresh = item("a0", "导购", topic="旧", draft=True), item("b0", "导购", topic="新品")
    s = situation(draft, fresh, EVENT, rules=rules, entry=entry(pick=("导购",)))
    assert decide(s).outcome == "swapped"


def test_what_waits_until_a_day_goes_on_that_day() -> None:
    """推迟 with until: from then on the rule says nothing."""
    s = situation(SELL, entry=entry(item="a"), rules=(rule("wait", "推迟", until_at=NOON + 600),))
    held = decide(s)
    assert (held.outcome, held.retry_at) == ("held", NOON + 600)
    assert decide(replace(s, now=NOON + 600)).outcome == "sent"


def test_a_guide_is_not_given_another_voices_words() -> None:
    """Worded for the group, but only as the brand speaks."""
    brands = item("v", "导购", variants=(Variant(outlets=("群",), text="我是品牌", persona="brand"),))
    decision = decide(situation(brands, entry=entry(item="v")))
    assert decision.outcome == "skipped" and decision.stops[0].gate == "有效期"


def test_what_guides_send_by_hand_costs_no_quota() -> None:
    """Of two posts today one was by hand."""
    one = Met(at=NOON - 3_600, item="z", kind="科普", topic="t", entry="x")
    s = situation(SELL, entry=entry(item="a"), quota=Quota((QuotaPolicy(0, "天", 1),), {}))
    assert decide(replace(s, met=(one,))).outcome == "skipped"
    assert decide(replace(s, met=(replace(one, by_hand=True),))).outcome == "sent"


def test_a_line_for_some_groups_is_asked_of_each() -> None:
    """By what was measured of the group; what is not known does not hold."""
    many = Condition(Compare(">=", Fact("members"), Const(50)), "members >= 50")
    s = situation(SELL, entry=entry(item="a", who=Who(when=many)))
    assert decide(s).stops[0].gate == "人群"
    assert decide(replace(s, pool=replace(s.pool, facts={Fact("members"): 60}))).goes


def test_what_is_reworded_has_to_be_approved_anew() -> None:
    """An edit voids the approval, so both are named."""
    s = situation(SELL, entry=entry(item="a"), refused={SELL.digest: ("用了“最有效”",)})
    assert [said(change, s) for change in slot_changes(s) or ()] == ["改掉“a”里不能说的话", "批准“a”"]


def test_a_deadline_is_not_said_to_be_moved_the_wrong_way() -> None:
    """Tomorrow's quota is used up: it has to leave today, so `by` is made sooner, and never less than a minute."""
    midnight = NOON + 12 * 3_600
    none_tomorrow = Quota((QuotaPolicy(0, "天", 1), QuotaPolicy(midnight, "天", 0)), {})
    s = situation(SELL, entry=entry(item="a"), quota=none_tomorrow)
    late = replace(s, slot=replace(s.slot, by_at=midnight + 3_600))
    (change,) = slot_changes(late) or ()
    assert said(change, late) == "把这一条最晚发的时间改到 23:59（by: 23:59）"
    at_the_edge = replace(late, slot=replace(late.slot, at=midnight - 30), now=midnight - 30)
    assert slot_changes(at_the_edge) is None
