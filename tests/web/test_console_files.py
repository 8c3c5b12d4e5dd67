"""Content files in the console: checked with all the rest, saved with a reason, never over somebody else's edit."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from shutil import copytree

import aiohttp
import pytest

from bot.content import edit
from bot.content.folders import Folders
from demo.stage import ROOT
from tests.house import House, reopened
from tests.web.office import ADMIN, GUIDE, OPERATOR, Desk, Seen, desk
from tests.web.test_console_door import token
from tests.web.test_console_pages import words

NAME = "library/hats.yaml"
PATH = f"/console/files/edit/{NAME}"
HATS = """items:
  - id: hd-hats
    title: 冬天戴帽子
    kind: 活动
    topic: 活动
    variants:
      - for: 群
        text: 出门戴顶有檐的帽子，{{ guide.name }}在店里等你。
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """With files of its own."""
    for folder in ("content", "templates"):
        copytree(ROOT / folder, tmp_path / "files" / folder)
    async with reopened(tmp_path, folders=Folders.of(tmp_path / "files")) as home:
        yield home


async def send(
    home: House, who: Desk, text: str, action: str = "", base: str = "", because: str = "补一条", path: str = PATH
) -> str:
    """Press a button below what was typed; the words of the page, or where it leads."""
    form = aiohttp.FormData(default_to_multipart=True)
    fields = {"form": token(home, who, path), "base": base, "text": text, "because": because, "action": action}
    for name, value in fields.items():
        form.add_field(name, value)
    async with who.http.post(home.app.url + path, data=form, allow_redirects=False) as answer:
        return answer.headers.get("Location") or words(await answer.text())


async def test_a_file_is_checked_saved_and_live(home: House, tmp_path: Path) -> None:
    """Nothing is written before it is right, and has a reason; then it is live, on record, and waits for approval."""
    file = tmp_path / "files" / "content" / NAME
    async with desk(home, OPERATOR) as who:
        wrong = await send(home, who, HATS.replace("kind: 活动", "kind: 促销"), "save")
        told = wrong.split("和现在的不同")[0]
        assert "第 4 行 kind" in told and "促销" in told, told
        banned = await send(home, who, HATS.replace("有檐", "全国最好的"))
        assert "《广告法》" in banned.split("和现在的不同")[0] and "不能发" in banned and not file.exists()
        right = await send(home, who, HATS)
        assert "没有错误" in right and "在店里等你" in right and "{{" not in right.split("看到的会是这样")[1]
        assert "存下以后要审批：冬天戴帽子" in right and not file.exists()
        assert "写一句为什么改" in await send(home, who, HATS, "save", because="")
        assert (await send(home, who, HATS, "save")).endswith("?said=saved") and file.read_text() == HATS
        await home.until("新内容生效", lambda: "hd-hats" in home.app.content.current.library)
        assert "冬天戴帽子" in words((await who.open("/console/approvals")).text)
        history = words((await who.open(PATH)).text)
        assert OPERATOR in history and "补一条" in history
    assert [tuple(row) for row in await home.rows("SELECT what, target, because FROM audit_trail")] == [
        ("改文件", NAME, "补一条")
    ]


async def test_a_new_file_begins_with_what_has_to_be_in_it(home: House, tmp_path: Path) -> None:
    """Nothing is written yet, and it is not saved before what is blank was filled in."""
    async with desk(home, OPERATOR) as who:
        page = await who.open(PATH)
        begun = unescape(page.text.split("<textarea")[1].split("</textarea>")[0].partition(">\n")[2])
        assert begun.startswith("# yaml-language-server") and "〔" in begun and "还没有存" in words(page.text)
        refused = await send(home, who, begun, "save")
        assert "第 4 行 id: 还空着：编号" in refused and not (tmp_path / "files" / "content" / NAME).exists()
        there = await who.open("/console/files/edit/tags.yaml")
        assert "〔" not in there.text and "还没有存" not in there.text


