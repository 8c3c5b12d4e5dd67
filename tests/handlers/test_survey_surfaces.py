"""One survey over several surfaces: whatever the way, the same answers, and good manners all along.

The handlers in earnest, over facts in memory; the phone beside them counts by itself what WeCom would let through.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.router import Router
from bot.scrm.actions.kf import MoveKfSession, SendKfMessage
from bot.scrm.decision import Decision
from bot.scrm.events.kf import KfEntered, KfMessageReceived, KfServicerSpoke, KfSessionChanged, KfSettled
from bot.scrm.events.survey import SurveyAnswered
from bot.scrm.kf_account import KfAccount
from bot.scrm.records import TagPerson
from bot.scrm.records.kf import SaveKfAccount
from bot.scrm.records.privacy import SaveConsent
from bot.scrm.records.tags import UntagPerson
from bot.scrm.settings import Settings
from bot.scrm.survey.answers import menu_id, menu_place
from bot.scrm.survey.run import Option, Question, Surface, Survey, SurveyRun, next_question, tags_of_run
from bot.scrm.taxonomy import Tag, TagGroup, Taxonomy
from bot.scrm.who import Who
from demo.stage import OPENING
from handlers import handover, kf, survey
from tests.fakes import FakeFacts
from tests.handlers.conftest import CONTENT

T = TypeVar("T")
CUSTOMER, KF = "wm-1", "wk-1"
MONTH = 30 * 86_400
TAGS = ("甲/一", "甲/二", "乙/一", "乙/二", "乙/三")
FREE = {"文字": ("某某面霜",), "数字": ("25",), "日期": ("1995-06-18",), "手机号": ("13800138000",)}
"""What a person answers where there are no options."""

TYPED = {
    "1995-06-18": ("1995-06-18", "1995年6月18日", "19950618", "１９９５/6/18"),
    "13800138000": ("13800138000", "138 0013 8000", "+86 138-0013-8000", "我的是13800138000"),
}
"""How they write it in chat, to mean the same."""

MISSES = {"单选": ("77", "第八个"), "多选": ("77", "第八个"), "日期": ("1995-13-40", "6月18"), "手机号": ("138001380",)}
"""What is meant as an answer and is none."""


TAXONOMY = Taxonomy(
    (
        TagGroup(name="甲", pick="单选", tags=(Tag("甲", "一"), Tag("甲", "二"))),
        TagGroup(name="乙", tags=(Tag("乙", "一"), Tag("乙", "二"), Tag("乙", "三"))),
    )
)
router = Router().include(kf.router, handover.router, survey.router)
RUNS = TypeAdapter(SurveyRun)


def now(waiting: Coroutine[Any, Any, T]) -> T:
    """The outcome of what has nothing to wait for."""
    try:
        waiting.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise AssertionError("waited for something")


@dataclass
class Facts(FakeFacts):
    settings: Settings = field(default_factory=Settings)


@dataclass
class Phone:
    """What WeCom lets through, counted without the bot's help."""

    click_counts: bool
    human: bool = False
    window: int = 0
    out: int = 0
    shown: list[tuple[str, str]] = field(default_factory=list)

    def hears(self, messages: list[SendKfMessage], at: int) -> None:
        for message in messages:
            assert not self.human, "spoke while a human has the session"
            if message.code is None:
                assert at - self.window < 48 * 3600
                self.out += 1
                assert self.out <= 5, "a sixth message"
            self.shown += [(message.msgid, item.id) for item in message.menu[:1]]

    def speaks(self, at: int, *, tap: bool) -> None:
        if self.click_counts or not tap:
            self.window, self.out = at, 0


