"""Every published callback, and some of our own, become the class and the fields written beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import fields

from bot.wecom.events import (
    CustomerAdded,
    IncompleteEvent,
    TextReceived,
    UnknownEvent,
    parse,
    peek,
    split_welcome_code,
)
from bot.wecom.events.parsing import _CLASSES, MAX_CHARS

CALLBACKS = Path(__file__).parents[2] / "data" / "callbacks"
SAMPLES = sorted(CALLBACKS.glob("*.xml"))
MAY_BE_UNKNOWN = ("schedule", "calendar", "meeting_room", "batch_job", "notsure", "suite_ticket")

ADDED = (
    "<xml><ToUserName><![CDATA[wwcorp]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>"
    "<CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType>"
    "<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType>"
    "<UserID><![CDATA[lisi]]></UserID><ExternalUserID><![CDATA[wmAAAA]]></ExternalUserID>"
    "<State><![CDATA[parcel]]></State><WelcomeCode><![CDATA[CODE]]></WelcomeCode></xml>"
)
TEXT = (
    "<xml><ToUserName>c</ToUserName><FromUserName>lisi</FromUserName><CreateTime>1</CreateTime>"
    "<MsgType>text</MsgType><Content><![CDATA[{}]]></Content><MsgId>7</MsgId></xml>"
)


def tupled(value: object) -> object:
    """JSON has no tuples; events have no lists."""
    if isinstance(value, dict):
        return {key: tupled(item) for key, item in value.items()}
    return tuple(map(tupled, value)) if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_becomes_the_event_written_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text())
    event = parse(path.read_text())
    defaults = {f.name: f.default for f in fields(event) if not f.required}
    assert type(event).__name__ == expected["class"]
    assert tupled(to_builtins(event)) == tupled(defaults | expected["fields"])


def test_only_kinds_without_a_subject_here_are_unknown() -> None:
    unknown = [path.stem for path in SAMPLES if isinstance(parse(path.read_text()), UnknownEvent)]
    assert unknown
    assert [name for name in unknown if not any(kind in name for kind in MAY_BE_UNKNOWN)] == []


def test_every_event_class_has_a_sample() -> None:
    seen = {type(parse(path.read_text())) for path in SAMPLES}
    assert {cls.__name__ for cls in _CLASSES.values()} - {cls.__name__ for cls in seen} == set()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_peek_says_what_parse_says_of_every_sample(path: Path) -> None:
    for xml in (path.read_text(), "".join(line.strip() for line in path.read_text().splitlines())):
        event = parse(xml)
        assert peek(xml) == (type(event).__name__, event.line)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("go_add_external_contact", "customer/woAJ2GCAAAXtWyujaWJHDDGi0mAAAA"),
        ("own_acquisition_customer_start_chat", "customer/wmAAAA"),
        ("own_acquisition_link_unavailable", "app/"),
        ("own_group_chat_dismissed", "chat/wrCHAT"),
        ("own_corp_tag_updated", "tag/etTAG"),
        ("own_kf_msg_or_event", "kf/wkxxxxxxx"),
        ("own_member_updated", "member/lisi"),
        ("doc_event_update_party", "party/2"),
        ("doc_event_update_tag", "tag/1"),
        ("wechatpy_text", "member/fromUser"),
        ("own_template_card_event", "member/lisi"),
        ("doc_event_inactive_alert", "app/1"),
        ("wechatpy_notsure", "app/1"),
    ],
)
def test_an_event_waits_in_the_line_of_what_it_is_about(name: str, line: str) -> None:
    assert parse((CALLBACKS / f"{name}.xml").read_text()).line == line


def test_the_code_is_cut_out_and_given_back() -> None:
    xml, code = split_welcome_code(ADDED)
    assert code == "CODE"
    assert xml == ADDED.replace("<WelcomeCode><![CDATA[CODE]]></WelcomeCode>", "")
    assert parse(xml, code) == parse(ADDED)
    assert peek(xml) == peek(ADDED)


@pytest.mark.parametrize(
    "element", ["", "<WelcomeCode></WelcomeCode>", "<WelcomeCode/>", "<WelcomeCode><![CDATA[]]></WelcomeCode>"]
)
def test_an_absent_or_empty_code_is_none(element: str) -> None:
    xml = ADDED.replace("<WelcomeCode><![CDATA[CODE]]></WelcomeCode>", element)
    stripped, code = split_welcome_code(xml)
    assert code is None
    assert "WelcomeCode" not in stripped
    event = parse(xml)
    assert isinstance(event, CustomerAdded)
    assert event.welcome_code is None


def test_a_code_that_somebody_wrote_in_a_message_stays_there() -> None:
    xml = TEXT.format("<WelcomeCode>x</WelcomeCode>")
    assert split_welcome_code(xml) == (xml, None)
    event = parse(xml)
    assert isinstance(event, TextReceived)
    assert event.content == "<WelcomeCode>x</WelcomeCode>"


def test_elements_written_in_a_message_are_words() -> None:
    xml = TEXT.format("<Event>change_external_contact</Event><!DOCTYPE x>")
    assert peek(xml) == ("TextReceived", "member/lisi")
    assert isinstance(parse(xml), TextReceived)


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "not xml",
        "{}",
        "<xml>",
        "<html></html>",
        '<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>',
        '<?xml version="1.0"?><!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>',
        "<xml><MsgType>&undefined;</MsgType></xml>",
        ADDED.replace("lisi", "\x00"),
        ADDED.replace("lisi", "\ud800"),
        ADDED.replace("parcel", "x" * MAX_CHARS),
    ],
)
def test_what_is_not_plain_xml_is_unknown(xml: str) -> None:
    event = parse(xml)
    assert event == UnknownEvent(kind="not_xml")
    assert peek(xml) == ("UnknownEvent", "app/")


@pytest.mark.parametrize("old", ["<![CDATA[wmAAAA]]>", "<![CDATA[add_external_contact]]>", "<![CDATA[lisi]]>"])
@pytest.mark.parametrize("new", ["<![CDATA[{}", "{}]]>", "{}", " {} ", "<!-- -->{}"])
def test_peek_knows_a_half_open_element_when_it_sees_one(old: str, new: str) -> None:
    xml = ADDED.replace(old, new.format(old[9:-3]))
    event = parse(xml)
    assert peek(xml) == (type(event).__name__, event.line)


def test_deep_nesting_is_unknown_and_harmless() -> None:
    xml = "<xml>" + "<a>" * 9000 + "</a>" * 9000 + "</xml>"
    assert isinstance(parse(xml), UnknownEvent)
    assert peek(xml) == ("UnknownEvent", "app/")


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("wmAAAA", "", ("external_userid",)),
        ("lisi", " ", ("userid",)),
        ("1700000000", "soon", ("created_at",)),
        ("<CreateTime>1700000000</CreateTime>", "", ("created_at",)),
    ],
)
def test_a_known_kind_without_what_it_needs_is_incomplete(old: str, new: str, missing: tuple[str, ...]) -> None:
    event = parse(ADDED.replace(old, new))
    assert isinstance(event, IncompleteEvent)
    assert (event.name, event.missing) == ("CustomerAdded", missing)
    assert peek(ADDED.replace(old, new)) == ("IncompleteEvent", "app/")


def test_the_kind_of_an_unknown_event_is_bounded() -> None:
    event = parse(ADDED.replace("add_external_contact", "x" * 1000))
    assert isinstance(event, UnknownEvent)
    assert event.kind == "event/change_external_contact/" + "x" * 50


def test_nothing_personal_is_shown_by_repr() -> None:
    assert "CODE" not in repr(parse(ADDED))
    assert "secret words" not in repr(parse(TEXT.format("secret words")))
    assert "lisi" not in repr(UnknownEvent(kind="x", fields=(("UserID", "lisi"),)))


MARKUP = "< > / & ]]> <![CDATA[ &amp; <xml> </xml> <UserID> </UserID> <ChangeType> <State>a</State> <Source> <!---->"
PIECES = st.sampled_from([*MARKUP.split(), "\r\n", " ", "\x7f\x85", "\ufffe", "\ud800", "好", "7"])


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@example('<?xml version="1.0" encoding="no-such"?><xml/>')
def test_peek_and_parse_agree_on_junk_and_never_raise(xml: str) -> None:
    event = parse(xml)
    assert peek(xml) == (type(event).__name__, event.line)
    split_welcome_code(xml)


@given(st.sampled_from([path.read_text() for path in SAMPLES] + [ADDED]), st.data())
def test_peek_and_parse_agree_on_damaged_samples(xml: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(xml)))
    end = data.draw(st.integers(start, min(len(xml), start + 40)))
    damaged = xml[:start] + data.draw(st.lists(PIECES, max_size=3).map("".join)) + xml[end:]
    event = parse(damaged)
    assert peek(damaged) == (type(event).__name__, event.line)


@given(st.text(alphabet=st.characters(exclude_characters="]<>&", exclude_categories=["Cs", "Cc"]), max_size=30))
def test_a_state_arrives_as_it_was_given(state: str) -> None:
    event = parse(ADDED.replace("parcel", state))
    if isinstance(event, CustomerAdded):
        assert (event.state or "") == state.strip()
    else:
        assert event == UnknownEvent(kind="not_xml")
        assert {"\ufffe", "\uffff"} & set(state)
