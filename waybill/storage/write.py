"""Several writes as one statement.

On PostgreSQL they become one query with data-modifying CTEs: one round trip however many tables
a decision touches, and foreign keys between them are checked at its end. SQLite has neither
data-modifying CTEs nor round trips: there they run one after the other. Rows that follow each
other in one table are one insert. The statements of rows are built once and take their values by
name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    literal,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from waybill.storage.base import Base
from waybill.storage.guard import note_written
from waybill.storage.prepared import Prepared

KEPT_STATEMENTS: Final = 256
"""So many are kept of what was built: one for each number of rows of each act's tables."""


class Shape(NamedTuple):
    """What the statement of a row depends on: its table, and which columns have values.

    `found_by` are the columns by which a row that is changed is found.
    """

    table: Table
    given: tuple[str, ...]
    found_by: tuple[str, ...] = ()

    def bind(self, name: str, number: int) -> BindParameter[object]:
        """Return the place of a column's value in the statement's row of this number."""
        return bindparam(f"row{number}_{name}", type_=self.table.c[name].type)

    def bind_found(self, name: str, number: int) -> BindParameter[object]:
        """Return the place of a value by which the row of this number is found."""
        return bindparam(f"found{number}_{name}", type_=self.table.c[name].type)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be inserted, all its columns given: lighter than a statement of its own."""

    model: type[Base]
    values: Mapping[str, object]

    @property
    def shape(self) -> Shape:
        """What its statement depends on."""
        return Shape(_table(self.model), tuple(self.values))

    def named(self, number: int) -> Mapping[str, object]:
        """Return its values by the names under which the statement takes them."""
        return {f"row{number}_{name}": value for name, value in self.values.items()}


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row to be updated, found by all of `found_by`."""

    model: type[Base]
    found_by: Mapping[str, object]
    values: Mapping[str, object]

    @property
    def shape(self) -> Shape:
        """What its statement depends on."""
        return Shape(_table(self.model), tuple(self.values), tuple(self.found_by))

    def named(self, number: int) -> Mapping[str, object]:
        """Return its values by the names under which the statement takes them."""
        found_by = {f"found{number}_{name}": value for name, value in self.found_by.items()}
        return found_by | {f"row{number}_{name}": value for name, value in self.values.items()}


Row = NewRow | ChangedRow
Written = Row | Insert | Update


def new_row(model: type[Base], **values: object) -> NewRow:
    """Return a row of a model, by its columns."""
    return NewRow(model, values)


def changed_row(model: type[Base], found_by: Mapping[str, object], **values: object) -> ChangedRow:
    """Return the change of a model's row, by its columns."""
    return ChangedRow(model, found_by, values)


def write_together(session: Session, written: Sequence[Written]) -> None:
    """Run inserts and updates that do not read each other, in the caller's transaction.

    None of them may depend on another's effect, but rows may refer to each other by foreign key.
    """
    if session.get_bind().dialect.name != "postgresql":
        for each in written:
            _run_alone(session, each)
        return
    rows = [each for each in written if isinstance(each, Row)]
    others = [each for each in written if isinstance(each, UpdateBase)]
    built = _built(tuple(row.shape for row in rows))
    values: dict[str, object] = {}
    for number, row in enumerate(rows):
        values.update(row.named(number))
    note_written(session, (*built.statements, *others))
    if others:
        session.execute(_together((*built.statements, *others)), values)
    else:
        built.whole.run(session, values)


def _run_alone(session: Session, written: Written) -> None:
    if isinstance(written, UpdateBase):
        session.execute(written)
        return
    built = _built((written.shape,))
    note_written(session, built.statements)
    built.whole.run(session, written.named(0))


class _Built(NamedTuple):
    """What writes rows: all at once, and the statement of each."""

    whole: Prepared
    statements: tuple[Insert | Update, ...]


@lru_cache(maxsize=KEPT_STATEMENTS)
def _built(shapes: tuple[Shape, ...]) -> _Built:
    merged = [_statement(shape, numbers) for shape, numbers in _runs(shapes)]
    whole = Prepared(merged[0] if len(merged) == 1 else _together(merged))
    return _Built(whole, tuple(_statement(shape, [at]) for at, shape in enumerate(shapes)))


def _runs(shapes: Sequence[Shape]) -> Iterator[tuple[Shape, list[int]]]:
    """Yield new rows of one table that follow each other as one, and each change by itself."""
    for shape, run in groupby(range(len(shapes)), key=shapes.__getitem__):
        if shape.found_by:
            yield from ((shape, [number]) for number in run)
        else:
            yield shape, list(run)


def _statement(shape: Shape, numbers: Sequence[int]) -> Insert | Update:
    rows = [{name: shape.bind(name, number) for name in shape.given} for number in numbers]
    if not shape.found_by:
        # SQLAlchemy compiles rows in a list anew each time; they are for what is spelled out once.
        return shape.table.insert().values(rows if len(rows) > 1 else rows[0])
    ((number,), (values,)) = numbers, rows
    found = (shape.table.c[name] == shape.bind_found(name, number) for name in shape.found_by)
    return shape.table.update().where(*found).values(values)


def _together(statements: Sequence[Insert | Update]) -> Select[int]:
    whole = select(literal(1))
    for number, statement in enumerate(statements):
        whole = whole.add_cte(statement.cte(f"write_{number}"))
    return whole


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]
