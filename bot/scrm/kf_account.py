"""A 微信客服 account as staff wrote it (content/kf.yaml)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.scrm.handover import CANNOT_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class KfAccount:
    """One account (客服账号).

    guides: the humans who take over. greeting: said to whoever enters. cannot_answer: said to whoever asks what the bot
    has no answer to, before a human gets the session. survey: id of the survey asked here.
    avatar: a picture below content/media. channels: the 客服 channels whose links lead here.
    """

    id: str
    name: str
    guides: tuple[str, ...]
    greeting: str
    cannot_answer: str = CANNOT_ANSWER
    survey: str | None = None
    avatar: str = ""
    channels: tuple[str, ...] = ()
