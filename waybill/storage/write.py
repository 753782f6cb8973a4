"""Several writes as one statement.

On PostgreSQL they become one query with data-modifying CTEs: one round trip however many tables
a decision touches, and foreign keys between them are checked at its end. SQLite has neither
data-modifying CTEs nor round trips: there they run one after the other. The statements of rows
are built once and take their values by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    Insert,
    Select,
    String,
    Table,
    Update,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import UpdateBase

from waybill.storage.base import Base
from waybill.storage.guard import note_written
from waybill.storage.prepared import Prepared

KEPT_STATEMENTS: Final = 256
"""So many are kept of what was built: one for each act's tables."""


class Shape(NamedTuple):
    """What the statement of a row depends on: its table, and which columns have values.

    `found_by` are the columns by which a row that is changed is found. `many` are rows of which
    each value is a list with one member for each row.
    """

    table: Table
    given: tuple[str, ...]
    found_by: tuple[str, ...] = ()
    many: bool = False

    def bind(self, name: str, number: int) -> BindParameter[object]:
        """Return the place of a column's value in the statement's row of this number."""
        kind = self.table.c[name].type
        if self.many:
            # Without its length: a cast to it would cut what is too long, and nobody would know.
            kind = ARRAY(String() if isinstance(kind, String) else kind)
        return bindparam(f"row{number}_{name}", type_=kind)

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
class NewRows:
    """Rows to be inserted into one table, column by column; text, numbers and ids alone.

    However many they are, their statement is the same.
    """

    model: type[Base]
    columns: Mapping[str, Sequence[object]]

    @property
    def shape(self) -> Shape:
        """What their statement depends on."""
        return Shape(_table(self.model), tuple(self.columns), many=True)

    def named(self, number: int) -> Mapping[str, object]:
        """Return their values by the names under which the statement takes them."""
        return {f"row{number}_{name}": list(values) for name, values in self.columns.items()}

    def one_by_one(self) -> Sequence[NewRow]:
        """Return each row by itself."""
        return [
            NewRow(self.model, dict(zip(self.columns, values, strict=True)))
            for values in zip(*self.columns.values(), strict=True)
        ]


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


Row = NewRow | NewRows | ChangedRow
Written = Row | Insert | Update


def new_row(model: type[Base], **values: object) -> NewRow:
    """Return a row of a model, by its columns."""
    return NewRow(model, values)


def new_rows(model: type[Base], **columns: Sequence[object]) -> NewRows:
    """Return rows of a model, by its columns, each with one value for each row."""
    return NewRows(model, columns)


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
    for row in written.one_by_one() if isinstance(written, NewRows) else [written]:
        built = _built((row.shape,))
        note_written(session, built.statements)
        built.whole.run(session, row.named(0))


class _Built(NamedTuple):
    """What writes rows: all at once, and the statement of each."""

    whole: Prepared
    statements: tuple[Insert | Update, ...]


@lru_cache(maxsize=KEPT_STATEMENTS)
def _built(shapes: tuple[Shape, ...]) -> _Built:
    statements = tuple(_statement(shape, number) for number, shape in enumerate(shapes))
    whole = Prepared(statements[0] if len(statements) == 1 else _together(statements))
    return _Built(whole, statements)


def _statement(shape: Shape, number: int) -> Insert | Update:
    values = {name: shape.bind(name, number) for name in shape.given}
    if shape.many:
        columns = func.unnest(*values.values()).table_valued(*values).render_derived()
        return shape.table.insert().from_select(list(values), select(*columns.c))
    if not shape.found_by:
        return shape.table.insert().values(values)
    found = (shape.table.c[name] == shape.bind_found(name, number) for name in shape.found_by)
    return shape.table.update().where(*found).values(values)


def _together(statements: Sequence[Insert | Update]) -> Select[int]:
    whole = select(literal(1))
    for number, statement in enumerate(statements):
        whole = whole.add_cte(statement.cte(f"write_{number}"))
    return whole


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]
