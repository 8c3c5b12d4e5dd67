"""A survey from its offer to its end: decisions over facts in a database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from msgspec import structs

from bot.scrm.actions import MarkTags, SendAppMessage
from bot.scrm.actions.kf import MoveKfSession, SendKfMessage
from bot.scrm.actions.remark import RemarkCustomer
from bot.scrm.consent import EVERYTHING
from bot.scrm.decision import Decision
from bot.scrm.events import WelcomeSettled
from bot.scrm.events.kf import KfEntered, KfMessageReceived, KfServicerSpoke, KfSessionChanged, KfSessionRead
from bot.scrm.events.survey import SurveyAnswered, SurveyDeclined, SurveyExpiryDue, SurveyReminderDue
from bot.scrm.facts import Facts
from bot.scrm.group import GroupSnapshot, Seat
from bot.scrm.kf_account import KfAccount
from bot.scrm.records import AddTask, TagPerson
from bot.scrm.records.kf import SaveKfAccount
from bot.scrm.records.privacy import SaveConsent, SavePreference
from bot.scrm.records.survey import NoteUnsurveyed, OpenSurveyRun, SaveProfileField
from bot.scrm.settings import Settings
from bot.scrm.survey.answers import menu_id
from bot.scrm.survey.run import Option, Question, Survey, SurveyRun
from bot.scrm.survey.talk import DECLINED
from bot.scrm.who import Who
from bot.scrm.words import Words
from bot.store import groups, pool, surveys
from bot.store.facts import stored_facts
from bot.store.ledger import NOT_SHOWN, ledger
from bot.wecom.events import CustomerAdded, CustomerHalfAdded, FollowUserDeleted
from demo.stage import OPENING
from tests.fakes import links_at
from tests.handlers.conftest import CONTENT, StoredWorld, stored_world

GUIDE, CUSTOMER, KF = "guide-chen", "wm-1", "wk-1"
ACCOUNT = KfAccount(
    id="hall",
    name="屿禾小助手",
    guides=(GUIDE,),
    greeting="你好，我是屿禾小助手。",
    survey="newcomer",
    avatar="kf/a.png",
)
NEWCOMER = CONTENT.surveys["newcomer"]
HOUR, DAY = 3600, 24 * 3600


class Chat(StoredWorld):
    """A customer at a kf account that asks the survey."""

    content = replace(CONTENT, kf_accounts={"hall": ACCOUNT})
    settings = Settings()

    def facts(self, now: int) -> Facts:
        links = links_at(now)
        return stored_facts(self._database, self.content, "Asia/Shanghai", now, links, self.settings)

    async def run(self) -> SurveyRun:
        [run] = await self.facts(OPENING).surveys.runs_of(CUSTOMER)
        return run

    async def enters(self, at: int = OPENING, code: str | None = "CODE") -> Decision:
        entered = KfEntered(created_at=at, open_kfid=KF, external_userid=CUSTOMER, msgid=f"in{at}", welcome_code=code)
        return await self.happens(entered, at)

    async def types(self, text: str, at: int, menu: str | None = None) -> Decision:
        said = KfMessageReceived(
            created_at=at,
            open_kfid=KF,
            external_userid=CUSTOMER,
            msgid=f"m{at}{text}",
            msgtype="text",
            text=text,
            menu_id=menu,
        )
        return await self.happens(said, at)

    async def taps(self, question: str, number: int, at: int) -> Decision:
        return await self.types("点了", at, menu_id((await self.run()).run_id, question, number))

    async def fills(self, question: str, values: tuple[str, ...], at: int, *, corrects: bool = False) -> Decision:
        answered = SurveyAnswered(
            created_at=at,
            run_id=(await self.run()).run_id,
            survey_id="newcomer",
            external_userid=CUSTOMER,
            userid=GUIDE,
            question_id=question,
            values=values,
            surface="H5",
            corrects=corrects,
        )
        return await self.happens(answered, at)

    async def reminded(self, at: int, nth: int = 0) -> Decision:
        run = await self.run()
        due = SurveyReminderDue(
            created_at=at, run_id=run.run_id, survey_id=run.survey_id, external_userid=CUSTOMER, nth=nth
        )
        return await self.happens(due, at)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """An account that is known, and nobody in it yet."""
    async with stored_world(tmp_path) as world:
        here = Chat(world._database)
        known = SaveKfAccount(account_id="hall", open_kfid=KF, name="小助手", at=OPENING)
        await here.remember(Decision(records=(known,)))
        yield here


def added(at: int = OPENING, *, half: bool = False, state: str | None = "store") -> CustomerAdded | CustomerHalfAdded:
    cls = CustomerHalfAdded if half else CustomerAdded
    return cls(created_at=at, userid=GUIDE, external_userid=CUSTOMER, state=state, welcome_code="CODE")


def said(decision: Decision) -> list[SendKfMessage]:
    return [action for action in decision.actions if isinstance(action, SendKfMessage)]


def text(decision: Decision) -> str:
    [message] = said(decision)
    return str(message.text)


def kept(decision: Decision, kind: type) -> list[object]:
    return [record for record in decision.records if type(record) is kind]


async def test_whoever_enters_is_greeted_and_asked_in_one_message(chat: Chat) -> None:
    """Greeting, what it is about, consent, the first question; every choice to tap, and a way to skip."""
    decision = await chat.enters()
    [message] = said(decision)
    assert message.code == "CODE" and message.not_after_at == OPENING + 20
    for part in (ACCOUNT.greeting, NEWCOMER.intro, NEWCOMER.consent, NEWCOMER.questions[0].ask):
        assert part in str(message.text)
    assert [item.say for item in message.menu] == [*(o.say for o in NEWCOMER.questions[0].options), "跳过"]
    assert len(str(message.text).encode()) <= 1024
    assert (await chat.run()).state == "offered"


async def test_without_a_code_nothing_is_said(chat: Chat) -> None:
    """Somebody who was here in the last two days, or history."""
    assert not said(await chat.enters(code=None))
    old = KfEntered(
        created_at=OPENING, open_kfid=KF, external_userid=CUSTOMER, msgid="x", welcome_code="C", history=True
    )
    assert not said(await chat.happens(old))


async def test_a_whole_conversation_fills_tags_and_fields(chat: Chat) -> None:
    """By taps and typing, over a branch, to the thanks; with where each came from, and what was agreed to."""
    await chat.happens(added())
    await chat.enters(OPENING + 60)
    first = await chat.taps("skin", 4, OPENING + 70)
    assert "什么时候更明显" in text(first)
    [mark] = [a for a in first.actions if isinstance(a, MarkTags)]
    assert (mark.userid, mark.add) == (GUIDE, ("肤质/敏感肌",))
    [consent] = cast(list[SaveConsent], kept(first, SaveConsent))
    assert (consent.purpose, consent.shown) == ("survey", NEWCOMER.consent)
    assert "最想先照顾" in text(await chat.types("1、3", OPENING + 80))
    assert "护肤品" in text(await chat.types("第二个", OPENING + 90))
    last = await chat.types("某某面霜", OPENING + 100)
    assert text(last) == NEWCOMER.thanks
    [field] = cast(list[SaveProfileField], kept(last, SaveProfileField))
    assert (field.field, field.value, field.source) == ("在用的护肤品", "某某面霜", "survey/newcomer/using")
    run = await chat.run()
    assert run.state == "done" and [a.values for a in run.answers][1] == ("换季", "熬夜")
    carried = await chat.facts(OPENING).tags.carried(CUSTOMER)
    sources = {c.tag: c.source for c in carried}
    assert sources["诱因/换季"] == "survey/newcomer/trigger" and sources["意向/舒缓"] == "survey/newcomer/wish"
    assert not said(await chat.types("谢谢", OPENING + 110))


async def test_a_phone_number_as_the_first_answer_agrees_to_the_survey_too(chat: Chat) -> None:
    """Each with the words that stood there for it, as on every other surface."""
    phone = Question(id="phone", ask="手机号？", type="手机号", why="用来登记会员")
    survey = replace(NEWCOMER, questions=(phone, *NEWCOMER.questions))
    chat.content = replace(chat.content, surveys={"newcomer": survey})
    await chat.enters()
    given = cast(list[SaveConsent], kept(await chat.types("13800138000", OPENING + 10), SaveConsent))
    assert [(c.purpose, c.shown) for c in given] == [("survey", survey.consent), ("phone", "用来登记会员")]
    assert not kept(await chat.types("1", OPENING + 20), SaveConsent)


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_guide_finds_the_answers_in_the_description_where_staff_want_it(chat: Chat, wanted: bool) -> None:
    """One line at the end, with the survey's title; skips are left out."""
    chat.content = replace(chat.content, surveys={"newcomer": replace(NEWCOMER, remark=wanted)})
    await chat.happens(added())
    said = [("skin", ("紧绷起皮",)), ("wish", ("补水",)), ("using", ())]
    decisions = [await chat.fills(question, values, OPENING + n) for n, (question, values) in enumerate(said)]
    remarks = [a for decision in decisions for a in decision.actions if isinstance(a, RemarkCustomer)]
    lines = [(a.userid, a.line_added) for a in remarks]
    assert lines == ([(GUIDE, "认识你的皮肤：紧绷起皮；补水")] if wanted else [])


