"""Two releases on one schema: what the program of before reads and writes goes on working.

From `MARK` on every migration only adds, step by step; one that takes away says in `CONTRACTS`
which release stopped using it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from tests.harness.schemas import Column, Schema, Table, missed, read_schema
from waybill.storage.migrate import config, upgrade
from waybill.storage.session import make_engine

MARK: Final = "20261127_clock_offset"
"""Up to here a migration could change anything: there was no program of before."""


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Schema]:
    """The schema of every revision from the mark on, in their order, as SQLite tells it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('steps') / 'steps.sqlite3'}"
    made = {}
    for revision in _since_mark():
        upgrade(url, revision)
        engine = make_engine(url)
        made[revision] = read_schema(engine)
        engine.dispose()
    return MappingProxyType(made)


def _since_mark() -> Iterator[str]:
    scripts = ScriptDirectory.from_config(config(""))
    found = [script.revision for script in scripts.walk_revisions(MARK, "head")]
    return reversed(found)


def test_each_migration_since_the_mark_only_adds(schemas: Mapping[str, Schema]) -> None:
    scripts = ScriptDirectory.from_config(config(""))
    steps = list(schemas)

    faults = {
        after: found
        for before, after in pairwise(steps)
        if not getattr(scripts.get_revision(after).module, "CONTRACTS", "")
        and (found := missed(schemas[before], schemas[after]))
    }

    assert steps[0] == MARK
    assert faults == {}


def test_the_newest_schema_takes_the_statements_of_the_mark(
    schemas: Mapping[str, Schema], engine: Engine
) -> None:
    with engine.connect() as connection:
        for name, table in schemas[MARK].items():
            columns = ", ".join(f'"{column}"' for column in table.columns)
            read = f"SELECT {columns} FROM {name}"  # noqa: S608  names of our own tables
            connection.execute(text(f"{read} WHERE 1 = 0"))
            connection.execute(text(f"EXPLAIN INSERT INTO {name} ({columns}) {read}"))


COLUMN: Final = Column(type="VARCHAR(20)", nullable=True, default=None)
TABLE: Final = Table(
    columns={"id": COLUMN, "kind": COLUMN},
    rules={"kinds": "kind IN ('a', 'b')", "short": "length(kind) < 5"},
    keys=frozenset({("id",)}),
    references=frozenset(),
)


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        pytest.param({}, "t is gone", id="a table"),
        pytest.param(
            {"t": replace(TABLE, columns={"id": COLUMN})}, "t.kind is gone", id="a column"
        ),
        pytest.param(
            {"t": replace(TABLE, columns=TABLE.columns | {"id": replace(COLUMN, type="INTEGER")})},
            "t.id is INTEGER, was VARCHAR(20)",
            id="another type",
        ),
        pytest.param(
            {"t": replace(TABLE, columns=TABLE.columns | {"id": replace(COLUMN, nullable=False)})},
            "t.id may not be empty any more",
            id="not empty any more",
        ),
        pytest.param(
            {"t": replace(TABLE, columns=TABLE.columns | {"new": replace(COLUMN, nullable=False)})},
            "t.new is new and may not be empty",
            id="new and asked for",
        ),
        pytest.param(
            {"t": replace(TABLE, rules=TABLE.rules | {"kinds": "kind IN ('a', 'c')"})},
            "t: kinds is narrower",
            id="a value taken away",
        ),
        pytest.param(
            {"t": replace(TABLE, rules=TABLE.rules | {"short": "length(kind) < 4"})},
            "t: short is narrower",
            id="another rule",
        ),
        pytest.param(
            {"t": replace(TABLE, rules=TABLE.rules | {"new": "kind <> id"})},
            "t: new is narrower",
            id="a new rule of old columns",
        ),
        pytest.param(
            {"t": replace(TABLE, keys=TABLE.keys | {("kind",)})},
            "t: kind is bound anew",
            id="unique from now on",
        ),
    ],
)
def test_what_a_program_of_before_would_miss_is_found(after: Schema, fault: str) -> None:
    assert missed({"t": TABLE}, after) == [fault]


def test_what_only_adds_is_let_pass() -> None:
    new = {
        "told": replace(COLUMN, nullable=False, default="'x'"),
        "place": COLUMN,
    }
    grown = replace(
        TABLE,
        columns=TABLE.columns | new,
        rules=TABLE.rules | {"kinds": "kind IN ('a', 'b', 'c')", "places": "length(place) < 9"},
        keys=TABLE.keys | {("place",)},
        references=frozenset({("place",)}),
    )

    assert missed({"t": TABLE}, {"t": grown, "u": TABLE}) == []
