"""Reads what the CEL checker hands out: a serialised `cel.expr.CheckedExpr`, as far as conditions need it.

The checker says in C++ whether an expression is typed right, and gives the result as protocol buffers only. The few
fields read here are those of github.com/google/cel-spec, proto/cel/expr/checked.proto and syntax.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written. Only text, whole numbers and yes or no are read; `value` is None for any other."""

    at: int
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function; a method's object comes first of `args`."""

    at: int
    function: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """[…]."""

    at: int
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Anything else: a field of something, a map, a macro such as exists."""

    at: int
    what: str


Expr = Literal | Name | Call | Listed | Other
"""`at`: where it stands in the text, in characters from 0; of an operator, where its sign stands."""

_OTHER = {5: "select", 8: "struct", 9: "comprehension"}


def read(serialized: bytes) -> Expr:
    """The expression inside `Expression.serialize()`, an `Any` around a CheckedExpr."""
    checked = _fields(_bytes(_fields(serialized), 2))
    source = _fields(_bytes(checked, 5))
    entries = [_fields(raw) for number, raw in source if number == 4 and isinstance(raw, bytes)]
    places = {_int(entry, 1): _int(entry, 2) for entry in entries}
    return _expr(_bytes(checked, 4), places)


Fields = list[tuple[int, int | bytes]]


def _expr(raw: bytes, places: dict[int, int]) -> Expr:
    fields = _fields(raw)
    at = places.get(_int(fields, 2), 0)
    for number, value in fields:
        if not isinstance(value, bytes):
            continue
        inner = _fields(value)
        if number == 3:
            return Literal(at, _constant(inner))
        if number == 4:
            return Name(at, _bytes(inner, 1).decode())
        if number == 6:
            args = [arg for n, arg in inner if n in (1, 3) and isinstance(arg, bytes)]
            return Call(at, _bytes(inner, 2).decode(), tuple(_expr(arg, places) for arg in args))
        if number == 7:
            return Listed(at, tuple(_expr(item, places) for n, item in inner if n == 1 and isinstance(item, bytes)))
        if number in _OTHER:
            return Other(at, _OTHER[number])
    return Other(at, "unknown")


def _constant(fields: Fields) -> str | int | float | bool | None:
    number, value = fields[0]
    match number, value:
        case 2, int():
            return bool(value)
        case 3, int():
            return value - (1 << 64) if value >> 63 else value
        case 5, bytes():
            return float(struct.unpack("<d", value)[0])
        case 6, bytes():
            return value.decode()
    return None


def _bytes(fields: Fields, wanted: int) -> bytes:
    return next((value for number, value in fields if number == wanted and isinstance(value, bytes)), b"")


def _int(fields: Fields, wanted: int) -> int:
    return next((value for number, value in fields if number == wanted and isinstance(value, int)), 0)


def _fields(raw: bytes) -> Fields:
    return list(_walk(raw))


def _walk(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field by field: its number, and its number or bytes (protobuf.dev/programming-guides/encoding)."""
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = _varint(raw, at)
            yield number, value
            continue
        if wire == 2:
            size, at = _varint(raw, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        yield number, raw[at : at + size]
        at += size


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