async def test_the_branch_is_left_out_for_others(chat: Chat) -> None:
    """Dry skin is not asked what makes it red."""
    await chat.enters()
    assert "最想先照顾" in text(await chat.taps("skin", 1, OPENING + 5))


async def test_who_has_no_guide_yet_is_tagged_with_nobodys_name(chat: Chat) -> None:
    """And no tag goes to WeCom."""
    await chat.enters()
    decision = await chat.taps("skin", 1, OPENING + 5)
    [tag] = cast(list[TagPerson], kept(decision, TagPerson))
    assert (tag.userid, tag.tag) == ("", "肤质/干性")
    assert not [a for a in decision.actions if isinstance(a, MarkTags)]


async def test_a_near_miss_is_asked_once_more_and_then_left(chat: Chat) -> None:
    """Kindly; no colleague is called for it."""
    await chat.enters()
    assert "没有第 9 项" in text(await chat.types("9", OPENING + 5))
    assert not (await chat.types("8", OPENING + 10)).actions
    assert "最想先照顾" in text(await chat.types("1", OPENING + 20))


async def test_a_question_in_the_middle_of_it_is_left_to_people(chat: Chat) -> None:
    """They have the talk from then on; a tap on what was asked still counts."""
    await chat.enters()
    asked = await chat.types("你们几点关门？", OPENING + 15)
    assert [type(action) for action in asked.actions][:1] == [MoveKfSession]
    assert not said(await chat.taps("skin", 1, OPENING + 20)) and (await chat.run()).answer("skin")


