"""Tags are found by "组/名"."""

from __future__ import annotations

from bot.scrm.taxonomy import Tag, TagGroup, Taxonomy

SKIN = TagGroup(name="肤质", pick="单选", tags=(Tag("肤质", "干性"), Tag("肤质", "敏感肌", was="敏感")))
MEMBERS = TagGroup(name="会员", sync="仅系统", tags=(Tag("会员", "付费会员"),))
TAXONOMY = Taxonomy((SKIN, MEMBERS))


def test_a_tag_is_found_by_its_path() -> None:
    """And with it the group that says how it behaves."""
    assert TAXONOMY.find("肤质/敏感肌") == SKIN.tags[1]
    assert TAXONOMY.group_of("肤质/敏感肌") is SKIN
    assert (TAXONOMY.find("肤质/没有"), TAXONOMY.group_of("敏感肌")) == (None, None)


def test_tags_of_our_own_are_not_shown_in_wecom() -> None:
    """仅系统 stays with us."""
    assert TAXONOMY.wecom_tags == ("肤质/干性", "肤质/敏感肌")


def test_a_renamed_tag_is_found_by_the_names_it_had() -> None:
    """Its own, its group's, or both; what has a name of its own now is that."""
    renamed = Taxonomy(
        (TagGroup(name="肤质", was="皮肤", tags=(Tag("肤质", "干性"), Tag("肤质", "敏感肌", was="敏感"))),)
    )
    for was in ("肤质/敏感", "皮肤/敏感", "皮肤/敏感肌", "肤质/敏感肌"):
        assert renamed.current(was) == "肤质/敏感肌"
    assert (renamed.current("皮肤/干性"), renamed.current("别的/干性")) == ("肤质/干性", "别的/干性")