async def test_a_save_beside_a_check_of_the_same_form_is_a_save(home: House, tmp_path: Path) -> None:
    """The check waits for its turn meanwhile; it is no use of the form."""
    async with desk(home, OPERATOR) as who:
        fields = {"form": token(home, who, PATH), "base": "", "text": HATS, "because": "补一条"}

        async def press(action: str) -> tuple[int, str]:
            form = aiohttp.FormData({**fields, "action": action}, default_to_multipart=True)
            async with who.http.post(home.app.url + PATH, data=form, allow_redirects=False) as answer:
                return answer.status, answer.headers.get("Location", "")

        turns = [asyncio.create_task(press("")), asyncio.create_task(press("save"))]
        (checked, _), (saved, where) = await asyncio.gather(*turns)
        assert (checked, saved) == (200, 303) and where.endswith("?said=saved")


async def test_nobody_writes_over_what_another_one_wrote(home: House, tmp_path: Path) -> None:
    """The second of two who opened the same file sees what the first one did, and nothing is lost."""
    file = tmp_path / "files" / "content" / NAME
    other = HATS.replace("冬天戴帽子", "夏天戴帽子")
    async with desk(home, OPERATOR) as first, desk(home, OPERATOR) as second:
        await send(home, first, HATS, "save")
        late = await send(home, second, other, "save")
        assert "别人刚刚改过" in late and "冬天戴帽子" in late and "夏天戴帽子" in late
        assert file.read_text() == HATS
        await send(home, second, other, "save", base=edit.digest_of(HATS))
        assert file.read_text() == other
        [(number,)] = await home.rows("SELECT min(id) FROM content_versions")
        old = await second.open(f"{PATH}?version={number}")
        assert "冬天戴帽子" in old.text and "夏天戴帽子" not in old.text.split("<textarea")[1].split("</textarea>")[0]


async def test_only_files_that_staff_write_are_opened(home: House, tmp_path: Path) -> None:
    async with desk(home, OPERATOR) as who:
        for name in (
            "../config.yaml",
            "schema/care.schema.json",
            "media/x.yaml",
            "library/../../x.yaml",
            "x.yaml",
            ".env",
        ):
            assert not edit.may_be_edited(name)
            assert (await who.open(f"/console/files/edit/{name}")).status in (400, 404)
        assert (await who.open("/console/files/edit/tags.yaml")).status == 200
    async with desk(home, GUIDE) as guide:
        assert (await guide.open(PATH)).status == 403
        assert "不能做这个" in await send(home, guide, HATS, "save")
    assert not (tmp_path / "files" / "content" / NAME).exists()


NO_NAMES = (
    ("libary/hats.yaml", "没有文件夹“libary”，是不是 library？可以写 personas、"),
    ("content/library/hats.yaml", "没有文件夹“content/library”，是不是 library？"),
    ("hats.yaml", "content/ 下面没有“hats.yaml”，要新建的都在文件夹里，例如 library/hats.yaml"),
    ("offer.yaml", "content/ 下面没有“offer.yaml”，是不是 offers.yaml？"),
    ("library/hats", "“hats”不行：文件名用字母、数字、连字符，以 .yaml 结尾，例如 library/hats.yaml"),
    ("library/帽子.yaml", "“帽子.yaml”不行：文件名用字母、数字、连字符"),
    ("codes/hats.yaml", "没有文件夹“codes”，可以写"),
)


async def test_a_name_that_cannot_be_stays_to_be_mended(home: House) -> None:
    """With what was expected beside it."""
    to = "/console/files/new"
    async with desk(home, OPERATOR) as who:
        for typed, said in NO_NAMES:
            page = await who.open((await who.send(to, form=token(home, who, to), name=typed)).headers["Location"])
            assert page.status == 200 and f'name="name" value="{typed}"' in page.text and said in words(page.text)
            assert "打不开这个文件" in (await who.open(f"/console/files/edit/{typed}")).text


async def test_what_may_be_sent_at_all_is_the_admins(home: House, tmp_path: Path) -> None:
    """An operator reads and tries; who could change the lists and rules, could approve anything."""
    async with desk(home, OPERATOR) as who, desk(home, ADMIN) as admin:
        for name in ("lint/absolute.yaml", "rules/brand.yaml", "care.yaml"):
            path, file = f"/console/files/edit/{name}", tmp_path / "files" / "content" / name
            before = file.read_text()
            more, base = before + "# 改一下\n", edit.digest_of(before)
            page = await who.open(path)
            assert "只有管理员能存" in page.text and "存下" not in page.text
            assert "没有错误" in await send(home, who, more, base=base, path=path)
            assert "不能做这个" in await send(home, who, more, "save", base=base, path=path)
            assert file.read_text() == before
            assert "said=saved" in await send(home, admin, more, "save", base=base, path=path)


