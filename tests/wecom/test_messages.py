"""Bodies are what the documented samples show, and nothing over a limit is ever built."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.messages import (
    Attachment,
    FileAttachment,
    ImageAttachment,
    LinkAttachment,
    MessageTooLong,
    MiniprogramAttachment,
    VideoAttachment,
    _parts,
    app_texts,
    attachment,
    welcome_body,
    welcome_problems,
)

LINK = LinkAttachment(
    title="消息标题", picurl="https://example.pic.com/path", desc="消息描述", url="https://example.link.com/path"
)


def test_a_welcome_is_the_documented_body() -> None:
    """The request sample of path/92137, with every kind of attachment."""
    mini = MiniprogramAttachment(title="消息标题", pic_media_id="MEDIA_ID", appid="wx8bd8", page="/path/index.html")
    attachments = [
        ImageAttachment(media_id="MEDIA_ID"),
        LINK,
        mini,
        VideoAttachment(media_id="V"),
        FileAttachment(media_id="F"),
    ]
    assert welcome_body("CALLBACK_CODE", "文本消息内容", attachments) == {
        "welcome_code": "CALLBACK_CODE",
        "text": {"content": "文本消息内容"},
        "attachments": [
            {"msgtype": "image", "image": {"media_id": "MEDIA_ID"}},
            {
                "msgtype": "link",
                "link": {
                    "title": "消息标题",
                    "picurl": "https://example.pic.com/path",
                    "desc": "消息描述",
                    "url": "https://example.link.com/path",
                },
            },
            {
                "msgtype": "miniprogram",
                "miniprogram": {
                    "title": "消息标题",
                    "pic_media_id": "MEDIA_ID",
                    "appid": "wx8bd8",
                    "page": "/path/index.html",
                },
            },
            {"msgtype": "video", "video": {"media_id": "V"}},
            {"msgtype": "file", "file": {"media_id": "F"}},
        ],
    }


def test_what_is_absent_is_left_out() -> None:
    assert welcome_body("c", "hi") == {"welcome_code": "c", "text": {"content": "hi"}}
    assert welcome_body("c", "", [LinkAttachment(title="t", url="u")]) == {
        "welcome_code": "c",
        "attachments": [{"msgtype": "link", "link": {"title": "t", "url": "u"}}],
    }


def test_limits_are_in_bytes_of_utf8() -> None:
    welcome_body("c", "好" * 1333 + "a")
    with pytest.raises(MessageTooLong, match="欢迎语文字过长：4002 字节，最多 4000 字节") as caught:
        welcome_body("c", "好" * 1334)
    assert (caught.value.field, caught.value.size, caught.value.limit) == ("欢迎语文字", 4002, 4000)


def test_every_problem_of_a_welcome_is_named() -> None:
    mini = MiniprogramAttachment(title="x" * 65, pic_media_id="m", appid="a", page="p")
    link = LinkAttachment(title="x" * 129, desc="x" * 513, url="u")
    problems = welcome_problems("x" * 4001, [mini, link, ImageAttachment()] + [LINK] * 7)
    assert problems == [
        "附件过长：10 个，最多 9 个",
        "欢迎语文字过长：4001 字节，最多 4000 字节",
        "小程序标题过长：65 字节，最多 64 字节",
        "链接标题过长：129 字节，最多 128 字节",
        "链接描述过长：513 字节，最多 512 字节",
        "图片附件缺少 media_id 或 pic_url",
    ]
    assert welcome_problems("") == ["欢迎语的文字和附件不能都为空"]
    assert welcome_problems("hi", [LINK] * 9) == []


@dataclass(frozen=True)
class Written:
    """An attachment as an author writes it."""

    kind: str
    title: str = "T"
    url: str = "U"
    desc: str = ""
    picurl: str = ""
    appid: str = "wx1"
    page: str = "/p"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (Written("image"), ImageAttachment(media_id="M")),
        (Written("link", picurl="P"), LinkAttachment(title="T", url="U", picurl="P")),
        (Written("miniprogram"), MiniprogramAttachment(title="T", pic_media_id="M", appid="wx1", page="/p")),
        (Written("video"), VideoAttachment(media_id="M")),
        (Written("file"), FileAttachment(media_id="M")),
    ],
)
def test_an_attachment_as_written_takes_its_uploaded_file(written: Written, expected: Attachment) -> None:
    assert attachment(written, "M") == expected


def test_an_image_may_be_an_address_and_an_unknown_kind_is_named() -> None:
    assert attachment(Written("image", picurl="P"), "") == ImageAttachment(pic_url="P")
    with pytest.raises(ValueError, match="不支持的附件类型：voice"):
        attachment(Written("voice"), "M")


def test_app_messages_ask_for_the_duplicate_check() -> None:
    [body] = app_texts("lisi", 1000002, "您好")
    assert body == {
        "touser": "lisi",
        "msgtype": "text",
        "agentid": 1000002,
        "text": {"content": "您好"},
        "enable_duplicate_check": 1,
    }


@given(st.text(alphabet="字ab\n😀", max_size=3000), st.integers(8, 40))
def test_what_is_too_long_for_one_message_comes_in_several(text: str, limit: int) -> None:
    """Each fits, and nothing but the lines' ends at which they part is lost."""
    parts = list(_parts(text, limit))
    assert all(len(part.encode()) <= limit for part in parts)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=3000))
def test_a_welcome_is_built_exactly_when_there_is_no_problem(text: str) -> None:
    if welcome_problems(text):
        with pytest.raises(ValueError, match="欢迎语"):
            welcome_body("c", text)
    else:
        body = welcome_body("c", text)
        assert json.loads(json.dumps(body)) == body
        assert len(body["text"]["content"].encode()) <= 4000
