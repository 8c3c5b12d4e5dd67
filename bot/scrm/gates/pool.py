"""The gates that look at a slot, a pool and an item. Each yields every reason for being shut."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.scrm.care import Cap, caps_in_force
from bot.scrm.gates.changes import Approve, Edit, HandOver, MakeWay, Raise, SwitchOn, WaitUntil
from bot.scrm.gates.rules import facts_of_pool
from bot.scrm.gates.situation import Rival, Situation
from bot.scrm.gates.verdict import Stop
from bot.scrm.item import Item
from bot.scrm.kind import Outlet
from bot.scrm.pick_item import pick_variant
from bot.scrm.quota import allowance, left
from bot.scrm.span import MINUTE, spelled, whole
from bot.scrm.switch import switches_of
from bot.scrm.week import clock_text, day_began_at, seconds_left, spoken

Gate = Callable[[Situation, Item], Iterator[Stop]]
SlotGate = Callable[[Situation], Iterator[Stop]]


def outlet(s: Situation) -> Outlet:
    """What the words have to be for."""
    return "手发" if s.entry.via == "导购手发" else s.touchpoint


def slot_valid(s: Situation) -> Iterator[Stop]:
    """The entry is meant to be, now."""
    if s.calendar.draft:
        yield Stop(gate="有效期", because="日历还是草稿", changes=(Edit("calendar", s.calendar.id, "draft", "否"),))
    if s.entry.draft:
        yield Stop(gate="有效期", because="条目还是草稿", changes=(Edit("entry", s.entry.id, "draft", "否"),))
    if s.now > s.slot.by_at:
        because = f"已经过了截止时间 {spoken(s.slot.by_at, s.timezone)}"
        yield Stop(gate="有效期", because=because, changes=_by(s, -(-(s.now - s.slot.at) // 60)))
    if not s.slot.is_step and not s.calendar.valid.holds(s.slot.at):  # who is in a sequence goes through it
        yield Stop(gate="有效期", because="不在日历的有效期里", changes=(Edit("calendar", s.calendar.id, "valid"),))


def _by(s: Situation, minutes: int) -> tuple[Edit, ...]:
    """Another end, so many minutes after its time: on the same day, for a line of a calendar has no other, and what
    announces a live room none of its own."""
    same_day = day_began_at(s.slot.at + minutes * 60, s.timezone) == day_began_at(s.slot.at, s.timezone)
    return (Edit("entry", s.entry.id, "by", minutes),) if minutes > 0 and same_day and not s.entry.live else ()


def entry_for_this_pool(s: Situation) -> Iterator[Stop]:
    """The pool is what the line asks for, as far as it was measured: what is not known does not hold."""
    when = s.entry.who.when if s.touchpoint != "私聊" else None  # there it asks about each person, see people.py
    if when and not when.holds(facts_of_pool(s)):
        edit = Edit("entry", s.entry.id, "who")
        yield Stop(gate="人群", because=f"{s.pool.name}不符合条件：{when.text}", changes=(edit,))


def item_valid(s: Situation, item: Item) -> Iterator[Stop]:
    """The item and its offer may be said now, by this persona, here."""
    if item.draft:
        yield Stop(gate="有效期", because=f"“{item.title}”还是草稿", changes=(Edit("item", item.id, "draft", "否"),))
    if not item.valid.holds(s.now):
        yield _outside(s, item)
    if item.personas and s.pool.persona not in item.personas:
        because = f"“{item.title}”不由{s.pool.name}的人设来说"
        yield Stop(gate="有效期", because=because, changes=(Edit("item", item.id, "personas", s.pool.persona),))
    if pick_variant(item, outlet(s), s.pool.persona) is None:
        because = f"“{item.title}”没有{s.pool.name}的人设能说的、写给{outlet(s)}的话"
        yield Stop(gate="有效期", because=because, changes=(Edit("item", item.id, "variants"),))
    yield from _offer_valid(s, item)


def for_this_pool(s: Situation, item: Item) -> Iterator[Stop]:
    """What is for some is not shown to all: a group sees everything, Moments can be shown by tag (and the guide is
    told which). One-to-one each person is asked by themselves."""
    who, some = item.who, False
    if s.touchpoint != "私聊":
        some = bool(who.tags_all or who.tags_none or who.channels or (s.touchpoint == "群" and who.tags_any))
    if some or not who.holds_pool(s.pool.userid, s.pool.name if s.touchpoint == "群" else None):
        seen = f"，{s.touchpoint}里人人看得到" if some else f"，{s.pool.name}不在内"
        edit = Edit("item", item.id, "who")
        yield Stop(gate="人群", because=f"“{item.title}”只给一部分人{seen}", changes=(edit,))
    mine, its = s.entry.who.tags_any, who.tags_any
    if s.touchpoint == "朋友圈" and mine and its and not set(mine) & set(its):
        edit = Edit("item", item.id, "who")
        yield Stop(gate="人群", because=f"“{item.title}”和这一条圈的标签没有一个相同", changes=(edit,))


def _outside(s: Situation, item: Item) -> Stop:
    edit = Edit("item", item.id, "valid")
    start_at = item.valid.start_at
    if start_at is not None and s.now < start_at:
        because = f"“{item.title}”从 {spoken(start_at, s.timezone)} 起才有效"
        return Stop(gate="有效期", because=because, until_at=start_at, changes=(WaitUntil(start_at), edit))
    return Stop(gate="有效期", because=f"“{item.title}”已经过了有效期", changes=(edit,))


def _offer_valid(s: Situation, item: Item) -> Iterator[Stop]:
    if item.offer is None:
        return
    offer = s.offers.get(item.offer)
    if offer is None:
        edit = Edit("item", item.id, "offer")
        yield Stop(gate="有效期", because=f"没有权益“{item.offer}”", changes=(edit,))
    elif not offer.valid.holds(s.now):
        start_at = offer.valid.start_at
        later = start_at if start_at is not None and s.now < start_at else None
        wait = (WaitUntil(later),) if later is not None else ()
        edit = Edit("offer", item.offer, "valid")
        because = f"权益“{offer.title}”{'还没开始' if later is not None else '已经过期'}"
        yield Stop(gate="有效期", because=because, until_at=later, changes=(*wait, edit))


def approved(s: Situation, item: Item) -> Iterator[Stop]:
    """A person has seen these very words."""
    if item.digest not in s.approved:
        yield Stop(gate="审批", because=f"“{item.title}”还没有人审批", changes=(Approve(item.id),))


def linted(s: Situation, item: Item) -> Iterator[Stop]:
    """The linter refuses nothing in it."""
    if found := s.refused.get(item.digest):
        yield Stop(gate="审查", because=found[0], changes=(Edit("item", item.id, "text"),))


def switched_on(s: Situation) -> Iterator[Stop]:
    """Nobody has stopped it."""
    for switch in switches_of(s.calendar, s.entry):
        if switch in s.switches:
            what = f"{switch.scope}“{switch.name}”" if switch.name else "所有发送"
            yield Stop(gate="开关", because=f"{what}被人停掉了", changes=(SwitchOn(switch),))


def within_quota(s: Situation) -> Iterator[Stop]:
    """WeCom would let it through: in the window of now, and of the last moment at which a member may press."""
    if s.touchpoint != "群" or s.entry.via != "群发":
        return
    uses = [*(m.at for m in s.met if not m.by_hand), *s.own_sends]
    reserve = s.quota.reserve.get(s.touchpoint, 0)
    for at in dict.fromkeys((s.now, max(s.now, s.slot.by_at))):
        spare, window = left(s.quota, s.touchpoint, uses, at, s.timezone), allowance(s.quota, at, s.timezone)
        if spare is None or window is None or spare > 0:
            continue
        give_up = (Raise("quota.reserve", 1 - spare),) if spare + reserve > 0 else ()
        because = f"{s.pool.name}的群发额度只剩 {max(0, spare + reserve)} 条"
        because += f"，留着 {reserve} 条备用" if reserve else ""
        if window.start_at <= s.now:
            fresh = left(s.quota, s.touchpoint, uses, window.end_at, s.timezone)
            opens_at = window.end_at if fresh is None or fresh > 0 else None
            wait = (WaitUntil(opens_at),) if opens_at is not None else ()
            yield Stop(gate="平台额度", because=because, until_at=opens_at, changes=(*wait, *give_up))
        else:  # a member who presses late would press in a window that is used up
            minutes = (window.start_at - 1 - s.slot.at) // 60
            yield Stop(gate="平台额度", because=because, changes=(*_by(s, minutes), *give_up))
        return


def not_quiet(s: Situation) -> Iterator[Stop]:
    """Nobody is disturbed at night, or on the days that are theirs."""
    if s.quiet_day_ends_at is not None and s.now < s.quiet_day_ends_at:
        at = s.quiet_day_ends_at
        yield Stop(gate="免打扰", because="今天只发服务消息", until_at=at, changes=(WaitUntil(at),))
    hours = s.care.quiet.get(s.touchpoint)
    if hours and (closed := seconds_left(hours, s.now, s.timezone)):
        at = s.now + closed
        because = f"{s.touchpoint} {clock_text(hours.start)} 到 {clock_text(hours.end)} 免打扰"
        yield Stop(gate="免打扰", because=because, until_at=at, changes=(WaitUntil(at),))


def within_caps(s: Situation, item: Item) -> Iterator[Stop]:
    """A group or a guide's Moments do not get more than its share."""
    if s.touchpoint == "私聊":
        return  # a person's own caps, see people.py
    for cap in caps_in_force(s.care.caps, s.touchpoint, s.now):
        if cap.kind in (None, item.kind) and (stop := _over(s, cap)):
            yield stop


