"""Reading many records of different tables at once, typed.

On PostgreSQL the parts become one statement (`UNION ALL` of rows as JSON), so that the facts of a
scan cost one round trip; SQLite has no round trips and runs them one after the other. Either way
each record is converted to its structure by the same strict reader. Statements are built once and
take their values by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import (
    CompoundSelect,
    LargeBinary,
    Select,
    Text,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.sql.functions import FunctionElement
from typing_extensions import override

from waybill.storage.prepared import Prepared

RecordT = TypeVar("RecordT", bound=msgspec.Struct)
RecordT_co = TypeVar("RecordT_co", bound=msgspec.Struct, covariant=True)


@dataclass(frozen=True, slots=True)
class Part(Generic[RecordT_co]):
    """One kind of record and the select whose columns are its fields.

    A part that `takes` writes while it reads, which only PostgreSQL does in one statement; on
    SQLite its caller takes in a statement of its own.
    """

    name: str
    shape: type[RecordT_co]
    statement: Select[*tuple[object, ...]] | CompoundSelect[*tuple[object, ...]]
    takes: bool = False


class Gathered:
    """What was read, by the part it belongs to."""

    def __init__(self, records: Mapping[str, Sequence[msgspec.Struct]]) -> None:
        self._records = [found for found in records.values() if found]

    def all(self, shape: type[RecordT]) -> list[RecordT]:
        """Return the records of a shape, in the order of their statement on one table."""
        return [
            record
            for records in self._records
            if isinstance(records[0], shape)  # else none of that part is
            for record in records
            if isinstance(record, shape)
        ]

    def first(self, shape: type[RecordT]) -> RecordT | None:
        """Return the only record of a shape, `None` where there is none."""
        found = self.all(shape)
        return found[0] if found else None


class Batch:
    """Parts that are read together."""

    def __init__(self, *parts: Part[msgspec.Struct]) -> None:
        self._parts = parts
        self._readers = {part.name: msgspec.json.Decoder(part.shape) for part in parts}

    def read(self, session: Session, values: Mapping[str, object]) -> Gathered:
        """Read all parts: in one statement where the database makes that worth while."""
        if session.get_bind().dialect.name == "postgresql":
            return self._read_at_once(session, values)
        records = {
            part.name: [
                msgspec.convert(dict(zip(each.names, row, strict=True)), part.shape, strict=False)
                for row in each.rows(session, values)
            ]
            for part, each in self._each
        }
        return Gathered(records)

    def _read_at_once(self, session: Session, values: Mapping[str, object]) -> Gathered:
        records: dict[str, list[msgspec.Struct]] = {name: [] for name in self._readers}
        for name, content in self._at_once.rows(session, values):
            records[name].append(self._readers[name].decode(content))
        return Gathered(records)

    @cached_property
    def whole(self) -> CompoundSelect[*tuple[object, ...]]:
        """The statement that reads all parts on PostgreSQL."""
        return union_all(*(_as_json(part) for part in self._parts))

    @cached_property
    def _at_once(self) -> Prepared:
        return Prepared(self.whole)

    @cached_property
    def _each(self) -> Sequence[tuple[Part[msgspec.Struct], Prepared]]:
        return [(part, Prepared(part.statement)) for part in self._parts if not part.takes]


def _as_json(part: Part[msgspec.Struct]) -> Select[*tuple[object, ...]]:
    # Not the part's bare name: `revision` is a column too, and PostgreSQL would take that.
    rows = part.statement.subquery(f"{part.name}_part")
    return select(literal(part.name), cast(func.row_to_json(rows.table_valued()), Text))


class utf8_text(FunctionElement[str]):  # noqa: N801  it reads as SQL
    """The text that a column of bytes holds in UTF-8."""

    type = Text()
    inherit_cache = True

    @override
    def __init__(self, column: SQLCoreOperations[bytes]) -> None:
        super().__init__(cast(column, LargeBinary))


@compiles(utf8_text)
def _utf8_text(element: utf8_text, compiler: SQLCompiler, **options: object) -> str:
    column = compiler.process(element.clauses, **options)
    if compiler.dialect.name == "postgresql":
        return f"convert_from({column}, 'UTF8')"
    return f"CAST({column} AS TEXT)"