async def test_who_comes_again_and_again_is_asked_twice(chat: Chat) -> None:
    """Then greeted only."""
    asked = [NEWCOMER.questions[0].ask in text(await chat.enters(OPENING + n * 3 * DAY)) for n in range(3)]
    assert asked == [True, True, False]


async def test_a_no_ends_it_for_good(chat: Chat) -> None:
    """One polite word, and nobody asks again."""
    await chat.enters()
    answer = text(await chat.types("不想填", OPENING + 5))
    assert answer == DECLINED.format(link=links_at(OPENING + 5).preferences(CUSTOMER))
    assert (await chat.run()).state == "declined"
    later = OPENING + 5 * DAY
    assert "皮肤" not in text(await chat.enters(later)).replace(ACCOUNT.greeting, "")
    assert not said(await chat.taps("skin", 1, later + 5))
    assert (await chat.run()).answers == ()


@pytest.mark.parametrize("how", ["spoke", "changed", "read"])
async def test_when_a_human_talks_the_survey_is_silent(chat: Chat, how: str) -> None:
    """What is tapped late still counts, and nothing is said to it, then or when the human has gone."""
    await chat.enters()
    who = {"created_at": OPENING + 5, "open_kfid": KF, "external_userid": CUSTOMER}
    takes = {
        "spoke": KfServicerSpoke(**who, msgid="s1", servicer_userid=GUIDE, msgtype="text"),  # type: ignore[arg-type]
        "changed": KfSessionChanged(**who, msgid="s1", change_type=1, new_servicer_userid=GUIDE),  # type: ignore[arg-type]
        "read": KfSessionRead(**who, service_state=3, servicer_userid=GUIDE),  # type: ignore[arg-type]
    }
    await chat.happens(takes[how], OPENING + 5)
    assert (await chat.run()).state == "taken_over"
    assert not said(await chat.types("1", OPENING + 10))
    tapped = await chat.taps("skin", 1, OPENING + 15)
    assert not said(tapped) and (await chat.run()).answer("skin") is not None
    over = KfSessionChanged(**who, msgid="s2", change_type=3)  # type: ignore[arg-type]
    await chat.happens(over, OPENING + 20)
    assert not said(await chat.types("2", OPENING + 25))


