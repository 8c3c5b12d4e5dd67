"""What the page shows, as plain values: nothing is decided in the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import segno

from sandbox.faults import Fault
from sandbox.handle import Scene
from sandbox.playground.groups import groups_of
from sandbox.playground.kf import kf_desk, kf_links, kf_links_in, kf_talks
from sandbox.playground.mass import moments_feed, to_confirm
from sandbox.playground.message import attachment, linked, spoken
from sandbox.playground.timeline import clock_text, now_text, timeline
from sandbox.world.people import ChatMessage, Customer, Follow
from sandbox.world.wire import NotFoundError

_ENTRIES_READ = 400
_PEOPLE_SHOWN = 30
STATUS = {
    "requested": "等待导购通过",
    "half": "已通过免验证，等待导购确认",
    "friends": "好友",
    "customer_left": "客户已删除导购",
}


@dataclass(frozen=True, slots=True)
class Switch:
    """A fault that the page can turn on and off."""

    key: str
    label: str
    hint: str
    fault: Fault


SWITCHES = (
    Switch(
        "slow",
        "让欢迎语接口变慢 25 秒",
        "欢迎语只有 20 秒有效：看助手如何收手并提醒导购",
        Fault(kind="slow", where="externalcontact/send_welcome_msg", seconds=25),
    ),
    Switch(
        "lost",
        "丢失回答",
        "欢迎语已送达，但应用收不到答复：看它会不会发两遍",
        Fault(kind="reset_after", where="externalcontact/send_welcome_msg"),
    ),
    Switch(
        "four",
        "同一回调送 4 次",
        "客户仍应只收到一条欢迎语",
        Fault(kind="duplicated", where="change_external_contact/*", times=4),
    ),
    Switch(
        "kf",
        "丢失客服消息的回答",
        "微信客服里的话已送达，但应用收不到答复：客户仍应只看到一遍",
        Fault(kind="reset_after", where="kf/send_msg"),
    ),
)


def page_values(sandbox: Scene, query: Mapping[str, str]) -> dict[str, Any]:
    """Everything the template needs. `customer`, `member`: whose phones; `scan`: the channel whose code led here;
    `kf`: the kf link that did, with its `scene_param`; `error`: what went wrong."""
    people = sandbox.world.people
    customer, member = query.get("customer", ""), query.get("member", "")
    customer = customer if customer in people.customers else _latest_customer(sandbox)
    follows = sorted((f for f in people.follows() if f.external_userid == customer), key=_recency)
    member = member if member in people.members else _usual_member(sandbox, follows)
    chats = [_chat(sandbox, follow) for follow in follows] + kf_talks(sandbox, customer)
    return {
        "error": query.get("error", ""),
        "corpid": sandbox.world.corpid,
        "customer": people.customers.get(customer),
        "customers": _people_shown(people.customers, customer),
        "chats": sorted(chats, key=lambda chat: int(chat["at"])),
        "member": people.members.get(member),
        "members": list(people.members.values()),
        "notices": [_notice(sandbox, n) for n in sandbox.world.messages.notices.get(member, []) if not n.recalled][
            ::-1
        ],
        "to_confirm": to_confirm(sandbox, member),
        "feed": moments_feed(sandbox, customer),
        "groups_joined": groups_of(sandbox, customer),
        "groups_hosted": groups_of(sandbox, member),
        "now": now_text(sandbox.clock.now()),
        "book": _book(sandbox, member, customer),
        "kf_links": kf_links(sandbox, query.get("kf", ""), query.get("scene_param", "")),
        "kf_desk": kf_desk(sandbox, member) if member else [],
        "channels": [_channel(sandbox, way, query.get("scan", "")) for way in sandbox.world.contact_ways.all()],
        "apps": sandbox.world.apps.all(),
        "switches": [(switch, _is_on(sandbox, switch)) for switch in SWITCHES],
        "lines": timeline(
            sandbox.log.since(max(0, len(sandbox.log) - _ENTRIES_READ)), _namer(sandbox), sandbox.world.welcome.whose
        ),
    }


def toggle(sandbox: Scene, key: str) -> None:
    """Turn a fault switch over. Raises NotFoundError."""
    switch = next((switch for switch in SWITCHES if switch.key == key), None)
    if switch is None:
        raise NotFoundError("没有这个开关")
    on = [number for number, fault in sandbox.faults.in_force().items() if fault == switch.fault]
    for number in on:
        sandbox.faults.remove(number)
    if not on:
        sandbox.faults.put(switch.fault)


def qr_svg(content: str) -> str:
    """The code as inline SVG, dark on white whatever the page's colours."""
    return segno.make(content, error="m").svg_inline(omitsize=True, dark="#111", light="#fff", border=2)


def scan_address(sandbox: Scene, config_id: str) -> str:
    """What a channel's code says: the page on which it can be scanned."""
    return f"{sandbox.base_url}/?scan={config_id}"


