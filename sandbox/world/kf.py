"""微信客服 (kf): accounts, sessions, what `sync_msg` will say and what the customer's phone shows.

Nothing here decides; what apps may do is in kf_accounts, kf_sync, kf_send and kf_state, what people do in kf_customers
and kf_servicers. Source: official pages 94638–94699.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from typing import Any

from sandbox.world.events import kf_push
from sandbox.world.people import People
from sandbox.world.wire import ApiError, Body, Event, Ids, NotFoundError, need

SESSION_SECONDS = 48 * 3600
TOKEN_SECONDS = 600
MSGID_CHARS = 32


class State(IntEnum):
    """`service_state` (official page 94669)."""

    NEW = 0
    BOT = 1
    POOL = 2
    HUMAN = 3
    ENDED = 4


class Origin(IntEnum):
    """Who a message of sync_msg is from (official page 94670)."""

    CUSTOMER = 3
    SYSTEM = 4
    SERVICER = 5


@dataclass(slots=True)
class Servicer:
    """A member who receives customers; status 0 receiving, 1 stopped (then stop_type 0 stopped, 1 paused)."""

    userid: str
    status: int = 0
    stop_type: int = 0


@dataclass(slots=True)
class KfAccount:
    """`manage_privilege`: handed to the API. `native_welcome`: the console has a welcome, so apps get no code.

    `feed`: the items of sync_msg, oldest first; a cursor counts them.
    """

    open_kfid: str
    name: str
    avatar_media_id: str = ""
    manage_privilege: bool = True
    native_welcome: bool = False
    servicers: dict[str, Servicer] = field(default_factory=dict)
    departments: list[int] = field(default_factory=list)
    feed: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a kf link leads."""

    open_kfid: str
    scene: str
    url: str


@dataclass(slots=True)
class Line:
    """One message on the customer's phone; `sender` an external_userid, a userid, `bot` or `sys`."""

    msgid: str
    at: int
    sender: str
    msgtype: str
    content: dict[str, Any]
    recalled: bool = False


@dataclass(slots=True)
class KfSession:
    """One customer at one account. Instants in epoch seconds, 0 = never.

    customer_at: the last message that opened a window, of which `sends` messages are used; wrote_at: the last message;
    live_at: when the session was last kept alive, by a message or a servicer who opened it again.
    """

    open_kfid: str
    external_userid: str
    state: State = State.ENDED
    servicer_userid: str = ""
    customer_at: int = 0
    sends: int = 0
    wrote_at: int = 0
    live_at: int = 0
    welcomed_at: int = 0
    entered_at: int = 0
    scene: str = ""
    scene_param: str = ""
    rejects: bool = False
    chat: list[Line] = field(default_factory=list)

    def move(self, state: State, servicer_userid: str = "") -> None:
        self.state, self.servicer_userid = state, servicer_userid

    def open_at(self, at: int) -> bool:
        """Whether the customer's last message is less than 48 hours old."""
        return at < self.customer_at + SESSION_SECONDS