def _over(s: Situation, cap: Cap) -> Stop | None:
    counted = sorted(m.at for m in s.met if m.at > s.now - cap.per_seconds and cap.kind in (None, m.kind))
    if len(counted) < cap.most:
        return None
    free_at = counted[len(counted) - cap.most] + cap.per_seconds if cap.most else None
    wait = (WaitUntil(free_at),) if free_at is not None else ()
    more = Raise(cap.source, len(counted) - cap.most + 1)
    because = f"{s.pool.name}：{cap.said}，已发 {len(counted)} 条"
    return Stop(gate="频次", because=because, until_at=free_at, changes=(*wait, more), source=cap.source)


def rested(s: Situation, item: Item) -> Iterator[Stop]:
    """The item is not repeated too soon."""
    if s.touchpoint == "私聊":
        return  # to a person, see people.py
    last = max((m.at for m in s.met if m.item == item.id), default=None)
    if last is None or s.now - last >= item.repeat_after_seconds:
        return
    at = last + item.repeat_after_seconds
    because = f"“{item.title}”{spelled(item.repeat_after_seconds)}内不重复，上次是 {spoken(last, s.timezone)}"
    yield Stop(gate="重复", because=because, until_at=at, changes=(WaitUntil(at), *_sooner(s, item, last)))


