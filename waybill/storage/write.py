"""Several inserts as one statement.

On PostgreSQL they become one query with data-modifying CTEs: one round trip however many tables
a decision touches, and foreign keys between them are checked at its end. SQLite has neither
data-modifying CTEs nor round trips: there they run one after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import Insert, Select, Table, Update, bindparam, literal, select
from sqlalchemy.orm import Session

from waybill.storage.base import Base
from waybill.storage.guard import note_written
from waybill.storage.prepared import Prepared

KEPT_STATEMENTS: Final = 256
"""So many are kept of what was built: one for each number of rows of each act's tables."""

Shape = tuple[tuple[Table, tuple[str, ...]], ...]
"""Tables with the columns that are given, one for each row."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be inserted, all its columns given: lighter than a statement of its own."""

    model: type[Base]
    values: Mapping[str, object]

    @property
    def table(self) -> Table:
        """The table that it goes into."""
        return Base.metadata.tables[self.model.__tablename__]

    def insert(self) -> Insert:
        """Return it as a statement."""
        return self.table.insert().values(self.values)


Written = NewRow | Insert | Update


def new_row(model: type[Base], **values: object) -> NewRow:
    """Return a row of a model, by its columns."""
    return NewRow(model, values)


def write_together(session: Session, written: Sequence[Written]) -> None:
    """Run inserts and updates that do not read each other, in the caller's transaction.

    None of them may depend on another's effect, but rows may refer to each other by foreign key.
    """
    rows = [each for each in written if isinstance(each, NewRow)]
    at_once = session.get_bind().dialect.name == "postgresql"
    if at_once and len(rows) == len(written):
        _insert_at_once(session, rows)
    elif at_once and len(written) > 1:
        statements = [each.insert() if isinstance(each, NewRow) else each for each in written]
        note_written(session, statements)
        session.execute(_together(statements))
    else:
        for each in written:
            if isinstance(each, NewRow):
                _insert_at_once(session, [each])
            else:
                session.execute(each)


def _insert_at_once(session: Session, rows: Sequence[NewRow]) -> None:
    """Insert with a statement that was built before, for rows of the same tables."""
    statement, inserts = _built(tuple((row.table, tuple(row.values)) for row in rows))
    note_written(session, inserts)
    values = {
        f"{name}_{number}": value
        for number, row in enumerate(rows)
        for name, value in row.values.items()
    }
    statement.run(session, values)


@lru_cache(maxsize=KEPT_STATEMENTS)
def _built(shape: Shape) -> tuple[Prepared, Sequence[Insert]]:
    inserts = [
        table.insert().values(
            {name: bindparam(f"{name}_{number}", type_=table.c[name].type) for name in names}
        )
        for number, (table, names) in enumerate(shape)
    ]
    return Prepared(inserts[0] if len(inserts) == 1 else _together(inserts)), inserts


def _together(statements: Sequence[Insert | Update]) -> Select[int]:
    whole = select(literal(1))
    for number, statement in enumerate(statements):
        whole = whole.add_cte(statement.cte(f"write_{number}"))
    return whole