async def test_it_begins_in_chat_and_goes_on_on_a_page(chat: Chat) -> None:
    """And back: the chat goes on where the page stopped, and an old tap changes nothing."""
    await chat.enters()
    await chat.taps("skin", 1, OPENING + 5)
    await chat.fills("wish", ("补水",), OPENING + 10)
    assert "护肤品" in text(await chat.taps("wish", 2, OPENING + 15))
    assert not said(await chat.taps("wish", 3, OPENING + 16))
    assert (await chat.run()).answer("wish").values == ("补水",)  # type: ignore[union-attr]
    await chat.fills("using", (), OPENING + 20)
    assert (await chat.run()).state == "done"


async def test_a_page_begins_a_run_of_its_own(chat: Chat) -> None:
    """A forwarded link: answers without a person, so no tags, no reminder."""
    stranger = SurveyAnswered(
        created_at=OPENING, run_id="f00d", survey_id="newcomer", question_id="skin", values=("1",), surface="H5"
    )
    decision = await chat.happens(stranger)
    assert not decision.actions and not kept(decision, TagPerson)
    run = await chat.facts(OPENING).surveys.run("f00d")
    assert run and run.state == "open" and run.remind_at is None and run.external_userid is None
    await chat.happens(structs.replace(stranger, question_id="wish", values=()), OPENING + 5)
    assert len((await chat.facts(OPENING).surveys.run("f00d")).answers) == 2  # type: ignore[union-attr]


async def test_a_no_on_a_page_counts_before_anything_was_asked(chat: Chat) -> None:
    """The run is there to say so."""
    no = SurveyDeclined(
        created_at=OPENING, run_id="abc", survey_id="newcomer", external_userid=CUSTOMER, userid=GUIDE, surface="H5"
    )
    await chat.happens(no)
    assert (await chat.run()).state == "declined"


async def test_an_edit_of_the_file_does_not_break_what_is_under_way(chat: Chat) -> None:
    """The run goes on in the wording that it began with."""
    await chat.enters()
    edited = replace(NEWCOMER, questions=(replace(NEWCOMER.questions[0], options=(Option("换了"), Option("都换了"))),))
    chat.content = replace(chat.content, surveys={"newcomer": cast(Survey, edited)})
    assert "最想先照顾" in text(await chat.taps("skin", 1, OPENING + 5))


async def test_what_is_known_is_not_asked(chat: Chat) -> None:
    """A hand set the skin type: it stays, and the question is left out."""
    await chat.happens(added())
    hand = TagPerson(userid=GUIDE, external_userid=CUSTOMER, tag="肤质/油性", source="wecom", at=OPENING)
    await chat.remember(Decision(records=(hand,)))
    assert "最想先照顾" in text(await chat.enters(OPENING + 60))
    await chat.fills("skin", ("紧绷起皮",), OPENING + 70)
    assert [c.tag for c in await chat.facts(OPENING).tags.carried(CUSTOMER) if c.tag.startswith("肤质")] == [
        "肤质/油性"
    ]


