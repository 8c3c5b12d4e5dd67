"""What customers do in 微信客服: enter, write, tap, take back, block (official pages 94670, 94665)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.world.kf import KfDesk, KfSession, Line, Origin, State
from sandbox.world.kf_codes import KfCodes, Occasion, may_be_welcomed
from sandbox.world.media import Media
from sandbox.world.wire import NotFoundError, Upload

SCENE_PARAM_BYTES = 128
_MEDIA = {"image": "photo.png", "voice": "voice.amr", "video": "video.mp4", "file": "file.txt"}
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c63f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"
)
_TYPES = (*("text", *_MEDIA, "location", "link", "business_card", "miniprogram"), "merged_msg", "channels", "note")


class KfCustomers:
    """Raises NotFoundError for what is not there."""

    def __init__(self, desk: KfDesk, codes: KfCodes, media: Media) -> None:
        self._desk, self._codes, self._media = desk, codes, media

    def enters(
        self,
        at: int,
        *,
        url: str | None = None,
        open_kfid: str | None = None,
        scene: str = "",
        scene_param: str = "",
        external_userid: str | None = None,
        name: str | None = None,
    ) -> KfSession:
        """By a link (which may carry scene_param), or straight to an account."""
        if url is not None:
            open_kfid, scene, scene_param = self._follow(url, scene_param)
        if len(scene_param.encode()) > SCENE_PARAM_BYTES:
            raise NotFoundError(f"scene_param 超过 {SCENE_PARAM_BYTES} 字节")
        account = self._desk.account(open_kfid)
        customer = self._desk.people.somebody(self._desk.ids, external_userid, name)
        session = self._desk.session(account.open_kfid, customer.external_userid, at)
        self._desk.sessions[account.open_kfid, customer.external_userid] = session
        session.entered_at, session.scene, session.scene_param = at, scene, scene_param
        greet = not account.native_welcome and may_be_welcomed(session, at)
        self._desk.tell(
            account,
            at,
            "enter_session",
            external_userid=customer.external_userid,
            scene=scene,
            scene_param=scene_param,
            welcome_code=self._codes.issue(Occasion.WELCOME, session, at) if greet else None,
        )
        return session

    def writes(
        self,
        at: int,
        *,
        external_userid: str,
        open_kfid: str,
        text: str = "",
        msgtype: str = "text",
        content: Mapping[str, Any] | None = None,
    ) -> str:
        """A text, or a message of another type with its `content` (a file of our own for media). Returns the msgid."""
        if msgtype not in _TYPES:
            raise NotFoundError(f"客户发不了这种消息：{msgtype}")
        session = self._desk.own_session(open_kfid, external_userid, at)
        if content is None:
            content = {"content": text} if msgtype == "text" else self._file(msgtype, at)
        return self._said(session, at, msgtype, content)

    def taps(self, at: int, *, external_userid: str, open_kfid: str, menu_id: str) -> str:
        """The newest menu line with this id: the phone sends its words as a text. Returns the msgid."""
        session = self._desk.own_session(open_kfid, external_userid, at)
        menus = [line.content for line in reversed(session.chat) if line.msgtype == "msgmenu"]
        clicks = [item["click"] for menu in menus for item in menu.get("list") or [] if item["type"] == "click"]
        tapped = next((click for click in clicks if click.get("id") == menu_id), None)
        if tapped is None:
            raise NotFoundError(f"菜单里没有 {menu_id}")
        said = {"content": tapped["content"], "menu_id": menu_id}
        return self._said(session, at, "text", said, opens=self._desk.click_reopens_window)

    def recalls(self, at: int, *, external_userid: str, open_kfid: str, msgid: str) -> None:
        """Takes a message back: user_recall_msg."""
        session = self._desk.own_session(open_kfid, external_userid, at)
        line_of(session, msgid, external_userid).recalled = True
        account = self._desk.account(open_kfid)
        self._desk.tell(account, at, "user_recall_msg", external_userid=external_userid, recall_msgid=msgid)

    def rejects(self, at: int, *, external_userid: str, open_kfid: str, rejects: bool = True) -> None:
        """Refuses what the account sends from now on; sends fail with fail_type 10."""
        self._desk.own_session(open_kfid, external_userid, at).rejects = rejects

    def _said(
        self, session: KfSession, at: int, msgtype: str, content: Mapping[str, Any], *, opens: bool = True
    ) -> str:
        """`opens`: whether it opens a new window of 48 hours and five messages."""
        session.wrote_at = session.live_at = at
        if opens:
            session.customer_at, session.sends = at, 0
        if session.state == State.ENDED:
            session.move(State.NEW)
        return self._desk.message(session, at, Origin.CUSTOMER, msgtype, content)

    def _follow(self, url: str, scene_param: str) -> tuple[str, str, str]:
        """Where a link leads: account, scene, scene_param."""
        query = parse_qs(urlsplit(url).query)
        link = self._desk.links.get(query.get("enc_scene", [""])[0])
        if link is None:
            raise NotFoundError("没有这个客服链接")
        return link.open_kfid, link.scene, query.get("scene_param", [scene_param])[0] if link.scene else ""

    def _file(self, kind: str, at: int) -> dict[str, str]:
        if kind not in _MEDIA:
            raise NotFoundError(f"请给出 {kind} 的内容")
        return {"media_id": self._media.keep(kind, Upload(_MEDIA[kind], "", _PIXEL), at).media_id}


def line_of(session: KfSession, msgid: str, sender: str) -> Line:
    """The sender's own message. Raises NotFoundError."""
    found = next((line for line in session.chat if line.msgid == msgid and line.sender == sender), None)
    if found is None:
        raise NotFoundError(f"没有这条消息 {msgid}")
    return found
