"""Random situations, seeded: most of them stand before some shut gate."""

from __future__ import annotations

from random import Random

from bot.scrm.calendar import Calendar, Entry, Every, Live, Slot
from bot.scrm.care import Away, BeforeSelling, Cap, Care, Cooling, FatigueBudget, GuideLoad
from bot.scrm.customer_stage import CUSTOMER_STAGES, TRACES, Evidence
from bot.scrm.gates.people import Ahead
from bot.scrm.gates.reach import Reach
from bot.scrm.gates.situation import Met, Rival, Situation, TargetPool
from bot.scrm.item import Item, Variant
from bot.scrm.kind import KINDS, Kind, Touchpoint
from bot.scrm.mix import state_under
from bot.scrm.offer import Offer
from bot.scrm.period import ALWAYS_VALID, Period
from bot.scrm.quota import Quota, QuotaPolicy
from bot.scrm.rules.condition import Among, Compare, Condition, Const, Fact, Has, Node, Not
from bot.scrm.rules.facts import PersonNow
from bot.scrm.rules.rule import Rule, Then
from bot.scrm.switch import Switch
from bot.scrm.touch import Touch
from bot.scrm.week import Hours
from bot.scrm.who import EVERYONE, Who

SHANGHAI = "Asia/Shanghai"
NOON = 1_796_270_400 - 1_796_270_400 % 86_400 + 4 * 3600
"""Some noon in Shanghai."""

HOUR, DAY = 3600, 86_400
TOPICS = ("护肤知识", "活动", "新品", "会员福利")


def situation(dice: Random) -> Situation:
    """A slot of a group or of a guide's Moments."""
    touchpoint: Touchpoint = dice.choice(("群", "群", "朋友圈"))
    at = NOON + dice.randrange(-14, 12) * HOUR
    slot = Slot(at, "dec", "evening", at + dice.choice((1, 2, 6)) * HOUR)
    items = [item(dice, f"i{n}", touchpoint) for n in range(dice.randrange(7))]
    fixed = dice.choice(items).id if items and dice.random() < 0.4 else None
    pick: tuple[Kind, ...] = tuple(dice.sample(KINDS, dice.randrange(1, 5)))
    return Situation(
        now=at + dice.choice((0, 0, 0, 60, 3 * HOUR)),
        timezone=SHANGHAI,
        slot=slot,
        calendar=Calendar(
            id="dec",
            title="12 月",
            draft=dice.random() < 0.05,
            valid=period(dice, at) if dice.random() < 0.1 else Period(),
            shadow=dice.random() < 0.05,
        ),
        entry=Entry(
            id="evening",
            touchpoint=touchpoint,
            when=Every(("每天",)),
            minute=0,
            item=fixed,
            pick=() if fixed else pick,
            draft=dice.random() < 0.05,
            priority=dice.choice((30, 50, 70)),
            live=Live("护肤夜", "预告") if Random(f"live {dice.getstate()}").random() < 0.2 else None,
        ),
        pool=TargetPool(
            id="wr-1",
            name="会员群一",
            userid="guide-lin",
            persona="xiaohe",
            stage="成长",
            has_left=touchpoint == "群" and Random(str(dice.getstate())).random() < 0.05,
        ),
        library={i.id: i for i in items},
        offers={"o1": Offer(id="o1", title="双支组", link="https://m.example", valid=period(dice, at))},
        approved=frozenset(i.digest for i in items if dice.random() < 0.7),
        refused={i.digest: ("用了“最有效”",) for i in items if dice.random() < 0.1},
        switches=frozenset(s for s in SWITCHES if dice.random() < 0.05),
        care=care(dice),
        quota=quota(dice),
        rules=tuple(slot_rule(dice, f"r{n}") for n in range(dice.randrange(3))),
        mix=state_under({"科普": 40, "活动": 20, "互动": 30, "导购": 10}, at - DAY),
        met=tuple(met(dice, at, items) for _ in range(dice.randrange(6))) if items else (),
        own_sends=tuple(at - dice.randrange(20 * DAY) for _ in range(dice.randrange(4))),
        cards=dice.randrange(4),
        rivals=(Rival(Slot(at, "dec", "other", at + HOUR), dice.choice((40, 60))),) if dice.random() < 0.15 else (),
        quiet_day_ends_at=NOON + 12 * HOUR if dice.random() < 0.05 else None,
    )


