"""The rules of 微信客服. Where error codes or behaviour are not published, the rule says so."""

from __future__ import annotations

from sandbox.rule import rules

_ACCOUNTS = rules(
    "test_world_kf_accounts.py",
    "94661, 94665, 94645, 95159, 90313",
    (
        "客服账号名称长度 95006，头像须有效 40007",
        "test_account_needs_a_short_name_and_an_avatar",
        "world.kf_accounts.NAME_CHARS",
    ),
    ("客服账号总数 95005", "test_corp_has_so_many_accounts_at_most", "world.kf_accounts.ACCOUNTS_AT_MOST"),
    (
        "客服账号列表分页，GET 与 POST 都可",
        "test_account_list_goes_page_by_page_by_get_or_post",
        "world.kf_accounts.LIST_LIMIT",
    ),
    ("open_kfid 缺少 60251，不合法 95000，不存在 95004", "test_unknown_account_has_its_codes"),
    ("客服账号未交给 API 管理 48007，交接有事件", "test_account_of_the_console_is_48007_until_it_is_handed_over"),
    ("应用没有微信客服权限 48002", "test_app_without_kf_is_48002"),
    ("客服链接的场景值", "test_scene_of_a_link_is_short_and_plain", "world.kf_accounts.SCENE_BYTES"),
    ("接待人员逐个有结果", "test_servicers_are_added_listed_and_removed"),
    (
        "接待人员与部门的上限（错误码未公开）",
        "test_account_has_so_many_servicers_at_most",
        *("world.kf_accounts.SERVICERS_AT_MOST", "world.kf_accounts.DEPARTMENTS_AT_MOST"),
    ),
    (
        "只能读到 48 小时内来过的客户，以及他从哪里来",
        "test_customers_are_read_in_batches_with_how_they_came",
        "world.kf_accounts.BATCH_AT_MOST",
    ),
    ("unionid 须在微信客服里绑定开发者账号", "test_unionid_needs_a_bound_wechat_account"),
    ("同一企业里客服客户与好友是同一个编号（推断）", "test_customer_of_a_member_has_the_same_id_in_kf"),
)
_SYNC = rules(
    "test_world_kf_sync.py",
    "94670, 97712, 90313",
    ("客服回调只有 Token 与 OpenKfId，没有内容", "test_bell_says_only_that_something_waits"),
    ("客服事件的编号在 event 里面", "test_messages_and_events_come_in_their_shapes"),
    ("读不到应用自己发的客服消息", "test_what_an_app_sends_is_never_returned"),
    ("按游标读取，不重不漏", "test_pages_from_a_cursor_give_each_item_once", "world.kf_sync.PAGE_AT_MOST"),
    ("has_more 为 1 时列表也可能为空（可设置）", "test_page_may_be_empty_though_more_is_there"),
    ("游标不认识 50100（错误码未公开）", "test_cursor_that_is_none_of_ours_is_50100", "world.kf_sync.CURSOR_BYTES"),
    ("只能读到最近 3 天的客服消息", "test_items_older_than_three_days_are_gone", "world.kf_sync.HORIZON_SECONDS"),
    (
        "回调的 Token 10 分钟有效，之后 95007",
        "test_token_lives_ten_minutes_and_belongs_to_its_account",
        *("world.kf.TOKEN_SECONDS", "world.kf_sync.TOKEN_BYTES"),
    ),
    (
        "不带 Token 的读取有严格限制 45009（次数未公开，可设置）",
        "test_without_a_token_the_limit_is_strict",
        "world.kf_sync.WITHOUT_TOKEN_PER_MINUTE",
    ),
)
_CUSTOMERS = rules(
    "test_world_kf_customers.py",
    "94670, 94665",
    ("客服链接带来 scene 与 scene_param", "test_link_brings_scene_and_scene_param"),
    (
        "链接有场景值才带 scene_param（超长未公开，沙箱报错）",
        "test_scene_param_needs_a_link_with_a_scene_and_is_short",
        "world.kf_customers.SCENE_PARAM_BYTES",
    ),
    (
        "48 小时内没收过欢迎语、没说过话，才有客服欢迎语凭证",
        "test_welcome_code_comes_unless_welcomed_or_written_in_48_hours",
        "world.kf_codes.WELCOME_PAUSE_SECONDS",
    ),
    ("点菜单等于客户发来带 menu_id 的文字", "test_tap_is_an_ordinary_text_with_the_menu_id"),
    ("点菜单重新打开 48 小时与 5 条（未公开，可设置）", "test_whether_a_tap_opens_a_new_window_is_a_setting"),
    ("客户发来的素材可下载", "test_files_can_be_fetched_and_other_types_pass_as_they_are"),
    ("客户撤回有事件", "test_recall_names_the_message"),
)
_SEND = rules(
    "test_world_kf_send.py",
    "94677, 90313",
    ("客户 48 小时没说话 95002", "test_bot_has_48_hours", "world.kf.SESSION_SECONDS"),
    (
        "客户说话前最多发 5 条 95001",
        "test_bot_has_five_messages_until_the_customer_writes",
        "world.kf_send.SENDS_AT_MOST",
    ),
    ("只是进入会话的客户，只能用凭证发（错误码未公开）", "test_who_only_entered_cannot_be_written_to"),
    ("第一次回复让会话从 0 变 1", "test_first_answer_moves_a_new_session_to_the_bot"),
    ("排队、人工、已结束时不能发 95018", "test_bot_is_silent_in_the_pool_and_with_a_human"),
    ("同一 msgid 只送达一次", "test_same_msgid_is_sent_once"),
    ("msgid 每个账号唯一", "test_msgid_is_unique_per_account_and_plain", "world.kf.MSGID_CHARS"),
    ("已接受的客服消息可能失败，有事件（可设置）", "test_accepted_message_may_still_fail"),
    (
        "客服消息的上限 45002，菜单 95008、95009",
        "test_messages_have_types_and_sizes",
        *("world.kf_content.TEXT_BYTES", "world.kf_content.LINK_TITLE_BYTES", "world.kf_content.LINK_DESC_BYTES"),
        *("world.kf_content.URL_BYTES", "world.kf_content.MINIPROGRAM_TITLE_BYTES"),
        *("world.kf_content.MENU_HEAD_BYTES", "world.kf_content.MENU_TAIL_BYTES"),
        *("world.kf_content.MENU_ITEMS_AT_MOST", "world.kf_content.CLICK_ID_BYTES", "world.kf_content.CLICK_BYTES"),
        *("world.kf_content.VIEW_BYTES", "world.kf_content.MENU_TEXT_BYTES"),
    ),
    ("客服小程序卡片的路径以 .html 结尾", "test_page_of_a_miniprogram_ends_in_html"),
)
_CODES = rules(
    "test_world_kf_send.py",
    "95122",
    (
        "客服欢迎语凭证 20 秒、一次（41050、41051 未公开）",
        "test_welcome_code_lives_twenty_seconds_and_once",
        "world.kf_codes.WELCOME_SECONDS",
    ),
    (
        "排队与接入的凭证 48 小时，只发文字",
        "test_codes_of_pool_and_human_live_48_hours_for_a_text_in_their_state",
        "world.kf_codes.POOL_SECONDS",
    ),
    ("凭证只在得到它的状态有效 95018", "test_code_is_useless_in_another_state"),
    (
        "结束的凭证 20 秒，可发菜单",
        "test_code_of_the_end_lives_twenty_seconds_for_a_rating",
        "world.kf_codes.ENDED_SECONDS",
    ),
)
_STATE = rules(
    "test_world_kf_state.py",
    "94669, 94670, 90313",
    ("应用能怎样变更会话 95016；已结束 95013（1 到 4 未公开，不允许）", "test_app_moves_a_session_only_as_documented"),
    ("客户 48 小时没说话，会话结束", "test_session_ends_48_hours_after_the_last_message"),
    ("接待人员须在接待 95019，须是接待人员 95014", "test_servicer_must_be_one_and_receive"),
    (
        "人工接入、转接、结束、重新接入有事件，应用自己的变更没有",
        "test_human_takes_transfers_ends_and_reopens_and_each_is_told",
    ),
    ("接待人员撤回有事件", "test_servicer_takes_a_message_back"),
    ("人工也可从机器人手里接入（未公开）", "test_session_stays_with_its_human_when_the_customer_writes"),
    ("没有咨询过的会话是 4", "test_state_of_nobody_is_refused_and_of_a_newcomer_is_not_begun"),
)
KF = _ACCOUNTS + _SYNC + _CUSTOMERS + _SEND + _CODES + _STATE
