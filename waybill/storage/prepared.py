"""Statements whose text is made once.

Of a statement that gathers twenty tables SQLAlchemy compares hundreds of parts with those that it
has compiled before, each time it runs, and hands over forty values that never change. Such a
statement is spelled out once here, with what never changes in it, so that the planner sees it
too, and takes by name what does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Delete,
    Dialect,
    Insert,
    String,
    Update,
    cast,
    create_engine,
    literal_column,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import BindParameter, ClauseElement
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.sql.type_api import TypeEngine
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

Statement: TypeAlias = SelectBase | Insert | Update | Delete
Process: TypeAlias = Callable[[Any], Any] | None

PARAMETERS: Final = "numeric_dollar"
"""How parameters are written for PostgreSQL: as the server has them, so that the driver need not
read a statement through for them at each run."""
_DIALECTS: Final[Mapping[str, Dialect]] = {
    "postgresql": create_engine("postgresql+psycopg://", paramstyle=PARAMETERS).dialect,
    "sqlite": create_engine("sqlite://").dialect,
}


class Prepared:
    """A statement; its parameters without a value are those that it takes."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._spelled: dict[str, _Spelled] = {}

    def rows(self, session: Session, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """Run it in a session's transaction and return what it selects, typed by its columns.

        What the session still holds is written before. `values` may name more than it takes.
        Raises `KeyError` where one is missing.
        """
        spelled = self._by(session)
        return spelled.typed(self._run(session, spelled, values).fetchall())

    def run(self, session: Session, values: Mapping[str, object]) -> None:
        """Run it, as `rows` does; a caller that writes notes it (`guard.note_written`)."""
        self._run(session, self._by(session), values).close()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that it selects."""
        statement = self._statement
        return tuple(statement.selected_columns.keys()) if isinstance(statement, SelectBase) else ()

    def _by(self, session: Session) -> "_Spelled":
        name = session.get_bind().dialect.name
        spelled = self._spelled.get(name)
        if spelled is None:
            spelled = self._spelled[name] = _spell(self._statement, _DIALECTS[name])
        return spelled

    @staticmethod
    def _run(
        session: Session, spelled: "_Spelled", values: Mapping[str, object]
    ) -> CursorResult[Any]:
        session.flush()
        return session.connection().exec_driver_sql(spelled.text, spelled.given(values))


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A statement's text for one kind of database, and how values get in and out of it."""

    text: str
    takes: tuple[tuple[str, Process], ...]
    gives: tuple[Process, ...]

    def given(self, values: Mapping[str, object]) -> tuple[Any, ...]:
        """Return the values as the driver takes them."""
        return tuple(
            process(values[name]) if process else values[name] for name, process in self.takes
        )

    def typed(self, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Return rows of the driver's values as rows of the columns' types."""
        if not any(self.gives):
            return rows
        return [
            [
                process(value) if process else value
                for value, process in zip(row, self.gives, strict=True)
            ]
            for row in rows
        ]


def _told(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """Return what PostgreSQL has to be told of a value: its type, but of text not its length.

    A cast to a length cuts what is longer; without one the column refuses it.
    """
    return String() if isinstance(kind, String) else kind


def _spell(statement: Statement, dialect: Dialect) -> _Spelled:
    postgresql = dialect.name == "postgresql"
    holes: dict[str, BindParameter[Any]] = {}
    mark = f"hole_{uuid4().hex}_"  # no constant holds it

    def hole(element: ExternallyTraversible, **_: object) -> ExternallyTraversible | None:
        if not isinstance(element, BindParameter) or not element.required:
            return None
        holes[element.key] = element
        name: ColumnElement[Any] = literal_column(mark + element.key, element.type)
        # To SQLite a cast would turn times to numbers.
        return cast(name, _told(element.type)) if postgresql else name

    whole = replacement_traverse(statement, {}, hole)
    if not isinstance(whole, ClauseElement):
        raise TypeError(f"no statement: {whole!r}")
    text = str(whole.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    numbers = {name: number for number, name in enumerate(holes, start=1)}
    sign = "$" if postgresql else "?"
    text = re.sub(rf"{mark}(\w+)", lambda m: f"{sign}{numbers[m[1]]}", text)
    columns = statement.selected_columns if isinstance(statement, SelectBase) else ()
    return _Spelled(
        text=text,
        takes=tuple(
            (name, each.type.dialect_impl(dialect).bind_processor(dialect))
            for name, each in holes.items()
        ),
        gives=tuple(
            each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns
        ),
    )
