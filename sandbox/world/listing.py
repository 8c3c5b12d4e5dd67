"""Lists that come page by page and take a limit that is too large for none (official pages 93338, 96352)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sandbox.world.wire import Answer, Body, T, need, page

_DAY = 86400


def listed(
    name: str,
    items: Sequence[T],
    body: Body,
    show: Callable[[T], object],
    *,
    default: int,
    at_most: int,
    ordinals: Sequence[int] | None = None,
) -> Answer:
    """`name` with the items after the body's cursor, and `next_cursor` while there are more.

    `ordinals`: of items that may go away in between; without them their places are counted. Raises ApiError.
    """
    limit = _limit_of(body, default, at_most)
    places = list(ordinals or range(1, len(items) + 1))
    shown, cursor = page(list(items), places, body.get("cursor"), limit)
    return {name: [show(item) for item in shown]} | ({"next_cursor": cursor} if cursor else {})


def window_of(body: Body, days_at_most: int) -> tuple[int, int]:
    """start_time and end_time, so many days apart at most. Raises ApiError 40035."""
    start, end = body.get("start_time"), body.get("end_time")
    need(isinstance(start, int) and isinstance(end, int), 40035, "invalid parameter: start_time or end_time")
    assert isinstance(start, int) and isinstance(end, int)
    need(start <= end, 40035, "invalid parameter: end_time is before start_time")
    need(end - start <= days_at_most * _DAY, 40035, f"start_time and end_time are over {days_at_most} days apart")
    return start, end


def makers_of(body: Body) -> Callable[[str], bool]:
    """Whether filter_type (0 the corp's, 1 members', 2 all) and `creator` let a creator through ("" = made by API).

    Raises ApiError 40035.
    """
    kind, creator = body.get("filter_type", 2), body.get("creator") or ""
    need(kind in (0, 1, 2), 40035, "invalid parameter: filter_type")
    return lambda made_by: kind in (2, 1 if made_by else 0) and creator in ("", made_by)


def _limit_of(body: Body, default: int, at_most: int) -> int:
    limit = body.get("limit") or default
    need(isinstance(limit, int) and limit > 0, 40035, "invalid parameter: limit")
    return int(limit) if limit <= at_most else default