async def test_an_add_offers_the_survey_once(chat: Chat) -> None:
    """Half-added and added are one relation; a second guide is no second survey."""
    await chat.happens(added(half=True))
    await chat.happens(added(OPENING + 5))
    run = await chat.run()
    assert run.state == "offered" and run.userid == GUIDE
    other = CustomerAdded(created_at=OPENING + 9, userid="guide-wu", external_userid=CUSTOMER, welcome_code="C2")
    [noted] = cast(list[NoteUnsurveyed], kept(await chat.happens(other, OPENING + 9), NoteUnsurveyed))
    assert "已经问过" in noted.reason


async def test_who_asks_for_a_person_has_answered_nothing(chat: Chat) -> None:
    """Even while a question waits for words of any kind: it is no answer, and no consent."""
    await chat.enters()
    await chat.taps("skin", 1, OPENING + 10)
    await chat.taps("wish", 1, OPENING + 20)
    decision = await chat.types("我想找真人", OPENING + 30)
    assert kept(decision, SaveConsent) == []
    assert [a.question_id for a in (await chat.run()).answers] == ["skin", "wish"]


async def test_a_tap_on_anothers_menu_answers_nothing(chat: Chat) -> None:
    """Whoever it was sent to: the run that a menu names belongs to somebody else."""
    await chat.enters()
    tapped = menu_id((await chat.run()).run_id, "skin", 1)
    other = KfMessageReceived(
        created_at=OPENING + 5,
        open_kfid=KF,
        external_userid="wm-2",
        msgid="m-other",
        msgtype="text",
        text="紧绷起皮",
        menu_id=tapped,
    )
    await chat.happens(other, OPENING + 5)
    assert (await chat.run()).answers == ()


async def test_an_old_menu_goes_on_where_the_page_went_on(chat: Chat) -> None:
    """Answered on the page, tapped again in chat: the answer stays, and the next question comes there, too."""
    await chat.enters()
    await chat.fills("skin", ("紧绷起皮",), OPENING + 10)
    tapped = await chat.taps("skin", 2, OPENING + 20)
    assert "最想先照顾" in text(tapped)
    assert [a.values for a in (await chat.run()).answers] == [("紧绷起皮",)]


async def test_a_question_that_a_correction_took_away_is_asked_in_chat_again(chat: Chat) -> None:
    """Answered in chat, withdrawn and opened again on the page: it is another message, else it would not be sent."""
    await chat.enters()
    await chat.fills("skin", ("容易红和刺痛",), OPENING + 10)
    [first] = said(await chat.taps("skin", 4, OPENING + 20))
    await chat.taps("trigger", 1, OPENING + 30)
    for n, skin in enumerate(("油光明显", "容易红和刺痛"), 4):
        await chat.fills("skin", (skin,), OPENING + 10 * n, corrects=True)
    [second] = said(await chat.taps("skin", 4, OPENING + 60))
    assert second.menu == first.menu and second.msgid != first.msgid


async def test_a_survey_may_be_for_those_in_a_group(chat: Chat) -> None:
    """Who is in the group that staff named is asked with the add; others are not."""
    asked = replace(NEWCOMER, who=Who(groups=("护肤交流群",)))
    chat.content = replace(chat.content, surveys={"newcomer": asked})
    assert kept(await chat.happens(added()), OpenSurveyRun) == []
    seat = Seat(member_id="wm-2", kind="customer", joined_at=OPENING, join_scene=3, state=None)
    read = {"owner": GUIDE, "notice": "", "created_at": 1, "member_version": "1", "read_at": OPENING, "read_no": 1}
    snapshot = GroupSnapshot(chat_id="wr-1", name="护肤交流群", seats=(seat,), **read)  # type: ignore[arg-type]
    await chat._database.write(partial(groups.save_group, snapshot=snapshot))
    another = structs.replace(added(), external_userid="wm-2")
    assert len(kept(await chat.happens(another), OpenSurveyRun)) == 1


