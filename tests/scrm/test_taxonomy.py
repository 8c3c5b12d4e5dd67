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
