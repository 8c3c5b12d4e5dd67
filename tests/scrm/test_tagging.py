"""Which tags a customer is to carry."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.scrm.actions import MarkTags
from bot.scrm.records import TagPerson
from bot.scrm.records.tags import UntagPerson
from bot.scrm.tagging import WECOM, CarriedTag, TagChange, decide_tags, is_hand, tag_customer, untag_customer
from bot.scrm.taxonomy import Tag, TagGroup, Taxonomy

DAY = 86_400


def group(name: str, *tags: str, **more: object) -> TagGroup:
    return TagGroup(name=name, tags=tuple(Tag(name, tag) for tag in tags), **more)  # type: ignore[arg-type]


TAXONOMY = Taxonomy(
    (
        group("肤质", "干性", "油性", "混合", pick="单选"),
        group("意向", "补水", "防晒", expires_seconds=90 * DAY),
        group("来源", "门店", "包裹卡", pick="单选", set_by="系统"),
        group("服务", "售后中", set_by="人工"),
        group("会员", "普通", "付费", pick="单选", set_by="系统", sync="仅系统"),
    )
)
PATHS = [tag.path for tag in TAXONOMY.tags]
SOURCES = ["channel/store", "survey/newcomer/skin", "rule/x", WECOM, "guide/lin"]


def carried(tag: str, source: str = "rule/x", at: int = 0, userid: str = "lin") -> CarriedTag:
    return CarriedTag(userid=userid, tag=tag, source=source, set_at=at)


def decide(
    current: list[CarriedTag], wanted: list[str], source: str = "survey/newcomer/skin", at: int = 9
) -> TagChange:
    return decide_tags(TAXONOMY, current, wanted, source, at)


def test_a_new_tag_of_a_group_of_one_replaces_the_old() -> None:
    """And of a group of many it joins the others."""
    change = decide([carried("肤质/干性"), carried("意向/补水")], ["肤质/油性", "意向/防晒"])
    assert (change.add, change.remove) == (("肤质/油性", "意向/防晒"), ("肤质/干性",))


def test_what_a_hand_set_is_never_overwritten() -> None:
    """At WeCom or in our own pages; the reason is given."""
    for source in (WECOM, "guide/lin"):
        change = decide([carried("肤质/干性", source)], ["肤质/油性"])
        assert (change.add, change.remove) == ((), ())
        assert change.kept == ("“肤质/干性”是人工打的，不改成“肤质/油性”",)


def test_the_first_way_in_stays() -> None:
    """Where a person comes from is where they came from first; how they come in says less than what they say."""
    change = decide([carried("来源/门店", "channel/store")], ["来源/包裹卡"], "channel/parcel")
    assert (change.add, change.remove) == ((), ())
    assert change.kept == ("已经有“来源/门店”，后来的渠道不改成“来源/包裹卡”",)
    assert decide([carried("肤质/干性", "survey/newcomer/skin")], ["肤质/油性"], "channel/parcel").hold == ()
    assert decide([carried("肤质/干性", "channel/parcel")], ["肤质/油性"]).remove == ("肤质/干性",)
    assert decide([carried("来源/门店", "channel/store")], ["意向/补水"], "channel/parcel").add == ("意向/补水",)


def test_a_guide_may_change_what_a_hand_set() -> None:
    """In our own pages; what was chosen at WeCom only clears up what the system set."""
    assert decide([carried("肤质/干性", WECOM)], ["肤质/油性"], "guide/wu").remove == ("肤质/干性",)
    assert decide([carried("肤质/干性", WECOM)], ["肤质/油性"], WECOM).remove == ()
    assert decide([carried("肤质/干性")], ["肤质/油性"], WECOM).remove == ("肤质/干性",)


def test_what_ours_and_a_hand_set_alike_stays() -> None:
    """With another guide: taking it off by its name would take the hand's, too."""
    both = [carried("肤质/干性", "channel/store"), carried("肤质/干性", WECOM, userid="wu")]
    assert decide(both, ["肤质/油性"], WECOM).remove == ()