class Walk:
    """One customer answering truly, wherever they are asked."""

    def __init__(self, asked: Survey, truth: dict[str, tuple[str, ...]], click_counts: bool, seed: int) -> None:
        account = KfAccount(
            id="hall", name="小助手", guides=("g",), greeting="你好", survey=asked.id, avatar="kf/a.png"
        )
        content = replace(CONTENT, kf_accounts={"hall": account}, surveys={asked.id: asked}, taxonomy=TAXONOMY)
        self.facts = Facts(content, settings=Settings(kf_click_reopens_window=click_counts))
        self.survey, self.truth, self.at = asked, truth, OPENING
        self.phone = Phone(click_counts)
        self.dice = random.Random(seed)
        self.again: list[Callable[[], object]] = []
        self.untold: list[KfSettled] = []
        self.agreed: list[str] = []
        self.handed = False
        self.facts.remember(SaveKfAccount(account_id="hall", open_kfid=KF, name="小助手", at=OPENING))
        self.happens(
            KfEntered(created_at=self.at, open_kfid=KF, external_userid=CUSTOMER, msgid="in", welcome_code="C")
        )

    @property
    def run(self) -> SurveyRun | None:
        return next(iter(self.facts.surveys.runs.values()), None)

    def question(self) -> Question | None:
        if self.run is None:
            return None
        return next_question(self.survey, self.run, now(self.facts.surveys.known(CUSTOMER)), self.at)

    def happens(self, event: object) -> None:
        before = self.run
        decision: Decision = now(router.decide(event, self.facts.at(self.at)))  # type: ignore[arg-type]
        for record in decision.records:
            self.facts.remember(record)
        self.agreed += [record.purpose for record in decision.records if isinstance(record, SaveConsent)]
        messages = [a for a in decision.actions if isinstance(a, SendKfMessage)]
        moves = [a for a in decision.actions if isinstance(a, MoveKfSession)]
        assert not (moves and (self.phone.human or messages)), "handed over what a human has, or spoke beside it"
        assert len(moves) <= 1 and not (moves and self.handed), "handed over twice"
        self.handed = self.handed or bool(moves)
        self.phone.hears(messages, self.at)
        assert not (messages and before and before.state == "taken_over"), "spoke after a human had"
        for message in messages:
            place = menu_place(message.menu[0].id) if message.menu else None
            assert place is None or place[1] not in self.answers(), "asked what is answered"
        self.untold += [self.settled(message) for message in messages]

    def settled(self, message: SendKfMessage) -> KfSettled:
        who = {"created_at": self.at, "open_kfid": KF, "external_userid": CUSTOMER}
        return KfSettled(**who, msgid=message.msgid, state="sent")  # type: ignore[arg-type]

    def hear_of_sends(self) -> None:
        """WeCom answered what we sent."""
        told, self.untold = self.untold, []
        for settled in told:
            self.happens(settled)

    def answers(self) -> dict[str, tuple[str, ...]]:
        return {a.question_id: a.values for a in self.run.answers} if self.run else {}

    def phones_typed(self) -> list[str]:
        """The questions whose phone number was given in chat."""
        given = [a.question_id for a in self.run.answers if a.surface == "客服" and a.values] if self.run else []
        return [q.id for q in self.survey.questions if q.type == "手机号" and q.id in given]

    def step(self) -> None:
        """Something that may happen between two answers, or an answer."""
        self.at += self.dice.randrange(1, 600)
        if self.dice.random() < 0.8:
            self.hear_of_sends()
        match self.dice.choice(("客服", "客服", "H5", "侧边栏", "again", "restart", "noise", "human")):
            case "again" if self.again:
                self.repeat()
            case "again":
                pass
            case "restart":
                self.restart()
            case "noise":
                self.phone.speaks(self.at, tap=False)
                self.happens(self.message(self.dice.choice(self.noises())))
            case "human":
                self.human()
            case "客服":
                self.in_chat()
            case surface:
                self.on_a_page(surface)

    def noises(self) -> tuple[str, ...]:
        """What is no answer to the question in the chat."""
        asked = self.survey.question(self.run.asked_id) if self.run else None
        return ("你们几点关门？", "在吗", *(MISSES.get(asked.type, ()) if asked else ("77",)))

    def repeat(self) -> None:
        """An old menu is tapped again, or a page sends its form again."""
        event = self.dice.choice(self.again)()
        if isinstance(event, KfMessageReceived):
            self.phone.speaks(self.at, tap=True)
        self.happens(event)

    def in_chat(self) -> None:
        """Answer what stands in the chat, by a tap or in words, if anything does."""
        run = self.run
        asked = self.survey.question(run.asked_id) if run else None
        if run is None or asked is None:
            return
        values = self.truth[asked.id]
        numbers = [n for n, o in enumerate(asked.options, 1) if o.say in values]
        if len(numbers) <= 1 and asked.options and self.dice.random() < 0.6:
            self.phone.speaks(self.at, tap=True)
            tapped = menu_id(run.run_id, asked.id, numbers[0] if numbers else 0)
            self.again.append(lambda: self.message("点了", tapped))
            self.happens(self.message("点了", tapped))
        else:
            self.phone.speaks(self.at, tap=False)
            words = "、".join(map(str, numbers)) or "、".join(values) or "跳过"
            self.happens(self.message(self.dice.choice(TYPED.get(words, (words,)))))

    def message(self, text: str, tapped: str | None = None) -> KfMessageReceived:
        return KfMessageReceived(
            created_at=self.at,
            open_kfid=KF,
            external_userid=CUSTOMER,
            msgid=f"m{self.at}",
            msgtype="text",
            text=text,
            menu_id=tapped,
        )

    def on_a_page(self, surface: Surface) -> None:
        question, run = self.question(), self.run
        if question and run:
            event = SurveyAnswered(
                created_at=self.at,
                run_id=run.run_id,
                survey_id=self.survey.id,
                external_userid=CUSTOMER,
                question_id=question.id,
                values=self.truth[question.id],
                surface=surface,
            )
            self.again.append(lambda: event)
            self.happens(event)

    def human(self) -> None:
        """Somebody takes the chat, or leaves it."""
        who = {"created_at": self.at, "open_kfid": KF, "external_userid": CUSTOMER, "msgid": f"s{self.at}"}
        self.phone.human = not self.phone.human
        self.handed = self.phone.human and self.handed
        if self.phone.human:
            self.happens(KfServicerSpoke(**who, servicer_userid="g", msgtype="text"))  # type: ignore[arg-type]
        else:
            self.happens(KfSessionChanged(**who, change_type=3))  # type: ignore[arg-type]

    def restart(self) -> None:
        """All that is remembered of runs goes through JSON and back."""
        kept = {key: RUNS.dump_json(run) for key, run in self.facts.surveys.runs.items()}
        self.facts.surveys.runs = {key: RUNS.validate_json(text) for key, text in kept.items()}

    def finish(self) -> dict[str, tuple[str, ...]]:
        while self.question():
            self.on_a_page("H5")
        return self.answers()