SWITCHES = (
    Switch("全部"),
    Switch("触点", "群"),
    Switch("日历", "dec"),
    Switch("条目", "dec/evening"),
    Switch("规则", "r0"),
)


NARROW = (
    Who(tags_any=("会员/付费会员",)),
    Who(groups=("静安*",)),
    Who(guides=("guide-wu",)),
    Who(channels=("parcel",)),
)


def item(dice: Random, id_: str, touchpoint: Touchpoint) -> Item:
    kind: Kind = dice.choice(KINDS)
    return Item(
        id=id_,
        title=f"内容 {id_}",
        kind=kind,
        topic=dice.choice(TOPICS),
        variants=(Variant(outlets=(touchpoint if dice.random() < 0.9 else "手发",), text="…"),),
        digest=f"digest-{id_}",
        valid=period(dice, NOON) if dice.random() < 0.3 else ALWAYS_VALID,
        repeat_after_seconds=dice.choice((1, 30, 60)) * DAY,
        who=dice.choice(NARROW) if dice.random() < 0.1 else EVERYONE,
        personas=("brand",) if dice.random() < 0.1 else (),
        offer="o1" if kind == "导购" else None,
        draft=dice.random() < 0.05,
        first_seen_at=NOON - 5 * DAY if dice.random() < 0.8 else None,
    )


def period(dice: Random, around: int) -> Period:
    start = around + dice.randrange(-30, 2) * HOUR
    return Period(start, start + dice.randrange(1, 60) * HOUR)


def care(dice: Random) -> Care:
    caps = [
        Cap(touchpoint=t, per_seconds=d * DAY, most=m, kind=k, source=f"care.caps.{n}")
        for n, (t, d, m, k) in enumerate(
            (
                ("群", 1, 2, None),
                ("朋友圈", 1, 1, None),
                ("私聊", 1, 1, None),
                ("私聊", 7, 2, None),
                ("私聊", 7, 1, "导购"),
            )
        )
    ]
    return Care(
        quiet={"群": Hours(22 * 60, 8 * 60 + 30), "朋友圈": Hours(22 * 60 + 30, 7 * 60 + 30)},
        budget=FatigueBudget(weights={"私聊": 300, "群": 100, "朋友圈": 25}, most=dice.choice((3, 8, 14))),
        caps=tuple(caps),
        before_selling=BeforeSelling(48 * HOUR, dice.randrange(3)),
        cooling=(Cooling("删除任一导购", dice.choice((30 * DAY, None)), dice.choice(((), ("导购",)))),),
        guide_load=GuideLoad(cards_per_day=3),
        away=_away(Random(str(dice.getstate()))),
        hold_out_percent=dice.choice((0, 5, 50)),
    )


def _away(dice: Random) -> tuple[Away, ...]:
    if dice.random() >= 0.1:
        return ()
    return (Away("guide-lin", period(dice, NOON), dice.choice((None, "guide-zhou"))),)


def quota(dice: Random) -> Quota:
    policies = (QuotaPolicy(0, dice.choice(("月", "周", "天")), dice.choice((None, 1, 2, 4))),)
    return Quota(policies, {"群": dice.randrange(3), "私聊": dice.randrange(2)})


def met(dice: Random, at: int, items: list[Item]) -> Met:
    one = dice.choice(items)
    return Met(at=at - dice.randrange(1, 40 * DAY), item=one.id, kind=one.kind, topic=one.topic, entry="evening")


def slot_rule(dice: Random, id_: str) -> Rule:
    trees: tuple[Node, ...] = (
        Compare("==", Fact("kind"), Const(dice.choice(KINDS))),
        Among(Fact("topic"), TOPICS[:2]),
        Compare("<", Fact("item_age_days"), Const(dice.randrange(10))),
        Compare(">=", Fact("hour"), Const(dice.randrange(24))),
        Not(Compare("==", Fact("stage"), Const("成熟"))),
        Compare("==", Fact("kind"), Const(3)),  # of another kind than the fact: it fails
    )
    return rule(dice, id_, dice.choice(trees), about_people=False)


