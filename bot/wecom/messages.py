"""The bodies of what is sent, with WeCom's limits checked before anything leaves. Sizes are bytes of UTF-8.

Sources: send_welcome_msg developer.work.weixin.qq.com/document/path/92137 (reference section 3.7);
message/send path/90236 and template cards (sections 7.1, 7.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

WELCOME_TEXT_BYTES: Final = 4000
WELCOME_ATTACHMENTS: Final = 9
APP_TEXT_BYTES: Final = 2048

Body = dict[str, Any]


class MessageTooLong(ValueError):  # noqa: N818 - it says what is wrong
    """Something does not fit. field: its name for staff; size and limit in `unit`."""

    def __init__(self, field: str, size: int, limit: int, unit: str = "字节") -> None:
        super().__init__(f"{field}过长：{size} {unit}，最多 {limit} {unit}")
        self.field = field
        self.size = size
        self.limit = limit


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAttachment:
    """A picture, uploaded (`media_id`) or by the permanent address that WeCom gave it (`pic_url`)."""

    media_id: str | None = None
    pic_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAttachment:
    """A link with title, words and picture."""

    title: str
    url: str
    desc: str | None = None
    picurl: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniprogramAttachment:
    """A mini-program's page, with an uploaded cover."""

    title: str
    pic_media_id: str
    appid: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoAttachment:
    """An uploaded film."""

    media_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAttachment:
    """An uploaded file."""

    media_id: str


Attachment = ImageAttachment | LinkAttachment | MiniprogramAttachment | VideoAttachment | FileAttachment

_WIRE: Final[Mapping[type[Attachment], str]] = {
    ImageAttachment: "image",
    LinkAttachment: "link",
    MiniprogramAttachment: "miniprogram",
    VideoAttachment: "video",
    FileAttachment: "file",
}
_LIMITS: Final[Mapping[tuple[type[Attachment], str], tuple[str, int]]] = {
    (LinkAttachment, "title"): ("链接标题", 128),
    (LinkAttachment, "desc"): ("链接描述", 512),
    (MiniprogramAttachment, "title"): ("小程序标题", 64),
}


class Described(Protocol):
    """An attachment as its author wrote it: the kind by its wire name, and what that kind needs; empty if unused."""

    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def desc(self) -> str: ...
    @property
    def picurl(self) -> str: ...
    @property
    def appid(self) -> str: ...
    @property
    def page(self) -> str: ...


def attachment(described: Described, media_id: str) -> Attachment:
    """The attachment with its uploaded file, `media_id` (empty if it has none). Raises ValueError on another kind."""
    match described.kind:
        case "image":
            return ImageAttachment(media_id=media_id or None, pic_url=described.picurl or None)
        case "link":
            return LinkAttachment(
                title=described.title,
                url=described.url,
                desc=described.desc or None,
                picurl=described.picurl or None,
            )
        case "miniprogram":
            return MiniprogramAttachment(
                title=described.title, pic_media_id=media_id, appid=described.appid, page=described.page
            )
        case "video":
            return VideoAttachment(media_id=media_id)
        case "file":
            return FileAttachment(media_id=media_id)
        case kind:
            raise ValueError(f"不支持的附件类型：{kind}")


def welcome_body(welcome_code: str, text: str, attachments: Sequence[Attachment] = ()) -> Body:
    """The body of send_welcome_msg. Raises MessageTooLong, or ValueError if there is nothing to send."""
    for problem in _welcome_problems(text, attachments):
        raise problem
    body: Body = {"welcome_code": welcome_code}
    if text:
        body["text"] = {"content": text}
    if attachments:
        body["attachments"] = [_attachment(attachment) for attachment in attachments]
    return body


def mass_send_body(
    sender: str, whom: Sequence[str], text: str, attachments: Sequence[Attachment] = (), *, group: bool = False
) -> Body:
    """The body of add_msg_template (official page 92135). `whom`: external_userids, or chat_ids of `group`s.

    Raises MessageTooLong, or ValueError if there is nothing to send.
    """
    for problem in _welcome_problems(text, attachments):
        raise problem
    kind, names = ("group", "chat_id_list") if group else ("single", "external_userid")
    body: Body = {"chat_type": kind, "sender": sender, names: list(whom)}
    if text:
        body["text"] = {"content": text}
    if attachments:
        body["attachments"] = [_attachment(attachment) for attachment in attachments]
    return body


