"""App messages to members, and what members do in an app (official pages 90236, 94867, 94888, 90240, 90241)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.cards import ResponseCodes, check_card, click_fields, replaced
from sandbox.world.events import member_push
from sandbox.world.limits import HOUR, MINUTE, Window
from sandbox.world.media import Media
from sandbox.world.people import People
from sandbox.world.wire import Answer, ApiError, Call, Event, Ids, NotFoundError, need, text_of

RECEIVERS_AT_MOST = 1000
TEXT_BYTES = 2048
CARD_TITLE_BYTES, CARD_TEXT_BYTES = 128, 512
ARTICLES_AT_MOST = 8
MEMBER_MINUTE, MEMBER_HOUR = 30, 1000
DUPLICATE_SECONDS, DUPLICATE_SECONDS_AT_MOST = 1800, 14_400
RECALL_SECONDS = 24 * 3600
# msgtype → {field: bytes at most}
_TEXTS: dict[str, dict[str, int]] = {
    "text": {"content": TEXT_BYTES},
    "markdown": {"content": TEXT_BYTES},
    "textcard": {"title": CARD_TITLE_BYTES, "description": CARD_TEXT_BYTES},
}
_WITH_MEDIA = ("image", "voice", "video", "file")
_WITH_ARTICLES = ("news", "mpnews")
_OTHERS = ("miniprogram_notice", "template_card")


@dataclass(slots=True)
class Notice:
    """One entry of the chat between a member and an app. `sender` is "app" or "member"."""

    at: int
    agentid: int
    sender: str
    msgtype: str
    content: Mapping[str, Any]
    msgid: str = ""
    recalled: bool = False


@dataclass(slots=True)
class _Sent:
    agentid: int
    at: int
    card: dict[str, Any]
    notices: dict[str, Notice] = field(default_factory=dict)


class Messages:
    """What each member sees of each app."""

    def __init__(self, corpid: str, ids: Ids, people: People, media: Media) -> None:
        self._corpid, self._ids, self._people, self._media = corpid, ids, people, media
        self._codes = ResponseCodes(ids)
        self._sent: dict[str, _Sent] = {}
        self._task_ids: set[tuple[int, str]] = set()
        self._duplicates: dict[str, tuple[int, Answer]] = {}
        self._windows: dict[str, tuple[Window, Window]] = {}
        self.notices: dict[str, list[Notice]] = {}

    def endpoints(self) -> dict[str, Any]:
        return {
            "message/send": self.send,
            "message/recall": self.recall,
            "message/update_template_card": self.update_template_card,
        }

    def send(self, call: Call) -> Answer:
        msgtype, content = self._content_of(call)
        need(call.body.get("agentid") == call.app.agentid, 301002, "agentid is not the app of this token")
        receivers, invalid = self._receivers(call.body)
        need(receivers, 81013, "user & party & tag all invalid")
        known = self._duplicate_of(call)
        if known is not None:
            return known
        # The answer lists userids in lower case (official page 90236).
        answer = self._deliver(call, msgtype, content, receivers) | {
            "invaliduser": "|".join(userid.lower() for userid in invalid),
            "invalidparty": str(call.body.get("toparty", "")),
            "invalidtag": str(call.body.get("totag", "")),
            "unlicenseduser": "",
        }
        self._remember(call, answer)
        return answer

    def recall(self, call: Call) -> Answer:
        sent = self._sent.get(text_of(call.body, "msgid"))
        if sent is None or sent.agentid != call.app.agentid:
            raise ApiError(40035, "invalid parameter: msgid")
        need(call.at <= sent.at + RECALL_SECONDS, 42052, "recall only within 24 h")
        for notice in sent.notices.values():
            notice.recalled = True
        return {}

    def update_template_card(self, call: Call) -> Answer:
        userids = call.body.get("userids") or []
        need(userids or call.body.get("atall"), 82001, "no receiver")
        changed = replaced({}, call.body)
        sent = self._sent[self._codes.spend(call.body.get("response_code"), call.at)]
        shown = {userid.lower(): notice for userid, notice in sent.notices.items()}
        for userid in userids or list(sent.notices):
            notice = shown.get(str(userid).lower())
            if notice is not None:
                notice.content = {**sent.card, **changed}
        return {"invaliduser": [userid for userid in userids if str(userid).lower() not in shown]}

    def member_writes_app(self, at: int, *, userid: str, agentid: int, text: str) -> list[Event]:
        """The member sends a text to the app."""
        member = self._people.member(userid)
        self._show(member.userid, Notice(at, agentid, "member", "text", {"content": text}))
        fields = {"Content": text, "MsgId": self._ids.number64()}
        return [member_push(self._corpid, at, member.userid, agentid, "text", **fields)]

    def member_enters_app(self, at: int, *, userid: str, agentid: int) -> list[Event]:
        """The member opens the app's chat."""
        member = self._people.member(userid)
        fields = {"Event": "enter_agent", "EventKey": ""}
        return [member_push(self._corpid, at, member.userid, agentid, "event", **fields)]

    def member_clicks(
        self, at: int, *, userid: str, msgid: str, key: str, selected: Mapping[str, Sequence[str]] | None = None
    ) -> list[Event]:
        """The member clicks a card's button; `selected` is question key → option ids."""
        sent = self._sent.get(msgid)
        if sent is None or userid not in sent.notices or not sent.card:
            raise NotFoundError(f"{userid} 没有收到卡片 {msgid}")
        fields = {"Event": "template_card_event", **click_fields(sent.card, key, selected or {})}
        fields["ResponseCode"] = self._codes.issue(msgid, at)
        return [member_push(self._corpid, at, userid, sent.agentid, "event", **fields)]

    def _content_of(self, call: Call) -> tuple[str, Mapping[str, Any]]:
        msgtype = str(call.body.get("msgtype"))
        content = call.body.get(msgtype)
        known = (*_TEXTS, *_WITH_MEDIA, *_WITH_ARTICLES, *_OTHERS)
        need(msgtype in known and isinstance(content, Mapping), 40035, "invalid parameter: msgtype")
        assert isinstance(content, Mapping)
        for name, at_most in _TEXTS.get(msgtype, {}).items():
            need(len(text_of(content, name).encode()) <= at_most, 45002, f"{name} is over {at_most} bytes")
        if msgtype in _WITH_MEDIA:
            self._media.need(content.get("media_id"), call.at)
        articles = content.get("articles") or []
        need(msgtype not in _WITH_ARTICLES or 1 <= len(articles) <= ARTICLES_AT_MOST, 45008, "1 to 8 articles")
        return msgtype, content

    def _receivers(self, body: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        touser = str(body.get("touser") or "")
        if touser == "@all":
            return list(self._people.members), []
        userids = [userid for userid in touser.split("|") if userid]
        need(userids or body.get("toparty") or body.get("totag"), 82001, "no receiver")
        need(len(userids) <= RECEIVERS_AT_MOST, 40035, f"invalid parameter: more than {RECEIVERS_AT_MOST} users")
        found = {userid: self._people.find_member(userid) for userid in userids}
        valid = list(dict.fromkeys(member.userid for member in found.values() if member))
        return valid, [userid for userid, member in found.items() if member is None]

    def _deliver(self, call: Call, msgtype: str, content: Mapping[str, Any], receivers: list[str]) -> Answer:
        card = dict(content) if msgtype == "template_card" else {}
        calls_back = check_card(content) if card else False
        self._take_task_id(call.app.agentid, str(card.get("task_id", "")))
        msgid = self._ids.letters("", 64)
        sent = self._sent[msgid] = _Sent(call.app.agentid, call.at, card)
        for userid in receivers:
            if self._within_limit(userid, call.at):
                notice = Notice(call.at, call.app.agentid, "app", msgtype, content, msgid)
                sent.notices[userid] = notice
                self._show(userid, notice)
        return {"msgid": msgid} | ({"response_code": self._codes.issue(msgid, call.at)} if calls_back else {})

    def _take_task_id(self, agentid: int, task_id: str) -> None:
        if task_id:
            need((agentid, task_id) not in self._task_ids, 42014, "task_id used before")
            self._task_ids.add((agentid, task_id))

    def _within_limit(self, userid: str, at: int) -> bool:
        """Over 30 a minute or 1,000 an hour a member silently gets nothing (official page 90454)."""
        if userid not in self._windows:
            self._windows[userid] = (Window(MEMBER_MINUTE, MINUTE), Window(MEMBER_HOUR, HOUR))
        try:
            for window in self._windows[userid]:
                window.draw(at)
        except ApiError:
            return False
        return True

    def _duplicate_of(self, call: Call) -> Answer | None:
        """With enable_duplicate_check, the answer to the same message inside the interval; it is not shown again."""
        if not call.body.get("enable_duplicate_check"):
            return None
        interval = call.body.get("duplicate_check_interval") or DUPLICATE_SECONDS
        sent_at, answer = self._duplicates.get(_fingerprint(call), (-DUPLICATE_SECONDS_AT_MOST - 1, {}))
        return answer if call.at < sent_at + min(interval, DUPLICATE_SECONDS_AT_MOST) else None

    def _remember(self, call: Call, answer: Answer) -> None:
        if call.body.get("enable_duplicate_check"):
            self._duplicates[_fingerprint(call)] = (call.at, answer)

    def _show(self, userid: str, notice: Notice) -> None:
        self.notices.setdefault(userid, []).append(notice)


def _fingerprint(call: Call) -> str:
    same = {key: value for key, value in call.body.items() if key != "duplicate_check_interval"}
    return json.dumps(same, sort_keys=True, ensure_ascii=False)
