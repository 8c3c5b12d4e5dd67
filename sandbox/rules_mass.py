"""The rules of mass sends (企业群发) and of Moments (客户朋友圈); see rules.py."""

from __future__ import annotations

from sandbox.rule import rules

_CREATING = rules(
    "test_world_mass.py",
    "92135, 96355, 90313",
    ("建群发只是建任务，成员确认后客户才收到；没有回调", "test_nothing_is_sent_until_the_member_confirms"),
    (
        "群发参数的上限",
        "test_bad_task_is_refused",
        *("world.mass_audience.CUSTOMERS_A_TASK", "world.mass_audience.GROUPS_A_TASK"),
        "world.mass_audience.TAGS_A_LIST",
    ),
    ("群发正文与附件的上限同欢迎语，素材须有效 40007", "test_content_is_checked_as_that_of_a_welcome"),
    ("无效或发不到的在 fail_list，一个也发不到 41048", "test_who_cannot_be_reached_is_listed_and_nobody_is_41048"),
    ("没有 sender 时只推给最后聊天的成员", "test_customer_of_several_gets_it_from_who_chatted_last"),
    ("有 sender 时由他发（推断，可设置）", "test_named_sender_gets_the_task_or_not"),
    ("已删除成员的客户在 fail_list 还是发送失败（未公开，可设置）", "test_customer_who_left_fails_at_once_or_later"),
    ("标签：组内任一、组间同时；给了客户就不看标签", "test_tags_are_any_of_a_list_and_all_of_the_lists"),
    ("客户群群发只给群主自己的群，未指定由群主自选（fail_list 列出别人的群：未公开）", "test_groups_of_their_owner"),
    (
        "allow_select 时成员可去掉客户，去掉的仍是状态 0（未公开，可设置）",
        "test_member_leaves_customers_out_where_he_may",
    ),
)
_READING = rules(
    "test_world_mass_results.py",
    "93338, 96355, 90313",
    ("刚建的群发在派发，41063（时长未公开，可设置）", "test_fresh_task_is_still_being_dispatched"),
    ("msgid 缺少 41046，不认识 41047", "test_missing_and_unknown_msgids_have_names"),
    (
        "群发记录：创建时间是字符串，接口建的没有 creator",
        "test_list_has_what_the_corp_and_members_made",
        *("world.mass_api.SENDS_A_PAGE", "world.mass_api.SENDS_BY_DEFAULT"),
    ),
    ("群发记录的跨度", "test_bad_lists_are_refused", "world.mass_api.LIST_SPAN_DAYS"),
    ("limit 超过最大值取默认值", "test_limit_that_is_too_large_is_the_usual_one"),
    (
        "成员任务与发送结果分页，未发送的没有 send_time",
        "test_tasks_and_results_come_page_by_page",
        *("world.mass_api.SEND_RESULTS_A_PAGE", "world.mass_api.SEND_RESULTS_BY_DEFAULT"),
    ),
    ("不再是好友状态 2", "test_who_is_no_friend_any_more_is_status_two"),
    (
        "24 小时内至多提醒 3 次 41094",
        "test_member_is_reminded_three_times_a_day",
        *("world.mass_api.REMINDERS_AT_MOST", "world.mass_api.REMINDER_SECONDS"),
    ),
    ("停止只管还没发的，之后 41093；发出的收不回", "test_cancelled_task_goes_to_nobody_else"),
)
_QUOTA = rules(
    "test_world_mass_quota.py",
    "92135",
    ("群发额度按自然月：当月天数条，超出的不送达，状态 3", "test_a_month_has_as_many_as_days"),
    (
        "管理员可改为每周或每天的条数",
        "test_admin_chooses_a_week_or_a_day",
        *("world.quota.WEEKLY", "world.quota.DAILY"),
    ),
    ("每个客户群的额度同样算", "test_group_has_a_quota_of_its_own"),
    (
        "成员自己的群发共用额度，一次至多这么多客户",
        "test_members_own_mass_sends_draw_on_the_same_quota",
        "world.mass.OWN_RECEIVERS_AT_MOST",
    ),
)
_ATTACHMENTS = rules(
    "test_world_attachments.py",
    "96347, 90313",
    (
        "附件资源自成一类：普通素材用于朋友圈 41072，附件资源用于别处 40007（后者未公开）",
        "test_each_space_has_its_own_ids",
    ),
    ("附件资源 3 天有效", "test_attachment_lives_three_days"),
    (
        "附件资源的类型与大小，视频须 mp4 41090、时长 41082（在上传时检查：未公开）",
        "test_attachment_has_its_kinds_and_limits",
        "world.attachments.MOMENT_VIDEO_SECONDS",
    ),
)
_MOMENTS = rules(
    "test_world_moments.py",
    "96350, 96351, 90313",
    ("发朋友圈是异步任务：状态 1、2、3，之后成员确认才发表", "test_job_ends_in_a_task_that_members_post"),
    (
        "朋友圈任务编号 24 小时有效（错误码未公开）",
        "test_job_is_known_for_a_day",
        "world.moment_api.MOMENT_JOB_SECONDS",
    ),
    (
        "朋友圈内容的上限，附件只能一种",
        "test_bad_moment_is_refused",
        *("world.moment_content.MOMENT_TEXT_CHARS", "world.moment_content.MOMENT_IMAGES"),
        *("world.moment_content.MOMENT_LINK_TITLE_BYTES", "world.moment_audience.MOMENT_SENDERS"),
    ),
    (
        "每分钟创建的朋友圈任务 45009",
        "test_so_many_are_made_in_a_minute",
        "world.moment_api.MOMENT_TASKS_A_MINUTE",
    ),
    ("同时创建太多 41078、每月任务数（上限未公开，可设置）", "test_other_ceilings_are_settings"),
    ("可见范围：只有成员即公开，有标签即部分可见，都没有即全员", "test_range_says_who_posts_and_who_sees"),
    ("朋友圈只给微信客户看，企业微信用户看不到", "test_only_customers_with_wechat_see_it"),
    ("标签满足一个即可见，还是要全部（未公开，可设置）", "test_one_tag_is_enough_or_all_are_needed"),
    ("无效的成员、部门、标签写在结果里，无人可发即失败（错误码未公开）", "test_unknown_ones_are_named_in_the_result"),
    ("停止只管还没发表的", "test_cancelled_moment_is_posted_by_nobody_else"),
    ("客户每月可见条数（未公开，可设置）", "test_customer_sees_so_many_a_month_when_set"),
)
_RESULTS = rules(
    "test_world_moment_results.py",
    "96352, 90313",
    (
        "朋友圈列表按时间、类型、创建人，已删除的不返回",
        "test_list_has_what_is_not_taken_down",
        "world.moment_results.MOMENT_SPAN_DAYS",
    ),
    (
        "朋友圈列表每页的条数，超过取默认值",
        "test_list_is_twenty_a_page",
        "world.moment_results.MOMENTS_A_PAGE",
    ),
    ("朋友圈编号缺少 41059，不认识 41060", "test_missing_and_unknown_moments_have_names"),
    ("还在派发 41079（时长未公开，可设置）", "test_fresh_moment_is_still_being_dispatched"),
    ("不是这位成员的 41061，还没发表 41062，个人发表的没有任务 41067", "test_what_is_not_there_has_its_code"),
    (
        "计划可见与实际可见的客户分页",
        "test_planned_and_visible_customers_come_page_by_page",
        *("world.moment_results.MOMENT_TASKS_A_PAGE", "world.moment_results.MOMENT_TASKS_BY_DEFAULT"),
        *("world.moment_results.MOMENT_VISIBLE_A_PAGE", "world.moment_results.MOMENT_VISIBLE_BY_DEFAULT"),
    ),
    ("点赞与评论有人和时间，没有评论的文字", "test_likes_and_comments_come_without_words"),
)
MASS = _CREATING + _READING + _QUOTA + _ATTACHMENTS + _MOMENTS + _RESULTS
