"""Many people who come, and answer or not where people do: on the H5 page, in 微信客服, or with their guide.

What became of each is written down from what the phones showed, so the bot's own books can be held against it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from sandbox.world.kf import State
from tests.house import House
from tests.web.phone import Phone, phone

Saw = Literal["thanks", "begun", "nothing", "declined", "taken_over", "not_offered"]
"""What the survey showed somebody last."""

GUIDES = ("guide-lin", "guide-zhou", "guide-wu")
ANSWERS = {"洗完脸": "紧绷起皮", "最想先照顾": "补水"}
ROUNDS = 4
LINK, GUIDE_LINK = re.compile(r"https?://[^/\s]+(/s/[\w-]+)"), re.compile(r"https?://[^/\s]+(/g/[\w-]+)")


@dataclass
class Crowd:
    """`guides`: external_userid → guide; `saw`: what each saw of the survey."""

    home: House
    guides: dict[str, str] = field(default_factory=dict)
    saw: dict[str, Saw] = field(default_factory=dict)

    async def comes(self, numbers: Iterable[int]) -> list[str]:
        """They scan a friend's code, and are greeted or not."""
        came: list[str] = []
        for n in numbers:
            userid = GUIDES[n % 3]
            who = await self.home.sandbox.customer_adds(userid=userid, external_userid=f"wm-{n}", state="friend")
            self.guides[who], self.saw[who] = userid, "nothing"
            came.append(who)
            if n % 50 == 49:
                await self.home.wait(1)
        await self.home.wait(40)
        return came

    async def answers(self, people: list[str]) -> None:
        """Each in their own way: all on H5, the beginning, a no, all in chat, or meeting a human there; or nothing."""
        asked_by_guides = await self._pages_of_guides()
        await self._in_chat(people[3::6], people[4::6])
        for nth, who in enumerate(people):
            link = await self._link(who)
            if nth % 6 in (0, 1, 2) and link:
                self.saw[who] = await self._on_h5(link, ("all", "one", "no")[nth % 6])
            elif nth % 6 in (0, 1) and who in asked_by_guides:
                self.saw[who] = await self._with_guide(asked_by_guides[who], ("all", "one")[nth % 6])
            if nth % 50 == 49:
                await self.home.wait(1)
        await self.home.settled()

    async def enters_an_account_that_asks_nothing(self, who: str) -> None:
        open_kfid = await self.home.sandbox.kf.admin_adds("售后")
        await self.home.sandbox.kf.customer_enters(open_kfid, external_userid=who)
        await self.home.sandbox.callbacks_settled()
        await self.home.settled()
        self.saw[who] = "not_offered"

    async def _link(self, who: str) -> str | None:
        """The way to the survey in the chat on the customer's phone, if the welcome came."""
        chat = await self.home.sandbox.customer_reads(who, self.guides[who])
        found = LINK.search(" ".join(str(line["text"]) for line in chat))
        return found[1] if found else None

    async def _pages_of_guides(self) -> dict[str, str]:
        """external_userid → their page, as the messages on the guides' phones have it."""
        pages: dict[str, str] = {}
        for userid in GUIDES:
            for notice in await self.home.sandbox.member_reads(userid):
                for path in GUIDE_LINK.findall(str(notice["content"])):
                    token = path.removeprefix("/g/")
                    subject = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[21:]
                    pages[subject.decode().split("\n")[0]] = path
        return pages

    async def _on_h5(self, link: str, how: str) -> Saw:
        async with phone(self.home) as mine:
            await mine.open(link)
            if how == "no":
                return "declined" if (await mine.tap("decline")).ask == "好的，不打扰" else "nothing"
            await mine.tap("begin")
            return await _through(mine, how)

    async def _with_guide(self, page: str, how: str) -> Saw:
        async with phone(self.home) as guide:
            await guide.open(f"{page}/survey")
            return await _through(guide, how)

    async def _in_chat(self, talkers: list[str], takers: list[str]) -> None:
        """All go to the shop's account; with some of them a human begins to talk, the others tap to the end."""
        kf = self.home.sandbox.kf
        await self.home.until("客服账号的链接", lambda: self.home.sandbox.world.kf.links)
        open_kfid = next(iter(self.home.sandbox.world.kf.links.values())).open_kfid
        for who in (*talkers, *takers):
            await kf.customer_enters(open_kfid, external_userid=who)
        await self._rest()
        for who in takers:
            await kf.customer_writes(who, open_kfid, "我想找真人")
        await self._rest()
        for who in takers:
            if self._queues(open_kfid, who):  # else it was given to the servicer who knows them
                await kf.servicer_takes("guide-lin", who, open_kfid)
            self.saw[who] = "taken_over"
        for _ in range(ROUNDS):
            for who in talkers:
                said = [line for line in await kf.chat(who, open_kfid) if line["sender"] == "bot"]
                self.saw[who] = "thanks" if "记下了" in str(said[-1]["content"]) else "begun"
                if menu := [item["click"]["id"] for item in said[-1]["content"].get("list", ()) if "click" in item]:
                    await kf.customer_taps(who, open_kfid, menu[0])
            await self._rest()

    def _queues(self, open_kfid: str, who: str) -> bool:
        """Whether WeCom has them wait for whichever servicer is free."""
        session = self.home.sandbox.world.kf.session(open_kfid, who, self.home.clock.now())
        return session.state == State.POOL

    async def _rest(self) -> None:
        await self.home.sandbox.callbacks_settled()
        await self.home.wait(2)


async def _through(browser: Phone, how: str) -> Saw:
    """Answer question after question, or the first one; what was seen at the end."""
    for _ in range(ROUNDS):
        answer = next((say for ask, say in ANSWERS.items() if ask in browser.page.ask), None)
        page = await (browser.tap("", answer) if answer else browser.tap("skip"))
        if "记下了" in page.ask:
            return "thanks"
        if how == "one":
            return "begun"
    raise AssertionError("the survey has no end")
