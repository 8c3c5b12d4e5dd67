"""The log in plain Chinese: who did what, what was pushed, how soon the app answered and greeted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sandbox.log import Entry

LINES_SHOWN = 60
_ZONE = datetime.timezone(datetime.timedelta(hours=8))

Name = Callable[[str], str]
Whose = Callable[[str], tuple[str, str] | None]

_ADDED = ("change_external_contact/add_external_contact", "change_external_contact/add_half_external_contact")
EVENTS = {
    _ADDED[0]: "新增客户",
    _ADDED[1]: "客户免验证添加",
    "change_external_contact/edit_external_contact": "客户备注或标签变更",
    "change_external_contact/del_external_contact": "导购删除了客户",
    "change_external_contact/del_follow_user": "客户删除了导购",
    "change_external_contact/transfer_fail": "客户接替失败",
    "change_external_tag/create": "标签库新增",
    "change_external_tag/update": "标签库修改",
    "change_external_tag/delete": "标签库删除",
    "change_external_tag/shuffle": "标签库重新排序",
    "kf_msg_or_event": "微信客服有新消息",
    "kf_account_auth_change": "客服账号授权变更",
    "enter_agent": "导购进入应用",
    "text": "导购给应用发了文字",
    "template_card_event": "导购点了卡片按钮",
}
APIS = {
    "gettoken": "领取访问凭证",
    "externalcontact/send_welcome_msg": "发送欢迎语",
    "externalcontact/mark_tag": "给客户打标签",
    "externalcontact/get": "读取客户资料",
    "externalcontact/remark": "修改客户备注",
    "externalcontact/add_contact_way": "创建渠道码",
    "externalcontact/list_contact_way": "查询渠道码",
    "externalcontact/get_contact_way": "读取渠道码",
    "externalcontact/get_corp_tag_list": "读取标签库",
    "externalcontact/add_corp_tag": "新增标签",
    "externalcontact/get_follow_user_list": "读取导购名单",
    "externalcontact/batch/get_by_user": "批量读取客户",
    "kf/account/add": "新建客服账号",
    "kf/account/list": "读取客服账号",
    "kf/add_contact_way": "创建客服链接",
    "kf/servicer/add": "添加接待人员",
    "kf/servicer/list": "读取接待人员",
    "kf/customer/batchget": "读取客服客户",
    "kf/sync_msg": "读取客服消息",
    "kf/send_msg": "在微信客服里说话",
    "kf/send_msg_on_event": "在微信客服里凭凭证说话",
    "kf/service_state/get": "查看客服会话状态",
    "kf/service_state/trans": "变更客服会话状态",
    "message/send": "给导购发通知",
    "message/update_template_card": "更新卡片",
    "media/upload": "上传素材",
}
ACTIONS = {
    "customer_adds": "客户 {external_userid} 扫码添加",
    "customer_deletes": "客户 {external_userid} 删除了导购 {userid}",
    "customer_writes": "客户 {external_userid} 给 {userid} 发了消息",
    "member_accepts": "导购 {userid} 通过了 {external_userid}",
    "member_deletes": "导购 {userid} 删除了客户 {external_userid}",
    "member_edits": "导购 {userid} 修改了 {external_userid} 的备注或标签",
    "member_writes": "导购 {userid} 给 {external_userid} 发了消息",
    "member_writes_app": "导购 {userid} 给应用发了文字",
    "member_enters_app": "导购 {userid} 进入应用",
    "member_clicks": "导购 {userid} 点了卡片按钮",
    "kf.customer_enters": "客户 {external_userid} 打开客服「{open_kfid}」",
    "kf.customer_writes": "客户 {external_userid} 在客服里发了消息",
    "kf.customer_taps": "客户 {external_userid} 点了菜单",
    "kf.customer_recalls": "客户 {external_userid} 撤回了消息",
    "kf.customer_rejects": "客户 {external_userid} 改了是否接收「{open_kfid}」的消息",
    "kf.servicer_takes": "导购 {userid} 接入了 {external_userid} 的会话",
    "kf.servicer_writes": "导购 {userid} 在客服里回复了 {external_userid}",
    "kf.servicer_transfers": "导购 {userid} 转接了 {external_userid} 的会话",
    "kf.servicer_ends": "导购 {userid} 结束了 {external_userid} 的会话",
    "kf.servicer_recalls": "导购 {userid} 撤回了客服消息",
    "kf.servicer_receives": "导购 {userid} 改变了接待状态",
    "kf.admin_adds": "管理员新建了客服账号「{open_kfid}」",
    "kf.admin_hires": "管理员让 {userid} 接待「{open_kfid}」",
    "kf.admin_grants": "管理员改了「{open_kfid}」的授权",
    "transfer_fails": "{external_userid} 的接替失败",
    "admin_edits_tags": "管理员修改了标签库",
}


FAULTS = {
    "slow": "变慢",
    "reset_before": "未执行就断线",
    "reset_after": "已执行，回答丢失",
    "half": "回答只到一半",
    "html": "回了网页",
    "http_503": "HTTP 503",
    "errcode": "指定错误码",
}
MEANINGS = {
    41050: "欢迎语凭证已过 20 秒",
    41051: "欢迎语已发过，或已开始聊天",
    41096: "另一个应用正在发欢迎语",
    45009: "调用太频繁",
    84061: "不是好友关系",
    95001: "客户没回应，已发 5 条",
    95002: "客户 48 小时没说话",
    95007: "消息凭证已过期",
    95016: "会话不能这样变更",
    95018: "会话由人工接待或已结束",
    40014: "访问凭证无效",
    42001: "访问凭证已过期",
    60020: "IP 不在可信名单",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `tone` is action, good, bad or quiet; `arrow` says which way it went."""

    seq: int
    clock: str
    arrow: str
    text: str
    detail: str
    tone: str


