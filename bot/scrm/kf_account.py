"""A 微信客服 account as staff wrote it (content/kf.yaml)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KfAccount:
    """One account (客服账号).

    guides: the humans who take over. greeting: said to whoever enters. survey: id of the survey asked here.
    avatar: a picture below content/media. channels: the 客服 channels whose links lead here.
    """

    id: str
    name: str
    guides: tuple[str, ...]
    greeting: str
    survey: str | None = None
    avatar: str = ""
    channels: tuple[str, ...] = ()