def _sooner(s: Situation, item: Item, last: int) -> tuple[Edit, ...]:
    """A shorter rest that is over already; files know no seconds."""
    rest = whole(s.now - last)
    return (Edit("item", item.id, "repeat_after", rest),) if rest >= MINUTE else ()


def unrivalled(s: Situation) -> Iterator[Stop]:
    """Of two entries that meet, the one of lower priority yields; of equals, the later one. Steps and live rooms have
    no priority of their own: what goes before them has to make way."""
    mine = (-s.entry.priority, s.slot)
    above = [r for r in s.rivals if (-r.priority, r.slot) < mine]
    if s.slot.is_step or s.entry.live:
        yield from map(_yields, above)
    elif above:
        first = max(above, key=lambda r: r.priority)
        edit = Edit("entry", s.entry.id, "priority", first.priority + 1)
        yield Stop(gate="冲突", because=f"同一时间还有“{first.slot.entry}”，它更优先", changes=(edit,))


def _yields(rival: Rival) -> Stop:
    """Nothing takes back what has gone already."""
    slot = rival.slot
    if rival.gone:
        return Stop(gate="冲突", because=f"同一时间的“{slot.entry}”已经发了，它更优先")
    way = MakeWay(f"{slot.calendar}/{slot.entry}")
    return Stop(gate="冲突", because=f"同一时间还有“{slot.entry}”，它更优先", changes=(way,))


def bearable(s: Situation) -> Iterator[Stop]:
    """The guide has not more to confirm than they can bear."""
    most = s.care.guide_load.cards_per_day
    if s.cards >= most:
        because = f"{s.pool.userid} 今天已有 {s.cards} 张卡要确认，上限 {most}"
        yield Stop(gate="导购负担", because=because, changes=(Raise("care.guide_load", s.cards - most + 1),))


def there(s: Situation) -> Iterator[Stop]:
    """The guide is there: only they can press. What who left the corp leaves behind one-to-one is passed on."""
    if s.pool.has_left:
        because = f"{s.pool.name} 的群主 {s.pool.userid} 已经离开企业"
        yield Stop(gate="导购不在", because=because, changes=(HandOver(s.pool.name),))
    away = s.care.away_at(s.now)
    if s.pool.userid in away:
        spare = dict(s.care.stand_ins(s.now)).get(s.pool.userid) if s.touchpoint == "私聊" else None
        because = f"{s.pool.userid} 这几天不在" + (f"，也加了 {spare} 的客户由 {spare} 发" if spare else "")
        yield Stop(gate="导购不在", because=because, changes=(Edit("care", s.pool.userid, "away"),))


def in_earnest(s: Situation) -> Iterator[Stop]:
    """It is not only tried."""
    if s.calendar.shadow:
        edit = Edit("calendar", s.calendar.id, "shadow", "否")
        yield Stop(gate="试跑", because="试跑，什么也不发", changes=(edit,))


SLOT_GATES: tuple[SlotGate, ...] = (
    slot_valid,
    entry_for_this_pool,
    switched_on,
    within_quota,
    not_quiet,
    unrivalled,
    bearable,
    there,
    in_earnest,
)
"""What can be said before any item is chosen."""

ITEM_GATES: tuple[Gate, ...] = (item_valid, for_this_pool, linted, approved, within_caps, rested)
"""What depends on the item. Rules come after these, see rules.py."""