def rule(dice: Random, id_: str, tree: Node, *, about_people: bool) -> Rule:
    then: Then = dice.choice(("跳过", "推迟", "审批", "换类", "放行"))
    if about_people and then in ("审批", "换类"):
        then = "跳过"
    return Rule(
        id=id_,
        then=then,
        because=f"规则 {id_}",
        condition=Condition(tree),
        about_people=about_people,
        to=(dice.choice(KINDS),) if then == "换类" else (),
        by="店长" if then == "审批" else None,
        until_at=NOON + dice.randrange(20) * HOUR if then == "推迟" and dice.random() < 0.5 else None,
        priority=dice.choice((40, 50, 60)),
    )


def reach(dice: Random) -> Reach:
    """A customer of a guide, and an item ahead of them."""
    ahead_item = item(dice, "i0", "私聊")
    at = NOON
    person = PersonNow(
        userid="guide-lin",
        added_at=at - dice.randrange(1, 40 * DAY),
        tags=frozenset(t for t in ("肤质/干性", "服务/售后中", "会员/付费会员") if dice.random() < 0.4),
        channel=dice.choice((None, "parcel", "store")),
        orders=tuple(at - dice.randrange(90 * DAY) for _ in range(dice.randrange(3))),
        refused=frozenset(t for t in (*TOPICS, "全部") if dice.random() < 0.05),
        touches=tuple(touch(dice, at) for _ in range(dice.randrange(10))),
        lost_at=at - dice.randrange(60 * DAY) if dice.random() < 0.2 else None,
        own_sends=tuple(at - dice.randrange(30 * DAY) for _ in range(dice.randrange(3))),
        clicks=None if dice.random() < 0.5 else tuple(at - dice.randrange(28 * DAY) for _ in range(dice.randrange(3))),
        draw=dice.randrange(10_000),
        evidence=tuple(Evidence(dice.choice(TRACES), at - dice.randrange(120 * DAY)) for _ in range(dice.randrange(4))),
    )
    audience = Condition(Has(Fact("tags"), "肤质/干性"), "tags_any: 肤质/干性")
    return Reach(
        person=person,
        ahead=Ahead(
            item=ahead_item,
            entry=Entry(id="cream", touchpoint="私聊", when=Every(("每天",)), minute=0, item="i0"),
            care=care(dice),
            at=at,
            timezone=SHANGHAI,
            quota=quota(dice),
            audience=(audience,) if dice.random() < 0.5 else (),
            item_audience=(audience,) if dice.random() < 0.1 else (),
            rules=tuple(person_rule(dice, f"p{n}") for n in range(dice.randrange(3))),
        ),
    )


def touch(dice: Random, at: int) -> Touch:
    touchpoint: Touchpoint = dice.choice(("私聊", "群", "朋友圈"))
    return Touch(
        at=at - dice.randrange(1, 30 * DAY),
        touchpoint=touchpoint,
        kind=dice.choice(KINDS),
        topic=dice.choice(TOPICS),
        item=dice.choice(("i0", "i1", "i2")),
        weight={"私聊": 300, "群": 100, "朋友圈": 25}[touchpoint],
        addressed=touchpoint == "私聊",
    )


def person_rule(dice: Random, id_: str) -> Rule:
    trees: tuple[Node, ...] = (
        Has(Fact("tags"), "服务/售后中"),
        Compare(">=", Fact("sent", 28 * DAY, None, "导购"), Const(dice.randrange(1, 4))),
        Compare("==", Fact("clicks", 28 * DAY), Const(0)),
        Compare("<", Fact("hours_since_add"), Const(dice.randrange(200))),
        Compare("<=", Fact("days_since_order"), Const(dice.randrange(60))),
        Not(Compare(">", Fact("days_since_order"), Const(dice.randrange(60)))),
        Compare("==", Fact("customer_stage"), Const(dice.choice(CUSTOMER_STAGES))),
        Among(Fact("customer_stage"), ("转冷", "沉默")),
    )
    return rule(dice, id_, dice.choice(trees), about_people=True)