async def test_an_aged_question_is_asked_again_in_chat(chat: Chat) -> None:
    """Who comes back after its span is greeted with that question alone; before it, and who declined, with none."""
    await chat.enters()
    for nth, question in enumerate(("skin", "wish", "using")):
        await chat.fills(question, {"skin": ("紧绷起皮",), "wish": ("补水",)}.get(question, ()), OPENING + 10 + nth)
    assert (await chat.run()).state == "done"
    early, late = await chat.enters(OPENING + 80 * DAY), await chat.enters(OPENING + 91 * DAY)
    assert not said(early)[0].menu and "最想先照顾" in text(late)
    again, first = await chat.facts(OPENING).surveys.runs_of(CUSTOMER)
    assert (again.state, first.state) == ("offered", "done")
    await chat.types("点了", OPENING + 91 * DAY + 5, menu_id(again.run_id, "wish", 2))
    assert [run.state for run in await chat.facts(OPENING).surveys.runs_of(CUSTOMER)] == ["done", "done"]
    no_more = await chat.enters(OPENING + 92 * DAY)
    assert not said(no_more)[0].menu


async def test_who_was_known_before_is_passed_over(chat: Chat) -> None:
    """existing: 跳过 is the default, and the reason is written down."""
    chat.content = replace(chat.content, surveys={})
    [noted] = cast(list[NoteUnsurveyed], kept(await chat.happens(added()), NoteUnsurveyed))
    assert noted.reason == "没有给这位客户的调研"
    await chat.happens(FollowUserDeleted(created_at=OPENING + 5, userid=GUIDE, external_userid=CUSTOMER), OPENING + 5)
    chat.content = Chat.content
    again = await chat.happens(added(OPENING + DAY), OPENING + DAY)
    [noted] = cast(list[NoteUnsurveyed], kept(again, NoteUnsurveyed))
    assert "以前就认识" in noted.reason


async def test_the_reminder_comes_in_chat_while_the_window_is_open(chat: Chat) -> None:
    """OPENING is 10 o'clock: 20 hours later it is quiet for customers and guides (care.yaml), so it waits for 9:30."""
    await chat.enters()
    await chat.taps("skin", 1, OPENING + 5)
    assert not said(await chat.reminded(OPENING + 20 * HOUR))
    morning = (await chat.run()).remind_at
    assert morning is not None and (morning + 8 * HOUR) % DAY == 9 * HOUR + 1800
    decision = await chat.reminded(morning)
    assert "还差一点" in text(decision) and "最想先照顾" in text(decision)
    [message] = said(decision)
    assert message.not_after_at == morning + 11 * HOUR, "by 20:30, when 私聊 falls silent, however long WeCom is away"
    assert not said(await chat.reminded(morning))
    assert (await chat.run()).reminded == 1


async def test_when_the_window_is_shut_the_guide_is_asked(chat: Chat) -> None:
    """A task with ready words and the link, never a message of ours."""
    await chat.happens(added())
    at = OPENING + 24 * HOUR
    decision = await chat.reminded(at)
    assert not said(decision)
    [task] = cast(list[AddTask], kept(decision, AddTask))
    assert task.kind == "survey" and task.userid == GUIDE and "https://scrm.example/s/" in str(task.ready_text)
    [notice] = [a for a in decision.actions if isinstance(a, SendAppMessage)]
    assert isinstance(notice.text, Words) and str(task.ready_text) in CONTENT.render(notice.text)


async def test_in_a_pool_led_by_membership_no_guide_asks_one_by_one(chat: Chat) -> None:
    """Nobody could: the run goes on on its page, and in chat."""
    await chat.happens(added())
    many = partial(pool.note_pool, userid=GUIDE, customers=300_000, began_at=OPENING)
    await chat._database.write(many)
    decision = await chat.reminded(OPENING + 24 * HOUR)
    assert not decision.actions and not kept(decision, AddTask)
    assert decision.because[-1].endswith("适合会员制，不请导购逐个代问")
    run = await chat.run()
    assert (run.reminded, run.remind_at) == (0, None), "nobody reminded, and nobody looks for it again"


