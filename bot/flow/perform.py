"""One function for each action: our clear word on the left, WeCom's endpoint on the right.

Each returns the own events that tell what came of it, and raises bot.wecom.errors when it failed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.scrm.actions import (
    Action,
    Attached,
    KeepContactWay,
    MarkTags,
    SendAppMessage,
    SendWelcome,
    SyncCorpTags,
    SyncCustomer,
    SyncMember,
    UploadMedia,
)
from bot.scrm.events import (
    ContactWayKept,
    CorpTag,
    CorpTagsSynced,
    CustomerSynced,
    MediaUploaded,
    MemberSynced,
    OwnEvent,
)
from bot.scrm.person import FollowInfo, Profile
from bot.store import inbox, library
from bot.store.database import Database
from bot.store.outbox import Claimed
from bot.wecom import messages
from bot.wecom.errors import WeComError
from bot.wecom.net.client import WeComClient

Events = tuple[OwnEvent, ...]

WELCOME_USED = 41051
ALL_RECEIVERS_INVALID = 81013
TAG_UNKNOWN = 40068


class Performer:
    """Carries actions out through one app of the corp."""

    def __init__(
        self, wecom: WeComClient, database: Database, clock: Clock, *, agentid: int, media_folder: Path
    ) -> None:
        self._wecom = wecom
        self._database = database
        self._clock = clock
        self._agentid = agentid
        self._media_folder = media_folder
        self._how: dict[type[Action], Callable[[Any, Claimed], Awaitable[Events]]] = {
            SendWelcome: self._send_welcome,
            SendAppMessage: self._send_app_message,
            MarkTags: self._mark_tags,
            SyncCustomer: self._sync_customer,
            SyncMember: self._sync_member,
            SyncCorpTags: self._sync_corp_tags,
            UploadMedia: self._upload_media,
            KeepContactWay: self._keep_contact_way,
        }

    async def perform(self, claimed: Claimed) -> Events:
        """Do it, once.

        Raises:
            WeComError: WeCom refused.
            AnswerLost: it may have been done.
            NotReached: it surely was not.
        """
        return await self._how[type(claimed.action)](claimed.action, claimed)

    async def _send_welcome(self, action: SendWelcome, claimed: Claimed) -> Events:
        code = await self._database.look_up(partial(inbox.welcome_code, inbox_id=claimed.cause))
        attachments = await self._attachments(action.attached)
        body = messages.welcome_body(code or "", str(action.text), attachments)
        try:
            await self._wecom.external_contact.send_welcome_msg(body)
        except WeComError as error:
            # 41051 after a try of ours whose answer was lost: that try did arrive.
            if not (error.errcode == WELCOME_USED and claimed.in_doubt):
                raise
        return ()

    async def _attachments(self, attached: tuple[Attached, ...]) -> list[messages.Attachment]:
        paths = [a.media for a in attached if a.media]
        ids = await self._database.look_up(partial(library.media_ids, paths=paths)) if paths else {}
        return [messages.attachment(a, ids.get(a.media or "", "")) for a in attached]

    async def _send_app_message(self, action: SendAppMessage, claimed: Claimed) -> Events:
        body = messages.app_text(action.userid, self._agentid, str(action.text))
        answer = await self._wecom.message.send(body)
        if answer.get("invaliduser"):
            raise WeComError("message/send", ALL_RECEIVERS_INVALID, "")
        return ()

    async def _mark_tags(self, action: MarkTags, claimed: Claimed) -> Events:
        ids = await self._database.look_up(partial(library.tag_ids, tags=(*action.add, *action.remove)))
        missing = [tag for tag in action.add if tag not in ids]
        if missing:
            ids |= {f"{t.group}/{t.name}": t.tag_id for t in await self._corp_tags(wanted=action.add)}
        if any(tag not in ids for tag in action.add):
            raise WeComError("mark_tag", TAG_UNKNOWN, "")
        await self._wecom.external_contact.mark_tag(
            action.userid,
            action.external_userid,
            [ids[tag] for tag in action.add],
            [ids[tag] for tag in action.remove if tag in ids],
        )
        return ()

    async def _sync_customer(self, action: SyncCustomer, claimed: Claimed) -> Events:
        answer = await self._wecom.external_contact.get(action.external_userid)
        return (
            CustomerSynced(
                created_at=self._clock.now(),
                external_userid=action.external_userid,
                profile=_profile(answer["external_contact"]),
                follows=tuple(_follow_info(f) for f in answer.get("follow_user", ())),
            ),
        )

    async def _sync_member(self, action: SyncMember, claimed: Claimed) -> Events:
        answer = await self._wecom.user.get(action.userid)
        return (MemberSynced(created_at=self._clock.now(), userid=action.userid, name=answer.get("name", "")),)

    async def _sync_corp_tags(self, action: SyncCorpTags, claimed: Claimed) -> Events:
        return (CorpTagsSynced(created_at=self._clock.now(), tags=tuple(await self._corp_tags(action.wanted))),)

    async def _corp_tags(self, wanted: tuple[str, ...]) -> list[CorpTag]:
        """The library after adding what is wanted and missing; a name that is there is never added twice."""
        tags = await self._read_corp_tags()
        there = {f"{t.group}/{t.name}" for t in tags}
        missing: defaultdict[str, list[str]] = defaultdict(list)
        for group, _, name in (tag.partition("/") for tag in wanted if tag not in there):
            missing[group].append(name)
        for group, names in missing.items():
            group_id = next((t.group_id for t in tags if t.group == group), None)
            await self._wecom.external_contact.add_corp_tag(group_id, group, None, [{"name": n} for n in names])
        return await self._read_corp_tags() if missing else tags

    async def _read_corp_tags(self) -> list[CorpTag]:
        answer = await self._wecom.external_contact.get_corp_tag_list()
        return [
            CorpTag(tag_id=tag["id"], group_id=group["group_id"], group=group["group_name"], name=tag["name"])
            for group in answer.get("tag_group", ())
            for tag in group.get("tag", ())
            if not tag.get("deleted")
        ]

    async def _upload_media(self, action: UploadMedia, claimed: Claimed) -> Events:
        data = (self._media_folder / action.path).read_bytes()
        if sha256(data).hexdigest() != action.sha256:
            return ()  # a newer edition of the file has an action of its own
        answer = await self._wecom.media.upload(action.kind, (Path(action.path).name, data))
        uploaded = MediaUploaded(
            created_at=self._clock.now(), path=action.path, sha256=action.sha256, media_id=answer["media_id"]
        )
        return (uploaded,)

    async def _keep_contact_way(self, action: KeepContactWay, claimed: Claimed) -> Events:
        known = (await self._database.look_up(library.contact_ways)).get(action.channel_id)
        if known and known.userids == action.userids:
            return ()
        way = asdict(known) if known else await self._find_contact_way(action.channel_id)
        if way:
            await self._wecom.external_contact.update_contact_way(way["config_id"], user=list(action.userids))
        else:
            way = await self._add_contact_way(action)
        kept = ContactWayKept(
            created_at=self._clock.now(),
            channel_id=action.channel_id,
            config_id=way["config_id"],
            qr_code=way.get("qr_code", ""),
            userids=action.userids,
        )
        return (kept,)

    async def _find_contact_way(self, state: str) -> dict[str, Any] | None:
        """One that exists already, made by a try whose answer was lost or on another machine."""
        cursor = ""
        while True:
            page = await self._wecom.external_contact.list_contact_way(cursor=cursor)
            for listed in page.get("contact_way", ()):
                answer = await self._wecom.external_contact.get_contact_way(listed["config_id"])
                if answer["contact_way"].get("state") == state:
                    return dict(answer["contact_way"])
            cursor = page.get("next_cursor", "")
            if not cursor:
                return None

    async def _add_contact_way(self, action: KeepContactWay) -> dict[str, Any]:
        return dict(
            await self._wecom.external_contact.add_contact_way(
                type=2, scene=2, remark=action.title, state=action.channel_id, user=list(action.userids)
            )
        )


def _profile(contact: dict[str, Any]) -> Profile:
    names = ("name", "avatar", "type", "gender", "unionid", "corp_name")
    return Profile(**{name: contact.get(name) for name in names})


def _follow_info(follow: dict[str, Any]) -> FollowInfo:
    corp_tags = (t for t in follow.get("tags", ()) if t.get("type") == 1)
    return FollowInfo(
        userid=follow["userid"],
        added_at=follow["createtime"],
        remark=follow.get("remark"),
        description=follow.get("description"),
        state=follow.get("state"),
        add_way=follow.get("add_way"),
        tags=tuple((t.get("tag_id", ""), f"{t['group_name']}/{t['tag_name']}") for t in corp_tags),
    )