@st.composite
def cases(draw: st.DrawFn) -> tuple[Survey, dict[str, tuple[str, ...]]]:
    """A survey, and what a person truly answers."""
    questions, truth = [], {}
    tag_sets = st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple)
    for i in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["单选", "多选", *FREE]))
        says = [f"选项{'甲乙丙丁'[n]}{i}" for n in range(draw(st.integers(2, 4)))] if kind in ("单选", "多选") else []
        options = tuple(Option(say, draw(st.none() | st.sampled_from(TAGS))) for say in says)
        only_if = Who(tags_any=draw(tag_sets), tags_none=draw(tag_sets)) if draw(st.booleans()) else Who()
        question = Question(
            id=f"q-{i}",
            ask=f"第{i}题",
            type=kind,
            options=options,
            only_if=only_if,
            why="为了寄东西给你" if kind == "手机号" else "",
            save=None if says else f"栏{i}",
            ask_again_seconds=draw(st.none() | st.just(MONTH)),
        )
        questions.append(question)
        most = {"单选": 1, "多选": len(says)}.get(kind, 0)
        chosen = draw(st.lists(st.sampled_from(says), max_size=most, unique=True)) if says else []
        in_order = tuple(say for say in says if say in chosen)
        truth[question.id] = in_order if says else draw(st.sampled_from([FREE[kind], ()]))
    made = Survey(id="random", title="随机", intro="开场", consent="同意", thanks="谢谢", questions=tuple(questions))
    return made, truth


