"""approve: whose word counts in the console counts here, and nobody else's."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text

from bot.cli import build
from bot.router import Router
from tests.cli.test_plan import home
from tests.cli.typed import command
from tests.flow.edited import edited
from tests.house import FOLDERS, House

__all__ = ["home"]

NAMED = text("INSERT INTO members (userid, name, seen_at) VALUES ('zhou-lan', '周岚', 1), ('he-yun', '何云', 1)")
MAY = "能审批的有 何云（he-yun）、周岚（zhou-lan）。名单在 config.yaml 的 login.people。"


SLIPS = (
    ("周兰", "", f"没有“周兰”这个人，是不是 周岚？{MAY}"),
    ("zhou-lam", "", f"没有“zhou-lam”这个人，是不是 zhou-lan？{MAY}"),
    ("店长", "", f"没有“店长”这个人。{MAY}"),
    ("guide-lin", "", f"guide-lin（导购）不能审批。{MAY}"),
    ("周岚", "店长", "周岚（运营）不能以店长的身份审批。能以店长的身份审批的有 何云（he-yun）。"),
    ("何云", "店掌", "何云（管理员）不能以店掌的身份审批，是不是 店长？还没有能以店掌的身份审批的人。"),
)


async def test_somebody_elses_word_is_no_approval(home: House) -> None:
    """With who is meant, perhaps, and who may."""
    await home.app.database.write(lambda conn: conn.execute(NAMED))
    for by, role, said in SLIPS:
        as_role = ("--role", role) if role else ()
        code, _, slip = await command(home, "approve", "dg-cream-set", "--by", by, *as_role)
        assert code == 2 and said in slip, (by, role, slip)
    assert await home.rows("SELECT * FROM approvals") == []


async def test_a_word_is_kept_under_the_userid_as_in_the_console(home: House) -> None:
    """Whether one is named by the userid or by the name that WeCom tells."""
    code, said, _ = await command(home, "approve", "dg-cream-set", "--by", "zhou-lan")
    assert code == 0 and "zhou-lan 审批了 1 条" in said
    await home.app.database.write(lambda conn: conn.execute(NAMED))
    code, said, _ = await command(home, "approve", "dg-cream-set", "--by", "何云", "--role", "店长")
    assert code == 0 and "何云（店长） 审批了 1 条" in said
    given = await home.rows("SELECT role, by FROM approvals ORDER BY role")
    assert [tuple(row) for row in given] == [("", "zhou-lan"), ("店长", "he-yun")]
    assert {row[0] for row in await home.rows("SELECT who FROM audit_trail")} == {"zhou-lan", "he-yun"}


async def test_of_two_of_one_name_nobody_is_guessed(home: House) -> None:
    same = text("INSERT INTO members (userid, name, seen_at) VALUES ('zhou-lan', '周岚', 1), ('he-yun', '周岚', 1)")
    await home.app.database.write(lambda conn: conn.execute(same))
    code, _, slip = await command(home, "approve", "dg-cream-set", "--by", "周岚")
    assert code == 2 and "不止一位“周岚”，请写账号：he-yun、zhou-lan。" in slip


SKIN = "library/skin-basics.yaml"
UNFIT = (
    ("    topic: 护肤知识\n    source: kb-redness\n", "还是草稿", "    draft: 是\n"),
    ("          脸颊一换季就发红，先停三样", "审查没过", "三天根治"),
)


async def test_what_nobody_may_approve_is_refused_with_its_reason(home: House, tmp_path: Path) -> None:
    """As in the console: a draft is not finished, and what the linter refuses has to be worded otherwise. Of several
    nothing is approved when one cannot be."""
    for n, (after, why, more) in enumerate(UNFIT):
        root = tmp_path / str(n)
        edited(root, {SKIN: (after, after + more)})
        shutil.copytree(FOLDERS.messages, root / "templates" / "messages")
        both = ("dg-cream-set", "kp-redness", "--by", "zhou-lan")
        code, _, slip = await command(home, "approve", *both, app=build(root, Router))
        assert code == 2 and f"kp-redness 不能批：{why}" in slip, slip
    assert await home.rows("SELECT * FROM approvals") == []
