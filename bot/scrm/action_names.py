"""What people call each action, and how it stands."""

from __future__ import annotations

from typing import Final

STATES: Final = {
    "pending": "等待",
    "sending": "发送中",
    "sent": "已发出",
    "unknown": "结果未知",
    "expired": "已过时限",
    "refused": "被拒绝",
    "failed": "失败",
    "dropped": "已放弃",
}

KINDS: Final = {
    "SendWelcome": "发欢迎语",
    "SendAppMessage": "给成员发应用消息",
    "PlanAudience": "圈定一条私聊发给谁",
    "CreateMassSend": "给导购建一个群发任务",
    "ReadMassSend": "看群发发到哪了",
    "CreateMoment": "给导购建一个朋友圈任务",
    "ReadMoment": "看朋友圈发了没有",
    "ReadReactions": "看谁评论了朋友圈",
    "MarkTags": "给客户打标签",
    "SyncCustomer": "读客户详情",
    "RemarkCustomer": "写进导购的客户描述",
    "SyncMember": "读成员",
    "UploadMedia": "上传临时素材",
    "KeepContactWay": "建好渠道的活码",
    "KeepAcquisitionLink": "建好渠道的获客链接",
    "KeepJoinWay": "建好渠道的入群码",
    "CompareWays": "看渠道的码有没有被人改过、删过",
    "SyncCorpTags": "对齐标签库",
    "DeleteCorpTag": "删一个标签",
    "PullKfMessages": "拉取客服消息和事件",
    "SendKfMessage": "在客服里说一句",
    "MoveKfSession": "把客服会话交给人",
    "SyncKfCustomers": "读客服客户的资料",
    "KeepKfAccount": "建好客服账号和接待人员",
    "KeepKfLink": "建好渠道的客服链接",
    "PlanSync": "看要读哪些成员",
    "ReadPage": "读一页客户、客户群或导购数据",
    "SyncGroup": "读客户群",
    "KeepGroupWelcome": "建好入群欢迎语",
    "TransferCustomers": "转接客户",
    "ReadTransferResults": "读转接结果",
    "TransferGroups": "转接客户群",
    "ErasePerson": "删除一个人的资料",
    "CompactDatabase": "夜里整理数据库文件",
}
"""What each action is called."""
