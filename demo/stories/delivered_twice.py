"""WeCom sends one callback four times, and two customers come in one second: one welcome each."""

from __future__ import annotations

from demo.stage import Stage, expect

SEND = "externalcontact/send_welcome_msg"
ADD = "change_external_contact/add_external_contact"


async def play(stage: Stage) -> dict[str, object]:
    sandbox = stage.sandbox
    sandbox.faults.add("duplicated", where=ADD, times=4, count=1)
    await sandbox.customer_adds(state="content", name="赵一")
    await sandbox.callbacks_settled()
    await stage.settled()
    expect(len(pushes(stage)) == 4, "企业微信把同一回调送了四次")
    expect(len(sandbox.log.calls(SEND)) == 1, "四次送达只有一条欢迎语")

    await sandbox.customer_adds(state="content", name="钱二")
    await sandbox.customer_adds(state="content", name="孙三")
    await sandbox.callbacks_settled()
    await stage.until("同一秒来的两位都收到欢迎语", lambda: len(sandbox.log.calls(SEND)) == 3)
    await stage.settled()
    expect(len(sandbox.log.calls(SEND)) == 3, "没有多发")
    return {"pushes": len(pushes(stage)), "welcomes": 3}


def pushes(stage: Stage) -> list[object]:
    """Every try of an add callback that was answered 200."""
    return [c for c in stage.sandbox.log.callbacks() if c["event"] == ADD and c["status"] == 200]
