"""The table of what the sandbox enforces: each rule with its source, its test and the constants that hold its numbers.

`python -m sandbox.rules` prints docs/sandbox-rules.md; a test holds the page, the tests and the constants together.
"""

from __future__ import annotations

import importlib
import sys

from sandbox.rule import Rule
from sandbox.rule import rules as _rules
from sandbox.rules_customers import CUSTOMERS
from sandbox.rules_kf import KF
from sandbox.rules_mass import MASS

_HEAD = """# 沙箱的规则 / The sandbox's rules

What the sandbox enforces, where each rule is from, and the test that holds it. Numbers of pages are those of
developer.work.weixin.qq.com/document/path/N. 「未公开」 marks a choice of ours where nothing is published.
This page is written by `python -m sandbox.rules > docs/sandbox-rules.md`; do not edit it by hand.

| rule | source | numbers | test |
|---|---|---|---|
"""


_CALLBACKS = _rules(
    "test_server_callbacks.py",
    "90238, 90239, 90240",
    ("回调加密并签名，应用能验签解密", "test_callback_is_verified_and_opened_by_the_app"),
    (
        "非 200 即重发同样的内容，共重试 3 次（间隔未公开，可设置）",
        "test_same_bytes_are_sent_again_three_times_and_then_given_up",
        "server.callbacks.RETRIES",
    ),
    ("5 秒内没有答复算失败", "test_no_answer_in_five_seconds_is_a_failure", "server.callbacks.ANSWER_SECONDS"),
    ("保存回调 URL 时应原样回显", "test_saved_callback_url_must_echo"),
    ("回显须在 1 秒内", "test_echo_after_a_second_is_too_late", "server.callbacks.VERIFY_SECONDS"),
    ("客户事件送给每个有权限的应用，带同一个欢迎语凭证", "test_every_app_that_listens_gets_the_same_code"),
    ("应用内的动作只送给那个应用", "test_app_events_go_to_that_app_alone"),
    ("回调可能丢失", "test_lost_callback_is_never_sent"),
    ("回调可能乱序", "test_reordered_callbacks_arrive_in_another_order"),
)
_APPS = _rules(
    "test_world_apps.py",
    "91039, 90313",
    (
        "有效期内取到同一个凭证",
        "test_token_stays_the_same_while_valid_and_each_app_has_its_own",
        "world.apps.TOKEN_SECONDS",
    ),
    ("过期 42001，不认识 40014", "test_expired_token_is_42001_and_an_unknown_one_40014"),
    ("凭证可能被提前收回", "test_revoked_token_is_refused_and_replaced"),
    ("密钥错 40001，企业错 40013", "test_wrong_secret_and_wrong_corp_are_named"),
    (
        "反复用错密钥，IP 被封约 1 小时 45009（次数未公开）",
        "test_repeated_wrong_secrets_block_the_ip_for_an_hour",
        *("world.apps.WRONG_SECRETS_ALLOWED", "world.apps.IP_BLOCK_SECONDS"),
    ),
    ("不在可信 IP 名单 60020", "test_untrusted_ip_is_60020"),
    ("应用没有客户联系权限 48002", "test_app_without_customer_contact_is_48002"),
)
_LOGINS = _rules(
    "test_world_logins.py",
    "91022, 91023, 98152, 90313",
    (
        "登录的 code 只能用一次，五分钟有效 40029",
        "test_code_is_good_once_and_for_five_minutes",
        "world.logins.CODE_SECONDS",
    ),
    ("code 只对要它的应用有效", "test_code_is_for_the_app_that_asked"),
    ("只回到应用的可信域名 50001；state 的长度", "test_nobody_is_sent_to_a_foreign_domain", "world.logins.STATE_BYTES"),
)
_LIMITS = _rules(
    "test_world_limits.py",
    "90454, 90312",
    (
        "每企业每接口、每 IP 的调用次数",
        "test_published_quotas_are_the_default",
        *("world.limits.PER_API_MINUTE", "world.limits.PER_API_HOUR"),
        *("world.limits.PER_IP_MINUTE", "world.limits.PER_IP_HOUR"),
    ),
    (
        "超过每分钟次数，封 60 秒 45009",
        "test_one_call_too_many_in_a_minute_blocks_that_api_for_a_minute",
        "world.limits.MINUTE",
    ),
    ("超过每小时次数，封 60 分钟 45009", "test_one_call_too_many_in_an_hour_blocks_for_an_hour", "world.limits.HOUR"),
    ("同时调用太多 45033（上限未公开，可设置）", "test_too_many_at_once_is_45033"),
    ("同时给同一对成员与客户打标签 45035", "test_marking_one_pair_twice_at_once_is_45035"),
)
_WELCOME = _rules(
    "test_world_welcome.py",
    "92137, 92130, 90313",
    ("欢迎语凭证 20 秒有效，之后 41050", "test_code_lives_twenty_seconds", "world.welcome.CODE_SECONDS"),
    ("只能用一次，先到的应用得到，之后 41051", "test_code_is_good_once_whichever_app_is_first"),
    ("另一个应用正在发送 41096", "test_another_app_in_the_middle_of_it_is_41096"),
    ("已开始聊天 41051", "test_code_is_useless_once_the_chat_has_started"),
    ("后台配置了欢迎语的成员没有凭证", "test_no_code_with_a_native_welcome"),
    ("企业微信用户没有凭证", "test_no_code_for_a_wecom_user"),
    ("免验证添加时已用过凭证，正式添加就没有", "test_no_second_code_when_the_half_add_used_the_first"),
    ("缺少 41049，不认识 41050", "test_missing_and_unknown_codes_have_names"),
    (
        "正文与附件的上限",
        "test_attachment_limits",
        *("world.welcome.TEXT_BYTES", "world.welcome.ATTACHMENTS_AT_MOST", "world.welcome.LINK_TITLE_BYTES"),
        *("world.welcome.LINK_DESC_BYTES", "world.welcome.MINIPROGRAM_TITLE_BYTES"),
    ),
    ("附件素材须有效 40007", "test_attachment_media_must_be_alive"),
)
_RELATIONS = _rules(
    "test_world_relations.py",
    "92130, 92277, 96361, 90313",
    ("新增事件的字段", "test_add_event_has_the_documented_fields"),
    ("客户删除成员后关系是单向的，接口仍可用", "test_customer_who_left_stays_readable_one_way"),
    ("成员删除客户后 84061", "test_customer_whom_the_member_deleted_is_84061"),
    ("只是免验证添加时 84061", "test_half_added_customer_is_84061_until_accepted"),
    ("在职继承删除带 DELETE_BY_TRANSFER", "test_transfer_that_removes_a_customer_says_so"),
    ("成员改备注有事件，只改手机号没有", "test_members_edit_is_told_but_mobiles_alone_are_not"),
    ("接替失败带原因", "test_failed_transfer_says_why"),
)
_CONTACT_WAYS = _rules(
    "test_world_contact_ways.py",
    "92572, 90313",
    (
        "渠道码参数的上限与错误码",
        "test_bad_code_is_refused",
        *("world.contact_ways.STATE_CHARS", "world.contact_ways.REMARK_CHARS", "world.contact_ways.USERS_AT_MOST"),
    ),
    ("渠道码总数 41045", "test_corp_has_so_many_codes_at_most", "world.contact_ways.WAYS_AT_MOST"),
    ("成员须已激活 41054", "test_member_must_be_activated"),
    ("列表默认最近 90 天，分页", "test_list_goes_page_by_page_over_ninety_days", "world.contact_ways.LIST_DAYS"),
    ("同一渠道只能加一位成员（is_exclusive）", "test_exclusive_code_leads_back_to_the_same_member"),
    ("需验证的渠道码等成员通过", "test_code_that_asks_the_member_waits_for_him"),
)
_TAGS = _rules(
    "test_world_tags.py",
    "92117, 92118, 90313",
    ("组内重名 40071", "test_existing_tag_name_is_40071"),
    ("名称长度 40072", "test_names_have_a_length", "world.tags.NAME_CHARS"),
    ("企业标签总数 40126（新页 10000，旧表 3000）", "test_corp_has_so_many_tags_at_most", "world.tags.TAGS_AT_MOST"),
    ("每对成员与客户的标签数（错误码未公开）", "test_pair_has_so_many_tags_at_most", "world.tags.TAGS_PER_PAIR"),
    ("应用只能改自己建的标签（错误码未公开）", "test_app_changes_only_its_own_tags"),
    ("标签不存在 40068", "test_unknown_tag_is_40068"),
    ("标签属于成员与客户这一对", "test_marks_are_of_a_pair_not_of_a_person"),
    ("管理员的修改有事件，接口的没有", "test_admin_edits_are_told_and_api_edits_are_not"),
)
_PROFILES = _rules(
    "test_world_profiles.py",
    "92113, 92114, 92115, 92571, 92994",
    ("客户详情的字段", "test_profile_has_the_documented_shape"),
    ("跟进人每页 500", "test_followers_come_five_hundred_a_page", "world.profiles.FOLLOWERS_A_PAGE"),
    ("不存在的人：40096、41035、60111、84061", "test_unknown_people_have_their_codes"),
    (
        "批量读取的上限",
        "test_bad_batches_are_refused",
        *("world.profiles.BATCH_USERS", "world.profiles.BATCH_LIMIT"),
    ),
    ("批量读取默认每页 50", "test_batch_is_fifty_a_page_unless_asked", "world.profiles.BATCH_DEFAULT"),
    (
        "备注的字数",
        "test_remark_is_written_without_a_callback_and_within_limits",
        *("world.profiles.REMARK_CHARS", "world.profiles.DESCRIPTION_CHARS", "world.profiles.COMPANY_CHARS"),
    ),
)
_MEDIA = _rules(
    "test_world_media.py",
    "90253, 90256, 90313",
    ("临时素材 3 天有效 40007", "test_media_lives_three_days", "world.media.MEDIA_SECONDS"),
    ("各类素材的大小", "test_each_kind_has_its_size", "world.media.BYTES_AT_MOST", "world.media.SMALLEST_BYTES"),
    ("图片只收 JPG 与 PNG", "test_pictures_are_png_or_jpeg_by_their_bytes"),
    ("永久图片的大小", "test_permanent_picture_has_an_address_and_no_media_id", "world.media.PICTURE_BYTES"),
)
_MESSAGES = _rules(
    "test_world_messages.py",
    "90236, 90241, 94867, 94888, 90454",
    ("部分接收人无效仍发送", "test_partly_invalid_receivers_still_get_it"),
    ("全部无效 81013", "test_all_invalid_is_81013_and_none_is_82001"),
    (
        "每人每分钟 30 条、每小时 1000 条，超出静默丢弃",
        "test_over_thirty_a_minute_are_dropped_silently",
        *("world.messages.MEMBER_MINUTE", "world.messages.MEMBER_HOUR"),
    ),
    (
        "重复消息检查",
        "test_duplicate_check_shows_the_same_message_once",
        *("world.messages.DUPLICATE_SECONDS", "world.messages.DUPLICATE_SECONDS_AT_MOST"),
    ),
    (
        "消息的上限",
        "test_bad_messages_are_refused",
        *("world.messages.TEXT_BYTES", "world.messages.CARD_TITLE_BYTES", "world.messages.CARD_TEXT_BYTES"),
        *("world.messages.ARTICLES_AT_MOST", "world.messages.RECEIVERS_AT_MOST"),
    ),
    ("24 小时内可撤回 42052", "test_recall_takes_it_away_within_a_day", "world.messages.RECALL_SECONDS"),
    (
        "卡片的上限",
        "test_bad_cards_are_refused",
        *("world.cards.BUTTONS_AT_MOST", "world.cards.SELECTS_AT_MOST"),
        *("world.cards.ROWS_AT_MOST", "world.cards.JUMPS_AT_MOST"),
    ),
    ("task_id 每应用只用一次", "test_task_id_is_used_once_per_app"),
    ("response_code 只能用一次 60140", "test_response_code_changes_the_card_once"),
    ("response_code 72 小时有效", "test_response_code_lives_seventy_two_hours", "world.cards.RESPONSE_CODE_SECONDS"),
    ("每次点击带来新的 response_code", "test_each_click_brings_a_fresh_response_code"),
)
_WIRE = _rules(
    "test_server_api.py",
    "91039, 90313",
    ("错误也是 HTTP 200 加 errcode", "test_answers_are_http_200_with_an_errcode"),
    ("路径错误 404，没有正文", "test_wrong_path_is_404_without_a_body"),
)
RULES = (
    *(_CALLBACKS + _APPS + _LOGINS + _LIMITS + _WELCOME + _RELATIONS + _CONTACT_WAYS),
    *(_TAGS + _PROFILES + _MEDIA + _MESSAGES + _WIRE),
    *CUSTOMERS,
    *KF,
    *MASS,
)


def page() -> str:
    """The whole of docs/sandbox-rules.md."""
    return _HEAD + "".join(_row(rule) for rule in RULES)


def _row(rule: Rule) -> str:
    numbers = "<br>".join(f"`{name.rpartition('.')[2]}` = {value_of(name)}" for name in rule.constants)
    return f"| {rule.says} | {rule.source} | {numbers} | `{rule.test}` |\n"


def value_of(constant: str) -> object:
    """The number that a rule's constant holds; AttributeError when there is none."""
    module, _, name = constant.rpartition(".")
    return getattr(importlib.import_module(f"sandbox.{module}"), name)


if __name__ == "__main__":
    sys.stdout.write(page())
