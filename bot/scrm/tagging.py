"""Which tags a customer is to carry: groups of which one tag holds, whose hand may set what, and when a tag ends.

Everything that the system tags passes `decide_tags`; `tag_customer` makes it a decision for each guide of a customer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.scrm.actions import MarkTags
from bot.scrm.decision import Decision
from bot.scrm.records import TagPerson
from bot.scrm.records.tags import UntagPerson
from bot.scrm.taxonomy import TagGroup, Taxonomy

WECOM = "wecom"
"""The source of a tag that was read from WeCom: somebody's hand set it there."""

NOBODY = ""
"""The userid of tags of a customer whom no guide has yet."""

CHANNEL = "channel/"
SURVEY = "survey/"
GUIDE = "guide/"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedTag:
    """A tag ("组/名") that a guide's customer carries. `source`: who or what set it; `set_at`: epoch seconds."""

    userid: str
    tag: str
    source: str
    set_at: int

    @property
    def by_hand(self) -> bool:
        """Set by a person; the system never takes it away for another."""
        return is_hand(self.source)


@dataclass(frozen=True, slots=True)
class TagChange:
    """What to set, to take away and to count anew from now on.

    `hold`: all of the wanted tags that may hold; `kept`: why the others are left as they are.
    """

    hold: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    renew: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def is_hand(source: str) -> bool:
    """Whether a source is a person: at WeCom, or a guide in our own pages (`guide/userid`)."""
    return source == WECOM or source.startswith(GUIDE)


def decide_tags(
    taxonomy: Taxonomy, current: Collection[CarriedTag], wanted: Sequence[str], source: str, at: int
) -> TagChange:
    """What setting the `wanted` tags means for a customer who carries the `current` ones.

    Of several wanted in a 单选 group the last one counts. Setting again what is carried changes nothing,
    but that a tag which expires is counted from `at` on.
    """
    kept: list[str] = []
    allowed: list[str] = []
    for tag in dict.fromkeys(map(taxonomy.current, wanted)):
        because = _refused(taxonomy.group_of(tag), tag, current, source)
        kept += [because] if because else []
        allowed += [] if because else [tag]
    chosen = _one_of_each(taxonomy, allowed)
    carried = {held.tag for held in current}
    return TagChange(
        hold=tuple(chosen),
        add=tuple(tag for tag in chosen if tag not in carried),
        remove=tuple(dict.fromkeys(rival for tag in chosen for rival in _rivals(taxonomy, current, tag, source))),
        renew=tuple(tag for tag in chosen if tag in carried and _aged(taxonomy, current, tag, at)),
        kept=tuple(kept),
    )


def _refused(group: TagGroup | None, tag: str, current: Collection[CarriedTag], source: str) -> str | None:
    """Why this source may not set this tag; None when it may."""
    if group is None:
        return f"没有标签“{tag}”"
    if is_hand(source):
        return None
    if group.set_by == "人工":
        return f"“{group.name}”只由人工打"
    if group.set_by == "系统" and source.startswith(SURVEY):
        return f"“{group.name}”由系统打，不听调研的"
    if group.pick == "单选":
        rivals = [c for c in current if c.tag != tag and c.tag.startswith(f"{group.name}/")]
        if hand_set := next((c.tag for c in rivals if c.by_hand), None):
            return f"“{hand_set}”是人工打的，不改成“{tag}”"
        if rivals and source.startswith(CHANNEL):
            return f"已经有“{rivals[0].tag}”，后来的渠道不改成“{tag}”"
    return None


def _one_of_each(taxonomy: Taxonomy, tags: Sequence[str]) -> list[str]:
    """The last of every 单选 group, and all others."""
    last = {_single(taxonomy, tag): tag for tag in tags}
    return [tag for tag in tags if not _single(taxonomy, tag) or last[_single(taxonomy, tag)] == tag]


def _single(taxonomy: Taxonomy, tag: str) -> str | None:
    """The name of the tag's group when only one of its tags may hold."""
    group = taxonomy.group_of(tag)
    return group.name if group and group.pick == "单选" else None


