"""Of two words about one topic, which one stands: in the database, so that nothing written meanwhile slips by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from bot.scrm.consent import CUSTOMER


def gives_way(word: Any, to: Any) -> ColumnElement[bool]:
    """Whether one row of `preferences` gives way to another: the newer word stands, but a customer's own refusal is
    lifted by the customer alone. Rows as columns: wanted, set_by, set_at."""
    newer = and_(word.set_at <= to.set_at, ~and_(_refused(word), to.set_by != CUSTOMER))
    return or_(newer, and_(_refused(to), word.set_by != CUSTOMER))


def _refused(word: Any) -> ColumnElement[bool]:
    """The customer's own no."""
    return and_(word.wanted.is_(False), word.set_by == CUSTOMER)
