"""The rules of customer groups, join ways, acquisition links, transfers, statistics and pools; see rules.py."""

from __future__ import annotations

from sandbox.rule import rules

_GROUPS = rules(
    "test_world_groups.py",
    "92120, 92122, 92130, 94828, 90313",
    ("建群的回调只有群 ID，读取有全部字段", "test_group_is_made_told_and_shown"),
    (
        "入群的回调：人数、名单、前后版本号；JoinScene 0 为受邀（文档与样例不一，仅作提示）",
        "test_those_who_join_are_told_with_the_versions_around",
    ),
    ("退群的回调：QuitScene 0 自己退，1 被移出", "test_those_who_go_are_told_by_themselves_or_removed"),
    ("换群主、改名、改公告各有 UpdateDetail", "test_owner_name_and_notice_change_with_their_details"),
    ("群解散后 49008，不存在 40050", "test_dismissed_group_is_told_and_gone"),
    ("群列表按群主与状态过滤，分页", "test_list_is_filtered_and_paged"),
    (
        "群列表的上限（limit 必填）",
        "test_bad_lists_are_refused",
        *("world.group_api.GROUPS_A_PAGE", "world.group_api.OWNERS_A_FILTER"),
    ),
    ("成员太多又不过滤 81017", "test_large_corp_must_filter", "world.group_api.MEMBERS_UNFILTERED"),
    ("opengid 无效 90511", "test_opengid_of_a_mini_program_leads_to_the_group"),
)
_JOIN_WAYS = rules(
    "test_world_join_ways.py",
    "92229, 92122, 90313",
    ("扫码入群：JoinScene 3，群详情里有 state", "test_who_scans_is_in_with_scene_and_state"),
    ("群详情可能没有成员的 state（可设置）", "test_state_of_a_member_may_be_withheld"),
    (
        "群满了换下一个，都满了自动建群（人数未公开，可设置）",
        "test_full_groups_are_passed_over_and_another_one_is_made",
        "world.join_ways.PEOPLE_A_GROUP",
    ),
    (
        "加入群聊参数的上限，最多 5 个群 41091",
        "test_bad_code_is_refused",
        *("world.join_ways.GROUPS_AT_MOST", "world.join_ways.REMARK_CHARS"),
        *("world.join_ways.STATE_CHARS", "world.join_ways.ROOM_NAME_CHARS"),
    ),
    ("加入群聊与联系我共用总数 41045", "test_quota_is_shared_with_contact_ways"),
)
_GROUP_WELCOME = rules(
    "test_world_group_welcome.py",
    "92366, 90313",
    ("入群欢迎语只有创建的应用能改 41058", "test_only_the_app_that_made_it_changes_it"),
    ("入群欢迎语：文字或一个附件", "test_bad_welcome_is_refused"),
    (
        "入群欢迎语总数 41055",
        "test_library_has_so_many_welcomes_at_most",
        "world.group_welcome.TEMPLATES_AT_MOST",
    ),
    ("入群欢迎语要群主选用才生效，%NICKNAME% 换成昵称", "test_who_joins_is_greeted_when_the_group_uses_one"),
)
_ACQUISITION = rules(
    "test_world_acquisition.py",
    "97297, 97298, 97299, 97398, 90313",
    ("应用只见自己建的获客链接（错误码未公开）", "test_app_sees_only_its_own_links"),
    ("客户联系的系统密钥不能调用获客助手 48002", "test_contact_secret_may_not_touch_links"),
    ("经获客链接添加：先 friend_request，add_way 16，state 是渠道", "test_add_by_link_carries_the_channel"),
    ("customer_channel 超出即截断", "test_channel_is_cut_at_its_bytes", "world.acquisition.CHANNEL_BYTES"),
    ("需验证的获客链接等成员通过，那时才扣额度（推断）", "test_link_that_asks_the_member_waits_for_him"),
    ("链接的客户与 chat_status；首次发言 customer_start_chat", "test_customers_of_a_link_are_listed_with_their_chats"),
    ("已是好友不扣额度（推断）", "test_old_friend_costs_nothing_and_is_not_counted"),
    (
        "额度不足、用完、增加都有回调",
        "test_quota_runs_low_then_out_and_is_bought_again",
        "world.acquisition.BALANCE_LOW",
    ),
    ("后台删除链接有回调，接口删除没有", "test_admins_and_mishaps_are_told_and_api_deletes_are_not"),
    (
        "获客链接的成员数 41041（另有更大的说法，未确认）",
        "test_bad_link_is_refused",
        "world.acquisition_api.USERS_A_LINK",
    ),
    (
        "获客链接各列表的上限，链接总数 41095（总数未公开，可设置）",
        "test_lists_have_their_limits",
        *("world.acquisition_api.LINKS_A_PAGE", "world.acquisition_api.CUSTOMERS_A_PAGE"),
    ),
    (
        "获客统计的跨度",
        "test_statistic_counts_openings_and_customers_of_some_days",
        *("world.acquisition_api.STATISTIC_DAYS", "world.acquisition_api.STATISTIC_BACK_DAYS"),
    ),
)
_TRANSFERS = rules(
    "test_world_transfers.py",
    "92125, 94088, 92124, 94081, 94082, 92127, 95703, 90313",
    (
        "接替 24 小时后生效：原成员 DELETE_BY_TRANSFER，接替成员 add_way 202；备注与标签随行、没有欢迎语凭证（未公开）",
        "test_transfer_takes_effect_a_day_later",
        "world.transfers.TRANSFER_SECONDS",
    ),
    ("客户可拒绝接替：transfer_fail", "test_customer_may_refuse"),
    ("接替成员客户已满：40099，或到时 customer_limit_exceed", "test_full_member_takes_nobody_over"),
    ("等待期间客户删除了成员，不再接替（未公开）", "test_customer_who_leaves_meanwhile_is_not_transferred"),
    ("接替逐个客户给错误码：40096、40131、40129", "test_each_customer_has_his_own_error"),
    (
        "在职接替 90 天内至多 2 次 40128",
        "test_customer_is_transferred_twice_in_ninety_days_at_most",
        *("world.transfers.TRANSFERS_AT_MOST", "world.transfers.TRANSFERS_DAYS"),
    ),
    (
        "接替参数的上限与错误码",
        "test_bad_transfer_is_refused",
        *("world.transfers.CUSTOMERS_A_CALL", "world.transfers.MESSAGE_CHARS"),
    ),
    ("离职成员：40097、待分配列表、40100", "test_who_has_left_is_transferred_by_the_other_call"),
    ("待分配列表分页", "test_unassigned_customers_come_page_by_page", "world.transfers.UNASSIGNED_A_PAGE"),
    ("接替结果分页", "test_results_come_page_by_page", "world.transfers.RESULTS_A_PAGE"),
    (
        "成员离职：渠道码跳过他，他的群待继承，别的群少一人（后者未公开）",
        "test_member_who_leaves_leaves_his_codes_and_groups",
    ),
    ("在职转群立即生效，没有回调：90504、90501", "test_group_changes_hands_on_the_job_at_once"),
    (
        "在职转群 90 天内至多 2 次（错误码未公开）",
        "test_group_changes_hands_twice_in_ninety_days_at_most",
        *("world.transfer_groups.GROUP_TRANSFERS_AT_MOST", "world.transfer_groups.GROUP_TRANSFERS_DAYS"),
    ),
    (
        "离职转群经状态 2 到 3（时长未公开，取 24 小时）：90500、90502、90507、90508",
        "test_group_of_one_who_left_changes_hands_a_day_later",
    ),
    (
        "转群每次与每人每天的上限（后者错误码未公开）",
        "test_groups_of_one_owner_go_so_many_a_day",
        *("world.transfer_groups.GROUPS_A_CALL", "world.transfer_groups.GROUPS_A_DAY"),
    ),
)
_STATISTICS = rules(
    "test_world_behaviour.py",
    "92132, 92133",
    ("统计次日才有，按 UTC+8 分日", "test_today_is_told_tomorrow"),
    ("聊天数、消息数、回复占比与首次回复时长；没有聊天就没有后两项", "test_chats_and_answers_are_counted"),
    ("成员主动添加计入发起申请数", "test_customer_whom_the_member_asked_is_an_application"),
    ("多个成员合计", "test_several_members_are_summed"),
    (
        "联系客户统计的上限",
        "test_bad_spans_and_members_are_refused",
        *("world.behaviour.USERS_A_CALL", "world.behaviour.BEHAVIOUR_DAYS", "world.days.STATISTIC_BACK_DAYS"),
    ),
    ("群统计是当日结束时的数", "test_groups_are_counted_as_they_were_at_the_end_of_the_day"),
    ("群统计按日", "test_groups_are_told_day_by_day"),
    ("群统计按群主排序、分页", "test_owners_are_ordered_and_paged"),
    (
        "群统计的上限（群主必填）",
        "test_group_statistic_has_limits",
        *("world.group_statistics.STATISTIC_OWNERS", "world.group_statistics.STATISTIC_PAGE"),
        "world.group_statistics.STATISTIC_LIMIT",
    ),
)
_POOL = rules(
    "test_world_pool.py",
    "92994, 92113",
    ("已有的客户池逐页读完，一个不漏", "test_pool_is_read_to_the_end_in_pages"),
)
CUSTOMERS = (
    *(_GROUPS + _JOIN_WAYS + _GROUP_WELCOME + _ACQUISITION),
    *(_TRANSFERS + _STATISTICS + _POOL),
)