class KfDesk:
    """The corp's kf. Settings: whether a tap on a menu opens a new window (not published), whether a WeChat developer
    account is bound (unionid)."""

    def __init__(self, corpid: str, ids: Ids, people: People) -> None:
        self.corpid, self.ids, self.people = corpid, ids, people
        self.accounts: dict[str, KfAccount] = {}
        self.links: dict[str, Link] = {}
        self.sessions: dict[tuple[str, str], KfSession] = {}
        self.click_reopens_window = True
        self.wechat_bound = False
        # What goes wrong on request: kind of fault → its fail_type, None when it does not strike.
        self.trouble: Callable[[str], int | None] = lambda kind: None
        self.base_url = ""
        self._tokens: dict[str, tuple[str, int]] = {}
        self._waiting: list[Event] = []

    def account(self, open_kfid: object) -> KfAccount:
        """For what people do. Raises NotFoundError."""
        found = self.accounts.get(str(open_kfid))
        if found is None:
            raise NotFoundError(f"没有客服账号 {open_kfid}")
        return found

    def add_account(self, name: str, avatar_media_id: str = "", granted: bool = True) -> KfAccount:
        """`granted`: handed to the API, as an account made by it is."""
        account = KfAccount(self.ids.letters("wk", 30), name, avatar_media_id, granted)
        self.accounts[account.open_kfid] = account
        return account

    def api_account(self, body: Body) -> KfAccount:
        """The account that a call names. Raises ApiError 60251, 95000, 95004 or 48007."""
        open_kfid = body.get("open_kfid")
        need(open_kfid, 60251, "open_kfid is missing")
        need(str(open_kfid).startswith("wk"), 95000, "invalid open_kfid")
        found = self.accounts.get(str(open_kfid))
        if found is None:
            raise ApiError(95004, "open_kfid not found")
        need(found.manage_privilege, 48007, "kf account is not handed to the API")
        return found

    def session(self, open_kfid: str, external_userid: str, at: int) -> KfSession:
        """Not begun for who never entered; after 48 hours without a message of the customer it has ended."""
        session = self.sessions.get((open_kfid, external_userid)) or KfSession(open_kfid, external_userid)
        if at >= session.live_at + SESSION_SECONDS:
            session.move(State.ENDED)
        return session

    def own_session(self, open_kfid: str, external_userid: str, at: int) -> KfSession:
        """For what people do: one that is there. Raises NotFoundError."""
        if (self.account(open_kfid).open_kfid, external_userid) not in self.sessions:
            raise NotFoundError(f"客户 {external_userid} 没有进入过客服 {open_kfid}")
        return self.session(open_kfid, external_userid, at)

    def message(
        self, session: KfSession, at: int, origin: Origin, msgtype: str, content: Mapping[str, Any], servicer: str = ""
    ) -> str:
        """Somebody wrote in a client: into the chat and the feed. Returns the msgid."""
        msgid = self.ids.letters("", MSGID_CHARS)
        item: dict[str, Any] = {
            "msgid": msgid,
            "open_kfid": session.open_kfid,
            "external_userid": session.external_userid,
            "send_time": at,
            "origin": int(origin),
            **({"servicer_userid": servicer} if servicer else {}),
            "msgtype": msgtype,
            msgtype: dict(content),
        }
        session.chat.append(Line(msgid, at, servicer or session.external_userid, msgtype, dict(content)))
        self._feed(self.accounts[session.open_kfid], at, item)
        return msgid

    def tell(self, account: KfAccount, at: int, event_type: str, **fields: object) -> None:
        """Something happened: into the feed. The ids are inside the event; what is None is left out."""
        told = {key: value for key, value in fields.items() if value is not None}
        event = {"event_type": event_type, "open_kfid": account.open_kfid, **told}
        head = {"msgid": self.ids.letters("", MSGID_CHARS), "send_time": at, "origin": int(Origin.SYSTEM)}
        self._feed(account, at, {**head, "msgtype": "event", "event": event})

    def note(self, session: KfSession, at: int, words: str) -> None:
        """A grey line of the system on the customer's phone."""
        session.chat.append(Line("", at, "sys", "note", {"content": words}))

    def grant(self, account: KfAccount, at: int, granted: bool) -> None:
        """The admin hands the account to the API, or takes it back: kf_account_auth_change."""
        if account.manage_privilege != granted:
            account.manage_privilege = granted
            fields = {"FromUserName": "sys", "AuthAddOpenKfId" if granted else "AuthDelOpenKfId": account.open_kfid}
            self._waiting.append(kf_push(self.corpid, at, "kf_account_auth_change", account.open_kfid, **fields))

    def token_is_good(self, token: object, open_kfid: str, at: int) -> bool:
        """Whether this token of a bell still lifts the limit of sync_msg."""
        issued_for, issued_at = self._tokens.get(str(token), ("", 0))
        return issued_for == open_kfid and at < issued_at + TOKEN_SECONDS

    def take_events(self) -> list[Event]:
        """The callbacks that have come about since this was last asked."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def _feed(self, account: KfAccount, at: int, item: dict[str, Any]) -> None:
        """Keep it for sync_msg and ring the bell, which says nothing but that something waits."""
        account.feed.append(item)
        if account.manage_privilege:
            token = self.ids.letters("ENC", 44)
            self._tokens[token] = (account.open_kfid, at)
            fields = {"Token": token, "OpenKfId": account.open_kfid}
            self._waiting.append(kf_push(self.corpid, at, "kf_msg_or_event", account.open_kfid, **fields))


def line_json(line: Line) -> dict[str, Any]:
    """One message of the phone as plain values; `text` is what can be read of it."""
    content = line.content
    words = content.get("content") or content.get("head_content") or content.get("title") or ""
    return asdict(line) | {"text": str(words)}
