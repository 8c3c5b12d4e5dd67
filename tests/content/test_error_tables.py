# ruff: noqa: E501 - a row of a table is a line
"""Every slip that people are known to make in a file, table by table: what they read, at which line, and that the
edition before it stays live. The files are those of `tests/data/brand`, where nothing is wrong.

A row that only advises goes live, and says so. What no file can know alone stands in ELSEWHERE.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from bot.content.live import LiveContent
from bot.scrm.tag_plan import MAX_TAGS

BRAND = Path(__file__).parent.parent / "data" / "brand"
NOW = 1_796_054_400  # 2026-12-01 in Shanghai
BLOCK = "这样的文字请写 text: | ，正文放下一行"


@dataclass(frozen=True, slots=True)
class Slip:
    """In a file of content/, `old` is typed as `new`; what is said of it, from the line on."""

    file: str
    old: str
    new: str
    said: str


LIBRARY, DEC, RULES, SURVEY = "library/redness.yaml", "calendars/dec.yaml", "rules/brand.yaml", "surveys/newcomer.yaml"
XIAOHE = "personas/xiaohe.yaml"
KIND, WORDS = "    kind: 科普", "        text: |\n          脸红的时候，少做比多做有用。\n"
SKIN = "[干性, 油性, 混合, 敏感肌]"
COLON = ":4: kind: “kind”后面要用英文冒号加一个空格：kind: 科普"
LIST = "列表用英文逗号加空格 [干性, 油性]；句子里用中文逗号"
HASH = "“#换季#”会被当注释丢掉。这样的文字请写 text: | ，正文放下一行"
BY_NAME = "群发是同一段话发给很多人，不能用 customer.name；要称呼客户请写 for: 手发"
PRICE = "“268元”是手写价格（《价格法》第十三条）；写 {{ offer.price }}。改好以前，这一条不会发出"
NINE = "".join(f"      - {{say: 选项{n}}}\n" for n in "一二三四五六七八九")
MANY = "".join(f"  - {{id: more-{n}, touchpoint: 私聊, on: 2026-12-11, at: 10:{n}5, pick: 科普}}\n" for n in range(6))

SLIPS: dict[str, list[Slip]] = {
    "YAML": [
        Slip(LIBRARY, KIND, "    kind：科普", COLON),
        Slip(LIBRARY, KIND, "    kind:科普", COLON),
        Slip("tags.yaml", f"tags: {SKIN}}}", "tags: [干性]}\n  -干性", ":3: “-”后面要加一个空格：- 干性"),
        Slip(LIBRARY, WORDS, "        text: 聊聊 #换季#\n", f":16: text: {HASH}"),
        Slip(LIBRARY, WORDS, "        text: 提醒: 明天\n", f":16: text: {BLOCK}"),
        Slip(LIBRARY, WORDS, "        text: @所有人\n", f":16: text: {BLOCK}"),
        Slip(LIBRARY, WORDS, "        text: {{ guide.name }}你好\n", f":16: text: {BLOCK}"),
        Slip(LIBRARY, WORDS, "        text: &大家好\n", f":16: text: {BLOCK}"),
        Slip("tags.yaml", SKIN, "[干性，油性]", f":2: tags: {LIST}"),
        Slip("tags.yaml", f"- {{group: 肤质, pick: 单选, tags: {SKIN}}}", "- group: 肤质\n    tags: 【干性】", ":3: tags: 列表用英文方括号 [干性, 油性]"),
        Slip(SURVEY, "{say: 说不清}", "{say: 你好,在吗}", ":13: options: “在吗”后面没有冒号和值。列表用英文逗号加空格"),
        Slip(LIBRARY, "    topic: 换季护理\n    source", "\ttopic: 换季护理\n    source", ":5: 行首是 Tab，请改成两个空格"),
        Slip(LIBRARY, "id: kp-redness", "id: 0012", ":2: id: “0012”不行：要用字母开头"),
        Slip(LIBRARY, "valid: 2026-11-01 ~", "valid: 2026-11-1 ~", ":7: valid: 日期请写 2026-11-01"),
        Slip(LIBRARY, "images: [", "imgaes: [", ":14: imgaes: 不认识，是不是 images？"),
        Slip(DEC, "    by: 21:00\n", "    at: 21:00\n", ":10: at: 写了两次（第 9、10 行）"),
        Slip(RULES, "when: kind ==", "when: '导购' ==", ":8: when: 以引号开头、后面还有字。这样的文字请写 when: |"),
        Slip(RULES, "when: topic ==", "when: !(topic ==", ":13: when: 这样的文字请写 when: | ，正文放下一行"),
    ],
    "1 人设": [
        Slip(XIAOHE, "[guide-lin]", "[guide-lin, guide-wu]", ":5: guides: guide-wu 已属于人设“阿澄”，一位导购只能有一个人设"),
        Slip(XIAOHE, "[保湿]", "[美白]", ":10: may_claim: “美白”没有依据，请在 lint/claims.yaml 写注册证号，或删掉"),
        Slip(XIAOHE, "先问两句：", "亲亲，", ":13: examples: 用了自己禁用的词“亲亲”"),
        Slip(XIAOHE, "voice: |\n  先问再答，一次只说一件事。", "voice: ''", ":6: voice: 不能为空，写两三句说话习惯"),
    ],
    "2 内容": [
        Slip(LIBRARY, "          换季脸颊", "          {{ customer.name }}，换季", f":11: text: {BY_NAME}"),
        Slip(LIBRARY, "kind: 科普", "kind: 科谱", ":4: kind: “科谱”不行，是不是 科普？可以写 科普、活动、互动、导购"),
        Slip(LIBRARY, "    offer: cream-set-dec\n", "", ":24: kind: 导购必须写 offer"),
        Slip(LIBRARY, "{{ offer.price }}", "268元", f":30: 提醒: text: {PRICE}"),
        Slip(LIBRARY, "        images: [redness/card.png]\n      - for: 手发", "        images: [redness/card.png]\n        video: a.mp4\n      - for: 手发", ":15: variants: 朋友圈只能是图片、视频、链接中的一种"),
        Slip(LIBRARY, "换季脸颊发红", "换" * 1_400, ":11: text: 4,455 字节，上限 4,000（一个汉字 3 字节）"),
        Slip(LIBRARY, "[redness/card.png]", "[redness/card.jpg]", ":14: images: 找不到 redness/card.jpg，是不是 redness/card.png？"),
    ],
    "3 日历": [
        Slip(DEC, "    pick: 自动", "    pick: 自动\n    item: kp-redness", ":12: item: item 和 pick 只能写一个"),
        Slip(DEC, "by: 21:00", "by: 21:45", ":10: by: 21:45 太晚，群 22:00 起免打扰，最晚 21:30"),
        Slip(DEC, "    item: kp-redness\n", "    item: kp-redness\n    who: {when: orders > 1}\n", ":18: who.when: 朋友圈只能按标签和导购圈人（企业微信限制）"),
        Slip(DEC, "    pick: 自动", "    item: kp-redness", ":11: item: 每周发 4 次，但这条 60 天内不重复；请改 pick: 科普"),
        Slip(DEC, "on: 2026-12-11", "on: 2026-09-31", ":20: on: 没有 9月31日"),
        Slip(DEC, "every: 周一 周二 周四 周五", "every: 每天", ":5: entries: 会员群* 2026 年 12 月排了 31 条群发，上限 27；请把 4 条改成 via: 导购手发"),
        Slip(DEC, "sequences:", f"{MANY}sequences:", ":5: 提醒: entries: 12 月 11 日一位导购最多要确认 8 张卡，上限 6，多出来的 2 条会跳过（见 plan）"),
        Slip("holidays.yaml", "name: 除夕", "name: 大年三十", ":1: 提醒: 2027 年还没有调休安排，国务院公布后请补上"),
    ],
    "4 配比": [
        Slip("mix.yaml", "活动15 互动40 导购5}", "活动10 互动40 导购5}", ":4: ratio: 加起来是 95，少 5"),
        Slip("mix.yaml", "朋友圈, stage: 衰退", "朋友圈, stage: 成熟", ":3: ratios: 缺“朋友圈 · 衰退”"),
        Slip("mix.yaml", "buyers_pct >=", "buyer_pct >=", ":19: when: 第 23 列 不认识 buyer_pct，是不是 buyers_pct？"),
        Slip("mix.yaml", "{stage: 冷启动}", "{stage: 冷启动, when: members < 50}", ":21: when: 最后一行不能有 when"),
        Slip("mix.yaml", "科普40 活动15 互动40 导购5}", "科普30 活动15 互动25 导购30}", ":4: 提醒: ratio: 群 · 冷启动 导购 30，建议不超过 10，新群容易被退"),
    ],
    "5 分寸和额度": [
        Slip("care.yaml", " 朋友圈0.25", "", ":7: budget.weights: 缺“朋友圈”"),
        Slip("care.yaml", "{for: 群, hours", "{for: 私聊, hours", ":3: for: “私聊”写了两行"),
        Slip("quota.yaml", "from: 2023-01-01", "from: 2020-01-01", ":3: from: 与上一行日期相同"),
        Slip("quota.yaml", "rule: 当月天数", "rule: 每月30次", ":3: rule: “每月30次”请写成 每月30条 或 当月天数"),
        Slip("care.yaml", "per: 7天, most: 2}", "per: 7天, most: 5}", ":10: 提醒: most: 私聊 7 天 5 条，建议 2 条以内"),
        Slip("care.yaml", "topics: [换季护理, 新品, 会员福利]", "topics: []", ":15: topics: 至少要有 1 项"),
    ],
    "6 规则": [
        Slip(RULES, "kind == '导购' &&", "kid == '导购' &&", ":8: when: 第 1 列 不认识 kid，是不是 kind？"),
        Slip(RULES, "kind == '导购' &&", "kind == ‘导购’ &&", ":8: when: 第 9 列 用了中文引号，请改英文单引号 '"),
        Slip(RULES, "kind == '导购' &&", "kind = '导购' &&", ":8: when: 第 6 列 “等于”要写 =="),
        Slip(RULES, "kind == '导购' &&", "kind == '导购' and", ":8: when: 第 14 列 and、or 请写成 &&、||"),
        Slip(RULES, "!('会员/付费会员' in tags)", "tags == '会员/付费会员'", ":13: when: 第 39 列 tags 请写成 '肤质/敏感肌' in tags"),
        Slip(RULES, "'会员/付费会员' in", "'会员/付费' in", ":13: when: 第 41 列 没有标签“会员/付费”，是不是“会员/付费会员”？"),
        Slip(RULES, "    to: 互动\n", "", ":9: then: 换类要写 to"),
        Slip(RULES, "kind == '导购' &&", "touchpoint == '群' &&", ":8: when: 群消息人人看到，不能按个人条件判断"),
    ],
    "7 调研": [
        Slip(SURVEY, ", tag: 肤质/敏感肌}\n", "}\n", ":15: only_if: 没有选项会打上“肤质/敏感肌”，这题永远不出现"),
        Slip(SURVEY, "      - {say: 说不清}\n", NINE, ":9: options: 12 个，客服菜单最多 9 个"),
        Slip(SURVEY, "say: 说不清", f"say: {'长' * 15}", ":13: say: 超过 14 字会被截断"),
        Slip(SURVEY, "    type: 多选\n    options: [{say: 换季, tag: 诱因/换季}, {say: 换产品, tag: 诱因/换产品}]", "    type: 手机号\n    save: 手机号", ":17: type: 手机号要写 why，告诉客户为什么要"),
        Slip(SURVEY, "consent: 答案只用于护肤建议。\n", "", ":1: consent: 必须写，这里缺了"),
        Slip(SURVEY, "tag: 肤质/油性", "tag: 肤质/油", ":11: tag: 没有“肤质/油”，是不是“肤质/油性”？"),
        Slip(SURVEY, "thanks:", "".join(f"  - {{id: q{n}, ask: 还有？, type: 文字, save: 栏{n}}}\n" for n in range(4)) + "thanks:", ":5: 提醒: questions: 共 6 题，建议不超过 5 题"),
    ],
    "8 欢迎语": [
        Slip("welcome.yaml", "谢谢你选屿禾", "{{ customer.name }}，谢谢", ":4: text: 欢迎语发出时还不知道客户昵称，请删掉 customer.name"),
        Slip("welcome.yaml", "channels: [invite]", "channels: [parcel]", ":8: id: “parcel-night”永远轮不到，上面的“parcel”已包含它"),
        Slip("welcome.yaml", "id: default", "id: last", ":14: id: 最后一条必须是 id: default 且不写条件"),
        Slip("welcome.yaml", "    survey: newcomer\n  - id: default", "  - id: default", ":11: text: 用了 survey.link 但没写 survey"),
        Slip("welcome.yaml", "    images: [", "    offer: parcel-redpack\n    images: [", ":7: offer: 这个版本还不支持：欢迎语还不能带权益；要送东西，写在调研的 gift 里"),
    ],
    "9 标签": [
        Slip("tags.yaml", SKIN, "[干性, 油性, 干性]", ":2: tags: “干性”写了两次"),
        Slip("tags.yaml", SKIN, f"[{', '.join(f't{n}' for n in range(MAX_TAGS))}]", ":1: groups: 共 3,011 个标签，超过上限 3,000"),
        Slip(SURVEY, "tag: 诱因/换产品", "tag: 来源/门店", ":18: tag: “来源”由系统打，调研不能打；请改 tags.yaml 的 set_by"),
    ],
    "10 渠道": [
        Slip("channels.yaml", "18:00 ~ 9:00", "18:00 ~ 8:00", ":6: rota: 周一 8:00 ~ 9:00 等 7 段没人接待"),
        Slip("channels.yaml", "    tags:", "    reward: {needs: [转发朋友圈]}\n    tags:", ":11: reward: 这个版本还不支持：还认不出谁带来了谁，发不了邀请奖励"),
    ],
    "11 权益": [
        Slip("offers.yaml", "price: 268元", "price: 249元", ":6: price: 低于底价 259元"),
        Slip("offers.yaml", "2026-12-10 10:00 ~ 2026-12-12 22:00", "~ 2026-11-30", ":9: 提醒: valid: 已过期，还有 1 条内容在用它，它们不再发出"),
        Slip("offers.yaml", "price: 288元", "price: 258元", ":6: price: 同一 SKU 全渠道卖 258元，比私域专享便宜"),
        Slip("offers.yaml", "redpack-12.csv", "redpack.csv", ":2: codes: content/codes/ 里没有 redpack.csv，是不是 redpack-12.csv？"),
    ],
    "12 知识": [
        Slip("knowledge/skin.yaml", "    title: 换季泛红\n", "    title: 换季泛红\n    short: 先停三样\n", ":4: short: 这个版本还不支持：拿知识回答客户的功能上线后再写"),
        Slip("knowledge/skin.yaml", "        from: 屿禾护肤手册 2026 版第 12 页\n", "", ":5: from: 必须写，这里缺了"),
        Slip(LIBRARY, "    source: kb-redness\n", "", ":4: kind: 科普必须写 source：这话从哪条知识来"),
    ],
}  # fmt: skip

ELSEWHERE = {
    "3 没有群名符合“会员群*”": "tests.cli.test_check_in_use.test_a_pattern_that_no_group_has",
    "2 朋友圈只有 1 版，几位导购有共同客户": "tests.cli.test_check_in_use.test_one_wording_for_several_guides",
    "6 规则近 30 天没有改变任何决定": "tests.cli.test_check_in_use.test_a_rule_that_did_nothing",
    "8 素材还没上传好，先只发文字": "tests.handlers.test_welcome.test_a_picture_that_is_not_uploaded_yet_is_left_out",
    "9 标签不见了，挂在几位客户身上": "tests.content.test_tags.test_what_wecom_has_and_the_file_has_not_is_named_with_its_customers",
    "9 管理员在后台建的标签不能改名": "tests.flow.perform.test_tags.test_what_an_admin_made_is_left_alone_and_the_refusal_is_told",
    "11 券码只剩几个，几天用完": "tests.handlers.test_gift.test_plan_and_check_say_it",
    "10 已印刷的渠道不能改名或删除": "tests.content.test_channels.test_what_is_printed_cannot_vanish_and_no_way_can_change",
    "10 成员未激活，企业微信拒绝（41054）": "tests.flow.perform.test_channels.test_a_member_who_is_not_active",
}
"""What only the corp's own state shows (`check --config`, `sync`, the event's reason) → the test of it."""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveContent:
    """The brand, live, in a folder of its own; a test puts back what it changed."""
    root = tmp_path_factory.mktemp("brand")
    shutil.copytree(BRAND, root, dirs_exist_ok=True)
    return LiveContent(root / "content", root / "templates" / "messages", lambda: NOW)


@pytest.mark.parametrize(
    "slip", [pytest.param(slip, id=f"{table}-{n}") for table, rows in SLIPS.items() for n, slip in enumerate(rows, 1)]
)
def test_a_slip_is_named_and_the_edition_before_it_stays(live: LiveContent, slip: Slip) -> None:
    """In Chinese, at its line; advice goes live with its words."""
    before, path = live.current, live._folders[0] / slip.file
    text = path.read_text(encoding="utf-8")
    assert slip.old in text
    path.write_text(text.replace(slip.old, slip.new, 1), encoding="utf-8")
    try:
        live.reload()
        found = [str(problem) for problem in live.problems or live.current.warnings]
        assert any(one.startswith(f"content/{slip.file}{slip.said}") for one in found), found
        assert ": 提醒: " in slip.said or live.current is before
    finally:
        path.write_text(text, encoding="utf-8")
        live.reload()
        assert (live.problems, live.current.version) == ((), before.version)


def test_nothing_is_wrong_with_the_brand(live: LiveContent) -> None:
    """But that nobody knows the holidays of next year."""
    assert [problem.file for problem in live.current.warnings] == ["content/holidays.yaml"]


@pytest.mark.parametrize("row", ELSEWHERE)
def test_the_other_rows_have_their_tests(row: str) -> None:
    """A test that was renamed is missed here."""
    module, _, name = ELSEWHERE[row].rpartition(".")
    assert hasattr(import_module(module), name)