@settings(max_examples=150, deadline=None)
@given(case=cases(), click_counts=st.booleans(), steps=st.integers(0, 30), seed=st.integers(0, 2**32))
def test_every_way_through_a_survey_is_the_same_way(
    case: tuple[Survey, dict[str, tuple[str, ...]]], click_counts: bool, steps: int, seed: int
) -> None:
    """Surfaces change at each question, messages come again, a restart and humans come between: the same answers."""
    straight = Walk(*case, click_counts, seed)
    expected = straight.finish()
    crossing = Walk(*case, click_counts, seed)
    for _ in range(steps):
        crossing.step()
    assert crossing.finish() == expected
    assert not crossing.run or len(crossing.run.answers) == len(expected), "an answer was kept twice"
    assert crossing.agreed.count("phone") == len(crossing.phones_typed()), "a number is agreed to where it is typed"
    asked = [place[1] for _, first in dict.fromkeys(crossing.phone.shown) if (place := menu_place(first))]
    assert all(asked.count(question) <= 2 for question in asked)
    if crossing.run and crossing.run.answers:
        assert crossing.run.state == "done"


class Corrector(Walk):
    """A customer on a page who changes their mind."""

    def corrects(self) -> None:
        """Change any answer to anything."""
        run = self.run
        given = [a for a in run.answers if a.surface == "H5"] if run and run.under_way else []
        if run is None or not given:
            return
        question = self.survey.question(self.dice.choice(given).question_id)
        assert question
        says = [option.say for option in question.options]
        values = (self.dice.choice(says),) if says else self.dice.choice([(), self.truth[question.id]])
        self.changes(question.id, values)

    def changes(self, question_id: str, values: tuple[str, ...]) -> None:
        assert self.run
        event = SurveyAnswered(
            created_at=self.at,
            run_id=self.run.run_id,
            survey_id=self.survey.id,
            external_userid=CUSTOMER,
            question_id=question_id,
            values=values,
            surface="H5",
            corrects=True,
        )
        self.happens(event)

    def tags(self) -> set[str]:
        return {held.tag for held in now(self.facts.tags.carried(CUSTOMER))}


def by_channel(tag: str) -> TagPerson:
    return TagPerson(userid="g", external_userid=CUSTOMER, tag=tag, at=OPENING - 2 * MONTH, source="channel/store")


@settings(max_examples=150, deadline=None)
@given(case=cases(), told=st.sets(st.sampled_from(TAGS)), steps=st.integers(1, 30), seed=st.integers(0, 2**32))
def test_after_corrections_only_what_stands_is_known(
    case: tuple[Survey, dict[str, tuple[str, ...]]], told: set[str], steps: int, seed: int
) -> None:
    """Whatever was changed and how often: every answer is meant for this person, every tag and field is of an answer
    that stands or was told by a channel long ago, and the survey still comes to its end."""
    walk = Corrector(*case, True, seed)
    for tag in sorted(told):
        walk.facts.remember(by_channel(tag))
    for _ in range(steps):
        walk.at += 60
        walk.dice.choice((walk.corrects, lambda: walk.on_a_page("H5"), lambda: walk.on_a_page("侧边栏")))()
    walk.finish()
    run = walk.run
    assert run is None or not run.answers or run.state == "done"
    standing = tags_of_run(walk.survey, run) if run else frozenset()
    answered = [walk.survey.question(q) for q in walk.answers()]
    branches = [question.only_if.tags_any for question in answered if question and question.only_if.tags_any]
    assert all((standing | told).intersection(tags) for tags in branches)
    assert walk.tags() <= standing | told
    assert {tag for tag in standing if tag.startswith("乙/")} <= walk.tags()
    saved = {q.save: walk.answers()[q.id][0] for q in answered if q and q.save and walk.answers()[q.id]}
    assert {name: field.value for (_, name), field in walk.facts.surveys.fields.items()} == saved


