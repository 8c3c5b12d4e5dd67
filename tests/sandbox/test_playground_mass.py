"""Mass sends and Moments on the page: what waits for the guide, what arrives at the customer."""

from __future__ import annotations

from sandbox import Sandbox
from tests.sandbox.corp import Wire
from tests.sandbox.mass_corp import TEXT
from tests.sandbox.test_playground_pages import NASTY, page, play
from tests.sandbox.test_server_moments import made

ADD = "externalcontact/add_msg_template"


async def test_task_is_shown_pressed_and_arrives(sandbox: Sandbox, wire: Wire) -> None:
    """The card with its button goes, the customer's chat has the words, the timeline says how it went."""
    sandbox.world.mass.dispatch_seconds = 0
    await sandbox.customer_adds(userid="lihua", name="小满")
    msgid = (await wire.post(ADD, TEXT | {"sender": "lihua"}))["msgid"]
    await wire.post("externalcontact/remind_groupmsg_send", {"msgid": msgid})
    shown = await page(wire)
    assert "小满，共 1 位客户，已提醒 1 次" in shown and f'id="confirm-{msgid}"' in shown
    assert '<div class="bubble">' not in shown
    pressed = await play(wire, do="mass.member_confirms", userid="lihua", msgid=msgid)
    assert "待我确认" not in pressed and '<div class="bubble">' in pressed
    assert "李华 发送了群发：送达 1，没送达 0" in pressed and "创建群发任务" in pressed
    assert "没有待确认" in await play(wire, do="mass.member_confirms", userid="lihua", msgid=msgid)


async def test_group_is_named_on_the_card(sandbox: Sandbox, wire: Wire) -> None:
    sandbox.world.mass.dispatch_seconds = 0
    for _ in range(4):
        await sandbox.groups.creates("lihua", "读者群")
    await wire.post(ADD, TEXT | {"chat_type": "group", "sender": "lihua"})
    assert "读者群、读者群、读者群 等 4 个客户群" in await page(wire, member="lihua")


async def test_moment_is_posted_liked_and_commented(sandbox: Sandbox, wire: Wire) -> None:
    """A feed for the customer, with the picture; what people write is only ever text."""
    customer = await sandbox.customer_adds(userid="lihua", name="小满")
    moment_id = await made(sandbox, wire)
    assert "1 位客户可见" in await page(wire) and "客户的朋友圈" not in await page(wire)
    post = {"userid": "lihua", "moment_id": moment_id}
    posted = await play(wire, do="moments.member_posts", **post)
    assert "客户的朋友圈" in posted and "今日新品" in posted and 'src="/media/WWCISP_' in posted
    liked = await play(wire, do="moments.likes", person=customer, **post)
    assert "♥ 小满" in liked and "取消赞" in liked
    said = await play(wire, do="moments.comments", person=customer, text=NASTY, **post)
    assert NASTY not in said and "&lt;script&gt;" in said and "小满 评论了 李华 的朋友圈" in said
