"""Tags as the file has them and as WeCom has them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bot.scrm.events import CorpTag
from bot.scrm.tag_plan import MAX_TAGS, Renaming, TagPlan, plan_tags, renamed_paths
from bot.scrm.taxonomy import Tag, TagGroup, Taxonomy


def at_wecom(*paths: str) -> list[CorpTag]:
    """A library; ids are made of the names that the tags have now."""
    pairs = [path.split("/") for path in paths]
    return [CorpTag(f"et-{g}-{n}", f"gr-{g}", g, n) for g, n in pairs]


def one(name: str, *tags: str | Tag, **more: object) -> Taxonomy:
    made = tuple(tag if isinstance(tag, Tag) else Tag(name, tag) for tag in tags)
    return Taxonomy((TagGroup(name=name, tags=made, **more),))  # type: ignore[arg-type]


def test_what_wecom_lacks_is_added_and_what_the_file_lacks_is_named() -> None:
    """Nothing is ever deleted; what is on both sides is simply there."""
    plan = plan_tags(one("肤质", "干性", "油性"), at_wecom("肤质/干性", "肤质/过敏", "老组/老标签"))
    assert plan == TagPlan(add=("肤质/油性",), unlisted=("肤质/过敏", "老组/老标签"))


def test_a_new_name_keeps_the_tag_and_so_the_customers() -> None:
    """A tag's and a group's, both at once."""
    taxonomy = one("意向", "补水", Tag("意向", "防晒", was="夏日防晒"), was="想要")
    plan = plan_tags(taxonomy, at_wecom("想要/补水", "想要/夏日防晒"))
    assert plan.rename_groups == (Renaming("gr-想要", "想要", "意向", "意向"),)
    assert plan.rename_tags == (Renaming("et-想要-夏日防晒", "意向/夏日防晒", "意向/防晒", "防晒"),)
    assert (plan.add, plan.unlisted) == ((), ())


def test_two_tags_are_not_made_one() -> None:
    """The old name and the new one both exist: a person has to decide."""
    plan = plan_tags(one("意向", Tag("意向", "防晒", was="夏日防晒")), at_wecom("意向/防晒", "意向/夏日防晒"))
    assert (plan.done, plan.unlisted) == (True, ("意向/夏日防晒",))
    assert plan.problems == ("“意向/防晒”和旧名“夏日防晒”在企业微信里都有，系统不会合并，请人来处理",)


def test_what_stays_with_us_is_not_planned() -> None:
    """仅系统 groups never reach WeCom; their old names are still changed on our own customers' tags."""
    taxonomy = one("会员", Tag("会员", "付费", was="年卡"), sync="仅系统")
    assert plan_tags(taxonomy, ()) == TagPlan()
    assert renamed_paths(taxonomy, ()) == {"会员/年卡": "会员/付费"}


def test_our_own_tags_follow_once_wecom_has_the_new_name() -> None:
    """Not before: what WeCom refused to rename keeps its name with us too."""
    taxonomy = one("意向", Tag("意向", "防晒", was="夏日防晒"))
    assert renamed_paths(taxonomy, at_wecom("意向/夏日防晒")) == {}
    assert renamed_paths(taxonomy, at_wecom("意向/防晒")) == {"意向/夏日防晒": "意向/防晒"}


def test_more_than_wecom_takes_is_said() -> None:
    """With the number and the error that would come."""
    plan = plan_tags(one("肤质", "干性"), at_wecom(*(f"老组/{n}" for n in range(MAX_TAGS))))
    assert plan.problems == ("加上以后共 3,001 个标签，超过设定上限 3,000，多出来的企业微信可能不收（40126）",)


names = st.sampled_from(["甲", "乙", "丙", "丁"])


@st.composite
def taxonomies(draw: st.DrawFn) -> Taxonomy:
    """Valid ones: no name twice, no old name that is a name in use."""
    groups = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    made = []
    for group in groups:
        tags = draw(st.lists(names, min_size=1, max_size=3, unique=True))
        free = [n for n in ["甲", "乙", "丙", "丁"] if n not in tags]
        was = draw(st.sampled_from([None, *free]))
        of_group = tuple(Tag(group, tag, was=was if i == 0 else None) for i, tag in enumerate(tags))
        made.append(TagGroup(name=group, tags=of_group, was=None))
    free = [n for n in ["甲", "乙", "丙", "丁"] if n not in groups]
    made[0] = replace(made[0], was=draw(st.sampled_from([None, *free])))
    return Taxonomy(tuple(made))


@given(taxonomies(), st.lists(st.tuples(names, names), max_size=8, unique=True))
def test_an_applied_plan_leaves_nothing_to_do_and_loses_no_tag(
    taxonomy: Taxonomy, there: list[tuple[str, str]]
) -> None:
    """Whatever the two sides had; every id that WeCom had is still there."""
    before = at_wecom(*(f"{group}/{name}" for group, name in there))
    after = applied(plan_tags(taxonomy, before), before)
    again = plan_tags(taxonomy, after)
    assert again.done
    assert {tag.tag_id for tag in before} <= {tag.tag_id for tag in after}
    assert {tag.path for tag in taxonomy.tags} <= {f"{t.group}/{t.name}" for t in after}


def applied(plan: TagPlan, corp_tags: list[CorpTag]) -> list[CorpTag]:
    """What WeCom has after the plan."""
    groups = {r.id: r.name for r in plan.rename_groups}
    tags = {r.id: r.name for r in plan.rename_tags}
    kept = [
        structs.replace(t, group=groups.get(t.group_id, t.group), name=tags.get(t.tag_id, t.name)) for t in corp_tags
    ]
    return [*kept, *(CorpTag(f"new-{path}", "", *path.split("/")) for path in plan.add)]