def _rivals(taxonomy: Taxonomy, current: Collection[CarriedTag], tag: str, source: str) -> Iterator[str]:
    """What has to go for this tag. A hand at WeCom removes by itself what other hands set; we only clear up ours."""
    single, by_hand = _single(taxonomy, tag), {held.tag for held in current if held.by_hand}
    for held in current:
        replaceable = held.tag not in by_hand or source.startswith(GUIDE)
        if single and held.tag != tag and held.tag.startswith(f"{single}/") and replaceable:
            yield held.tag


def _aged(taxonomy: Taxonomy, current: Collection[CarriedTag], tag: str, at: int) -> bool:
    group = taxonomy.group_of(tag)
    return bool(group and group.expires_seconds) and any(c.tag == tag and c.set_at < at for c in current)


def tag_customer(
    taxonomy: Taxonomy,
    *,
    external_userid: str,
    userids: Sequence[str],
    current: Collection[CarriedTag],
    wanted: Sequence[str],
    source: str,
    at: int,
    fresh: str | None = None,
    not_before_at: int = 0,
) -> Decision:
    """The records, and a MarkTags for each guide of `userids`, that give a customer the `wanted` tags.

    `current`: what the customer carries with all guides, for a 单选 group holds for the person and not for a guide.
    `fresh`: a guide whose relation begins just now: WeCom has no tags of it whatever we remember, and the guide also
    gets those that the system set before.
    Tags that WeCom is not to see (仅系统) stay with us. Once per decision: all tags wanted go in one call.
    """
    change = decide_tags(taxonomy, current, wanted, source, at)
    decision = Decision(because=change.kept)
    for userid in dict.fromkeys([*userids, *(held.userid for held in current if held.tag in change.remove)]):
        carried = {held.tag for held in current if held.userid == userid}
        there = () if userid == fresh else carried
        add = {tag: source for tag in change.hold if tag not in there} if userid in userids else {}
        add = (_inherited(taxonomy, current, change) if userid == fresh else {}) | add
        add |= {tag: source for tag in change.renew if tag in carried}
        remove = tuple(tag for tag in change.remove if tag in carried)
        decision += _of_pair(taxonomy, userid, external_userid, add, remove, there, at, not_before_at)
    return decision


def _inherited(taxonomy: Taxonomy, current: Collection[CarriedTag], change: TagChange) -> dict[str, str]:
    """tag → source of what the system knows of the customer already, from a survey before they had a guide, say."""
    known = (held for held in current if not held.by_hand and held.tag not in change.remove)
    return {held.tag: held.source for held in known if taxonomy.find(held.tag)}


def untag_customer(
    taxonomy: Taxonomy, *, external_userid: str, held: Collection[CarriedTag], tags: Sequence[str], at: int
) -> Decision:
    """Take these tags away, wherever the customer carries them."""
    decision, gone = Decision(), dict.fromkeys((*tags, *map(taxonomy.current, tags)))
    for userid in dict.fromkeys(h.userid for h in held):
        carried = {h.tag for h in held if h.userid == userid}
        remove = tuple(tag for tag in gone if tag in carried)
        decision += _of_pair(taxonomy, userid, external_userid, {}, remove, carried, at, 0)
    return decision


def _of_pair(
    taxonomy: Taxonomy,
    userid: str,
    external_userid: str,
    add: Mapping[str, str],
    remove: tuple[str, ...],
    there: Collection[str],
    at: int,
    not_before_at: int,
) -> Decision:
    """One guide's part. `add`: tag → source; `there`: what WeCom has already."""
    shown = set(taxonomy.wecom_tags)
    pair: dict[str, Any] = {"userid": userid, "external_userid": external_userid}
    records = (
        *(UntagPerson(**pair, tag=tag, at=at) for tag in remove),
        *(TagPerson(**pair, tag=tag, source=source, at=at, shown=tag in shown) for tag, source in add.items()),
    )
    marks = MarkTags(
        **pair,
        add=tuple(tag for tag in add if tag in shown and tag not in there),
        remove=tuple(tag for tag in remove if tag in shown),
        not_before_at=not_before_at,
    )
    nothing = userid == NOBODY or not (marks.add or marks.remove)
    return Decision(records=records, actions=() if nothing else (marks,))
