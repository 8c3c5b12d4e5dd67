"""Which item, in which words: rested, and not the same as the guide beside."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scrm.item import Item, Variant
from bot.scrm.period import Period
from bot.scrm.pick_item import ALONE, Place, fitting, pick_item, pick_variant, place_of, rested

DAY = 86_400


def item(id_: str, **how: Any) -> Item:
    variants = how.pop("variants", (Variant(outlets=("群", "朋友圈"), text="…"),))
    return Item(id=id_, title=id_, kind="科普", topic="护肤知识", variants=variants, digest="", **how)


def test_what_fits_is_worded_valid_no_draft_and_to_the_point() -> None:
    """Each of the five looked at."""
    items = [
        item("fits"),
        item("draft", draft=True),
        item("over", valid=Period(None, 10)),
        item("to-come", valid=Period(11, None)),
        item("by-hand", variants=(Variant(outlets=("手发",), text="…"),)),
    ]
    assert [i.id for i in fitting(items, "群", 10)] == ["fits"]
    assert fitting(items, "群", 10, topic="新品") == []
    assert [i.id for i in fitting(items, "手发", 10)] == ["fits", "by-hand"]


def test_an_item_rests_to_the_second() -> None:
    """60 days as a rule."""
    assert rested(item("a"), {}, 0)
    assert not rested(item("a"), {"a": 0}, 60 * DAY - 1)
    assert rested(item("a"), {"a": 0}, 60 * DAY)


def test_never_used_comes_first_then_longest_rested_then_ending_first_then_id() -> None:
    """One after the other."""
    soon, later, always = item("z", valid=Period(None, 99 * DAY)), item("b"), item("a")
    deck = [always, later, soon]
    taken, sent_at = [], {"a": 0}
    for day in (61, 62, 63, 130):
        one = pick_item(deck, sent_at, day * DAY)
        assert one
        taken.append(one.id)
        sent_at[one.id] = day * DAY
    assert taken == ["z", "b", "a", "z"]
    assert pick_item(deck, sent_at, 131 * DAY).id == "b"  # type: ignore[union-attr]
    assert pick_item([always], {"a": 0}, DAY) is None


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 5), st.integers(0, 20), st.data())
def test_guides_who_share_customers_never_say_the_same_at_the_same_time(guides: int, more: int, data: Any) -> None:
    """With full rounds of items all differ at every slot, through rests and repeats."""
    rounds = 1 + more // guides
    ends = data.draw(st.lists(st.sampled_from((None, 400 * DAY, 500 * DAY)), min_size=rounds * guides))
    deck = [
        item(f"i{n:02}", valid=Period(None, end), repeat_after_seconds=DAY)
        for n, end in enumerate(ends[: rounds * guides])
    ]
    histories: list[dict[str, int]] = [{} for _ in range(guides)]
    for day in range(3 * len(deck)):
        said = []
        for number, sent_at in enumerate(histories):
            one = pick_item(deck, sent_at, day * DAY, Place(number, guides))
            assert one
            said.append(one.id)
            sent_at[one.id] = day * DAY
        assert len(set(said)) == guides


def test_a_place_is_the_same_for_whoever_asks() -> None:
    """By the order of the ids."""
    names = ["zhou", "lin", "wu"]
    assert [place_of(name, names) for name in names] == [Place(2, 3), Place(0, 3), Place(1, 3)]
    assert place_of("lin", []) == ALONE


def test_variants_are_dealt_out_too_in_the_guides_own_voice() -> None:
    """Three guides, three wordings; a persona's own words before anybody's."""
    plain = tuple(Variant(outlets=("朋友圈",), text=text) for text in "甲乙丙")
    own = Variant(outlets=("朋友圈",), text="小禾", persona="xiaohe")
    many = item("a", variants=(*plain, own))
    said = [pick_variant(many, "朋友圈", "brand", Place(n, 3)) for n in range(3)]
    assert {v.text for v in said if v} == {"甲", "乙", "丙"}
    assert pick_variant(many, "朋友圈", "xiaohe", Place(1, 3)) == own
    assert pick_variant(item("b", variants=(own,)), "朋友圈", "brand") is None
    assert pick_variant(many, "群", "brand") is None
