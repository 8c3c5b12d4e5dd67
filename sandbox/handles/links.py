"""`sandbox.links`: what strangers and admins do with acquisition links (获客助手); callbacks follow."""

from __future__ import annotations

from sandbox.handles.base import Handle


class LinksHandle(Handle):
    """`link` is a link_id, or the address with or without `?customer_channel=…`."""

    async def customer_adds(
        self, link: str, channel: str = "", external_userid: str | None = None, name: str | None = None
    ) -> str:
        """Somebody opens a link and adds a member of its range, in turn; `channel` is customer_channel.

        friend_request, then add_external_contact with the channel as State. Returns the external_userid.
        """
        customer, events = self._world.acquisition.customer_adds(
            self._now(), link=link, channel=channel, external_userid=external_userid, name=name
        )
        self._happened("links.customer_adds", events, link=link, external_userid=customer)
        return customer

    async def admin_deletes(self, link_id: str) -> None:
        """An admin deletes the link in the console: delete_link."""
        events = self._world.acquisition.admin_deletes(self._now(), link_id=link_id)
        self._happened("links.admin_deletes", events, link_id=link_id)

    async def breaks(self, link_id: str) -> None:
        """The link stops working: link_unavailable."""
        events = self._world.acquisition.link_breaks(self._now(), link_id=link_id)
        self._happened("links.breaks", events, link_id=link_id)

    async def quota_is_bought(self, count: int, expire_at: int) -> None:
        """More new customers are paid for, until `expire_at`: balance_increased when there were none."""
        events = self._world.acquisition.buys(self._now(), count=count, expire_at=expire_at)
        self._happened("links.quota_is_bought", events, count=count)

    async def quota_is_spent(self, count: int) -> None:
        """So many are used up: balance_low below 20, balance_exhausted at none."""
        events = self._world.acquisition.spends(self._now(), count=count)
        self._happened("links.quota_is_spent", events, count=count)

    async def quota_expires_soon(self, expire_at: int) -> None:
        """WeCom warns of what ends at `expire_at`: quota_expire_soon."""
        events = self._world.acquisition.quota_expires_soon(self._now(), expire_at=expire_at)
        self._happened("links.quota_expires_soon", events, expire_at=expire_at)
