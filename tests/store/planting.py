"""Rows of one person in every table that can hold any, each personal cell with a marker of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Float, Integer, LargeBinary, Table

from bot.store.belongings import PLANS
from bot.store.tables import metadata

GUIDE = "guide-lin"


def external_userid(n: int) -> str:
    return f"wmPLANTED{n}"


def plant(conn: Connection, n: int) -> None:
    """Person number `n` in every table that has a plan."""
    for name in sorted(PLANS, key=lambda name: name != "people"):
        table = metadata.tables[name]
        conn.execute(table.insert().values(**{c.name: _value(table, c, n) for c in table.columns}))


def marker(table: str, column: str, n: int) -> str:
    """Found nowhere but where it was planted."""
    return f"MARK{n}x{table}x{column}x{n}"


def _value(table: Table, column: Column[Any], n: int) -> Any:
    plan = PLANS[table.name]
    kind = plan.ids.get(column.name)
    match column.name:
        case "person_id":
            return n
        case "kind" if table.name in ("identities", "order_ids"):
            return "external_userid"
        case "value" if table.name in ("identities", "order_ids"):
            return external_userid(n)
        case "line":
            return f"customer/{external_userid(n)}"
        case "body":
            return f'{{"external_userid": "{external_userid(n)}", "said": "{marker(table.name, "body", n)}"}}'
        case "payload":
            return {"external_userid": external_userid(n), "text": marker(table.name, "payload", n)}
        case "state" if plan.mentioned:
            return "done" if table.name == "inbox" else "sent"
    if kind == "external_userid" or column.name == "external_userid":
        return external_userid(n)
    if kind or column.name in ("order_id", "run_id"):
        return f"{column.name}-PLANTED{n}"
    if column.name in plan.kept:
        return GUIDE
    if not column.info["personal"]:
        return plain_value(column, n, f"plain-{n}")
    return plain_value(column, n, marker(table.name, column.name, n))


def plain_value(column: Column[Any], n: int, word: str) -> Any:
    """Something of the column's type."""
    match column.type:
        case Boolean():
            return False
        case BigInteger() | Integer() | Float():
            return n
        case LargeBinary():
            return n.to_bytes(21, "big")
        case JSON():
            return [word]
        case _:
            return word