def test_whose_hand_may_set_what() -> None:
    """人工 groups are left to people, 系统 groups do not listen to surveys, and what is no tag is no tag."""
    assert decide([], ["服务/售后中"]).kept == ("“服务”只由人工打",)
    assert decide([], ["服务/售后中"], "guide/lin").add == ("服务/售后中",)
    assert decide([], ["来源/门店"]).kept == ("“来源”由系统打，不听调研的",)
    assert decide([], ["来源/门店"], "channel/store").add == ("来源/门店",)
    assert decide([], ["肤质/油"]).kept == ("没有标签“肤质/油”",)


def test_a_tag_goes_by_its_name_of_today() -> None:
    """A survey that began before the renaming still sets it, and it makes way as it is called now."""
    renamed = Taxonomy(
        (TagGroup(name="肤质", pick="单选", tags=(Tag("肤质", "干性"), Tag("肤质", "油皮", was="油性"))),)
    )
    change = decide_tags(renamed, [carried("肤质/干性")], ["肤质/油性"], "survey/newcomer/skin", 9)
    assert (change.add, change.remove, change.kept) == (("肤质/油皮",), ("肤质/干性",), ())
    off = untag_customer(renamed, external_userid="wm-1", held=[carried("肤质/油皮")], tags=["肤质/油性"], at=9)
    assert UntagPerson(userid="lin", external_userid="wm-1", tag="肤质/油皮", at=9) in off.records


def test_a_tag_that_expires_is_counted_anew_when_it_is_said_again() -> None:
    """One that never expires is left alone."""
    change = decide([carried("意向/补水", at=1), carried("肤质/干性", at=1)], ["意向/补水", "肤质/干性"], at=2)
    assert change == TagChange(hold=("意向/补水", "肤质/干性"), renew=("意向/补水",))


current_tags = st.lists(
    st.builds(
        CarriedTag,
        userid=st.sampled_from(["lin", "wu"]),
        tag=st.sampled_from(PATHS),
        source=st.sampled_from(SOURCES),
        set_at=st.integers(0, 5),
    ),
    max_size=6,
    unique_by=lambda held: (held.userid, held.tag),
)
wanted_tags = st.lists(st.sampled_from([*PATHS, "没有/这个"]), max_size=5)


@given(current_tags, wanted_tags, st.sampled_from(SOURCES))
def test_never_two_of_a_group_of_one_by_our_doing(current: list[CarriedTag], wanted: list[str], source: str) -> None:
    """Of such a group nothing is added beside another; and no hand-set tag goes but by a guide's word."""
    change = decide(current, wanted, source)
    after = {held.tag for held in current} - set(change.remove) | set(change.add)
    for single in (g for g in TAXONOMY.groups if g.pick == "单选"):
        mine = {tag.path for tag in single.tags}
        if mine & set(change.add) and source != WECOM:
            assert len(mine & after) == 1
    by_hand = {held.tag for held in current if is_hand(held.source)}
    if not source.startswith("guide/"):
        assert not by_hand & set(change.remove)


@given(current_tags, wanted_tags, st.sampled_from(SOURCES))
def test_done_twice_is_done_once(current: list[CarriedTag], wanted: list[str], source: str) -> None:
    """What the decision leads to asks for nothing more, at the same moment."""
    after = applied(current, wanted, source)
    assert applied(after, wanted, source) == after
    again = decide(after, wanted, source)
    assert (again.add, again.remove, again.renew) == ((), (), ())


def applied(current: list[CarriedTag], wanted: list[str], source: str) -> list[CarriedTag]:
    """The tags after the records of a decision for both guides."""
    decision = tag_customer(
        TAXONOMY,
        external_userid="wm-1",
        userids=("lin", "wu"),
        current=current,
        wanted=wanted,
        source=source,
        at=9,
    )
    tags = {(held.userid, held.tag): held for held in current}
    for record in decision.records:
        if isinstance(record, UntagPerson):
            del tags[record.userid, record.tag]
        elif isinstance(record, TagPerson):
            old = tags.get((record.userid, record.tag))
            tags[record.userid, record.tag] = CarriedTag(
                userid=record.userid, tag=record.tag, source=old.source if old else record.source, set_at=record.at
            )
    return sorted(tags.values(), key=lambda held: (held.userid, held.tag))