def _is_on(sandbox: Scene, switch: Switch) -> bool:
    return switch.fault in sandbox.faults.in_force().values()


def _latest_customer(sandbox: Scene) -> str:
    return next(reversed(sandbox.world.people.customers), "")


def _people_shown(customers: dict[str, Customer], chosen: str) -> list[Customer]:
    """The latest, and whoever is chosen."""
    latest = list(islice(reversed(customers.values()), _PEOPLE_SHOWN))
    return latest if chosen in ("", *(c.external_userid for c in latest)) else [customers[chosen], *latest]


def _book(sandbox: Scene, member: str, customer: str) -> list[dict[str, Any]]:
    """The member's customers, the latest first; before all who is played now."""
    own = [follow for follow in sandbox.world.people.follows() if follow.userid == member]
    own.sort(key=lambda follow: (follow.external_userid == customer, follow.ordinal), reverse=True)
    return [_entry(sandbox, follow, customer) for follow in own[:_PEOPLE_SHOWN]]


def _usual_member(sandbox: Scene, follows: list[Follow]) -> str:
    return follows[-1].userid if follows else next(iter(sandbox.world.people.members), "")


def _recency(follow: Follow) -> tuple[int, int]:
    return follow.createtime, follow.ordinal


def _namer(sandbox: Scene) -> Any:
    people = sandbox.world.people

    def name(key: str) -> str:
        person = people.customers.get(key) or people.members.get(key)
        known = person or sandbox.world.kf.accounts.get(key) or sandbox.world.groups.get(key)
        return known.name if known else key

    return name


def _chat(sandbox: Scene, follow: Follow) -> dict[str, Any]:
    people = sandbox.world.people
    messages = people.chats.get((follow.userid, follow.external_userid), [])
    return {
        "kind": "friend",
        "at": max([follow.createtime, *(message.at for message in messages[-1:])]),
        "userid": follow.userid,
        "name": people.members[follow.userid].name,
        "status": follow.status,
        "status_text": STATUS[follow.status],
        "messages": [_message(sandbox, message, follow) for message in messages],
    }


def _message(sandbox: Scene, message: ChatMessage, follow: Follow) -> dict[str, Any]:
    attached = [attachment(sandbox, item) for item in message.attachments]
    return {
        "mine": message.sender == follow.external_userid,
        "clock": clock_text(message.at),
        "parts": linked(message.text),
        "attachments": attached,
        "kf_links": kf_links_in(sandbox, [message.text, *(item["url"] for item in attached)]),
    }


def _notice(sandbox: Scene, notice: Any) -> dict[str, Any]:
    content = notice.content
    card = content if notice.msgtype == "template_card" else {}
    main = card.get("main_title") or {}
    title = main.get("title") or content.get("title") or ""
    text = content.get("content") or content.get("description") or main.get("desc") or ""
    return {
        "mine": notice.sender == "member",
        "app": next((app.name for app in sandbox.world.apps.all() if app.agentid == notice.agentid), "应用"),
        "clock": clock_text(notice.at),
        "msgid": notice.msgid,
        "title": str(title),
        "parts": spoken(str(text)),
        "more": str(card.get("sub_title_text") or ""),
        "rows": [
            (str(r.get("keyname", "")), str(r.get("value", ""))) for r in card.get("horizontal_content_list") or []
        ],
        "buttons": [] if card.get("replace_text") else [b for b in card.get("button_list") or [] if b.get("key")],
        "replaced": str(card.get("replace_text") or ""),
    }


def _entry(sandbox: Scene, follow: Follow, customer: str) -> dict[str, Any]:
    """The profile card of one customer: all that arrived at WeCom by API or by hand."""
    tags = [sandbox.world.tags.shown(tag_id) for tag_id in follow.tag_ids]
    rows = {"备注": follow.remark, "描述": follow.description, "企业": follow.remark_corp_name}
    rows |= {"电话": "、".join(follow.remark_mobiles), "渠道值": follow.state}
    rows["编号"] = follow.external_userid
    return {
        "external_userid": follow.external_userid,
        "name": sandbox.world.people.customers[follow.external_userid].name,
        "current": follow.external_userid == customer,
        "rows": [(name, value) for name, value in rows.items() if value],
        "status": follow.status,
        "status_text": STATUS[follow.status],
        "tags": [(tag["group_name"], tag["tag_name"]) for tag in tags if tag],
    }


def _channel(sandbox: Scene, way: Any, scan: str) -> dict[str, Any]:
    names = _namer(sandbox)
    return {
        "config_id": way.config_id,
        "title": way.fields.get("remark") or way.state or "未命名渠道",
        "state": way.state,
        "members": "、".join(names(userid) for userid in way.users),
        "svg": qr_svg(scan_address(sandbox, way.config_id)),
        "scanned": way.config_id == scan,
    }
