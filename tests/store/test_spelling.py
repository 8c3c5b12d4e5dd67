"""What is given to a statement at execution has to be known to it: a misspelt column is never passed over."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import CompileError

from bot.store.database import Database
from bot.store.tables import Switches
from bot.store.upsert import columns, dialect_insert, insert_new

switches = columns(Switches)
ROW = {"scope": "日历", "name": "dec", "by": "zhou-lan", "because": "", "stopped_at": 1}
BY_NAME = update(switches).where(switches.c.name == bindparam("which"))
"""As the store has them: what is set is given at execution."""


async def changed(database: Database, statement: Any, given: Any) -> None:
    await database.write(lambda conn: conn.execute(statement(conn) if callable(statement) else statement, given))


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (BY_NAME, {"which": "dec", "becuase": "so"}),
        (BY_NAME, {"which": "dec", "because": "so", "at": 2}),
        (BY_NAME.values(by=bindparam("who")), {"which": "dec", "who": "he-yun", "by": "zhou-lan"}),
        (lambda conn: insert_new(conn, Switches), [ROW | {"until_at": 2}]),
        (lambda conn: dialect_insert(conn.dialect.name, switches), ROW | {"until_at": 2}),
    ],
)
async def test_a_column_that_is_not_there_is_refused(database: Database, statement: Any, given: Any) -> None:
    with pytest.raises(CompileError, match=r"^switches has no (becuase|at|by|until_at)$"):
        await changed(database, statement, given)


async def test_what_is_there_is_set(database: Database) -> None:
    """Given at execution, or by another name that the statement has for it."""
    await changed(database, lambda conn: insert_new(conn, Switches), [ROW])
    await changed(database, BY_NAME, {"which": "dec", "because": "so"})
    await changed(database, BY_NAME.values(by=bindparam("who")), {"which": "dec", "who": "he-yun"})

    def found(conn: Connection) -> Any:
        return conn.execute(select(switches.c.by, switches.c.because)).one()

    assert tuple(await database.read(found)) == ("he-yun", "so")