def moment_body(
    userids: Sequence[str], tag_ids: Sequence[str], text: str, attached: Sequence[tuple[Described, str]] = ()
) -> Body:
    """The body of add_moment_task (official page 96351). `attached`: each with its media_id of upload_attachment.

    `tag_ids`: who sees it; WeCom does not say whether one of them or all are wanted (UNCONFIRMED; here: one).
    """
    seen: Body = {"sender_list": {"user_list": list(userids)}}
    if tag_ids:
        seen["external_contact_list"] = {"tag_list": list(tag_ids)}
    body: Body = {"visible_range": seen}
    if text:
        body["text"] = {"content": text}
    if attached:
        body["attachments"] = [_of_moment(each, media_id) for each, media_id in attached]
    return body


def _of_moment(described: Described, media_id: str) -> Body:
    parts: Body = {"media_id": media_id}
    if described.kind == "link":
        parts |= {"title": described.title, "url": described.url}
    return {"msgtype": described.kind, described.kind: parts}


def welcome_problems(text: str, attachments: Sequence[Attachment] = ()) -> list[str]:
    """Everything that keeps a welcome from being sent, in words for staff; empty if it may go."""
    return [str(problem) for problem in _welcome_problems(text, attachments)]


def app_texts(userid: str, agentid: int, content: str) -> list[Body]:
    """Text messages of the app to a member, as many as it takes; a repetition within 30 minutes is dropped by WeCom."""
    return [_app_message(userid, agentid, "text", {"content": part}) for part in _parts(content, APP_TEXT_BYTES)]


def app_attachment(userid: str, agentid: int, attachment: Attachment) -> Body:
    """What goes beside words, as an app can show it to a member: of a mini-program only its name."""
    match attachment:
        case LinkAttachment(title=title, url=url, desc=desc, picurl=picurl):
            article = {"title": title, "description": desc or "", "url": url, "picurl": picurl or ""}
            return _app_message(userid, agentid, "news", {"articles": [article]})
        case MiniprogramAttachment(title=title, page=page):
            return _app_message(userid, agentid, "text", {"content": f"[小程序卡片] {title}（{page}）"})
        case ImageAttachment(media_id=None, pic_url=url):
            return _app_message(userid, agentid, "text", {"content": f"[图片] {url}"})
    return _app_message(userid, agentid, _WIRE[type(attachment)], {"media_id": attachment.media_id})


def _parts(words: str, limit: int) -> Iterator[str]:
    """The same in pieces that fit, parted between lines where that is possible."""
    while len(words.encode()) > limit:
        head = words.encode()[:limit].decode(errors="ignore")
        at = head.rfind("\n") + 1 or len(head)
        yield words[:at].rstrip("\n")
        words = words[at:]
    yield words


def _app_message(userid: str, agentid: int, msgtype: str, content: Body) -> Body:
    return {
        "touser": userid,
        "msgtype": msgtype,
        "agentid": agentid,
        msgtype: content,
        "enable_duplicate_check": 1,
    }


def _attachment(attachment: Attachment) -> Body:
    kind = _WIRE[type(attachment)]
    values = ((name, getattr(attachment, name)) for name in attachment.__slots__)
    return {"msgtype": kind, kind: {name: value for name, value in values if value is not None}}


def _welcome_problems(text: str, attachments: Sequence[Attachment]) -> Iterator[ValueError]:
    if not text and not attachments:
        yield ValueError("欢迎语的文字和附件不能都为空")
    if len(attachments) > WELCOME_ATTACHMENTS:
        yield MessageTooLong("附件", len(attachments), WELCOME_ATTACHMENTS, "个")
    yield from _too_long("欢迎语文字", text, WELCOME_TEXT_BYTES)
    for attachment in attachments:
        if isinstance(attachment, ImageAttachment) and not (attachment.media_id or attachment.pic_url):
            yield ValueError("图片附件缺少 media_id 或 pic_url")
        for (kind, name), (field, limit) in _LIMITS.items():
            if isinstance(attachment, kind):
                yield from _too_long(field, getattr(attachment, name) or "", limit)


def _too_long(field: str, text: str, limit: int) -> Iterator[MessageTooLong]:
    size = len(text.encode())
    if size > limit:
        yield MessageTooLong(field, size, limit)


def _check(field: str, text: str, limit: int) -> None:
    for problem in _too_long(field, text, limit):
        raise problem