async def test_a_picture_is_a_picture(home: House, tmp_path: Path) -> None:
    """By its bytes, not by its name; none takes the place of another."""
    media = tmp_path / "files" / "content" / "media"

    async def put(who: Desk, name: str, data: bytes) -> int:
        form = aiohttp.FormData()
        form.add_field("form", token(home, who, "/console/files/media"))
        form.add_field("picture", io.BytesIO(data), filename=name)
        async with who.http.post(f"{home.app.url}/console/files/media", data=form, allow_redirects=False) as answer:
            return answer.status

    async with desk(home, OPERATOR) as who:
        assert await put(who, "hats.png", PNG) == 303 and (media / "hats.png").read_bytes() == PNG
        assert await put(who, "hats.png", PNG) == 303, "the same one again does no harm"
        assert await put(who, "hats.png", PNG + b"1") == 409 and (media / "hats.png").read_bytes() == PNG
        for name, data in (("a.png", b"<svg onload=x>"), ("a.png", PNG * 250_000)):
            assert await put(who, name, data) in (400, 413)
        assert not (media / "a.png").exists()
        before = set(media.iterdir())
        for name in ("../a.svg", "微信图片_20261203.JPG", ".env", "a/b.png", "x" * 300):
            assert await put(who, name, PNG + name.encode()) == 303
        assert all(file.parent == media and file.suffix == ".png" for file in set(media.iterdir()) - before)
        assert len(set(media.iterdir()) - before) == 5
    assert len(await home.rows("SELECT * FROM audit_trail WHERE what = '放图片'")) == 7


async def test_a_picture_is_seen_before_anything_uses_it(home: House, tmp_path: Path) -> None:
    """In the list, and in the preview of what is still being typed."""
    media = tmp_path / "files" / "content" / "media"
    (media / "hats.png").write_bytes(PNG)
    (media / "notes.txt").write_text("x")
    (media / "out.png").symlink_to(tmp_path / "out.png")
    (tmp_path / "out.png").write_bytes(PNG)
    async with desk(home, OPERATOR) as who:
        assert "hats.png 还没用到" in words((await who.open("/console/files")).text)
        seen = await who.open("/console/media/hats.png")
        assert seen.status == 200 and seen.headers["Content-Type"] == "image/png"
        for path in ("notes.txt", "out.png", "%2Fetc%2Fpasswd.png", "x%00.png"):
            assert (await who.open(f"/console/media/{path}")).status == 404, path


async def test_of_two_who_save_at_the_same_moment_one_is_told(home: House, tmp_path: Path) -> None:
    """Checking takes a while; what is compared is what is there when it is written."""
    file = tmp_path / "files" / "content" / NAME
    async with desk(home, OPERATOR) as first, desk(home, ADMIN) as second:
        said = await asyncio.gather(
            send(home, first, HATS, "save"), send(home, second, HATS.replace("冬天", "夏天"), "save")
        )
        assert sum("said=saved" in each for each in said) == 1 and sum("别人刚刚改过" in each for each in said) == 1
    [(kept, before)] = await home.rows("SELECT text, before FROM content_versions")
    assert file.read_text() == kept and before == ""


async def test_of_two_broken_files_each_is_mended_by_itself(home: House, tmp_path: Path) -> None:
    """Nothing goes live before both are right; nothing is saved that breaks more."""
    content = tmp_path / "files" / "content"
    (content / NAME).write_text(HATS.replace("kind: 活动", "kind: 促销"))
    (content / "library" / "caps.yaml").write_text(HATS.replace("hd-hats", "hd-caps").replace("title:", "titel:"))
    await home.until("看得到错误", lambda: len(home.app.content.problems) > 1)
    base = edit.digest_of((content / NAME).read_text())
    async with desk(home, OPERATOR) as who:
        worse = await send(home, who, HATS.replace("hd-hats", "dg-cream-set"), "save", base=base)
        assert "可以存" not in worse
        mended = await send(home, who, HATS, "save", base=base)
        assert mended.endswith("?said=kept") and "都改好了才一起生效" in words((await who.open(mended)).text)
        assert "hd-hats" not in home.app.content.current.library
        (content / "library" / "caps.yaml").unlink()
        await home.until("新内容生效", lambda: "hd-hats" in home.app.content.current.library)


