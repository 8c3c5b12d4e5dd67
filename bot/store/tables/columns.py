"""How a column is written: its type, and whether it holds something about a person; and an index of some rows."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict
from sqlalchemy import BigInteger, Index, Integer, MetaData, TextClause, text
from sqlmodel import Field, SQLModel

ROWID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only when the key is spelt INTEGER."""


class Table(SQLModel):
    """What every table is. Rows are never validated as models, so pydantic need not get ready for it at the start."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]


def plain(type_: Any = None, **options: Any) -> Any:
    """A column that says nothing about a person."""
    return _column(type_, personal=False, **options)


def personal(type_: Any = None, **options: Any) -> Any:
    """A column about a person: erased on request, never logged, bounded by `retention`."""
    return _column(type_, personal=True, **options)


def _column(type_: Any, *, personal: bool, begins: str | None = None, **options: Any) -> Any:
    """`begins`: the value, as SQL, that the database itself gives a new row."""
    if type_ is not None:
        options["sa_type"] = type_
    more = {} if begins is None else {"server_default": text(begins)}
    return Field(sa_column_kwargs={"info": {"personal": personal}, **more}, **options)


def partial_index(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """An index of the rows that meet `where`, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=where)


def share_conditions(metadata: MetaData) -> None:
    """Let PostgreSQL know the conditions of partial indexes, before its tables are made or compared.

    Said where an index is declared, it would load that database's dialect at every start, on SQLite too: 2 MB.
    """
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
