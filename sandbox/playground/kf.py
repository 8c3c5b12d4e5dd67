"""What the page shows of 微信客服, as plain values: links to open, the customer's talks, the servicers' sessions."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sandbox.handle import Scene
from sandbox.playground.message import attachment, linked
from sandbox.playground.timeline import clock_text
from sandbox.world.kf import KfAccount, KfSession, Line, State

SESSIONS_SHOWN = 20
_LINES_SHOWN = 6
_URL = re.compile(r"/kf/kfc[^?\s]*\?\S*enc_scene=\w+\S*")
_WAITING = {
    State.NEW: "新会话",
    State.BOT: "机器人接待",
    State.POOL: "排队等人工",
    State.ENDED: "已结束",
}


def kf_links(sandbox: Scene, opened: str, scene_param: str) -> list[dict[str, Any]]:
    """Every kf link, and each account that has none; `opened`: the key of the link that led here."""
    desk = sandbox.world.kf
    shown = []
    for key, link in desk.links.items():
        if link.open_kfid in desk.accounts:
            name = desk.accounts[link.open_kfid].name
            came = key == opened
            arguments = {"url": link.url} | ({"scene_param": scene_param} if came and scene_param else {})
            shown.append({"id": key, "name": name, "scene": link.scene, "opened": came, "arguments": arguments})
    linked_to = {link.open_kfid for link in desk.links.values()}
    bare = (account for account in desk.accounts.values() if account.open_kfid not in linked_to)
    return shown + [
        {"id": a.open_kfid, "name": a.name, "scene": "", "opened": False, "arguments": {"open_kfid": a.open_kfid}}
        for a in bare
    ]


def kf_talks(sandbox: Scene, customer: str) -> list[dict[str, Any]]:
    """The customer's chats with kf accounts."""
    desk, now = sandbox.world.kf, sandbox.clock.now()
    sessions = [desk.session(open_kfid, customer, now) for open_kfid, who in desk.sessions if who == customer]
    return [
        _talk(sandbox, desk.accounts[session.open_kfid], session) for session in sessions if _lives(sandbox, session)
    ]


def kf_desk(sandbox: Scene, member: str) -> list[dict[str, Any]]:
    """What a servicer sees in the client, the latest first. An account without servicers offers to hire the member."""
    desk, now = sandbox.world.kf, sandbox.clock.now()
    own = [desk.session(*key, now) for key in desk.sessions if key[0] in desk.accounts]
    wanted = [s for s in own if member in (staff := desk.accounts[s.open_kfid].servicers) or not staff]
    latest = sorted(wanted, key=_latest, reverse=True)[:SESSIONS_SHOWN]
    return [_session(sandbox, member, session) for session in latest]


def kf_links_in(sandbox: Scene, texts: list[str]) -> list[dict[str, str]]:
    """The kf links among what somebody wrote: tapping one enters the account."""
    desk = sandbox.world.kf
    found = [part for text in texts for part in re.findall(r"https?://\S+", text) if _URL.search(part)]
    keys = {url: parse_qs(urlsplit(url).query).get("enc_scene", [""])[0] for url in dict.fromkeys(found)}
    known = {url: desk.links[key] for url, key in keys.items() if key in desk.links}
    return [
        {"url": url, "name": desk.accounts[link.open_kfid].name}
        for url, link in known.items()
        if link.open_kfid in desk.accounts
    ]


def _lives(sandbox: Scene, session: KfSession) -> bool:
    return session.open_kfid in sandbox.world.kf.accounts


def _latest(session: KfSession) -> int:
    return max([session.entered_at, *(line.at for line in session.chat[-1:])])


def _talk(sandbox: Scene, account: KfAccount, session: KfSession) -> dict[str, Any]:
    return {
        "kind": "kf",
        "at": _latest(session),
        "open_kfid": account.open_kfid,
        "name": account.name,
        "status_text": _state(sandbox, session),
        "messages": [_message(sandbox, account, session, line) for line in session.chat],
    }


def _state(sandbox: Scene, session: KfSession) -> str:
    if session.state == State.HUMAN:
        return f"{sandbox.world.people.name_of(session.servicer_userid)} 接待中"
    return _WAITING[session.state] if session.wrote_at else "还没有咨询"


def _message(sandbox: Scene, account: KfAccount, session: KfSession, line: Line) -> dict[str, Any]:
    """One bubble: words, or a menu, or something attached."""
    content = line.content
    menu = content if line.msgtype == "msgmenu" else {}
    text = str(content.get("content", "")) if line.msgtype in ("text", "note") else ""
    attached = [] if text or menu else [attachment(sandbox, {"msgtype": line.msgtype, line.msgtype: content})]
    return {
        "mine": line.sender == session.external_userid,
        "note": line.sender == "sys" or line.recalled,
        "from": sandbox.world.people.name_of(line.sender) or account.name,
        "clock": clock_text(line.at),
        "parts": linked("撤回了一条消息" if line.recalled else text),
        "head": str(menu.get("head_content", "")),
        "items": [{"type": item["type"], **item[item["type"]]} for item in menu.get("list") or []],
        "tail": str(menu.get("tail_content", "")),
        "attachments": attached,
    }


def _session(sandbox: Scene, member: str, session: KfSession) -> dict[str, Any]:
    account = sandbox.world.kf.accounts[session.open_kfid]
    lines = [_message(sandbox, account, session, line) for line in session.chat[-_LINES_SHOWN:]]
    hired = member in account.servicers
    return {
        "external_userid": session.external_userid,
        "open_kfid": session.open_kfid,
        "customer": sandbox.world.people.name_of(session.external_userid),
        "account": account.name,
        "status_text": _state(sandbox, session),
        "lines": lines,
        "hire": not hired,
        "take": hired and session.state in (State.NEW, State.BOT, State.POOL),
        "serve": hired and session.state == State.HUMAN and session.servicer_userid == member,
    }