def timeline(entries: Iterable[Entry], name: Name, whose: Whose) -> list[Line]:
    """The newest lines first. `name` turns an id into a person's name, `whose` a welcome code into its pair."""
    pushed: dict[str, float] = {}
    lines = []
    for entry in sorted(entries, key=lambda e: (e["wall_at"], e["seq"])):
        if entry["kind"] == "callback" and entry["event"] in _ADDED and entry["attempt"] == 1:
            pushed[entry["about"]["external_userid"]] = entry["wall_at"]
        lines.append(_line(entry, name, whose, pushed))
    return lines[-LINES_SHOWN:][::-1]


def clock_text(at: float) -> str:
    """HH:MM:SS in Beijing time."""
    return datetime.datetime.fromtimestamp(at, _ZONE).strftime("%H:%M:%S")


def _line(entry: Entry, name: Name, whose: Whose, pushed: dict[str, float]) -> Line:
    write = {"action": _action, "callback": _callback}.get(entry["kind"])
    arrow, text, detail, tone = write(entry, name) if write else _call(entry, name, whose, pushed)
    return Line(entry["seq"], clock_text(entry["at"]), arrow, text, detail, tone)


def _action(entry: Entry, name: Name) -> tuple[str, str, str, str]:
    about = {key: name(str(value)) for key, value in entry["about"].items()}
    words = ACTIONS.get(str(entry["action"]), str(entry["action"]))
    return "●", words.format_map({"userid": "", "external_userid": "", "open_kfid": "", **about}), "", "action"


def _callback(entry: Entry, name: Name) -> tuple[str, str, str, str]:
    who = name(entry["about"].get("external_userid") or entry["about"].get("open_kfid", ""))
    text = f"回调应用：{EVENTS.get(entry['event'], entry['event'])}{' · ' + who if who else ''}"
    again = f"（第 {entry['attempt']} 次）" if entry["attempt"] > 1 else ""
    if entry["status"] == 200:
        return "→", text, f"应用 {_ms(entry['took_ms'])}后答复 200{again}", "good"
    if entry["error"] == "lost":
        return "→", text, "这次回调丢失了", "bad"
    return "→", text, f"没有得到 200{again}：{entry['status'] or entry['error']}", "bad"


def _call(entry: Entry, name: Name, whose: Whose, pushed: dict[str, float]) -> tuple[str, str, str, str]:
    pair = whose(str(entry["body"].get("welcome_code", "")))
    person = pair[1] if pair else entry["body"].get("external_userid") or entry["body"].get("touser") or ""
    who = name(str(person))
    text = f"应用调用：{APIS.get(entry['api'], entry['api'])}{' · ' + who if who else ''}"
    if entry["fault"]:
        return "←", text, f"故障：{_fault(entry['fault'])}；{_result(entry)}", "bad"
    if entry["errcode"]:
        return "←", text, _result(entry), "bad"
    if pair and pair[1] in pushed:
        return "←", text, f"成功，距回调 {_ms((entry['wall_at'] - pushed[pair[1]]) * 1000)}", "good"
    return "←", text, "成功", "good" if entry["api"] != "gettoken" else "quiet"


def _result(entry: Entry) -> str:
    """None: WeCom never acted."""
    if entry["errcode"] in (None, 0):
        return "没有执行" if entry["errcode"] is None else "已执行"
    return f"被拒绝：{entry['errcode']} {MEANINGS.get(entry['errcode'], '')}".rstrip()


def _fault(fault: str) -> str:
    return " ".join(FAULTS.get(word, word) for word in fault.split())


def _ms(value: float) -> str:
    return f"{value / 1000:.1f} 秒" if value >= 1000 else f"{max(1, round(value))} 毫秒"