async def test_whom_nobody_reminded_is_offered_nothing_in_the_ledger(chat: Chat) -> None:
    """The welcome with the link did not arrive, and in 会员制 no guide asks: the ledger says so."""
    await chat.happens(added())
    late = WelcomeSettled(
        created_at=OPENING + 30,
        userid=GUIDE,
        external_userid=CUSTOMER,
        state="expired",
        reason="晚了",
        ready_text="你好",
    )
    await chat.happens(late, OPENING + 30)
    await chat._database.write(partial(pool.note_pool, userid=GUIDE, customers=300_000, began_at=OPENING))
    await chat.reminded(OPENING + 24 * HOUR)
    [row] = (await chat._database.read(partial(ledger, since_at=OPENING))).rows
    assert (row.survey, row.survey_reason) == ("not_offered", NOT_SHOWN)


async def test_who_wants_to_hear_nothing_is_not_reminded(chat: Chat) -> None:
    """And not looked for again and again either."""
    await chat.happens(added())
    no = SavePreference(external_userid=CUSTOMER, topic=EVERYTHING, wanted=False, by="customer", at=OPENING)
    await chat.remember(Decision(records=(no,)))
    decision = await chat.reminded(OPENING + DAY)
    assert not decision.actions and (await chat.run()).remind_at is None


async def test_a_time_comes_when_nobody_is_asked_any_more(chat: Chat) -> None:
    """Expired, and a late tap is not taken."""
    await chat.enters()
    run = await chat.run()
    at = run.expires_at
    due = SurveyExpiryDue(created_at=at, run_id=run.run_id, survey_id="newcomer", external_userid=CUSTOMER)
    await chat.happens(due, at)
    assert (await chat.run()).state == "expired"
    assert not said(await chat.taps("skin", 1, at + 5)) and not (await chat.run()).answers


async def test_what_is_due_is_found_by_the_clock(chat: Chat) -> None:
    """Reminders when their time has come, ends when theirs has."""
    await chat.enters()
    run = await chat.run()
    read = chat._database.read
    assert run.remind_at and not await read(partial(surveys.due_reminders, now=run.remind_at - 1))
    assert [r.run_id for r in await read(partial(surveys.due_reminders, now=run.remind_at))] == [run.run_id]
    assert [r.run_id for r in await read(partial(surveys.due_ends, now=run.expires_at))] == [run.run_id]


@pytest.mark.parametrize("counts", [True, False])
async def test_a_tap_opens_a_window_only_as_far_as_the_deployment_says(chat: Chat, counts: bool) -> None:
    """Where a tap is no message, five taps on say no sixth thing; and without any typed word nothing may be said."""
    chat.settings = Settings(kf_click_reopens_window=counts)
    await chat.enters()
    assert len(said(await chat.taps("skin", 1, OPENING + 5))) == int(counts)
    assert (await chat.run()).answer("skin") is not None


async def test_who_comes_in_and_is_asked_nothing_is_noted_with_the_reason(chat: Chat) -> None:
    """The account asks none; no code; none fits: the ledger knows why."""

    async def why(content: object, code: str | None = "CODE") -> str:
        chat.content = content  # type: ignore[assignment]
        [noted] = cast(list[NoteUnsurveyed], kept(await chat.enters(code=code), NoteUnsurveyed))
        assert (noted.userid, noted.external_userid) == ("", CUSTOMER)
        return noted.reason

    silent = replace(Chat.content, kf_accounts={"hall": replace(ACCOUNT, survey=None)})
    assert await why(silent) == "这个客服账号不问调研"
    assert "没有客服欢迎码" in await why(Chat.content, code=None)
    on_pages = replace(NEWCOMER, surfaces=("H5",))
    assert await why(replace(Chat.content, surveys={"newcomer": on_pages})) == "没有给这位客户的调研"