def test_every_guide_of_the_customer_sees_the_change() -> None:
    """One marking a guide; what WeCom is not to see is not marked."""
    decision = tag_customer(
        TAXONOMY,
        external_userid="wm-1",
        userids=("lin", "wu"),
        current=[carried("肤质/干性"), carried("会员/普通")],
        wanted=("肤质/油性", "会员/付费"),
        source="rule/x",
        at=9,
        not_before_at=11,
    )
    pair = {"external_userid": "wm-1", "add": ("肤质/油性",), "not_before_at": 11}
    assert decision.actions == (
        MarkTags(userid="lin", remove=("肤质/干性",), **pair),  # type: ignore[arg-type]
        MarkTags(userid="wu", **pair),  # type: ignore[arg-type]
    )
    assert UntagPerson(userid="lin", external_userid="wm-1", tag="会员/普通", at=9) in decision.records
    assert sum(isinstance(r, TagPerson) for r in decision.records) == 4


def test_a_new_relation_is_marked_whatever_we_remember() -> None:
    """WeCom forgot the tags of a customer who was removed and came back."""
    current = [carried("来源/门店", "channel/store")]
    what = {"external_userid": "wm-1", "current": current, "wanted": ("来源/门店",), "source": "channel/store", "at": 9}
    assert tag_customer(TAXONOMY, userids=("lin",), **what).actions == ()  # type: ignore[arg-type]
    [mark] = tag_customer(TAXONOMY, userids=("lin",), fresh="lin", **what).actions  # type: ignore[arg-type]
    assert mark == MarkTags(userid="lin", external_userid="wm-1", add=("来源/门店",))


def test_a_new_guide_learns_what_the_system_knows() -> None:
    """Even what was said before anybody had the customer; not what another guide's hand set, nor what is over."""
    current = [
        carried("意向/补水", "survey/s/q", userid=""),
        carried("肤质/干性", WECOM, userid="wu"),
        carried("来源/门店", "channel/store", userid="wu"),
        carried("会员/付费", userid="wu"),
    ]
    decision = tag_customer(
        TAXONOMY,
        external_userid="wm-1",
        userids=("lin", "wu"),
        current=current,
        wanted=("来源/包裹卡",),
        source="rule/parcel",
        at=9,
        fresh="lin",
    )
    lin, wu = decision.actions
    assert lin == MarkTags(userid="lin", external_userid="wm-1", add=("意向/补水", "来源/包裹卡"))
    assert wu == MarkTags(userid="wu", external_userid="wm-1", add=("来源/包裹卡",), remove=("来源/门店",))
    told = {(r.tag, r.source, r.shown) for r in decision.records if isinstance(r, TagPerson) and r.userid == "lin"}
    assert told == {
        ("意向/补水", "survey/s/q", True),
        ("会员/付费", "rule/x", False),
        ("来源/包裹卡", "rule/parcel", True),
    }


def test_nobodys_tags_are_not_marked_at_wecom() -> None:
    """They change with us alone."""
    current = [carried("肤质/干性", "survey/s/q", userid="")]
    what = {"external_userid": "wm-1", "current": current, "wanted": ("肤质/油性",), "source": "survey/s/q", "at": 9}
    decision = tag_customer(TAXONOMY, userids=("lin",), **what)  # type: ignore[arg-type]
    assert [a.userid for a in decision.actions if isinstance(a, MarkTags)] == ["lin"]
    assert UntagPerson(userid="", external_userid="wm-1", tag="肤质/干性", at=9) in decision.records


def test_taken_off_wherever_it_is_carried() -> None:
    """And nowhere else."""
    held = [carried("意向/补水"), carried("意向/补水", userid="wu"), carried("意向/防晒", userid="chen")]
    decision = untag_customer(TAXONOMY, external_userid="wm-1", held=held, tags=("意向/补水",), at=9)
    assert [(a.userid, a.remove) for a in decision.actions if isinstance(a, MarkTags)] == [
        ("lin", ("意向/补水",)),
        ("wu", ("意向/补水",)),
    ]