async def test_a_form_is_no_larger_than_a_page_of_ours_asks_for(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        for parts in ([9 * 2**20] * 2, [0] * 30):
            form = aiohttp.FormData(default_to_multipart=True)
            for number, size in enumerate(parts):
                form.add_field(f"f{number % 7}", io.BytesIO(b"\0" * size), filename="a.png")
            async with who.http.post(f"{home.app.url}/console/logout", data=form) as answer:
                assert answer.status in (400, 413)
        garbage = {"Content-Type": "multipart/form-data; boundary=x"}
        for data in (b"--x\r\nno header\r\n\r\n--x--", b"--x\r\n" + b"a" * 9000, b"", b"--x"):
            async with who.http.post(f"{home.app.url}/console/logout", data=data, headers=garbage) as answer:
                assert answer.status in (400, 403, 413), data


async def test_after_saving_the_way_to_approval_is_on_the_page(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        to = await send(home, who, HATS, "save")
        await home.until("新内容生效", lambda: "hd-hats" in home.app.content.current.library)
        page = await who.open(to)
        assert "/console/approvals/hd-hats" in page.text and "冬天戴帽子 活动 等审批" in words(page.text)
        assert "没有什么要存" in await send(home, who, HATS, "save", base=edit.digest_of(HATS))


CALENDAR = """id: first
title: 我的第一份日历
valid: 2026-11-01 ~ 2026-11-30
entries:
  - {id: hats, touchpoint: 群, on: 2026-11-27, at: 12:05, by: 14:00, item: hd-hats}
"""


async def test_what_was_just_written_is_planned_and_first_to_be_approved(home: House, tmp_path: Path) -> None:
    """A plan that was reckoned before an edit says so, and is not shown for long."""
    await home.sandbox.groups.creates("guide-lin", "会员群一")
    await home.sandbox.callbacks_settled()
    await home.settled()
    await home.look_at(home.clock.now() + 3_600)
    content = tmp_path / "files" / "content"
    async with desk(home, OPERATOR) as who:
        assert "first/hats" not in words((await who.open("/console/plan")).text)
        (content / NAME).write_text(HATS)
        (content / "calendars" / "first.yaml").write_text(CALENDAR)
        await home.until("新内容生效", lambda: "我的第一份日历" in str(home.app.content.current.calendars))
        told = words((await who.open("/console/plan")).text)
        assert "first/hats" in told or "正在重新算" in told, told

        async def planned() -> bool:
            return "first/hats" in words((await who.open("/console/plan")).text)

        await home.until("重新推算", planned)
        waits = words((await who.open("/console/approvals")).text).split("最近要发")[1]
        assert waits.lstrip().startswith("冬天戴帽子") and "11 月 27 日 12:05" in waits[:60], waits[:100]


CHECK, REMOVE, RENAME = (f"/console/files/{what}/{NAME}" for what in ("check", "remove", "rename"))


async def test_what_is_typed_is_checked_as_often_as_one_likes_and_changes_nothing(home: House, tmp_path: Path) -> None:
    """By one token, until it is too often; the passes for pressing a button are counted apart."""
    async with desk(home, OPERATOR) as who:
        form = token(home, who, CHECK)

        async def look(text: str) -> str:
            fields = aiohttp.FormData({"form": form, "text": text, "base": ""}, default_to_multipart=True)
            async with who.http.post(home.app.url + CHECK, data=fields) as answer:
                return words(await answer.text())

        wrong = await look(HATS.replace("kind: 活动", "kind: 促销"))
        assert "第 4 行 kind" in wrong and "内容 为什么改" not in wrong
        assert "没有错误，可以存" in await look(HATS)
        (tmp_path / "files" / "content" / NAME).write_text(HATS)
        assert "别人刚刚改过" in await look(HATS)
        last = [await look("items: [") for _ in range(30)][-1]
        assert "点得有点快" in last
        assert "没有什么要存" in await send(home, who, HATS, "save", base=edit.digest_of(HATS))
    assert await home.rows("SELECT * FROM content_versions") == []


async def test_a_file_is_taken_out_with_a_reason_and_comes_back(home: House, tmp_path: Path) -> None:
    file = tmp_path / "files" / "content" / NAME
    file.write_text(HATS)
    base = edit.digest_of(HATS)
    async with desk(home, OPERATOR) as who:

        async def remove(because: str, base: str) -> Seen:
            return await who.send(REMOVE, form=token(home, who, REMOVE), base=base, because=because)

        assert "写一句为什么" in (await remove("", base)).text
        assert (await remove("过季了", edit.digest_of("x"))).status == 409 and file.exists()
        gone = await remove("过季了", base)
        assert gone.headers["Location"].endswith("?said=removed") and not file.exists()
        page = await who.open(gone.headers["Location"])
        assert f"{NAME} " in words(page.text).split("删掉的")[-1] and "过季了" in page.text
        [(number,)] = await home.rows("SELECT id FROM content_versions")
        last = await who.open(f"{PATH}?version={number}")
        assert "冬天戴帽子" in last.text.split("<textarea")[1].split("</textarea>")[0]
        assert (await send(home, who, HATS, "save")).endswith("said=saved") and file.read_text() == HATS
        assert "过季了" not in words((await who.open("/console/files")).text)
    trail = await home.rows("SELECT what, target, because FROM audit_trail ORDER BY id")
    assert [tuple(row) for row in trail] == [("删文件", NAME, "过季了"), ("改文件", NAME, "补一条")]


async def test_what_others_need_is_not_taken_out(home: House, tmp_path: Path) -> None:
    """By what check says of the rest; and what says what may be sent at all is the admins'."""
    content = tmp_path / "files" / "content"
    async with desk(home, OPERATOR) as who:
        for name, said in (("offers.yaml", "还不能删"), ("tags.yaml", "还不能删"), ("care.yaml", "不能做这个")):
            to, text = f"/console/files/remove/{name}", (content / name).read_text()
            seen = await who.send(to, form=token(home, who, to), base=edit.digest_of(text), because="试试")
            assert said in seen.text and (content / name).read_text() == text
    assert await home.rows("SELECT * FROM audit_trail") == []


async def test_a_file_gets_another_name_with_its_errors(home: House, tmp_path: Path) -> None:
    """Only where that breaks nothing else, takes nobody's place, and does not lead where they may not save."""
    content, broken = tmp_path / "files" / "content", HATS.replace("kind: 活动", "kind: 促销")
    (content / NAME).write_text(broken)
    await home.until("看得到错误", lambda: bool(home.app.content.problems))
    async with desk(home, OPERATOR) as who:

        async def rename(to: str, path: str = RENAME, text: str = broken) -> str:
            form, base = token(home, who, path), edit.digest_of(text)
            seen = await who.send(path, form=form, base=base, to=to, because="起个好名字")
            return seen.headers.get("Location") or words(seen.text)

        for to, said in (
            ("library/talks.yaml", "已经有 library/talks.yaml"),
            ("rules/hats.yaml", "不能做这个"),
            ("library/../x.yaml", "还没有改名：没有文件夹“library/..”"),
            ("surveys/hats.yaml", "还不能改名"),
        ):
            assert said in await rename(to), to
        assert (content / NAME).read_text() == broken
        assert (await rename("library/caps.yaml")).endswith("library/caps.yaml?said=renamed")
        assert (content / "library/caps.yaml").read_text() == broken and not (content / NAME).exists()
        history = words((await who.open("/console/files/edit/library/caps.yaml")).text)
        assert "起个好名字" in history and "没有删掉过" in words((await who.open("/console/files")).text)


async def test_what_a_file_was_before_its_name_is_brought_back_under_the_new_one(home: House, tmp_path: Path) -> None:
    caps = "library/caps.yaml"
    to, summer = f"/console/files/edit/{caps}", HATS.replace("冬天戴帽子", "夏天戴帽子")
    async with desk(home, OPERATOR) as who:
        await send(home, who, HATS, "save", because="先写冬天的")
        await send(home, who, summer, "save", base=edit.digest_of(HATS), because="改成夏天的")
        form = token(home, who, RENAME)
        await who.send(RENAME, form=form, base=edit.digest_of(summer), to=caps, because="起个好名字")
        page = await who.open(to)
        assert f"先写冬天的（那时叫 {NAME}）" in words(page.text)
        first = re.findall(rf"{to}\?version=\d+", page.text)[-1]
        old = (await who.open(first)).text.split("<textarea")[1].split("</textarea>")[0]
        assert "冬天戴帽子" in old
        saved = await send(home, who, HATS, "save", base=edit.digest_of(summer), path=to)
        assert saved.endswith("said=saved") and (tmp_path / "files" / "content" / caps).read_text() == HATS


async def test_what_may_be_saved_and_not_sent_is_no_green(home: House) -> None:
    """And a finding in a text of several lines names the line in which the words stand."""
    block = HATS.replace("text: 出门", "text: |\n          早上好\n          全国最好的帽子，出门")
    async with desk(home, OPERATOR) as who:
        told = (await send(home, who, block)).split("和现在的不同")[0]
        assert "能存，但里面有的话不能发" in told and "没有错误" not in told and "第 10 行" in told, told


async def test_the_cause_of_an_error_comes_before_what_it_causes(home: House) -> None:
    async with desk(home, OPERATOR) as who:
        told = (await send(home, who, HATS.replace("for: 群", "for: 裙"))).split("和现在的不同")[0]
        assert "第 7 行" in told and "至少要有" not in told
        assert "至少要有 1 项" in await send(home, who, "items: []\n")


async def test_how_it_is_spelled_comes_before_what_is_read_of_it(home: House) -> None:
    """A line that runs into the one above leaves that one wrong, and a key missing."""
    async with desk(home, OPERATOR) as who:
        told = (await send(home, who, HATS.replace("    topic: ", "      topic："))).split("和现在的不同")[0]
        assert re.findall(r"第 (\d+) 行 ", told) == ["5", "2", "4"], told


async def test_reminders_of_other_files_are_counted_only(home: House, tmp_path: Path) -> None:
    (tmp_path / "files" / "content" / NAME).write_text(HATS.replace("有檐", "全国最好的"))
    await home.until("看得到提醒", lambda: "hd-hats" in home.app.content.current.library)
    async with desk(home, OPERATOR) as who:
        path = "/console/files/edit/tags.yaml"
        told = await send(home, who, "# 空的\n" + (tmp_path / "files/content/tags.yaml").read_text(), path=path)
        assert "别的文件还有" in told and "hats.yaml" not in told.split("改过的版本")[0]


async def test_what_was_just_saved_is_said_at_once(home: House, tmp_path: Path) -> None:
    """Its items, before the edition is in use; of a calendar, the way to the plan."""
    async with desk(home, OPERATOR) as who:
        page = words((await who.open(await send(home, who, HATS, "save"))).text)
        assert "冬天戴帽子 活动 等审批" in page and "还没有检查" not in page and "要重新审批" in page
        path = "/console/files/edit/calendars/first.yaml"
        page = (await who.open(await send(home, who, CALENDAR, "save", path=path))).text
        assert "要重新审批" not in page and '<a href="/console/plan">这里没有要审批的' in page
        assert "还没有检查" not in page


async def test_who_wrote_it_is_asked_to_have_another_one_look(home: House) -> None:
    async with desk(home, ADMIN) as author, desk(home, OPERATOR) as other:
        await send(home, author, HATS, "save")
        await home.until("新内容生效", lambda: "hd-hats" in home.app.content.current.library)
        mine, theirs = [words((await who.open("/console/approvals/hd-hats")).text) for who in (author, other)]
        assert "这一版是你写的，最好请别人看" in mine and "我看过，可以发" in mine
        assert "这一版是你写的" not in theirs
