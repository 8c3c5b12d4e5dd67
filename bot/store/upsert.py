"""INSERT … ON CONFLICT, in the dialect of the connection."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, TextClause, bindparam, text


def insert(conn: Connection, table: type) -> Any:
    """An INSERT of either database that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return dialect_insert(conn.dialect.name, columns(table))


def insert_new(conn: Connection, table: type) -> Any:
    """An INSERT for rows given at execution, which passes over those whose key is there already."""
    return _insert_new(conn.dialect.name, table)


@cache
def _insert_new(dialect: str, table: type) -> Any:
    return dialect_insert(dialect, columns(table)).on_conflict_do_nothing()


def insert_json(conn: Connection, table: Table, *given: str) -> TextClause:
    """An INSERT of all rows of a JSON array `rows`, each an array of the table's first columns; the `given` ones are
    the same for every row. One statement: a driver lets go of the interpreter for each, and waits to get it back.
    """
    return _insert_json(conn.dialect, table, given)


_EACH = {"sqlite": "json_each(:rows)", "postgresql": "json_array_elements(CAST(:rows AS json))"}


@cache
def _insert_json(dialect: Dialect, table: Table, given: tuple[str, ...]) -> TextClause:
    typed = {column.name: column.type.compile(dialect) for column in table.columns}
    brought = [name for name in typed if name not in given]
    values = [f"CAST(value ->> {n} AS {typed[name]})" for n, name in enumerate(brought)]
    values += [f"CAST(:{name} AS {typed[name]})" for name in given]
    names = ", ".join(f'"{name}"' for name in (*brought, *given))
    return text(f'INSERT INTO "{table.name}" ({names}) SELECT {", ".join(values)} FROM {_EACH[dialect.name]}')


def dialect_insert(dialect: str, table: Table) -> Any:
    """An INSERT of the dialect named; the other database's need not be loaded."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


def save(conn: Connection, table: type, keys: list[str], values: dict[str, Any]) -> None:
    """Insert a row, or overwrite the given values of the one with the same keys."""
    conn.execute(_save(conn.dialect.name, table, tuple(keys), tuple(values)), values)


def save_all(conn: Connection, table: type, keys: list[str], rows: list[dict[str, Any]]) -> None:
    """The same of many rows, one at least, that give the same values."""
    conn.execute(_save(conn.dialect.name, table, tuple(keys), tuple(rows[0])), rows)


@cache
def _save(dialect: str, table: type, keys: tuple[str, ...], names: tuple[str, ...]) -> Any:
    statement = dialect_insert(dialect, columns(table)).values({name: bindparam(name) for name in names})
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def columns(table: type) -> Table:
    """The Core table behind a SQLModel class."""
    return table.__table__  # type: ignore[attr-defined,no-any-return]