ODD = Question(
    id="odd",
    ask="哪种？",
    type="单选",
    options=(Option("甲", None), Option("乙", "乙/一")),
    only_if=Who(tags_none=("乙/一",)),
)
SAME = Question(id="same", ask="又？", type="单选", options=(Option("丙", "乙/一"), Option("丁", None)))


def test_an_answer_that_closes_its_own_question_stands_when_it_is_corrected() -> None:
    """It stands as it does when it is given at once; its tag is of an answer, and the survey comes to its end."""
    asked = Survey(id="s", title="题", intro="开", consent="同意", thanks="谢", questions=(ODD, SAME))
    walk = Corrector(asked, {"odd": (), "same": ()}, True, 0)
    walk.on_a_page("H5")
    walk.changes("odd", ("乙",))
    assert walk.answers() == {"odd": ("乙",)} and walk.tags() == {"乙/一"}
    assert walk.run and walk.run.state == "done"


def test_a_corrected_answer_that_is_not_meant_any_more_teaches_nothing() -> None:
    """A hand's tag had opened the question, and a hand took it off since."""
    opened = replace(ODD, only_if=Who(tags_any=("乙/三",)))
    asked = Survey(id="s", title="题", intro="开", consent="同意", thanks="谢", questions=(opened, SAME))
    walk = Corrector(asked, {"odd": ("甲",), "same": ()}, True, 0)
    by_hand = {"userid": "g", "external_userid": CUSTOMER, "tag": "乙/三", "at": OPENING}
    walk.facts.remember(TagPerson(**by_hand, source="wecom"))  # type: ignore[arg-type]
    walk.on_a_page("H5")
    walk.facts.remember(UntagPerson(**by_hand))  # type: ignore[arg-type]
    walk.changes("odd", ("乙",))
    assert not walk.answers() and not walk.tags()


MORE = (*SAME.options, Option("己", "乙/二"))
AGED = Question(id="aged", ask="还是？", type="多选", options=MORE, ask_again_seconds=MONTH)
BRANCH = replace(SAME, id="branch", only_if=Who(tags_any=("乙/一",)), options=(Option("甲", None), Option("戊", None)))


def told_by_channel(*questions: Question) -> Corrector:
    """Somebody whose channel had told long ago what AGED asks for; they have just said the same, and something more."""
    asked = Survey(id="s", title="题", intro="开", consent="同意", thanks="谢", questions=questions)
    walk = Corrector(asked, {"aged": ("丙", "己"), "branch": ("甲",), "last": ()}, True, 0)
    walk.facts.remember(by_channel("乙/一"))
    walk.on_a_page("H5")
    assert walk.answers() == {"aged": ("丙", "己")}
    return walk


def test_what_a_channel_told_answers_after_a_correction_too() -> None:
    """Nothing is left to ask, so the run is done, and does not wait until it expires."""
    walk = told_by_channel(AGED, SAME, replace(BRANCH, only_if=Who(tags_any=("乙/二",))))
    walk.changes("aged", ("丁",))
    assert walk.tags() == {"乙/一"} and walk.question() is None
    assert walk.run and walk.run.state == "done"


def test_what_a_channel_opened_stays_open_after_a_correction() -> None:
    """As what a hand's tag opened does."""
    walk = told_by_channel(AGED, BRANCH, Question(id="last", ask="还有？", type="文字"))
    walk.on_a_page("H5")
    walk.changes("aged", ("丁",))
    assert walk.answers() == {"aged": ("丁",), "branch": ("甲",)}
